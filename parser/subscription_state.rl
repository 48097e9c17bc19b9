/* SPDX-License-Identifier: MIT
 * Subscription-State value -> struct wsip_subscription_state (RFC 6665 8.2.3, 8.4).
 */
#include <wiresip/event.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_subscription_state;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";

	action state { state->state = wsip_span_between(mark, p); }
	action reason { twice |= wsip_span_take(&state->reason, mark, p); }
	action expires { twice |= wsip_span_take(&expires, mark, p); }
	action retry_after { twice |= wsip_span_take(&retry_after, mark, p); }

	sub_reason = "reason"i EQUAL value_run >mark %reason;
	sub_expires = "expires"i EQUAL digit+ >mark %expires;
	sub_retry_after = "retry-after"i EQUAL digit+ >mark %retry_after;
	known = "reason"i | "expires"i | "retry-after"i;
	sub_extension = ( token - known ) param_rest;
	subexp_params = sub_reason | sub_expires | sub_retry_after | sub_extension;

	main := SWS token_run >mark %state ( param_start subexp_params )* SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_subscription_state_parse(struct wsip_span value, struct wsip_subscription_state *state)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	struct wsip_span expires = { 0 }, retry_after = { 0 };
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*state = (struct wsip_subscription_state){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_subscription_state_first_final, twice, param_count);
	state->params = wsip_params_span(params, pe);
	state->has_expires = expires.data != NULL;
	state->has_retry_after = retry_after.data != NULL;
	if (!err && expires.data)
		err = wsip_uint32_parse(expires, &state->expires_s);
	if (!err && retry_after.data)
		err = wsip_uint32_parse(retry_after, &state->retry_after_s);
	return err;
}
