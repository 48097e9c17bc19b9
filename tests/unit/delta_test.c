/* SPDX-License-Identifier: MIT
 * Seconds with a comment or parameters behind them: Retry-After (RFC 3261 20.33), Session-Expires
 * and Min-SE (RFC 4028 4, 5).
 */
#include <wiresip/delta.h>

#include "tests/unit/value.h"

#define NONE UINT32_MAX

static const struct {
	const char *text;
	uint32_t seconds;
	const char *comment, *params, *refresher;
	uint32_t duration_s; /* NONE when absent */
} accepted[] = {
	{ "0", 0, "", "", "", NONE },
	{ "18000", 18000, "", "", "", NONE },
	{ " 120 ", 120, "", "", "", NONE },
	{ "4294967295", 4294967295u, "", "", "", NONE },
	{ "00000000000000000000120", 120, "", "", "", NONE },
	/* RFC 3261 20.33 */
	{ "18000;duration=3600", 18000, "", ";duration=3600", "", 3600 },
	{ "120 (I'm in a meeting)", 120, "(I'm in a meeting)", "", "", NONE },
	{ "120(x)", 120, "(x)", "", "", NONE },
	{ "120 ()", 120, "()", "", "", NONE },
	{ "120 (a (b (c) d) e) ; Duration = 0 ;x=\"(\"", 120, "(a (b (c) d) e)",
		"; Duration = 0 ;x=\"(\"", "", 0 },
	{ "120 (not \\) its end \\( \\\\) ;x", 120, "(not \\) its end \\( \\\\)", ";x", "", NONE },
	{ "120 (a;duration=1, \"b\r\n c)", 120, "(a;duration=1, \"b\r\n c)", "", "", NONE },
	{ "120\r\n (\303\274ber)", 120, "(\303\274ber)", "", "", NONE },
	/* RFC 4028 4 */
	{ "1800;refresher=uac", 1800, "", ";refresher=uac", "uac", NONE },
	{ "1800 ;\r\n REFRESHER = UAS ; x=y", 1800, "", ";\r\n REFRESHER = UAS ; x=y", "UAS",
		NONE },
	{ "90;x=\";refresher=uac\";refreshers=1;durations=2", 90, "",
		";x=\";refresher=uac\";refreshers=1;durations=2", "", NONE },
};

Test(delta, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		bool has_duration = accepted[i].duration_s != NONE;
		struct wsip_delta delta;

		cr_expect(wsip_delta_parse(span, &delta) == WSIP_OK, "%s", text);
		cr_expect(delta.seconds == accepted[i].seconds, "%s: %u", text, delta.seconds);
		expect_text(text, delta.comment, accepted[i].comment);
		expect_text(text, delta.params, accepted[i].params);
		expect_text(text, delta.refresher, accepted[i].refresher);
		cr_expect(delta.has_duration == has_duration, "%s", text);
		cr_expect(delta.duration_s == (has_duration ? accepted[i].duration_s : 0), "%s",
			text);
		exact_span_free(span);
	}
}

static const struct {
	const char *text;
	enum wsip_err err;
} refused[] = {
	{ "", WSIP_ERR_SYNTAX },
	{ " ", WSIP_ERR_SYNTAX },
	{ "-1", WSIP_ERR_SYNTAX },
	{ "+1", WSIP_ERR_SYNTAX },
	{ "0x10", WSIP_ERR_SYNTAX },
	{ "1.5", WSIP_ERR_SYNTAX },
	{ "1 2", WSIP_ERR_SYNTAX },
	{ "soon", WSIP_ERR_SYNTAX },
	{ "\"1\"", WSIP_ERR_SYNTAX },
	{ "1, 2", WSIP_ERR_SYNTAX },
	{ "(x)", WSIP_ERR_SYNTAX },
	{ "(x) 1", WSIP_ERR_SYNTAX },
	{ "1;", WSIP_ERR_SYNTAX },
	{ "1;;x", WSIP_ERR_SYNTAX },
	{ "1;x=", WSIP_ERR_SYNTAX },
	{ "1;refresher", WSIP_ERR_SYNTAX },
	{ "1;refresher=", WSIP_ERR_SYNTAX },
	{ "1;duration", WSIP_ERR_SYNTAX },
	{ "1;duration=x", WSIP_ERR_SYNTAX },
	{ "1;duration=-1", WSIP_ERR_SYNTAX },
	{ "1 (", WSIP_ERR_SYNTAX },
	{ "1 (open", WSIP_ERR_SYNTAX },
	{ "1 (open (closed)", WSIP_ERR_SYNTAX },
	{ "1 (open \\)", WSIP_ERR_SYNTAX },
	{ "1 (open \\", WSIP_ERR_SYNTAX },
	{ "1 (open;duration=2", WSIP_ERR_SYNTAX },
	{ "1 )", WSIP_ERR_SYNTAX },
	{ "1 (x))", WSIP_ERR_SYNTAX },
	{ "1 (x) (y)", WSIP_ERR_SYNTAX },
	{ "1 (x) y", WSIP_ERR_SYNTAX },
	{ "1;x (y)", WSIP_ERR_SYNTAX },
	{ "1 (x)\r\n", WSIP_ERR_SYNTAX },
	{ "1\r\nX: y", WSIP_ERR_SYNTAX },
	{ "4294967296", WSIP_ERR_LIMIT },
	{ "18446744073709551616", WSIP_ERR_LIMIT },
	{ "18446744073709551617", WSIP_ERR_LIMIT },
	{ "99999999999999999999999999999999999999999 (x)", WSIP_ERR_LIMIT },
	{ "1;duration=4294967296", WSIP_ERR_LIMIT },
	/* RFC 3261 7.3.1: a parameter is there once. */
	{ "1;refresher=uac;Refresher=uac", WSIP_ERR_SYNTAX },
	{ "1;duration=1;x;DURATION=1", WSIP_ERR_SYNTAX },
};

Test(delta, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i].text, strlen(refused[i].text));
		struct wsip_delta delta;
		enum wsip_err err = wsip_delta_parse(span, &delta);

		cr_expect(err == refused[i].err, "%s: %s", refused[i].text, wsip_err_text(err));
		exact_span_free(span);
	}
}

/* "120 ((...x...));x" with so many brackets. */
static enum wsip_err parse_nested(int depth, struct wsip_delta *delta)
{
	struct wsip_span span;
	enum wsip_err err;
	char text[100];
	int size = snprintf(text, sizeof(text), "120 %.*sx%.*s;x", depth, "((((((((((((((((", depth,
		"))))))))))))))))");

	span = exact_span(text, (size_t)size);
	err = wsip_delta_parse(span, delta);
	if (!err) {
		cr_expect(delta->comment.size == 2 * (size_t)depth + 1, "%s", text);
		expect_text(text, delta->params, ";x");
	}
	exact_span_free(span);
	return err;
}

Test(delta, comments_nest_as_deep_as_the_limit_and_no_deeper)
{
	struct wsip_delta delta;

	for (int depth = 1; depth <= WSIP_COMMENT_DEPTH_MAX; depth++)
		cr_expect(parse_nested(depth, &delta) == WSIP_OK, "%d", depth);
	for (int depth = WSIP_COMMENT_DEPTH_MAX + 1; depth <= 16; depth++)
		cr_expect(parse_nested(depth, &delta) == WSIP_ERR_SYNTAX, "%d", depth);
}

Test(delta, one_parameter_beyond_the_limit_is_told)
{
	struct wsip_delta delta;

	cr_expect(wsip_delta_parse(wsip_span_of(with_params("1 (x)", WSIP_PARAMS_MAX)), &delta) ==
		  WSIP_OK);
	cr_expect(wsip_delta_parse(wsip_span_of(with_params("1 (x)", WSIP_PARAMS_MAX + 1)),
			  &delta) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_delta delta;

	if (wsip_delta_parse(value, &delta) != WSIP_OK)
		return;
	expect_within(value, delta.comment);
	expect_within(value, delta.params);
	expect_within(value, delta.refresher);
}

Test(delta, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
	for (size_t i = 0; i < ROWS(refused); i++)
		cut_value(refused[i].text, read);
}
