/* SPDX-License-Identifier: MIT
 * What the files of the io_uring poller share.
 *
 * An operation that the kernel has in hand names no endpoint, whose memory its owner may free at
 * any time, but a watch of the poller's own. A watch outlives its endpoint until the last of its
 * operations was reported. Entries are filled in right before they are submitted, never while
 * owners are called: a descriptor can then not be closed, and its number used again, in between.
 */
#ifndef WSIP_TRANSPORT_URING_H
#define WSIP_TRANSPORT_URING_H

#include "base/pool.h"
#include "base/sockaddr.h"
#include "transport/poller.h"
#include "transport/uring_buffers.h"
#include "transport/uring_datagrams.h"
#include "transport/uring_ring.h"

/* Pieces of a stream's outgoing bytes that are sent at once. */
#define WSIP_URING_STREAM_PIECES 32

/* The low bits of an operation's user data; the others are the address of its watch. */
enum wsip_uring_operation {
	WSIP_URING_IGNORED,       /* a cancellation */
	WSIP_URING_STANDING,      /* the watch's standing operation, by its kind */
	WSIP_URING_STREAM_SENT,   /* the watch's send */
	WSIP_URING_DATAGRAM_SENT, /* a place among the datagrams instead of an address */
};
#define WSIP_URING_OPERATION_BITS 4

/* One send of a stream, with references of its own to what is being sent. */
struct wsip_uring_send {
	int count;
	struct msghdr message;
	struct iovec iovecs[WSIP_URING_STREAM_PIECES];
	struct wsip_buf *bufs[WSIP_URING_STREAM_PIECES];
};

struct wsip_watch {
	struct wsip_endpoint *endpoint; /* NULL once it was removed */
	struct wsip_list dirty;         /* there is something to submit */
	int fd;
	enum wsip_endpoint_kind kind;
	bool standing;                /* receiving, accepting, connecting, ... is in hand */
	bool resting;                 /* listener: the system had no descriptor, it is a timeout */
	struct wsip_uring_send *send; /* stream: in hand */
	uint64_t wakes;               /* an eventfd is read into this */
};

struct wsip_uring_poller {
	struct wsip_poller base;
	struct wsip_buf_pool *bufs;
	struct wsip_uring_ring ring;
	struct wsip_uring_buffers datagram_buffers;
	struct wsip_uring_buffers stream_buffers;
	struct wsip_uring_datagrams datagrams;
	struct wsip_pool outgoing;
	struct wsip_pool watches;
	struct wsip_pool sends;
	struct wsip_list dirty;
	struct wsip_watch *handled; /* its event is being told */
	uint64_t lost;
};

static inline uint64_t wsip_uring_user_data(const struct wsip_watch *watch,
	enum wsip_uring_operation operation)
{
	return (uint64_t)(uintptr_t)watch | operation;
}

/* It is looked at before the next wait. */
void wsip_uring_mark_dirty(struct wsip_uring_poller *self, struct wsip_watch *watch);

/* ---- uring_datagrams.c, uring_streams.c: one function for what a watch has to submit, which is
 * false when the kernel takes no more now, and one for what comes of it. ---- */

bool wsip_uring_arm_datagrams(struct wsip_uring_poller *self, struct wsip_watch *watch);
void wsip_uring_datagram_came(struct wsip_uring_poller *self, struct wsip_watch *watch,
	const struct io_uring_cqe *event);
bool wsip_uring_submit_datagrams(struct wsip_uring_poller *self);

bool wsip_uring_arm_stream(struct wsip_uring_poller *self, struct wsip_watch *watch);
void wsip_uring_stream_came(struct wsip_uring_poller *self, struct wsip_watch *watch,
	const struct io_uring_cqe *event);
bool wsip_uring_send_stream(struct wsip_uring_poller *self, struct wsip_watch *watch);
void wsip_uring_stream_sent(struct wsip_uring_poller *self, struct wsip_watch *watch,
	const struct io_uring_cqe *event);
void wsip_uring_send_free(struct wsip_uring_poller *self, struct wsip_uring_send *send);

#endif
