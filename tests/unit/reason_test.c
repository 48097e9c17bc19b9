/* SPDX-License-Identifier: MIT
 * Reason values (RFC 3326 2): each row is a value and its parts, or one that is refused.
 */
#include <wiresip/reason.h>

#include "tests/unit/value.h"

#define NONE UINT32_MAX

static const struct {
	const char *text, *protocol;
	uint32_t cause; /* NONE when absent */
	const char *reason_text, *params;
} accepted[] = {
	{ "SIP", "SIP", NONE, "", "" },
	{ "SIP ;cause=200 ;text=\"Call completed elsewhere\"", "SIP", 200,
		"\"Call completed elsewhere\"", ";cause=200 ;text=\"Call completed elsewhere\"" },
	{ "Q.850 ;cause=16 ;text=\"Terminated\"", "Q.850", 16, "\"Terminated\"",
		";cause=16 ;text=\"Terminated\"" },
	{ "Q.850;CAUSE = 0 ;\r\n Text = bare;x=\";cause=1\";y", "Q.850", 0, "bare",
		";CAUSE = 0 ;\r\n Text = bare;x=\";cause=1\";y" },
	{ "X-own;text=\"\";causes=1;tex=2", "X-own", NONE, "\"\"", ";text=\"\";causes=1;tex=2" },
	{ "SIP;text=\"a \\\" , ; b\";cause=4294967294", "SIP", 4294967294u, "\"a \\\" , ; b\"",
		";text=\"a \\\" , ; b\";cause=4294967294" },
};

Test(reason, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		bool has_cause = accepted[i].cause != NONE;
		struct wsip_reason reason;

		cr_expect(wsip_reason_parse(span, &reason) == WSIP_OK, "%s", text);
		expect_text(text, reason.protocol, accepted[i].protocol);
		cr_expect(reason.has_cause == has_cause, "%s", text);
		cr_expect(reason.cause == (has_cause ? accepted[i].cause : 0), "%s", text);
		expect_text(text, reason.text, accepted[i].reason_text);
		expect_text(text, reason.params, accepted[i].params);
		exact_span_free(span);
	}
}

static const struct {
	const char *text;
	enum wsip_err err;
} refused[] = {
	{ "", WSIP_ERR_SYNTAX },
	{ ";cause=200", WSIP_ERR_SYNTAX },
	{ "SIP cause=200", WSIP_ERR_SYNTAX },
	{ "SIP;cause=200, Q.850;cause=16", WSIP_ERR_SYNTAX },
	{ "SIP/2.0;cause=200", WSIP_ERR_SYNTAX },
	{ "\"SIP\"", WSIP_ERR_SYNTAX },
	{ "SIP;", WSIP_ERR_SYNTAX },
	{ "SIP;cause", WSIP_ERR_SYNTAX },
	{ "SIP;cause=", WSIP_ERR_SYNTAX },
	{ "SIP;cause=ok", WSIP_ERR_SYNTAX },
	{ "SIP;cause=-1", WSIP_ERR_SYNTAX },
	{ "SIP;cause=0x10", WSIP_ERR_SYNTAX },
	{ "SIP;cause=\"200\"", WSIP_ERR_SYNTAX },
	{ "SIP;text", WSIP_ERR_SYNTAX },
	{ "SIP;text=two words", WSIP_ERR_SYNTAX },
	{ "SIP;text=\"open", WSIP_ERR_SYNTAX },
	{ "SIP;text=\"open\\\"", WSIP_ERR_SYNTAX },
	{ "SIP\r\nX: y", WSIP_ERR_SYNTAX },
	{ "SIP;cause=4294967296", WSIP_ERR_LIMIT },
	{ "SIP;cause=18446744073709551617", WSIP_ERR_LIMIT },
	/* RFC 3261 7.3.1: a parameter is there once. */
	{ "SIP;cause=200;Cause=200", WSIP_ERR_SYNTAX },
	{ "SIP;text=\"a\";x;TEXT=\"a\"", WSIP_ERR_SYNTAX },
};

Test(reason, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i].text, strlen(refused[i].text));
		struct wsip_reason reason;
		enum wsip_err err = wsip_reason_parse(span, &reason);

		cr_expect(err == refused[i].err, "%s: %s", refused[i].text, wsip_err_text(err));
		exact_span_free(span);
	}
}

Test(reason, one_parameter_beyond_the_limit_is_told)
{
	struct wsip_reason reason;

	cr_expect(wsip_reason_parse(wsip_span_of(with_params("SIP", WSIP_PARAMS_MAX)), &reason) ==
		  WSIP_OK);
	cr_expect(wsip_reason_parse(wsip_span_of(with_params("SIP", WSIP_PARAMS_MAX + 1)),
			  &reason) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_reason reason;

	if (wsip_reason_parse(value, &reason) != WSIP_OK)
		return;
	expect_within(value, reason.protocol);
	expect_within(value, reason.text);
	expect_within(value, reason.params);
}

Test(reason, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
