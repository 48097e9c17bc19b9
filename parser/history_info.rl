/* SPDX-License-Identifier: MIT
 * One History-Info value -> struct wsip_history_info (RFC 7044 5).
 */
#include <wiresip/history_info.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_history_info;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";
	include sip_address "parts/address.rl";

	action index { twice |= wsip_span_take(&entry->index, mark, p); }
	action rc { twice |= wsip_span_take(&entry->rc, mark, p); }
	action mp { twice |= wsip_span_take(&entry->mp, mark, p); }
	action np { twice |= wsip_span_take(&entry->np, mark, p); }

	index_val = digit+ ( "." digit+ )*;
	hi_index = "index"i EQUAL index_val >mark %index;
	rc_param = "rc"i EQUAL index_val >mark %rc;
	mp_param = "mp"i EQUAL index_val >mark %mp;
	np_param = "np"i EQUAL index_val >mark %np;
	known = "index"i | "rc"i | "mp"i | "np"i;
	hi_extension = ( token - known ) param_rest;
	hi_param = hi_index | rc_param | mp_param | np_param | hi_extension;

	main := address ( param_start hi_param )* SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_history_info_parse(struct wsip_span value, struct wsip_history_info *entry)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	struct wsip_name_addr *address = &entry->address;
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*entry = (struct wsip_history_info){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_history_info_first_final, twice, param_count);
	entry->address.params = wsip_params_span(params, pe);
	/* RFC 7044 5: hi-target-param is one of the three. */
	if (!err && !!entry->rc.data + !!entry->mp.data + !!entry->np.data > 1)
		err = WSIP_ERR_SYNTAX;
	return err;
}
