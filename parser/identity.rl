/* SPDX-License-Identifier: MIT
 * Identity value -> struct wsip_identity (RFC 8224 4; RFC 4474 9 had the digest in quotes and nothing else).
 */
#include <wiresip/identity.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_identity;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";

	action digest { identity->digest = wsip_span_between(mark, p); }
	action info { twice |= wsip_span_take(&identity->info, mark, p); }
	action alg { twice |= wsip_span_take(&identity->alg, mark, p); }
	action ppt { twice |= wsip_span_take(&identity->ppt, mark, p); }

	base64_char = alphanum | [+/=\-_.];
	signed_identity_digest = base64_char* >mark %digest;
	quoted_digest = '"' ( base64_char* >mark %digest ) '"';
	ident_info = "info"i EQUAL "<" uri_run >mark %info ">";
	ident_info_alg = "alg"i EQUAL value_run >mark %alg;
	ident_type = "ppt"i EQUAL value_run >mark %ppt;
	known = "info"i | "alg"i | "ppt"i;
	ident_info_extension = ( token - known ) param_rest;
	ident_info_params = ident_info | ident_info_alg | ident_type | ident_info_extension;

	main := SWS ( signed_identity_digest | quoted_digest ) ( param_start ident_info_params )* SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_identity_parse(struct wsip_span value, struct wsip_identity *identity)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*identity = (struct wsip_identity){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_identity_first_final, twice, param_count);
	identity->params = wsip_params_span(params, pe);
	if (!err && identity->digest.size == 0)
		err = WSIP_ERR_SYNTAX;
	return err;
}
