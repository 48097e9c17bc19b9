/* SPDX-License-Identifier: MIT
 * Identity (RFC 8224 4; RFC 4474 9 for the older form): each row is a value and its parts, or one
 * that is refused.
 */
#include <wiresip/identity.h>

#include "tests/unit/value.h"

static const struct {
	const char *text, *digest, *info, *alg, *ppt, *params;
} accepted[] = {
	{ "eyJhbGci.eyJkZXN0.sv5CTo05-_Kqp;info=<https://biloxi.example.org/biloxi.cer>",
		"eyJhbGci.eyJkZXN0.sv5CTo05-_Kqp", "https://biloxi.example.org/biloxi.cer", "", "",
		";info=<https://biloxi.example.org/biloxi.cer>" },
	/* RFC 8224 4: the compact form has nothing between its dots. */
	{ "..sv5CTo05;info=<https://h/c?a=1;b>;alg=ES256;ppt=shaken", "..sv5CTo05",
		"https://h/c?a=1;b", "ES256", "shaken",
		";info=<https://h/c?a=1;b>;alg=ES256;ppt=shaken" },
	{ " ab+/== ;\r\n INFO = <cid:1@h> ; ALG = \"RS256\" ; Ppt = \"div\" ;x=\";alg=no\"",
		"ab+/==", "cid:1@h", "\"RS256\"", "\"div\"",
		";\r\n INFO = <cid:1@h> ; ALG = \"RS256\" ; Ppt = \"div\" ;x=\";alg=no\"" },
	{ "a=;infos=1;al=2;pptx;y=3", "a=", "", "", "", ";infos=1;al=2;pptx;y=3" },
	/* RFC 4474 9 */
	{ "\"ZYNBbHC00VMZr2kZt6VmCvPonWJMGvQTBDqghoWeLxJfzB2a1pxAr3VgrB0SsSAa\"",
		"ZYNBbHC00VMZr2kZt6VmCvPonWJMGvQTBDqghoWeLxJfzB2a1pxAr3VgrB0SsSAa", "", "", "",
		"" },
	{ "\"a/b+c==\" ;info=<x:y>", "a/b+c==", "x:y", "", "", ";info=<x:y>" },
};

Test(identity, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_identity identity;

		cr_expect(wsip_identity_parse(span, &identity) == WSIP_OK, "%s", text);
		expect_text(text, identity.digest, accepted[i].digest);
		expect_text(text, identity.info, accepted[i].info);
		expect_text(text, identity.alg, accepted[i].alg);
		expect_text(text, identity.ppt, accepted[i].ppt);
		expect_text(text, identity.params, accepted[i].params);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	" ",
	"\"\"",
	";info=<x:y>",
	"\"\";info=<x:y>",
	"\"open",
	"open\"",
	"\"a b\"",
	"a b",
	"a,b",
	"a@b",
	"<a>",
	"a;",
	"a;;alg=x",
	"a;info",
	"a;info=",
	"a;info=x:y",
	"a;info=\"x:y\"",
	"a;info=<>",
	"a;info=<x:y",
	"a;info=<x y>",
	"a;alg",
	"a;alg=",
	"a;ppt=",
	"a;ppt=\"open",
	"a\r\nX: y",
	/* RFC 3261 7.3.1: a parameter is there once. */
	"a;info=<x:y>;Info=<x:y>",
	"a;alg=x;y;ALG=x",
	"a;ppt=x;ppt=x",
};

Test(identity, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_identity identity;

		cr_expect(wsip_identity_parse(span, &identity) == WSIP_ERR_SYNTAX, "%s",
			refused[i]);
		exact_span_free(span);
	}
}

Test(identity, one_parameter_beyond_the_limit_is_told)
{
	struct wsip_identity identity;

	cr_expect(wsip_identity_parse(wsip_span_of(with_params("a", WSIP_PARAMS_MAX)), &identity) ==
		  WSIP_OK);
	cr_expect(wsip_identity_parse(wsip_span_of(with_params("a", WSIP_PARAMS_MAX + 1)),
			  &identity) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_identity identity;

	if (wsip_identity_parse(value, &identity) != WSIP_OK)
		return;
	cr_expect(identity.digest.size > 0);
	expect_within(value, identity.digest);
	expect_within(value, identity.info);
	expect_within(value, identity.alg);
	expect_within(value, identity.ppt);
	expect_within(value, identity.params);
}

Test(identity, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
