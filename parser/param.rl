/* SPDX-License-Identifier: MIT
 * Walks ";name=value;name" one parameter at a time (RFC 3261 25.1: generic-param). Serves header
 * parameters and uri-parameters alike: the characters of both are taken.
 */
#include <wiresip/name_addr.h>

#include "parser/span_between.h"

%%{
	machine wsip_param;
	include sip_basic "grammar/basic.rl";
	include sip_param "grammar/param.rl";

	action mark { mark = p; }
	action name { param->name = wsip_span_between(mark, p); }
	action value { param->value = wsip_span_between(mark, p); }
	action next { fhold; fbreak; }

	name_char = token_char | [:/\[\]&$()];
	value = ( ( param_value_char | [()] )+ | quoted_string ) >mark %value;
	parameter = SEMI ( name_char+ >mark %name ( EQUAL value )? );

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
	struct wsip_param param;

	while (wsip_params_next(&params, &param) == WSIP_OK) {
		if (wsip_span_is_nocase(param.name, name)) {
			if (value)
				*value = param.value;
			return true;
		}
	}
	return false;
}
