/* SPDX-License-Identifier: MIT
 * Parameters one at a time (RFC 3261 25.1: generic-param), and the one that is looked for.
 */
#include "tests/unit/exact.h"

static const struct {
	const char *text;
	const char *pairs[4][2]; /* up to the first NULL */
	enum wsip_err end;
} rows[] = {
	{ "", { { NULL } }, WSIP_ERR_NOT_FOUND },
	{ ";lr", { { "lr", "" } }, WSIP_ERR_NOT_FOUND },
	{ ";a=1;b;c=x", { { "a", "1" }, { "b", "" }, { "c", "x" } }, WSIP_ERR_NOT_FOUND },
	{ " ; a = 1 ; b ", { { "a", "1" }, { "b", "" } }, WSIP_ERR_NOT_FOUND },
	{ "\r\n ;a\r\n =\r\n 1;b", { { "a", "1" }, { "b", "" } }, WSIP_ERR_NOT_FOUND },
	{ ";a=\"x;y=\\\"z\";b", { { "a", "\"x;y=\\\"z\"" }, { "b", "" } }, WSIP_ERR_NOT_FOUND },
	{ ";a=\"\"", { { "a", "\"\"" } }, WSIP_ERR_NOT_FOUND },
	{ ";a=b=c", { { "a", "b=c" } }, WSIP_ERR_NOT_FOUND },
	{ ";a=1;a=2", { { "a", "1" }, { "a", "2" } }, WSIP_ERR_NOT_FOUND },
	{ ";a=[::1]:5060", { { "a", "[::1]:5060" } }, WSIP_ERR_NOT_FOUND },
	{ ";", { { NULL } }, WSIP_ERR_SYNTAX },
	{ ";;a", { { NULL } }, WSIP_ERR_SYNTAX },
	{ "a=1", { { NULL } }, WSIP_ERR_SYNTAX },
	{ ";a=", { { NULL } }, WSIP_ERR_SYNTAX },
	{ ";=a", { { NULL } }, WSIP_ERR_SYNTAX },
	{ ";a=\"open", { { NULL } }, WSIP_ERR_SYNTAX },
	{ ";a=\"x\"y", { { NULL } }, WSIP_ERR_SYNTAX },
	{ ";a=1;;b", { { "a", "1" } }, WSIP_ERR_SYNTAX },
	{ ";a=1;", { { "a", "1" } }, WSIP_ERR_SYNTAX },
	{ ";a b", { { NULL } }, WSIP_ERR_SYNTAX },
	{ ";a,b", { { NULL } }, WSIP_ERR_SYNTAX },
};

Test(param, each_is_taken_off_in_turn)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wsip_span span = exact_span(rows[i].text, strlen(rows[i].text)), rest = span;
		struct wsip_param param;
		enum wsip_err err;

		for (int k = 0; k < 4 && rows[i].pairs[k][0]; k++) {
			cr_assert(wsip_params_next(&rest, &param) == WSIP_OK, "%s", rows[i].text);
			cr_expect(wsip_span_is(param.name, rows[i].pairs[k][0]), "%s",
				rows[i].text);
			cr_expect(wsip_span_is(param.value, rows[i].pairs[k][1]), "%s",
				rows[i].text);
		}
		err = wsip_params_next(&rest, &param);
		cr_expect(err == rows[i].end, "%s: %s", rows[i].text, wsip_err_text(err));
		exact_span_free(span);
	}
}

Test(param, cut_at_every_offset_it_is_read_without_harm)
{
	static const char text[] = " ; a = \"x\\\"\" ; b=[::1] ;c";

	for (size_t size = 0; size < sizeof(text); size++) {
		struct wsip_span span = exact_span(text, size);

		(void)wsip_params_find(span, "nothing", NULL);
		exact_span_free(span);
	}
}

Test(param, is_found_by_its_whole_name_in_any_case)
{
	struct wsip_span params = wsip_span_of(";tagged=0;Tag=1;x=\";tag=2\";tag=3");
	struct wsip_span value = { 0 };

	cr_expect(wsip_params_find(params, "tag", &value) && wsip_span_is(value, "1"));
	cr_expect(wsip_params_find(params, "X", NULL));
	cr_expect(!wsip_params_find(params, "tagge", &value));
	cr_expect(!wsip_params_find(params, "1", &value));
	cr_expect(!wsip_params_find(wsip_span_of(""), "tag", &value));
}
