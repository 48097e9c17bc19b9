/* SPDX-License-Identifier: MIT
 * name-addr / addr-spec with parameters -> struct wsip_name_addr (RFC 3261 20.10, 25.1).
 */
#include <wiresip/name_addr.h>

#include "parser/span_between.h"

%%{
	machine wsip_name_addr;
	include sip_basic "grammar/basic.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";

	action mark { mark = p; }
	action display_name { name_addr->display_name = wsip_span_between(mark, p); }
	action uri { name_addr->uri = wsip_span_between(uri_mark, p); }
	action uri_mark { uri_mark = p; }
	action params_mark { if (!params_mark) params_mark = p; }

	# The URI is sliced here and taken apart by wsip_uri_parse when someone asks; a From or To with
	# another kind of address in its brackets is nothing that a proxy needs to refuse (16.3).
	uri_char = 0x21..0xff - [<>"] - 0x7f;
	bracketed = uri_char+;
	# RFC 3261 20: without brackets a comma, question mark or semicolon is not the URI's.
	bare = scheme ":" ( uri_char - [,;?] )+;

	display_name = ( token ( LWS token )* ) | quoted_string;
	name_addr = ( display_name >mark %display_name SWS )?
		"<" bracketed >uri_mark %uri ">";
	header_params = ( SWS ";" >params_mark SWS generic_param )*;

	main := SWS ( name_addr | bare >uri_mark %uri ) header_params SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_name_addr_parse(struct wsip_span value, struct wsip_name_addr *name_addr)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *uri_mark = p, *params_mark = NULL;
	int cs;

	*name_addr = (struct wsip_name_addr){ 0 };
	%% write init;
	%% write exec;
	if (cs < wsip_name_addr_first_final)
		return WSIP_ERR_SYNTAX;
	if (params_mark)
		name_addr->params = wsip_span_between(params_mark, pe);
	return WSIP_OK;
}

struct wsip_span wsip_name_addr_tag(const struct wsip_name_addr *name_addr)
{
	struct wsip_span tag = { 0 };

	wsip_params_find(name_addr->params, "tag", &tag);
	return tag;
}
