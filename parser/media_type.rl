/* SPDX-License-Identifier: MIT
 * Content-Type, or one value of Accept -> struct wsip_media_type (RFC 3261 20.1, 20.15, 25.1).
 */
#include <wiresip/media_type.h>

#include "parser/marks.h"
#include "parser/scan.h"
#include "parser/qvalue.h"

%%{
	machine wsip_media_type;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";

	action type { media_type->type = wsip_span_between(mark, p); }
	action subtype { media_type->subtype = wsip_span_between(mark, p); }
	action q { twice |= wsip_span_take(&q, mark, p); }

	q_param = "q"i EQUAL plain_value_run >mark %q;
	m_parameter = ( token - "q"i ) param_rest;

	main := SWS token_run >mark %type SLASH token_run >mark %subtype
		( param_start ( q_param | m_parameter ) )* SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_media_type_parse(struct wsip_span value, struct wsip_media_type *media_type)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	struct wsip_span q = { 0 };
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*media_type = (struct wsip_media_type){ .q = WSIP_Q_MAX };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_media_type_first_final, twice, param_count);
	media_type->params = wsip_params_span(params, pe);
	if (!err && q.data)
		err = wsip_qvalue_parse(q, &media_type->q);
	return err;
}

bool wsip_media_type_is(const struct wsip_media_type *media_type, const char *type,
	const char *subtype)
{
	return wsip_span_is_nocase(media_type->type, type) &&
	       wsip_span_is_nocase(media_type->subtype, subtype);
}
