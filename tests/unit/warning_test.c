/* SPDX-License-Identifier: MIT
 * Warning values (RFC 3261 20.43): each row is a value and its parts, or one that is refused.
 */
#include <wiresip/warning.h>

#include "tests/unit/value.h"

static const struct {
	const char *text;
	uint32_t code;
	const char *agent, *warning_text;
} accepted[] = {
	{ "307 isi.edu \"Session parameter 'foo' not understood\"", 307, "isi.edu",
		"\"Session parameter 'foo' not understood\"" },
	{ "301 isi.edu \"Incompatible network address type 'E.164'\" ", 301, "isi.edu",
		"\"Incompatible network address type 'E.164'\"" },
	{ "399 192.0.2.1:5060 \"\"", 399, "192.0.2.1:5060", "\"\"" },
	{ "399 [2001:db8::1]:5061 \"a \\\" , b\"", 399, "[2001:db8::1]:5061", "\"a \\\" , b\"" },
	{ "399 [2001:db8::1] \"a\r\n b\"", 399, "[2001:db8::1]", "\"a\r\n b\"" },
	{ "000 ~me! \"x\"", 0, "~me!", "\"x\"" },
	{ "999 h:99999 \"x\"", 999, "h:99999", "\"x\"" },
};

Test(warning, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_warning warning;

		cr_expect(wsip_warning_parse(span, &warning) == WSIP_OK, "%s", text);
		cr_expect(warning.code == accepted[i].code, "%s", text);
		expect_text(text, warning.agent, accepted[i].agent);
		expect_text(text, warning.text, accepted[i].warning_text);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	"307",
	"307 ",
	"307 isi.edu",
	"307 isi.edu ",
	"307 isi.edu text",
	"307 isi.edu \"open",
	"307 isi.edu \"open\\\"",
	"307 \"text\"",
	"307  isi.edu \"text\"",
	"307 isi.edu  \"text\"",
	"307\tisi.edu \"text\"",
	"30 isi.edu \"text\"",
	"3070 isi.edu \"text\"",
	"-07 isi.edu \"text\"",
	"isi.edu \"text\"",
	"307 isi.edu: \"text\"",
	"307 isi.edu:x \"text\"",
	"307 [::1 \"text\"",
	"307 a@b \"text\"",
	"307 isi.edu \"text\" x",
	"307 isi.edu \"text\", 308 isi.edu \"text\"",
	"307 isi.edu \"text\"\r\nX: y",
};

Test(warning, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_warning warning;

		cr_expect(wsip_warning_parse(span, &warning) == WSIP_ERR_SYNTAX, "%s", refused[i]);
		exact_span_free(span);
	}
}

static void read(struct wsip_span value)
{
	struct wsip_warning warning;

	if (wsip_warning_parse(value, &warning) != WSIP_OK)
		return;
	cr_expect(warning.code <= 999);
	expect_within(value, warning.agent);
	expect_within(value, warning.text);
}

Test(warning, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
