/* SPDX-License-Identifier: MIT
 * delta-seconds with a comment or parameters -> struct wsip_delta (RFC 3261 20.33; RFC 4028 4, 5).
 */
#include <wiresip/delta.h>

#include "parser/marks.h"
#include "parser/scan.h"
#include "parser/comment.h"

%%{
	machine wsip_delta;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";

	action seconds { seconds = wsip_span_between(mark, p); }
	action comment {
		mark = p;
		p = wsip_comment_end(p, pe);
		delta->comment = wsip_span_between(mark, p);
		fhold;
	}
	action refresher { twice |= wsip_span_take(&delta->refresher, mark, p); }
	action duration { twice |= wsip_span_take(&duration, mark, p); }

	# A comment may hold comments, which no regular language counts: it ends where the action says,
	# behind its bracket, or at its first octet when it has no end.
	comment = "(" @comment;
	se_refresher = "refresher"i EQUAL plain_value_run >mark %refresher;
	retry_duration = "duration"i EQUAL digit+ >mark %duration;
	known = "refresher"i | "duration"i;
	delta_extension = ( token - known ) param_rest;
	delta_params = se_refresher | retry_duration | delta_extension;

	main := SWS digit+ >mark %seconds ( SWS comment )? ( param_start delta_params )* SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_delta_parse(struct wsip_span value, struct wsip_delta *delta)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	struct wsip_span seconds = { 0 }, duration = { 0 };
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*delta = (struct wsip_delta){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_delta_first_final, twice, param_count);
	if (!err && delta->comment.size == 0 && delta->comment.data)
		err = WSIP_ERR_SYNTAX;
	delta->params = wsip_params_span(params, pe);
	delta->has_duration = duration.data != NULL;
	if (!err)
		err = wsip_uint32_parse(seconds, &delta->seconds);
	if (!err && duration.data)
		err = wsip_uint32_parse(duration, &delta->duration_s);
	return err;
}
