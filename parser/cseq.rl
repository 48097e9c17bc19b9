/* SPDX-License-Identifier: MIT
 * CSeq value -> struct wsip_cseq (RFC 3261 20.16, 25.1).
 */
#include <wiresip/cseq.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_cseq;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";

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
	enum wsip_err err;
	int cs;

	*cseq = (struct wsip_cseq){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_cseq_first_final, false, 0);
	if (!err)
		err = wsip_uint32_parse(number, &cseq->number);
	if (!err && cseq->number > WSIP_CSEQ_MAX)
		err = WSIP_ERR_LIMIT;
	return err;
}
