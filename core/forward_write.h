/* SPDX-License-Identifier: MIT
 * The forwarded request, written in one pass from the request as it came and what RFC 3261 16.6
 * changes in it.
 */
#ifndef WSIP_CORE_FORWARD_WRITE_H
#define WSIP_CORE_FORWARD_WRITE_H

#include "parser/msg.h"

struct wsip_forward_edits {
	struct wsip_span request_uri;     /* step 2 */
	uint32_t max_forwards;            /* step 3, as it goes on */
	struct wsip_span record_route[2]; /* step 4; the first one on top, none where empty */
	uint32_t max_breadth;             /* RFC 5393 5.3.3; 0: as it came */
	/* Step 6: for a strict router the first Route goes, and this URI becomes the last one.
	 * Empty: the routes stay. */
	struct wsip_span last_route;
	struct wsip_span via; /* step 8 */
};

/* All other lines go on as they came; Content-Length is added where it is missing (step 9). NULL
 * when memory ran out, or the result is too long for a buffer. */
struct wsip_buf *wsip_forward_write(const struct wsip_msg *request,
	const struct wsip_forward_edits *edits, struct wsip_buf_pool *pool);

#endif
