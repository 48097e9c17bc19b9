/* SPDX-License-Identifier: MIT
 * What a UDP socket sends together. Messages of one size for one peer go as a train: through the
 * kernel once, which then makes datagrams of it (UDP_SEGMENT). The receiver sees no difference; it
 * halves what a busy generator costs.
 */
#ifndef WSIP_BENCH_OUTBOX_H
#define WSIP_BENCH_OUTBOX_H

#include <sys/uio.h>

#include "bench/load/peer.h"

#define WSIP_OUTBOX_MESSAGES 64

struct wsip_outbox {
	int fd;
	uint32_t count;
	struct iovec spans[WSIP_OUTBOX_MESSAGES];
	union wsip_peer peers[WSIP_OUTBOX_MESSAGES];
};

/* Where trains are put together; one for all sockets. */
struct wsip_trains {
	bool are_refused; /* not every device takes them: then each message goes by itself */
	uint32_t count;
	struct mmsghdr trains[WSIP_OUTBOX_MESSAGES];
	struct iovec spans[WSIP_OUTBOX_MESSAGES];
	char control[WSIP_OUTBOX_MESSAGES][CMSG_SPACE(sizeof(uint16_t))];
};

/* The bytes stay where they are until the next flush. Not when the outbox is full. */
void wsip_outbox_add(struct wsip_outbox *outbox, const union wsip_peer *peer,
	struct wsip_span message);

static inline bool wsip_outbox_is_full(const struct wsip_outbox *outbox)
{
	return outbox->count == WSIP_OUTBOX_MESSAGES;
}

/* Returns how many messages the system did not take. They are lost, as on any network:
 * retransmission is there for it. What one peer gets of one size stays in order. */
uint32_t wsip_outbox_flush(struct wsip_outbox *outbox, struct wsip_trains *trains);

#endif
