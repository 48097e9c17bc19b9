/* SPDX-License-Identifier: MIT
 * Content-Type, or one value of Accept (RFC 3261 20.1, 20.15). Spans borrow the header's value.
 */
#ifndef WIRESIP_MEDIA_TYPE_H
#define WIRESIP_MEDIA_TYPE_H

#include <wiresip/contact.h>

#pragma GCC visibility push(default)

struct wsip_media_type {
	struct wsip_span type;    /* "application"; "*" in Accept */
	struct wsip_span subtype; /* "sdp"; "*" in Accept */
	struct wsip_span params;  /* from the first ";" (charset, boundary, ...), or empty */
	uint16_t q;               /* of Accept: 0 to WSIP_Q_MAX */
};

WSIP_MUST_CHECK enum wsip_err wsip_media_type_parse(struct wsip_span value,
	struct wsip_media_type *media_type);

/* Is it this one, say "application" and "sdp", in any case? */
bool wsip_media_type_is(const struct wsip_media_type *media_type, const char *type,
	const char *subtype);

#pragma GCC visibility pop
#endif
