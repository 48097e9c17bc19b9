/* SPDX-License-Identifier: MIT
 * Replaces value -> struct wsip_replaces (RFC 3891 6.1).
 */
#include <wiresip/replaces.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_replaces;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";

	action call_id { replaces->call_id = wsip_span_between(mark, p); }
	action to_tag { twice |= wsip_span_take(&replaces->to_tag, mark, p); }
	action from_tag { twice |= wsip_span_take(&replaces->from_tag, mark, p); }
	action early_only { twice |= replaces->early_only; replaces->early_only = true; }

	# RFC 3261 25.1: word, without the characters that end a value with parameters.
	callid_char = token_char | [()<>:\\"/\[\]?{}@];
	to_tag = "to-tag"i EQUAL plain_value_run >mark %to_tag;
	from_tag = "from-tag"i EQUAL plain_value_run >mark %from_tag;
	early_flag = "early-only"i %early_only;
	known = "to-tag"i | "from-tag"i | "early-only"i;
	replaces_extension = ( token - known ) param_rest;
	replaces_param = to_tag | from_tag | early_flag | replaces_extension;

	main := SWS callid_char+ >mark %call_id ( param_start replaces_param )* SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_replaces_parse(struct wsip_span value, struct wsip_replaces *replaces)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*replaces = (struct wsip_replaces){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_replaces_first_final, twice, param_count);
	replaces->params = wsip_params_span(params, pe);
	/* RFC 3891 6.1: it MUST contain exactly one of either. */
	if (!err && (!replaces->to_tag.data || !replaces->from_tag.data))
		err = WSIP_ERR_SYNTAX;
	return err;
}
