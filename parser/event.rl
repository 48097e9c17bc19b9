/* SPDX-License-Identifier: MIT
 * Event value -> struct wsip_event (RFC 6665 8.2.1, 8.4).
 */
#include <wiresip/event.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_event;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";

	action type { event->type = wsip_span_between(mark, p); }
	action id { twice |= wsip_span_take(&event->id, mark, p); }

	# event-package and its templates, with dots between: all of it is a token.
	event_id = "id"i EQUAL value_run >mark %id;
	event_param = ( token - "id"i ) param_rest;

	main := SWS token_run >mark %type ( param_start ( event_id | event_param ) )* SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_event_parse(struct wsip_span value, struct wsip_event *event)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*event = (struct wsip_event){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_event_first_final, twice, param_count);
	event->params = wsip_params_span(params, pe);
	return err;
}
