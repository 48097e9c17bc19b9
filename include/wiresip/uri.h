/* SPDX-License-Identifier: MIT
 * A URI taken apart (RFC 3261 19.1). All spans borrow the text it was parsed from; nothing is
 * unescaped.
 */
#ifndef WIRESIP_URI_H
#define WIRESIP_URI_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

enum wsip_scheme {
	WSIP_SCHEME_OTHER,
	WSIP_SCHEME_SIP,
	WSIP_SCHEME_SIPS,
};

struct wsip_uri {
	struct wsip_span text; /* the whole */
	enum wsip_scheme scheme;
	struct wsip_span scheme_name;
	struct wsip_span opaque; /* what follows the colon */
	/* Only for sip and sips: */
	struct wsip_span user; /* without password; empty when there is none */
	struct wsip_span password;
	struct wsip_span host;    /* an IPv6 address with its brackets */
	uint16_t port;            /* 0 when absent */
	struct wsip_span params;  /* from the first ";", or empty */
	struct wsip_span headers; /* behind "?", or empty */
};

WSIP_MUST_CHECK enum wsip_err wsip_uri_parse(struct wsip_span text, struct wsip_uri *uri);

/* The value of a uri-parameter, empty for one without value; false when it is absent. Names are
 * compared without case. */
bool wsip_uri_param(const struct wsip_uri *uri, const char *name, struct wsip_span *value);

/* RFC 3261 19.1.4. Other schemes are compared byte for byte behind the colon. */
bool wsip_uri_equal(const struct wsip_uri *a, const struct wsip_uri *b);

/* Writes `text` with its escapes replaced to `out`, which has room for text.size bytes; returns how
 * many there are. They may be any octets: never put them into a message. */
size_t wsip_uri_unescape(struct wsip_span text, char *out);

#pragma GCC visibility pop
#endif
