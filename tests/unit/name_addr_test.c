/* SPDX-License-Identifier: MIT
 * name-addr and addr-spec (RFC 3261 20.10, 25.1): From, To, Contact, Route and their kin.
 */
#include "tests/unit/exact.h"

static const struct {
	const char *text, *display_name, *uri, *params, *tag;
} accepted[] = {
	{ "<sip:a@h>", "", "sip:a@h", "", "" },
	{ "Bob <sip:b@h>;tag=1", "Bob", "sip:b@h", ";tag=1", "1" },
	{ "Bob van  Dyke<sip:b@h>", "Bob van  Dyke", "sip:b@h", "", "" },
	{ "\"Bob, \\\"x\\\" <y>\" <sip:b@h>;tag=a-1", "\"Bob, \\\"x\\\" <y>\"", "sip:b@h",
		";tag=a-1", "a-1" },
	{ "\"\"<sip:b@h>", "\"\"", "sip:b@h", "", "" },
	{ "\"J\303\274rgen\" <sip:j@h>", "\"J\303\274rgen\"", "sip:j@h", "", "" },
	{ "\"caf\351\" <sip:j@h>", "\"caf\351\"", "sip:j@h", "", "" },
	/* RFC 3261 20: without brackets the parameters are the header's. */
	{ "sip:a@h;tag=1", "", "sip:a@h", ";tag=1", "1" },
	{ "sip:a@h ;tag=1", "", "sip:a@h", ";tag=1", "1" },
	{ "tel:+123;tag=z", "", "tel:+123", ";tag=z", "z" },
	/* Inside the brackets they are the URI's. */
	{ "<sip:a@h;tag=no>", "", "sip:a@h;tag=no", "", "" },
	{ "<sip:a@h;lr?X=y> ; tag = yes ; q=0.5", "", "sip:a@h;lr?X=y", "; tag = yes ; q=0.5",
		"yes" },
	{ "<sip:a@h>;TAG=Upper", "", "sip:a@h", ";TAG=Upper", "Upper" },
	{ "<sip:a@h>;x=\";tag=no\";tag=yes", "", "sip:a@h", ";x=\";tag=no\";tag=yes", "yes" },
	{ "<sip:a@h>;q=0.1;lr", "", "sip:a@h", ";q=0.1;lr", "" },
	{ "a\r\n b <sip:x@h>\r\n ;tag=1", "a\r\n b", "sip:x@h", ";tag=1", "1" },
	{ "  <sip:a@h>  ", "", "sip:a@h", "", "" },
	{ "token1~` token2'.!%*_+- <sip:a@h>", "token1~` token2'.!%*_+-", "sip:a@h", "", "" },
	{ "<isbn:2983792873>", "", "isbn:2983792873", "", "" },
};

Test(name_addr, each_part_is_found)
{
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_name_addr found;

		cr_expect(wsip_name_addr_parse(span, &found) == WSIP_OK, "%s", text);
		cr_expect(wsip_span_is(found.display_name, accepted[i].display_name), "%s: %.*s",
			text, (int)found.display_name.size, found.display_name.data);
		cr_expect(wsip_span_is(found.uri, accepted[i].uri), "%s", text);
		cr_expect(wsip_span_is(wsip_span_trim(found.params), accepted[i].params), "%s",
			text);
		cr_expect(wsip_span_is(found.tag, accepted[i].tag), "%s", text);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	" ",
	"<",
	">",
	"<>",
	"< >",
	"sip",
	"sip:",
	"Bob",
	/* RFC 3261 25.1: of the characters of a token a scheme holds letters, digits, "+-.". */
	"a_b:c",
	"s%p:a@h",
	"s!:a@h",
	"sip~:a@h",
	"Bob sip:a@h",
	"<sip:a@h",
	"sip:a@h>",
	"<<sip:a@h>>",
	"<sip:a@h>>",
	"<sip:a@h><sip:b@h>",
	"<sip:a@h>, <sip:b@h>",
	"sip:a@h,sip:b@h",
	"<sip:a@h>;",
	"<sip:a@h>;;tag=1",
	"<sip:a@h>;tag=",
	"<sip:a@h>;tag= ",
	"sip:a@h;tag=",
	"<sip:a@h>;=1",
	"<sip:a@h> tag=1",
	"<sip:a@h>;tag=1 2",
	"<sip:a@h>;tag=\"open",
	"\"open <sip:a@h>",
	"\"open\\\" <sip:a@h>",
	"a@b <sip:a@h>",
	"a, b <sip:a@h>",
	"<sip:a b@h>",
	"< sip:a@h>",
	"<sip:a@h >",
	"<sip:a@h>;tag=1\r\n",
	"<sip:a@h>\r\nX: y",
	"<sip:a\r\n @h>",
	"\"a\"\"b\" <sip:a@h>",
	"sip:a@h?X=y",
	"*",
	";tag=1",
	"<sip:a@h>;tag=<1>",
	"\"a\nb\" <sip:a@h>",
};

Test(name_addr, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_name_addr found;

		cr_expect(wsip_name_addr_parse(span, &found) == WSIP_ERR_SYNTAX, "%s", refused[i]);
		exact_span_free(span);
	}
}

Test(name_addr, cut_at_every_offset_it_is_read_without_harm)
{
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		for (size_t size = 0; size < strlen(accepted[i].text); size++) {
			struct wsip_span span = exact_span(accepted[i].text, size);
			struct wsip_name_addr found;

			if (wsip_name_addr_parse(span, &found) == WSIP_OK)
				(void)found.tag;
			exact_span_free(span);
		}
	}
}

/* RFC 3261 25.1: quoted-pair takes a NUL behind a backslash (RFC 4475 3.1.1.1), bare it is none. */
Test(name_addr, a_nul_stands_behind_a_backslash_only)
{
	static const char quoted[] = "\"a\\\0b\" <sip:a@h>", bare[] = "\"a\0b\" <sip:a@h>";
	struct wsip_name_addr found;

	cr_expect(wsip_name_addr_parse((struct wsip_span){ quoted, sizeof(quoted) - 1 }, &found) ==
		  WSIP_OK);
	cr_expect(wsip_name_addr_parse((struct wsip_span){ bare, sizeof(bare) - 1 }, &found) ==
		  WSIP_ERR_SYNTAX);
}
