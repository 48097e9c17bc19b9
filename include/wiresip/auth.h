/* SPDX-License-Identifier: MIT
 * Authorization, Proxy-Authorization, WWW-Authenticate and Proxy-Authenticate (RFC
 * 3261 20.7, 20.27, 20.28, 20.44; RFC 7616 and 8760 for Digest). Spans borrow the header's value.
 */
#ifndef WIRESIP_AUTH_H
#define WIRESIP_AUTH_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

/* Of a Digest, every parameter that has a name here. They are without their quotes; what was
 * escaped in a quoted string still is. `data` is NULL when one is absent. */
struct wsip_auth {
	struct wsip_span scheme; /* "Digest", in any case */
	struct wsip_span params; /* what follows the scheme, without blanks around */
	bool is_digest;          /* for another scheme nothing below is set */
	struct wsip_span realm, nonce, opaque, algorithm, qop, userhash, charset;
	/* Of credentials: */
	struct wsip_span username, uri, response, cnonce, nc;
	/* Of a challenge: */
	struct wsip_span domain, stale;
};

/* WSIP_ERR_SYNTAX also for a parameter of those that is there twice: two elements could read it in
 * two ways. */
WSIP_MUST_CHECK enum wsip_err wsip_auth_parse(struct wsip_span value, struct wsip_auth *auth);

#pragma GCC visibility pop
#endif
