/* SPDX-License-Identifier: MIT
 * Walks ";name=value;name" one parameter at a time (RFC 3261 25.1: generic-param). Serves header
 * parameters and uri-parameters alike: the characters of both are taken.
 */
#include <wiresip/param.h>

#include "parser/scan.h"
#include "parser/marks.h"

%%{
	machine wsip_param;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";

	action mark { mark = p; }
	action name { param->name = wsip_span_between(mark, p); }
	action value { param->value = wsip_span_between(mark, p); }
	action next { fhold; fbreak; }

	name = ( token_char $scan_token | [:/\[\]&$()] )+;
	# In brackets: ident-info of RFC 8224.
	value = ( param_value_char $scan_value | [()] )+ | quoted_run | "<" uri_run ">";
	parameter = SEMI ( name >mark %name ( EQUAL value >mark %value )? );

	main := parameter SWS ( ";" @next )?;

	write data noerror noentry;
}%%

enum wsip_err wsip_params_next(struct wsip_span *params, struct wsip_param *param)
{
	const unsigned char *p = (const unsigned char *)params->data;
	const unsigned char *pe, *eof, *mark;
	int cs;

	*param = (struct wsip_param){ 0 };
	if (params->size == 0)
		return WSIP_ERR_NOT_FOUND;
	pe = eof = p + params->size;
	mark = p;
	%% write init;
	%% write exec;
	if (cs < wsip_param_first_final)
		return WSIP_ERR_SYNTAX;
	*params = wsip_span_between(p, pe);
	return WSIP_OK;
}

bool wsip_params_find(struct wsip_span params, const char *name, struct wsip_span *value)
{
	struct wsip_span wanted = wsip_span_of(name);
	struct wsip_param param;

	while (wsip_params_next(&params, &param) == WSIP_OK) {
		if (wsip_span_equal_nocase(param.name, wanted)) {
			if (value)
				*value = param.value;
			return true;
		}
	}
	return false;
}
