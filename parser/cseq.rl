/* SPDX-License-Identifier: MIT
 * CSeq value -> struct wsip_cseq (RFC 3261 20.16, 25.1).
 */
#include "parser/cseq.h"

#include "base/limits.h"
#include "parser/span_between.h"

%%{
	machine wsip_cseq;
	include sip_basic "grammar/basic.rl";

	action mark { mark = p; }
	action number { number = wsip_span_between(mark, p); }
	action method { cseq->method = wsip_span_between(mark, p); }

	main := digit+ >mark %number LWS token >mark %method SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_cseq_parse(struct wsip_span value, struct wsip_cseq *cseq)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p;
	struct wsip_span number = { 0 };
	uint64_t parsed;
	enum wsip_err err;
	int cs;

	*cseq = (struct wsip_cseq){ 0 };
	%% write init;
	%% write exec;
	if (cs < wsip_cseq_first_final)
		return WSIP_ERR_SYNTAX;
	err = wsip_span_number(number, WSIP_CSEQ_MAX, &parsed);
	if (!err)
		cseq->number = (uint32_t)parsed;
	return err;
}
