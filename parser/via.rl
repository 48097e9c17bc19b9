/* SPDX-License-Identifier: MIT
 * One Via value -> struct wsip_via (RFC 3261 20.42, 25.1: via-parm).
 */
#include <wiresip/via.h>

#include <wiresip/name_addr.h>

#include "parser/span_between.h"

%%{
	machine wsip_via;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";

	action mark { mark = p; }
	action transport { via->transport = wsip_span_between(mark, p); }
	action sent_by_mark { sent_by_mark = p; mark = p; }
	action host { via->host = wsip_span_between(mark, p);
		via->sent_by = wsip_span_between(sent_by_mark, p); }
	action port { port = wsip_span_between(mark, p);
		via->sent_by = wsip_span_between(sent_by_mark, p); }
	action params_mark { if (!params_mark) params_mark = p; }

	sent_protocol = "SIP"i SLASH "2.0" SLASH token >mark %transport;
	sent_by = host >sent_by_mark %host ( COLON port >mark %port )?;
	via_params = ( SWS ";" >params_mark SWS generic_param )*;

	main := SWS sent_protocol LWS sent_by via_params SWS;

	write data noerror noentry;
}%%

/* RFC 3261 7.3.1: a parameter name must not appear more than once. */
static bool take(struct wsip_span *once, struct wsip_span value)
{
	bool first = once->data == NULL;

	*once = value;
	return first;
}

static enum wsip_err read_params(struct wsip_via *via)
{
	struct wsip_span rest = via->params;
	struct wsip_param param;
	enum wsip_err err;

	while ((err = wsip_params_next(&rest, &param)) == WSIP_OK) {
		bool once = true;

		if (wsip_span_is_nocase(param.name, "branch"))
			once = take(&via->branch, param.value);
		else if (wsip_span_is_nocase(param.name, "received"))
			once = take(&via->received, param.value);
		else if (wsip_span_is_nocase(param.name, "maddr"))
			once = take(&via->maddr, param.value);
		else if (wsip_span_is_nocase(param.name, "rport")) {
			once = !via->has_rport;
			via->has_rport = true;
			via->rport = param.value;
		}
		if (!once)
			return WSIP_ERR_SYNTAX;
	}
	return err == WSIP_ERR_NOT_FOUND ? WSIP_OK : err;
}

enum wsip_err wsip_via_parse(struct wsip_span value, struct wsip_via *via)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *sent_by_mark = p, *params_mark = NULL;
	struct wsip_span port = { 0 };
	uint64_t number = 0;
	int cs;

	*via = (struct wsip_via){ 0 };
	%% write init;
	%% write exec;
	if (cs < wsip_via_first_final)
		return WSIP_ERR_SYNTAX;
	if (port.data && (wsip_span_number(port, UINT16_MAX, &number) != WSIP_OK || number == 0))
		return WSIP_ERR_SYNTAX;
	via->port = (uint16_t)number;
	if (!params_mark)
		return WSIP_OK;
	via->params = wsip_span_between(params_mark, pe);
	return read_params(via);
}
