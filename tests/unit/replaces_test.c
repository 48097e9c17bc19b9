/* SPDX-License-Identifier: MIT
 * Replaces (RFC 3891 6.1): each row is a value and its parts, or one that is refused.
 */
#include <wiresip/replaces.h>

#include "tests/unit/value.h"

static const struct {
	const char *text, *call_id, *to_tag, *from_tag;
	bool early_only;
	const char *params;
} accepted[] = {
	{ "98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff", "98732@sip.example.com",
		"ff87ff", "r33th4x0r", false, ";from-tag=r33th4x0r;to-tag=ff87ff" },
	{ "12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only", "12adf2f34456gs5", "12345",
		"54321", true, ";to-tag=12345;from-tag=54321;early-only" },
	{ "a;early-only;to-tag=0;from-tag=0", "a", "0", "0", true,
		";early-only;to-tag=0;from-tag=0" },
	{ " a@b ;\r\n TO-TAG = 1 ; From-Tag = 2 ; Early-Only ; x=\";early-only\"", "a@b", "1", "2",
		true, ";\r\n TO-TAG = 1 ; From-Tag = 2 ; Early-Only ; x=\";early-only\"" },
	{ "a;to-tag=1;from-tag=2;early-onlyx;early=3;to=4", "a", "1", "2", false,
		";to-tag=1;from-tag=2;early-onlyx;early=3;to=4" },
	/* RFC 3261 25.1: word. */
	{ "-.!%*_+`'~()<>:\\\"/[]?{}@x;to-tag=1;from-tag=2", "-.!%*_+`'~()<>:\\\"/[]?{}@x", "1",
		"2", false, ";to-tag=1;from-tag=2" },
};

Test(replaces, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_replaces replaces;

		cr_expect(wsip_replaces_parse(span, &replaces) == WSIP_OK, "%s", text);
		expect_text(text, replaces.call_id, accepted[i].call_id);
		expect_text(text, replaces.to_tag, accepted[i].to_tag);
		expect_text(text, replaces.from_tag, accepted[i].from_tag);
		cr_expect(replaces.early_only == accepted[i].early_only, "%s", text);
		expect_text(text, replaces.params, accepted[i].params);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	"a",
	/* RFC 3891 6.1: exactly one to-tag and exactly one from-tag. */
	"a;to-tag=1",
	"a;from-tag=1",
	"a;early-only",
	"a;to-tag=1;from-tag=2;To-Tag=1",
	"a;to-tag=1;from-tag=2;x;from-tag=2",
	"a;to-tag=1;from-tag=2;early-only;EARLY-ONLY",
	"a;to-tag;from-tag=2",
	"a;to-tag=;from-tag=2",
	"a;to-tag=\"1\";from-tag=2",
	"a;to-tag=1;from-tag=",
	"a;to-tag=1;from-tag=2;early-only=yes",
	"a;to-tag=1;from-tag=2;",
	"a;to-tag=1;from-tag=2;;x",
	"a;to-tag=1 2;from-tag=2",
	";to-tag=1;from-tag=2",
	"a b;to-tag=1;from-tag=2",
	"a,b;to-tag=1;from-tag=2",
	"a;to-tag=1;from-tag=2, b;to-tag=1;from-tag=2",
	"a;to-tag=1;from-tag=2\r\nX: y",
};

Test(replaces, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_replaces replaces;

		cr_expect(wsip_replaces_parse(span, &replaces) == WSIP_ERR_SYNTAX, "%s",
			refused[i]);
		exact_span_free(span);
	}
}

Test(replaces, one_parameter_beyond_the_limit_is_told)
{
	static const char start[] = "a;to-tag=1;from-tag=2";
	struct wsip_replaces replaces;

	cr_expect(wsip_replaces_parse(wsip_span_of(with_params(start, WSIP_PARAMS_MAX - 2)),
			  &replaces) == WSIP_OK);
	cr_expect(wsip_replaces_parse(wsip_span_of(with_params(start, WSIP_PARAMS_MAX - 1)),
			  &replaces) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_replaces replaces;

	if (wsip_replaces_parse(value, &replaces) != WSIP_OK)
		return;
	cr_expect(replaces.to_tag.size > 0 && replaces.from_tag.size > 0);
	expect_within(value, replaces.call_id);
	expect_within(value, replaces.to_tag);
	expect_within(value, replaces.from_tag);
	expect_within(value, replaces.params);
}

Test(replaces, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
