/* SPDX-License-Identifier: MIT
 * What waits for a stream to take it, in the same way for every poller.
 */
#ifndef WSIP_TRANSPORT_OUTGOING_H
#define WSIP_TRANSPORT_OUTGOING_H

#include "transport/poller.h"

/* Adds a reference of its own. WSIP_ERR_LIMIT beyond WSIP_STREAM_QUEUE_MAX_BYTES. */
WSIP_MUST_CHECK enum wsip_err wsip_outgoing_add(struct wsip_endpoint *endpoint,
	struct wsip_buf *buf, uint64_t ticket);
/* The first one, or NULL. */
struct wsip_outgoing *wsip_outgoing_first(const struct wsip_endpoint *endpoint);
/* It has gone out, or is not wanted. */
void wsip_outgoing_remove(struct wsip_endpoint *endpoint, struct wsip_outgoing *outgoing);
void wsip_outgoing_clear(struct wsip_endpoint *endpoint);

#endif
