/* SPDX-License-Identifier: MIT
 * RAck value -> struct wsip_rack (RFC 3262 7.2, 10).
 */
#include <wiresip/rack.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_rack;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";

	action mark { mark = p; }
	action response { response = wsip_span_between(mark, p); }
	action cseq { cseq = wsip_span_between(mark, p); }
	action method { rack->cseq.method = wsip_span_between(mark, p); }

	main := digit+ >mark %response LWS digit+ >mark %cseq LWS token >mark %method SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_rack_parse(struct wsip_span value, struct wsip_rack *rack)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p;
	struct wsip_span response = { 0 }, cseq = { 0 };
	enum wsip_err err;
	int cs;

	*rack = (struct wsip_rack){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_rack_first_final, false, 0);
	if (!err)
		err = wsip_uint32_parse(response, &rack->response_number);
	if (!err)
		err = wsip_uint32_parse(cseq, &rack->cseq.number);
	if (!err && rack->cseq.number > WSIP_CSEQ_MAX)
		err = WSIP_ERR_LIMIT;
	return err;
}
