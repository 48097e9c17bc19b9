/* SPDX-License-Identifier: MIT
 * Datagrams that wait to be sent through io_uring. They are sent within the call that submits them
 * and report only what went wrong, so afterwards their places are free again, all at once.
 */
#ifndef WSIP_TRANSPORT_URING_DATAGRAMS_H
#define WSIP_TRANSPORT_URING_DATAGRAMS_H

#include <sys/socket.h>

#include "base/buf.h"
#include "base/sockaddr.h"

/* Between two submissions. */
#define WSIP_URING_DATAGRAMS 512

struct wsip_uring_poller;
struct wsip_watch;
struct wsip_endpoint;

struct wsip_uring_datagram {
	struct wsip_buf *buf;
	uint32_t bytes;           /* of it, when it was sent */
	struct wsip_watch *watch; /* NULL once its endpoint was removed */
	union wsip_sockaddr to;
	socklen_t to_bytes;
	uint32_t others_errors; /* that it was blamed for */
	int result;             /* 0, or a negative errno */
};

struct wsip_uring_datagrams {
	uint32_t count;
	uint32_t prepared; /* those before have their entry */
	uint32_t failed_count;
	struct msghdr receive; /* what a receive brings beside the payload */
	struct wsip_uring_datagram items[WSIP_URING_DATAGRAMS];
	struct wsip_uring_datagram failed[WSIP_URING_DATAGRAMS]; /* to be told */
};

void wsip_uring_datagrams_init(struct wsip_uring_datagrams *datagrams);
void wsip_uring_datagrams_finish(struct wsip_uring_datagrams *datagrams);

/* As in struct wsip_poller_ops. */
enum wsip_err wsip_uring_send_datagram(struct wsip_uring_poller *self,
	struct wsip_endpoint *endpoint, struct wsip_buf *buf, const struct wsip_addr *to);
/* What waits for this one is not sent. */
void wsip_uring_forget_datagrams(struct wsip_uring_poller *self, const struct wsip_watch *watch);
/* After the kernel took all entries: what was sent is done with, unless what went wrong may not be
 * known yet. */
void wsip_uring_settle_datagrams(struct wsip_uring_poller *self);
/* What could not be sent is tried again, or told. */
void wsip_uring_tell_datagrams(struct wsip_uring_poller *self);
/* An event of a datagram before it was settled. */
void wsip_uring_note_datagram(struct wsip_uring_poller *self, uint64_t user_data, int result);

#endif
