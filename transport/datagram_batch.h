/* SPDX-License-Identifier: MIT
 * Datagrams that go through the system many at a time (recvmmsg, sendmmsg). What a call needs is
 * laid out once; each datagram then changes only its own few words of it.
 */
#ifndef WSIP_TRANSPORT_DATAGRAM_BATCH_H
#define WSIP_TRANSPORT_DATAGRAM_BATCH_H

#include <sys/socket.h>
#include <sys/uio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/sockaddr.h"

#define WSIP_RECEIVE_BATCH 64
#define WSIP_SEND_BATCH    128

/* Each datagram has room for the longest one, of which only those pages are there that were written
 * to; what came is copied out, so that a request that is kept holds no more than it needs. */
struct wsip_receive_batch {
	struct wsip_buf_pool *pool;
	union wsip_sockaddr from[WSIP_RECEIVE_BATCH];
	struct iovec iovecs[WSIP_RECEIVE_BATCH];
	struct mmsghdr messages[WSIP_RECEIVE_BATCH];
	char octets[WSIP_RECEIVE_BATCH][WSIP_MESSAGE_MAX_BYTES + 1];
};

void wsip_receive_batch_init(struct wsip_receive_batch *batch, struct wsip_buf_pool *pool);
/* Returns how many datagrams came, or -1 with errno. */
int wsip_receive_batch_fill(struct wsip_receive_batch *batch, int fd);
/* One of them, as a buffer that is the caller's; NULL when memory ran out. */
struct wsip_buf *wsip_receive_batch_take(struct wsip_receive_batch *batch, unsigned int index);

struct wsip_send_batch {
	unsigned int first; /* of those that wait */
	unsigned int end;
	struct wsip_buf *bufs[WSIP_SEND_BATCH];
	union wsip_sockaddr to[WSIP_SEND_BATCH];
	struct iovec iovecs[WSIP_SEND_BATCH];
	struct mmsghdr messages[WSIP_SEND_BATCH];
};

void wsip_send_batch_init(struct wsip_send_batch *batch);
/* Drops what waits. */
void wsip_send_batch_finish(struct wsip_send_batch *batch);
bool wsip_send_batch_is_full(const struct wsip_send_batch *batch);
/* Takes a reference of its own; there has to be room. */
void wsip_send_batch_add(struct wsip_send_batch *batch, struct wsip_buf *buf,
	const struct wsip_addr *to);
/* The first one that waits, or NULL. */
struct wsip_buf *wsip_send_batch_first(const struct wsip_send_batch *batch);
/* Sends as many as the system takes: how many, or -1 with errno. */
int wsip_send_batch_send(struct wsip_send_batch *batch, int fd);
/* Drops the first one. */
void wsip_send_batch_skip(struct wsip_send_batch *batch);

#endif
