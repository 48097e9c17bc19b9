/* SPDX-License-Identifier: MIT
 * One Reason value -> struct wsip_reason (RFC 3326 2).
 */
#include <wiresip/reason.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_reason;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";

	action protocol { reason->protocol = wsip_span_between(mark, p); }
	action cause { twice |= wsip_span_take(&cause, mark, p); }
	action text { twice |= wsip_span_take(&reason->text, mark, p); }

	protocol_cause = "cause"i EQUAL digit+ >mark %cause;
	# A quoted string by the RFC; a bare word is seen.
	reason_text = "text"i EQUAL value_run >mark %text;
	known = "cause"i | "text"i;
	reason_extension = ( token - known ) param_rest;
	reason_params = protocol_cause | reason_text | reason_extension;

	main := SWS token_run >mark %protocol ( param_start reason_params )* SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_reason_parse(struct wsip_span value, struct wsip_reason *reason)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	struct wsip_span cause = { 0 };
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*reason = (struct wsip_reason){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_reason_first_final, twice, param_count);
	reason->params = wsip_params_span(params, pe);
	reason->has_cause = cause.data != NULL;
	if (!err && cause.data)
		err = wsip_uint32_parse(cause, &reason->cause);
	return err;
}
