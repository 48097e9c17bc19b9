/* SPDX-License-Identifier: MIT
 * One Diversion value -> struct wsip_diversion (RFC 5806 6).
 */
#include <wiresip/diversion.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_diversion;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";
	include sip_address "parts/address.rl";

	action reason { twice |= wsip_span_take(&diversion->reason, mark, p); }
	action counter { twice |= wsip_span_take(&counter, mark, p); }
	action limit { twice |= wsip_span_take(&limit, mark, p); }
	action privacy { twice |= wsip_span_take(&diversion->privacy, mark, p); }
	action screen { twice |= wsip_span_take(&diversion->screen, mark, p); }

	diversion_reason = "reason"i EQUAL value_run >mark %reason;
	diversion_counter = "counter"i EQUAL digit+ >mark %counter;
	diversion_limit = "limit"i EQUAL digit+ >mark %limit;
	diversion_privacy = "privacy"i EQUAL value_run >mark %privacy;
	diversion_screen = "screen"i EQUAL value_run >mark %screen;
	known = "reason"i | "counter"i | "limit"i | "privacy"i | "screen"i;
	diversion_extension = ( token - known ) param_rest;
	diversion_params = diversion_reason | diversion_counter | diversion_limit |
		diversion_privacy | diversion_screen | diversion_extension;

	main := address ( param_start diversion_params )* SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_diversion_parse(struct wsip_span value, struct wsip_diversion *diversion)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	struct wsip_name_addr *address = &diversion->address;
	struct wsip_span counter = { 0 }, limit = { 0 };
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*diversion = (struct wsip_diversion){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_diversion_first_final, twice, param_count);
	diversion->address.params = wsip_params_span(params, pe);
	diversion->has_counter = counter.data != NULL;
	diversion->has_limit = limit.data != NULL;
	if (!err && counter.data)
		err = wsip_uint32_parse(counter, &diversion->counter);
	if (!err && limit.data)
		err = wsip_uint32_parse(limit, &diversion->limit);
	return err;
}
