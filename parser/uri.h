/* SPDX-License-Identifier: MIT
 * What the library itself needs of URIs beyond <wiresip/uri.h>.
 */
#ifndef WSIP_PARSER_URI_H
#define WSIP_PARSER_URI_H

#include <wiresip/uri.h>

#include "base/siphash.h"

/* Set in what wsip_uri_next_character returns for an escaped octet that is reserved: it is another
 * character than the one that stands there unescaped (RFC 3261 19.1.4, RFC 2396 2.2). */
#define WSIP_URI_ESCAPED 0x100

/* Takes the next character off `text`, which is not empty, escaped or not. */
int wsip_uri_next_character(struct wsip_span *text);

/* The same for any two URIs for which wsip_uri_equal holds, so it leaves out what that may pass
 * over: parameters that only one of them has, and headers. */
struct wsip_key wsip_uri_hash(const struct wsip_uri *uri, const struct wsip_secret *secret);

#endif
