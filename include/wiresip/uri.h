/* SPDX-License-Identifier: MIT
 * A URI taken apart (RFC 3261 19.1, RFC 3966); one of another scheme is kept as it is. All spans
 * borrow the text it was parsed from; nothing is unescaped.
 */
#ifndef WIRESIP_URI_H
#define WIRESIP_URI_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

enum wsip_scheme {
	WSIP_SCHEME_OTHER,
	WSIP_SCHEME_SIP,
	WSIP_SCHEME_SIPS,
	WSIP_SCHEME_TEL,
};

struct wsip_uri {
	struct wsip_span text; /* the whole */
	enum wsip_scheme scheme;
	struct wsip_span scheme_name;
	struct wsip_span opaque; /* what follows the colon */
	/* Of sip, sips and tel: */
	struct wsip_span user;   /* without password; the number of a tel URI; empty when absent */
	struct wsip_span params; /* from the first ";", or empty */
	/* Of sip and sips: */
	struct wsip_span password;
	struct wsip_span host;    /* an IPv6 address with its brackets */
	uint16_t port;            /* 0 when absent */
	struct wsip_span headers; /* behind "?", or empty */
};

WSIP_MUST_CHECK enum wsip_err wsip_uri_parse(struct wsip_span text, struct wsip_uri *uri);

/* The value of a uri-parameter, empty for one without value; false when it is absent. Names are
 * compared without case. */
bool wsip_uri_param(const struct wsip_uri *uri, const char *name, struct wsip_span *value);

/* RFC 3261 19.1.4, and RFC 3966 4 for tel. Other schemes are compared byte for byte behind the
 * colon. */
bool wsip_uri_equal(const struct wsip_uri *a, const struct wsip_uri *b);

/* Writes `text` with its escapes replaced to `out`, which has room for text.size bytes; returns how
 * many there are. They may be any octets: never put them into a message. */
size_t wsip_uri_unescape(struct wsip_span text, char *out);

enum wsip_uri_part {
	WSIP_URI_USER,
	WSIP_URI_PARAM,  /* the name or the value of a uri-parameter */
	WSIP_URI_HEADER, /* the name or the value of a header behind "?" */
};

/* Writes `text` with whatever may not stand in that part escaped to `out`, which has room for three
 * times text.size bytes; returns how many there are. */
size_t wsip_uri_escape(enum wsip_uri_part part, struct wsip_span text, char *out);

#pragma GCC visibility pop
#endif
