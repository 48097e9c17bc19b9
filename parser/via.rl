/* SPDX-License-Identifier: MIT
 * One Via value -> struct wsip_via (RFC 3261 20.42, 25.1: via-parm; RFC 3581 3).
 */
#include <wiresip/via.h>

#include <string.h>

#include "parser/list.h"
#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_via;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";

	action transport { via->transport = wsip_span_between(mark, p); }
	action sent_by_mark { sent_by_mark = p; mark = p; }
	action host { via->host = wsip_span_between(mark, p);
		via->sent_by = wsip_span_between(sent_by_mark, p); }
	action port { port = wsip_span_between(mark, p);
		via->sent_by = wsip_span_between(sent_by_mark, p); }
	action branch { twice |= wsip_span_take(&via->branch, mark, p); }
	action received { twice |= wsip_span_take(&via->received, mark, p); }
	action maddr { twice |= wsip_span_take(&via->maddr, mark, p); }
	action ttl { twice |= wsip_span_take(&via->ttl, mark, p); }
	action rport { twice |= via->has_rport; via->has_rport = true;
		via->rport = wsip_span_between(p, p); }
	action rport_value { via->rport = wsip_span_between(mark, p); }

	sent_by = host_run >sent_by_mark %host ( COLON port >mark %port )?;

	via_branch = "branch"i EQUAL value_run >mark %branch;
	via_received = "received"i EQUAL value_run >mark %received;
	via_maddr = "maddr"i EQUAL value_run >mark %maddr;
	via_ttl = "ttl"i EQUAL digit{1,3} >mark %ttl;
	response_port = "rport"i %rport ( EQUAL digit{1,5} >mark %rport_value )?;
	known = "branch"i | "received"i | "maddr"i | "ttl"i | "rport"i;
	via_extension = ( token - known ) param_rest;
	via_params = via_branch | via_received | via_maddr | via_ttl | response_port | via_extension;

	behind_protocol = token >mark %transport LWS sent_by ( param_start via_params )* value_end;

	# Where nearly all can be taken up.
	usual := SWS behind_protocol;
	main := SWS "SIP"i SLASH "2.0" SLASH behind_protocol;

	write data noerror;
}%%

/* What nearly all begin with. */
#define USUAL_START "SIP/2.0/"

static bool starts_as_usual(const struct wsip_span *text)
{
	return text->size > sizeof(USUAL_START) &&
	       memcmp(text->data, USUAL_START, sizeof(USUAL_START) - 1) == 0;
}

enum wsip_err wsip_via_next(struct wsip_span *rest, struct wsip_via *via)
{
	const unsigned char *p = (const unsigned char *)rest->data;
	const unsigned char *pe = p + rest->size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *sent_by_mark = p, *params = NULL, *comma = NULL;
	struct wsip_span port = { 0 };
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*via = (struct wsip_via){ 0 };
	%% write init;
	if (starts_as_usual(rest)) {
		p += sizeof(USUAL_START) - 1;
		cs = wsip_via_en_usual;
	}
	%% write exec;
	err = wsip_value_end(cs >= wsip_via_first_final, twice, param_count);
	via->params = wsip_params_span(params, comma ? comma : pe);
	if (!err && port.data)
		err = wsip_port_parse(port, &via->port);
	return err ? err : wsip_list_rest(rest, comma, pe);
}

enum wsip_err wsip_via_parse(struct wsip_span value, struct wsip_via *via)
{
	enum wsip_err err = wsip_via_next(&value, via);

	return !err && value.size > 0 ? WSIP_ERR_SYNTAX : err;
}
