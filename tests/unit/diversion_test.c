/* SPDX-License-Identifier: MIT
 * Diversion values (RFC 5806): each row is a value and its parts, or one that is refused.
 */
#include <wiresip/diversion.h>

#include "tests/unit/value.h"

#define NONE UINT32_MAX

static const struct {
	const char *text, *uri, *reason;
	uint32_t counter, limit; /* NONE when absent */
	const char *privacy, *screen;
} accepted[] = {
	{ "<sip:b@h>", "sip:b@h", "", NONE, NONE, "", "" },
	{ "sip:b@h;reason=no-answer", "sip:b@h", "no-answer", NONE, NONE, "", "" },
	{ "\"B\" <tel:+1;ext=2>;reason=user-busy;counter=1;limit=5;privacy=\"full\";screen=yes",
		"tel:+1;ext=2", "user-busy", 1, 5, "\"full\"", "yes" },
	{ "<sip:b@h> ; REASON = \"my own\" ; Counter = 0 ;\r\n LIMIT=00 ;Privacy=off;SCREEN=no",
		"sip:b@h", "\"my own\"", 0, 0, "off", "no" },
	{ "<sip:b@h>;counter=4294967294;x=\";limit=1\";y", "sip:b@h", "", 4294967294u, NONE, "",
		"" },
	{ "<sip:b@h>;reasons=x;limits=1;count=2", "sip:b@h", "", NONE, NONE, "", "" },
};

Test(diversion, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		bool has_counter = accepted[i].counter != NONE;
		bool has_limit = accepted[i].limit != NONE;
		struct wsip_diversion diversion;
		const char *params;

		cr_expect(wsip_diversion_parse(span, &diversion) == WSIP_OK, "%s", text);
		expect_text(text, diversion.address.uri, accepted[i].uri);
		expect_text(text, diversion.reason, accepted[i].reason);
		cr_expect(diversion.has_counter == has_counter, "%s", text);
		cr_expect(diversion.counter == (has_counter ? accepted[i].counter : 0), "%s", text);
		cr_expect(diversion.has_limit == has_limit, "%s", text);
		cr_expect(diversion.limit == (has_limit ? accepted[i].limit : 0), "%s", text);
		expect_text(text, diversion.privacy, accepted[i].privacy);
		expect_text(text, diversion.screen, accepted[i].screen);
		params = strchr(text, '>') ? strchr(text, '>') + 1 : strchr(text, ';');
		expect_text(text, diversion.address.params, params + strspn(params, " "));
		exact_span_free(span);
	}
}

static const struct {
	const char *text;
	enum wsip_err err;
} refused[] = {
	{ "", WSIP_ERR_SYNTAX },
	{ "*", WSIP_ERR_SYNTAX },
	{ "b@h", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>, <sip:c@h>", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;reason", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;reason=", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;counter=x", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;counter=-1", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;counter=0x1", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;counter=\"1\"", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;limit=+1", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;limit=", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;privacy", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;counter=4294967296", WSIP_ERR_LIMIT },
	{ "<sip:b@h>;limit=18446744073709551617", WSIP_ERR_LIMIT },
	/* RFC 3261 7.3.1: a parameter is there once. */
	{ "<sip:b@h>;reason=a;REASON=a", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;counter=1;x;Counter=1", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;limit=1;Limit=1", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;privacy=a;privacy=a", WSIP_ERR_SYNTAX },
	{ "<sip:b@h>;screen=a;screen=a", WSIP_ERR_SYNTAX },
};

Test(diversion, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i].text, strlen(refused[i].text));
		struct wsip_diversion diversion;
		enum wsip_err err = wsip_diversion_parse(span, &diversion);

		cr_expect(err == refused[i].err, "%s: %s", refused[i].text, wsip_err_text(err));
		exact_span_free(span);
	}
}

Test(diversion, one_parameter_beyond_the_limit_is_told)
{
	struct wsip_diversion diversion;

	cr_expect(wsip_diversion_parse(wsip_span_of(with_params("<sip:b@h>", WSIP_PARAMS_MAX)),
			  &diversion) == WSIP_OK);
	cr_expect(wsip_diversion_parse(wsip_span_of(with_params("<sip:b@h>", WSIP_PARAMS_MAX + 1)),
			  &diversion) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_diversion diversion;

	if (wsip_diversion_parse(value, &diversion) != WSIP_OK)
		return;
	expect_within(value, diversion.address.uri);
	expect_within(value, diversion.address.params);
	expect_within(value, diversion.reason);
	expect_within(value, diversion.privacy);
	expect_within(value, diversion.screen);
}

Test(diversion, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
