/* SPDX-License-Identifier: MIT
 * RAck (RFC 3262 7.2): the number of a response below 2^32, and a CSeq below 2^31 with its method.
 */
#include <wiresip/rack.h>

#include "tests/unit/value.h"

static const struct {
	const char *text;
	enum wsip_err err;
	uint32_t response_number, number;
	const char *method;
} rows[] = {
	{ "776656 1 INVITE", WSIP_OK, 776656, 1, "INVITE" },
	{ "1 0 INVITE", WSIP_OK, 1, 0, "INVITE" },
	{ "4294967295\t2147483647 \tx-Own ", WSIP_OK, 4294967295u, 2147483647, "x-Own" },
	{ "7\r\n 8\r\n\t INVITE", WSIP_OK, 7, 8, "INVITE" },
	{ "0000000000000000000007 00000000000000000008 A", WSIP_OK, 7, 8, "A" },
	{ "4294967296 1 INVITE", WSIP_ERR_LIMIT, 0, 0, NULL },
	{ "18446744073709551617 1 INVITE", WSIP_ERR_LIMIT, 0, 0, NULL },
	{ "1 2147483648 INVITE", WSIP_ERR_LIMIT, 0, 0, NULL },
	{ "1 4294967297 INVITE", WSIP_ERR_LIMIT, 0, 0, NULL },
	{ "1 18446744073709551617 INVITE", WSIP_ERR_LIMIT, 0, 0, NULL },
	{ "", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 1", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 1 ", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 INVITE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 1INVITE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "-1 1 INVITE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 -1 INVITE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "+1 1 INVITE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "0x1 1 INVITE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 0x1 INVITE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 1 INVITE x", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 1 1 INVITE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 1 INV/TE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1, 1 INVITE", WSIP_ERR_SYNTAX, 0, 0, NULL },
	{ "1 1 INVITE;x", WSIP_ERR_SYNTAX, 0, 0, NULL },
};

Test(rack, numbers_and_method_are_read_or_refused)
{
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct wsip_span span = exact_span(rows[i].text, strlen(rows[i].text));
		struct wsip_rack rack;
		enum wsip_err err = wsip_rack_parse(span, &rack);

		cr_expect(err == rows[i].err, "%s: %s", rows[i].text, wsip_err_text(err));
		if (!err) {
			cr_expect(rack.response_number == rows[i].response_number, "%s",
				rows[i].text);
			cr_expect(rack.cseq.number == rows[i].number, "%s", rows[i].text);
			expect_text(rows[i].text, rack.cseq.method, rows[i].method);
		}
		exact_span_free(span);
	}
}

static void read(struct wsip_span value)
{
	struct wsip_rack rack;

	if (wsip_rack_parse(value, &rack) == WSIP_OK) {
		expect_within(value, rack.cseq.method);
		cr_expect(rack.cseq.number <= WSIP_CSEQ_MAX);
	}
}

Test(rack, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(rows); i++) {
		cut_value(rows[i].text, read);
		change_value(rows[i].text, read);
	}
}
