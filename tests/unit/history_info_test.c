/* SPDX-License-Identifier: MIT
 * History-Info values (RFC 7044 5): each row is a value and its parts, or one that is refused.
 */
#include <wiresip/history_info.h>

#include "tests/unit/value.h"

static const struct {
	const char *text, *uri, *index, *rc, *mp, *np;
} accepted[] = {
	{ "<sip:b@h>;index=1", "sip:b@h", "1", "", "", "" },
	{ "<sip:b@h?Reason=SIP%3Bcause%3D302>;index=1.1;rc=1", "sip:b@h?Reason=SIP%3Bcause%3D302",
		"1.1", "1", "", "" },
	{ "<sip:b@h>;index=1.2.10;mp=1.2", "sip:b@h", "1.2.10", "", "1.2", "" },
	{ "\"B\" <sip:b@h> ;\r\n INDEX = 1.2 ; NP = 1", "sip:b@h", "1.2", "", "", "1" },
	/* RFC 4244 4.1 had no parameter but the index. */
	{ "<sip:b@h>", "sip:b@h", "", "", "", "" },
	{ "<sip:b@h>;x=\";index=9\";indexes=1;r=2;y", "sip:b@h", "", "", "", "" },
	{ "<sip:b@h>;index=123456789012345678901234567890.0", "sip:b@h",
		"123456789012345678901234567890.0", "", "", "" },
};

Test(history_info, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_history_info entry;
		const char *params = strchr(text, '>') + 1;

		cr_expect(wsip_history_info_parse(span, &entry) == WSIP_OK, "%s", text);
		expect_text(text, entry.address.uri, accepted[i].uri);
		expect_text(text, entry.address.params, params + strspn(params, " "));
		expect_text(text, entry.index, accepted[i].index);
		expect_text(text, entry.rc, accepted[i].rc);
		expect_text(text, entry.mp, accepted[i].mp);
		expect_text(text, entry.np, accepted[i].np);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	"*",
	"<sip:b@h>;index",
	"<sip:b@h>;index=",
	"<sip:b@h>;index=.",
	"<sip:b@h>;index=1.",
	"<sip:b@h>;index=.1",
	"<sip:b@h>;index=1..2",
	"<sip:b@h>;index=1.x",
	"<sip:b@h>;index=-1",
	"<sip:b@h>;index=\"1\"",
	"<sip:b@h>;index=1 .2",
	"<sip:b@h>;rc",
	"<sip:b@h>;mp=x",
	"<sip:b@h>;np=1.",
	"<sip:b@h>;index=1, <sip:c@h>;index=2",
	/* RFC 3261 7.3.1: a parameter is there once. */
	"<sip:b@h>;index=1;INDEX=1",
	"<sip:b@h>;index=1;rc=1;x;Rc=1",
	"<sip:b@h>;mp=1;mp=1",
	"<sip:b@h>;np=1;np=1",
};

Test(history_info, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_history_info entry;

		cr_expect(wsip_history_info_parse(span, &entry) == WSIP_ERR_SYNTAX, "%s",
			refused[i]);
		exact_span_free(span);
	}
}

Test(history_info, one_parameter_beyond_the_limit_is_told)
{
	struct wsip_history_info entry;

	cr_expect(wsip_history_info_parse(wsip_span_of(with_params("<sip:b@h>", WSIP_PARAMS_MAX)),
			  &entry) == WSIP_OK);
	cr_expect(wsip_history_info_parse(wsip_span_of(with_params("<sip:b@h>",
						  WSIP_PARAMS_MAX + 1)),
			  &entry) == WSIP_ERR_LIMIT);
}

/* RFC 7044 5: the three ways to say where a target came from exclude each other. */
Test(history_info, of_rc_mp_and_np_no_more_than_one_is_told)
{
	static const char *const texts[] = { "<sip:b@h>;index=1.1;rc=1;mp=1",
		"<sip:b@h>;index=1.1;mp=1;np=1", "<sip:b@h>;index=1.1;np=1;rc=1" };

	for (size_t i = 0; i < ROWS(texts); i++) {
		struct wsip_history_info entry;

		if (wsip_history_info_parse(wsip_span_of(texts[i]), &entry) != WSIP_OK)
			continue;
		cr_expect((entry.rc.size > 0) + (entry.mp.size > 0) + (entry.np.size > 0) <= 1,
			"%s", texts[i]);
	}
}

static void read(struct wsip_span value)
{
	struct wsip_history_info entry;

	if (wsip_history_info_parse(value, &entry) != WSIP_OK)
		return;
	expect_within(value, entry.address.uri);
	expect_within(value, entry.address.params);
	expect_within(value, entry.index);
	expect_within(value, entry.rc);
	expect_within(value, entry.mp);
	expect_within(value, entry.np);
}

Test(history_info, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
