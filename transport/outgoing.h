/* SPDX-License-Identifier: MIT
 * What waits for a stream to take it, in the same way for every poller. Entries come from a pool of
 * the poller's, so that nothing is allocated on the way of a message.
 */
#ifndef WSIP_TRANSPORT_OUTGOING_H
#define WSIP_TRANSPORT_OUTGOING_H

#include <sys/uio.h>

#include "base/pool.h"
#include "transport/poller.h"

/* To be finished with wsip_pool_finish. */
void wsip_outgoing_pool_init(struct wsip_pool *pool);

/* Adds a reference of its own. WSIP_ERR_LIMIT beyond WSIP_STREAM_QUEUE_MAX_BYTES. */
WSIP_MUST_CHECK enum wsip_err wsip_outgoing_add(struct wsip_pool *pool,
	struct wsip_endpoint *endpoint, struct wsip_buf *buf, uint64_t ticket);
/* The first one, or NULL. */
struct wsip_outgoing *wsip_outgoing_first(const struct wsip_endpoint *endpoint);
/* It has gone out, or is not wanted. */
void wsip_outgoing_remove(struct wsip_pool *pool, struct wsip_endpoint *endpoint,
	struct wsip_outgoing *outgoing);
void wsip_outgoing_clear(struct wsip_pool *pool, struct wsip_endpoint *endpoint);

/* What is to be written next: at most `room` pieces in their order. Returns how many. */
int wsip_outgoing_iovecs(const struct wsip_endpoint *endpoint, struct iovec *iovecs, int room);
/* The stream took so many bytes. */
void wsip_outgoing_written(struct wsip_pool *pool, struct wsip_endpoint *endpoint, size_t bytes);

#endif
