/* SPDX-License-Identifier: MIT
 * Comma-separated values (RFC 3261 7.3.1): commas in quotes and brackets do not separate.
 */
#include "parser/list.h"

#include "tests/unit/exact.h"

static const struct {
	const char *text;
	const char *elements[4]; /* up to the first NULL */
	enum wsip_err end;
} rows[] = {
	{ "", { NULL }, WSIP_ERR_NOT_FOUND },
	{ "a", { "a" }, WSIP_ERR_NOT_FOUND },
	{ " a ,\tb\r\n ,c", { "a", "b", "c" }, WSIP_ERR_NOT_FOUND },
	{ "a b,c", { "a b", "c" }, WSIP_ERR_NOT_FOUND },
	{ "\"a,b\" <x>, c", { "\"a,b\" <x>", "c" }, WSIP_ERR_NOT_FOUND },
	{ "\"a\\\",b\",c", { "\"a\\\",b\"", "c" }, WSIP_ERR_NOT_FOUND },
	{ "\"a\\\\\",b", { "\"a\\\\\"", "b" }, WSIP_ERR_NOT_FOUND },
	{ "<a,b>,<c>;x=1", { "<a,b>", "<c>;x=1" }, WSIP_ERR_NOT_FOUND },
	{ "a;p=\",\",b", { "a;p=\",\"", "b" }, WSIP_ERR_NOT_FOUND },
	{ "a>b,c", { "a>b", "c" }, WSIP_ERR_NOT_FOUND },
	{ ",", { NULL }, WSIP_ERR_SYNTAX },
	{ " ", { NULL }, WSIP_ERR_SYNTAX },
	{ ",a", { NULL }, WSIP_ERR_SYNTAX },
	{ "a,", { NULL }, WSIP_ERR_SYNTAX },
	{ "a, ", { "a" }, WSIP_ERR_SYNTAX },
	{ "a,,b", { "a" }, WSIP_ERR_SYNTAX },
	{ "\"open,b", { NULL }, WSIP_ERR_SYNTAX },
	{ "\"open\\\",b", { NULL }, WSIP_ERR_SYNTAX },
	{ "\"end\\", { NULL }, WSIP_ERR_SYNTAX },
	{ "<open,b", { NULL }, WSIP_ERR_SYNTAX },
	{ "a,<open", { "a" }, WSIP_ERR_SYNTAX },
	{ "<a<b>>,c", { NULL }, WSIP_ERR_SYNTAX },
};

Test(list, elements_come_in_turn_without_the_blanks_around_them)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wsip_span span = exact_span(rows[i].text, strlen(rows[i].text)), rest = span;
		struct wsip_span element;
		enum wsip_err err;

		for (int k = 0; k < 4 && rows[i].elements[k]; k++) {
			cr_assert(wsip_list_next(&rest, &element) == WSIP_OK, "%s", rows[i].text);
			cr_expect(wsip_span_is(element, rows[i].elements[k]), "%s", rows[i].text);
		}
		err = wsip_list_next(&rest, &element);
		cr_expect(err == rows[i].end, "%s: %s", rows[i].text, wsip_err_text(err));
		exact_span_free(span);
	}
}

Test(list, cut_at_every_offset_it_is_read_without_harm)
{
	static const char text[] = "\"a\\\",b\" <x,y>;p=1 , c, <d> ,\"e\"";

	for (size_t size = 0; size < sizeof(text); size++) {
		struct wsip_span span = exact_span(text, size), rest = span, element;
		int count = 0;

		while (wsip_list_next(&rest, &element) == WSIP_OK)
			count++;
		cr_expect(count <= 4);
		exact_span_free(span);
	}
}

Test(list, ten_thousand_elements_are_ten_thousand)
{
	char *text = malloc(20000);
	struct wsip_span rest = { text, 19999 }, element;
	int count = 0;

	for (int i = 0; i < 10000; i++)
		memcpy(text + 2 * i, "a,", 2);
	while (wsip_list_next(&rest, &element) == WSIP_OK)
		count++;
	cr_expect(count == 10000);
	free(text);
}
