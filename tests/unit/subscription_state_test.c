/* SPDX-License-Identifier: MIT
 * Subscription-State (RFC 6665 8.2.3): each row is a value and its parts, or one that is refused.
 */
#include <wiresip/event.h>

#include "tests/unit/value.h"

#define NONE UINT32_MAX

static const struct {
	const char *text, *state, *reason;
	uint32_t expires_s, retry_after_s; /* NONE when absent */
	const char *params;
} accepted[] = {
	{ "active", "active", "", NONE, NONE, "" },
	{ "active;expires=3600", "active", "", 3600, NONE, ";expires=3600" },
	{ "pending;expires=0", "pending", "", 0, NONE, ";expires=0" },
	{ "terminated;reason=deactivated;retry-after=0", "terminated", "deactivated", NONE, 0,
		";reason=deactivated;retry-after=0" },
	{ " Terminated ;\r\n REASON = \"my own\" ; Retry-After = 4294967294 ;EXPIRES=1",
		"Terminated", "\"my own\"", 1, 4294967294u,
		";\r\n REASON = \"my own\" ; Retry-After = 4294967294 ;EXPIRES=1" },
	{ "x-own;x=\";expires=1\";retry=2;reasons=3;y", "x-own", "", NONE, NONE,
		";x=\";expires=1\";retry=2;reasons=3;y" },
};

Test(subscription_state, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		bool has_expires = accepted[i].expires_s != NONE;
		bool has_retry = accepted[i].retry_after_s != NONE;
		struct wsip_subscription_state state;

		cr_expect(wsip_subscription_state_parse(span, &state) == WSIP_OK, "%s", text);
		expect_text(text, state.state, accepted[i].state);
		expect_text(text, state.reason, accepted[i].reason);
		expect_text(text, state.params, accepted[i].params);
		cr_expect(state.has_expires == has_expires, "%s", text);
		cr_expect(state.expires_s == (has_expires ? accepted[i].expires_s : 0), "%s", text);
		cr_expect(state.has_retry_after == has_retry, "%s", text);
		cr_expect(state.retry_after_s == (has_retry ? accepted[i].retry_after_s : 0), "%s",
			text);
		exact_span_free(span);
	}
}

static const struct {
	const char *text;
	enum wsip_err err;
} refused[] = {
	{ "", WSIP_ERR_SYNTAX },
	{ ";expires=1", WSIP_ERR_SYNTAX },
	{ "active pending", WSIP_ERR_SYNTAX },
	{ "active, pending", WSIP_ERR_SYNTAX },
	{ "active;", WSIP_ERR_SYNTAX },
	{ "active;expires", WSIP_ERR_SYNTAX },
	{ "active;expires=", WSIP_ERR_SYNTAX },
	{ "active;expires=soon", WSIP_ERR_SYNTAX },
	{ "active;expires=-1", WSIP_ERR_SYNTAX },
	{ "active;expires=0x1", WSIP_ERR_SYNTAX },
	{ "active;expires=\"1\"", WSIP_ERR_SYNTAX },
	{ "terminated;retry-after=+1", WSIP_ERR_SYNTAX },
	{ "terminated;retry-after", WSIP_ERR_SYNTAX },
	{ "terminated;reason", WSIP_ERR_SYNTAX },
	{ "terminated;reason=", WSIP_ERR_SYNTAX },
	{ "active;expires=4294967296", WSIP_ERR_LIMIT },
	{ "active;expires=18446744073709551617", WSIP_ERR_LIMIT },
	{ "terminated;retry-after=4294967296", WSIP_ERR_LIMIT },
	/* RFC 3261 7.3.1: a parameter is there once. */
	{ "active;expires=1;Expires=1", WSIP_ERR_SYNTAX },
	{ "terminated;reason=a;x;REASON=a", WSIP_ERR_SYNTAX },
	{ "terminated;retry-after=1;Retry-After=1", WSIP_ERR_SYNTAX },
};

Test(subscription_state, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i].text, strlen(refused[i].text));
		struct wsip_subscription_state state;
		enum wsip_err err = wsip_subscription_state_parse(span, &state);

		cr_expect(err == refused[i].err, "%s: %s", refused[i].text, wsip_err_text(err));
		exact_span_free(span);
	}
}

Test(subscription_state, one_parameter_beyond_the_limit_is_told)
{
	struct wsip_subscription_state state;

	cr_expect(wsip_subscription_state_parse(wsip_span_of(with_params("active",
							WSIP_PARAMS_MAX)),
			  &state) == WSIP_OK);
	cr_expect(wsip_subscription_state_parse(wsip_span_of(with_params("active",
							WSIP_PARAMS_MAX + 1)),
			  &state) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_subscription_state state;

	if (wsip_subscription_state_parse(value, &state) != WSIP_OK)
		return;
	expect_within(value, state.state);
	expect_within(value, state.reason);
	expect_within(value, state.params);
}

Test(subscription_state, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
