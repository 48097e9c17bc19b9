/* SPDX-License-Identifier: MIT
 * Writes a URI from its parts.
 */
#ifndef WSIP_CORE_URI_TEXT_H
#define WSIP_CORE_URI_TEXT_H

#include <wiresip/uri.h>

#include "base/buf.h"

/* Scheme, user, password, host, port and those parameters that are not in the NULL-ended list
 * `without`; no headers. NULL when memory ran out. */
struct wsip_buf *wsip_uri_text(struct wsip_buf_pool *pool, const struct wsip_uri *uri,
	const char *const *without);

#endif
