/* SPDX-License-Identifier: MIT
 * name-addr / addr-spec with parameters -> struct wsip_name_addr (RFC 3261 20.10, 25.1).
 */
#include <wiresip/name_addr.h>

#include "parser/list.h"
#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_name_addr;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";
	include sip_address "parts/address.rl";

	action tag { twice |= wsip_span_take(&address->tag, mark, p); }

	# RFC 3261 20.20, 20.39: the tag of From and To is a token.
	tag_param = "tag"i EQUAL plain_value_run >mark %tag;
	other_param = ( token - "tag"i ) param_rest;

	main := address ( param_start ( tag_param | other_param ) )* value_end;

	write data noerror noentry;
}%%

enum wsip_err wsip_name_addr_next(struct wsip_span *rest, struct wsip_name_addr *address)
{
	const unsigned char *p = (const unsigned char *)rest->data;
	const unsigned char *pe = p + rest->size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL, *comma = NULL;
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*address = (struct wsip_name_addr){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_name_addr_first_final, twice, param_count);
	address->params = wsip_params_span(params, comma ? comma : pe);
	return err ? err : wsip_list_rest(rest, comma, pe);
}

enum wsip_err wsip_name_addr_parse(struct wsip_span value, struct wsip_name_addr *address)
{
	enum wsip_err err = wsip_name_addr_next(&value, address);

	return !err && value.size > 0 ? WSIP_ERR_SYNTAX : err;
}
