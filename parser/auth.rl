/* SPDX-License-Identifier: MIT
 * Credentials or a challenge -> struct wsip_auth (RFC 3261 25.1: credentials, challenge; RFC 7616 3.3,
 * 3.4). Whether a value is in quotes is taken as it comes: qop, nc and algorithm are seen both ways.
 */
#include <wiresip/auth.h>

#include <stddef.h>

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

static const struct known_param {
	struct wsip_span name;
	size_t offset; /* of its span in struct wsip_auth */
} known_params[] = {
	{ { "realm", 5 }, offsetof(struct wsip_auth, realm) },
	{ { "nonce", 5 }, offsetof(struct wsip_auth, nonce) },
	{ { "username", 8 }, offsetof(struct wsip_auth, username) },
	{ { "uri", 3 }, offsetof(struct wsip_auth, uri) },
	{ { "response", 8 }, offsetof(struct wsip_auth, response) },
	{ { "algorithm", 9 }, offsetof(struct wsip_auth, algorithm) },
	{ { "cnonce", 6 }, offsetof(struct wsip_auth, cnonce) },
	{ { "opaque", 6 }, offsetof(struct wsip_auth, opaque) },
	{ { "qop", 3 }, offsetof(struct wsip_auth, qop) },
	{ { "nc", 2 }, offsetof(struct wsip_auth, nc) },
	{ { "userhash", 8 }, offsetof(struct wsip_auth, userhash) },
	{ { "charset", 7 }, offsetof(struct wsip_auth, charset) },
	{ { "domain", 6 }, offsetof(struct wsip_auth, domain) },
	{ { "stale", 5 }, offsetof(struct wsip_auth, stale) },
};

static struct wsip_span *param_named(struct wsip_auth *auth, struct wsip_span name)
{
	for (size_t i = 0; i < sizeof(known_params) / sizeof(known_params[0]); i++) {
		const struct known_param *known = &known_params[i];

		if (name.size == known->name.size && wsip_span_equal_nocase(name, known->name))
			return (struct wsip_span *)((char *)auth + known->offset);
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
