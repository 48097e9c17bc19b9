/* SPDX-License-Identifier: MIT
 * URI -> struct wsip_uri (RFC 3261 19.1.1, 25.1).
 */
#include <wiresip/uri.h>

#include <string.h>

#include <wiresip/name_addr.h>

#include "base/limits.h"
#include "parser/span_between.h"

%%{
	machine wsip_uri;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_uri_parts "grammar/uri.rl";

	action mark { mark = p; }
	action scheme { uri->scheme_name = wsip_span_between(text.data, p); }
	action opaque { uri->opaque = wsip_span_between(p, pe); }
	action user { uri->user = wsip_span_between(mark, p); }
	action password { uri->password = wsip_span_between(mark, p); }
	action host { uri->host = wsip_span_between(mark, p); }
	action port { port = wsip_span_between(mark, p); }
	action params_mark { params_mark = p; }
	action params { uri->params = wsip_span_between(params_mark, p); }
	action headers { uri->headers = wsip_span_between(mark, p); }

	# An "@" stands unescaped nowhere but behind userinfo, so looking for one tells which it is.
	action sip {
		uri->scheme = WSIP_SCHEME_SIP;
		if (has_at(p, pe))
			fgoto with_userinfo;
		fgoto without_userinfo;
	}
	action sips {
		uri->scheme = WSIP_SCHEME_SIPS;
		if (has_at(p, pe))
			fgoto with_userinfo;
		fgoto without_userinfo;
	}

	userinfo = user >mark %user ( ":" password >mark %password )? "@";
	hostport = host >mark %host ( ":" port >mark %port )?;
	uri_parameters = ( ( ";" uri_parameter )+ ) >params_mark %params;
	headers = "?" ( ( uri_header ( "&" uri_header )* ) >mark %headers );
	tail = hostport uri_parameters? headers?;

	with_userinfo := userinfo tail;
	without_userinfo := tail;

	main := ( "sip"i %scheme ":" @opaque @sip )
		| ( "sips"i %scheme ":" @opaque @sips )
		| ( ( scheme - sip_scheme ) %scheme ":" @opaque opaque_char+ );

	write data noerror noentry;
}%%

static bool has_at(const unsigned char *p, const unsigned char *pe)
{
	return memchr(p, '@', (size_t)(pe - p)) != NULL;
}

enum wsip_err wsip_uri_parse(struct wsip_span text, struct wsip_uri *uri)
{
	const unsigned char *p = (const unsigned char *)text.data;
	const unsigned char *pe = p + text.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params_mark = p;
	struct wsip_span port = { 0 };
	uint64_t number = 0;
	int cs;

	*uri = (struct wsip_uri){ .text = text };
	if (text.size > WSIP_URI_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	%% write init;
	%% write exec;
	if (cs < wsip_uri_first_final)
		return WSIP_ERR_SYNTAX;
	uri->opaque.data++; /* behind the colon */
	uri->opaque.size--;
	if (port.data && (wsip_span_number(port, UINT16_MAX, &number) != WSIP_OK || number == 0))
		return WSIP_ERR_SYNTAX;
	uri->port = (uint16_t)number;
	return WSIP_OK;
}

bool wsip_uri_param(const struct wsip_uri *uri, const char *name, struct wsip_span *value)
{
	return wsip_params_find(uri->params, name, value);
}
