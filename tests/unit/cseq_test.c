/* SPDX-License-Identifier: MIT
 * CSeq (RFC 3261 20.16, 8.1.1.5): a number below 2^31 that never wraps, and a method.
 */
#include "tests/unit/exact.h"

static const struct {
	const char *text;
	enum wsip_err err;
	uint32_t number;
	const char *method;
} rows[] = {
	{ "1 INVITE", WSIP_OK, 1, "INVITE" },
	{ "0 ACK", WSIP_OK, 0, "ACK" },
	{ "0009\t \tBYE", WSIP_OK, 9, "BYE" },
	{ "8\r\n INVITE ", WSIP_OK, 8, "INVITE" },
	{ "2147483647 x-Own.Method!", WSIP_OK, 2147483647, "x-Own.Method!" },
	{ "00000000000000000000000000000000007 BYE", WSIP_OK, 7, "BYE" },
	{ "2147483648 INVITE", WSIP_ERR_LIMIT, 0, NULL },
	{ "4294967296 INVITE", WSIP_ERR_LIMIT, 0, NULL },
	{ "4294967297 INVITE", WSIP_ERR_LIMIT, 0, NULL },
	{ "18446744073709551617 INVITE", WSIP_ERR_LIMIT, 0, NULL },
	{ "36893488147419103232 INVITE", WSIP_ERR_LIMIT, 0, NULL },
	{ "", WSIP_ERR_SYNTAX, 0, NULL },
	{ "1", WSIP_ERR_SYNTAX, 0, NULL },
	{ "1 ", WSIP_ERR_SYNTAX, 0, NULL },
	{ "INVITE", WSIP_ERR_SYNTAX, 0, NULL },
	{ " 1 INVITE", WSIP_ERR_SYNTAX, 0, NULL },
	{ "1INVITE", WSIP_ERR_SYNTAX, 0, NULL },
	{ "-1 INVITE", WSIP_ERR_SYNTAX, 0, NULL },
	{ "+1 INVITE", WSIP_ERR_SYNTAX, 0, NULL },
	{ "0x1 INVITE", WSIP_ERR_SYNTAX, 0, NULL },
	{ "1 INVITE x", WSIP_ERR_SYNTAX, 0, NULL },
	{ "1 INV/TE", WSIP_ERR_SYNTAX, 0, NULL },
	{ "1, INVITE", WSIP_ERR_SYNTAX, 0, NULL },
	{ "1 \"INVITE\"", WSIP_ERR_SYNTAX, 0, NULL },
};

Test(cseq, number_and_method_are_read_or_refused)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wsip_span span = exact_span(rows[i].text, strlen(rows[i].text));
		struct wsip_cseq cseq;
		enum wsip_err err = wsip_cseq_parse(span, &cseq);

		cr_expect(err == rows[i].err, "%s: %s", rows[i].text, wsip_err_text(err));
		if (!err) {
			cr_expect(cseq.number == rows[i].number, "%s", rows[i].text);
			cr_expect(wsip_span_is(cseq.method, rows[i].method), "%s", rows[i].text);
		}
		exact_span_free(span);
	}
}

Test(cseq, cut_at_every_offset_it_is_read_without_harm)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t size = 0; size < strlen(rows[i].text); size++) {
			struct wsip_span span = exact_span(rows[i].text, size);
			struct wsip_cseq cseq;

			(void)!wsip_cseq_parse(span, &cseq);
			exact_span_free(span);
		}
	}
}
