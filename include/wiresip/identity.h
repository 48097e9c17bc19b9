/* SPDX-License-Identifier: MIT
 * Identity (RFC 8224, and the older form of RFC 4474): a signature over the caller's identity.
 * Spans borrow the header's value; nothing is verified here.
 */
#ifndef WIRESIP_IDENTITY_H
#define WIRESIP_IDENTITY_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_identity {
	struct wsip_span digest; /* base64, a PASSporT in its full or compact form */
	struct wsip_span info;   /* the URI of the certificate; empty when absent */
	struct wsip_span alg;    /* "ES256"; empty when absent */
	struct wsip_span ppt;    /* "shaken", with its quotes if any; empty when absent */
	struct wsip_span params; /* from the first ";", or empty */
};

WSIP_MUST_CHECK enum wsip_err wsip_identity_parse(struct wsip_span value,
	struct wsip_identity *identity);

#pragma GCC visibility pop
#endif
