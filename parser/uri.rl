/* SPDX-License-Identifier: MIT
 * URI -> struct wsip_uri (RFC 3261 19.1.1, 25.1; RFC 3966 3).
 */
#include <wiresip/uri.h>

#include <string.h>

#include <wiresip/param.h>

#include "base/limits.h"
#include "parser/scan.h"
#include "parser/marks.h"

%%{
	machine wsip_uri;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include tel_uri_parts "grammar/tel.rl";
	include sip_runs "parts/runs.rl";

	action mark { mark = p; }
	action scheme { uri->scheme_name = wsip_span_between(text.data, p); }
	action opaque { uri->opaque = wsip_span_between(p + 1, pe); }
	action user { uri->user = wsip_span_between(mark, p); }
	action password { uri->password = wsip_span_between(mark, p); }
	action host { uri->host = wsip_span_between(mark, p); }
	action port { port = wsip_span_between(mark, p); }
	action params_mark { params_mark = p; }
	action param { param_count++; }
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
	action tel { uri->scheme = WSIP_SCHEME_TEL; }

	userinfo = user_run >mark %user ( ":" password >mark %password )? "@";
	hostport = host_run >mark %host ( ":" port >mark %port )?;
	uri_parameters = ( ( ";" @param param_run ( "=" param_run )? )+ ) >params_mark %params;
	headers = "?" ( ( uri_header ( "&" uri_header )* ) >mark %headers );
	tail = hostport uri_parameters? headers?;

	tel_parameters = ( ( ";" @param tel_param_name ( "=" param_run )? )+ ) >params_mark %params;
	telephone_subscriber = tel_number >mark %user tel_parameters?;

	with_userinfo := userinfo tail;
	without_userinfo := tail;

	main := ( "sip"i %scheme ":" @opaque @sip )
		| ( "sips"i %scheme ":" @opaque @sips )
		| ( "tel"i %scheme ":" @opaque @tel telephone_subscriber )
		| ( ( scheme - sip_scheme - "tel"i ) %scheme ":" @opaque opaque_char+ );

	write data noerror;
}%%

static bool has_at(const unsigned char *p, const unsigned char *pe)
{
	return memchr(p, '@', (size_t)(pe - p)) != NULL;
}

static void take_scheme(struct wsip_uri *uri, enum wsip_scheme scheme, size_t size)
{
	uri->scheme = scheme;
	uri->scheme_name = (struct wsip_span){ uri->text.data, size };
	uri->opaque = (struct wsip_span){ uri->text.data + size + 1, uri->text.size - size - 1 };
}

enum wsip_err wsip_uri_parse(struct wsip_span text, struct wsip_uri *uri)
{
	const unsigned char *p = (const unsigned char *)text.data;
	const unsigned char *pe = p + text.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params_mark = p;
	struct wsip_span port = { 0 };
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*uri = (struct wsip_uri){ .text = text };
	if (text.size > WSIP_URI_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	%% write init;
	if (text.size > 4 && memcmp(p, "sip:", 4) == 0) {
		take_scheme(uri, WSIP_SCHEME_SIP, 3);
		p += 4;
		cs = has_at(p, pe) ? wsip_uri_en_with_userinfo : wsip_uri_en_without_userinfo;
	}
	%% write exec;
	err = wsip_value_end(cs >= wsip_uri_first_final, false, param_count);
	if (!err && port.data)
		err = wsip_port_parse(port, &uri->port);
	return err;
}

bool wsip_uri_param(const struct wsip_uri *uri, const char *name, struct wsip_span *value)
{
	return wsip_params_find(uri->params, name, value);
}
