/* SPDX-License-Identifier: MIT
 * Credentials or a challenge -> struct wsip_auth (RFC 3261 25.1: credentials, challenge; RFC 7616 3.3,
 * 3.4). Whether a value is in quotes is taken as it comes: qop, nc and algorithm are seen both ways.
 */
#include <wiresip/auth.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_auth;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";

	action mark { mark = p; }
	action scheme { auth->scheme = wsip_span_between(mark, p); }
	action digest { auth->is_digest = true; }
	action params { params = p; }
	action name { param_count++; name = wsip_span_between(mark, p); }
	action value { twice |= take_param(auth, name, wsip_span_between(mark, p)); }

	unquoted = plain_value_run >mark %value;
	quoted = '"' ( ( quoted_char $scan_quoted | CRLF WSP | quoted_pair )* >mark %value ) '"';
	auth_param = token >mark %name EQUAL ( unquoted | quoted );

	digest = "Digest"i >mark %scheme %digest LWS ( auth_param ( COMMA auth_param )* ) >params;
	other = ( token - "Digest"i ) >mark %scheme ( LWS ( any - WSP ) >params any* )?;

	main := SWS ( digest SWS | other );

	write data noerror noentry;
}%%

static struct wsip_span *param_named(struct wsip_auth *auth, struct wsip_span name)
{
	const struct {
		const char *name;
		struct wsip_span *value;
	} known[] = {
		{ "realm", &auth->realm },
		{ "nonce", &auth->nonce },
		{ "opaque", &auth->opaque },
		{ "algorithm", &auth->algorithm },
		{ "qop", &auth->qop },
		{ "userhash", &auth->userhash },
		{ "charset", &auth->charset },
		{ "username", &auth->username },
		{ "uri", &auth->uri },
		{ "response", &auth->response },
		{ "cnonce", &auth->cnonce },
		{ "nc", &auth->nc },
		{ "domain", &auth->domain },
		{ "stale", &auth->stale },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (wsip_span_is_nocase(name, known[i].name))
			return known[i].value;
	}
	return NULL;
}

/* Says whether it was there before. */
static bool take_param(struct wsip_auth *auth, struct wsip_span name, struct wsip_span value)
{
	struct wsip_span *param = param_named(auth, name);

	return param && wsip_span_take(param, value.data, value.data + value.size);
}

enum wsip_err wsip_auth_parse(struct wsip_span value, struct wsip_auth *auth)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	struct wsip_span name = { 0 };
	bool twice = false;
	int param_count = 0;
	int cs;

	*auth = (struct wsip_auth){ 0 };
	%% write init;
	%% write exec;
	auth->params = wsip_params_span(params, pe);
	return wsip_value_end(cs >= wsip_auth_first_final, twice, param_count);
}
