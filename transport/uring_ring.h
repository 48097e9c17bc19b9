/* SPDX-License-Identifier: MIT
 * The two queues shared with the kernel: setting them up with the best flags it knows, entries to
 * fill in, one system call that submits and waits. Knows nothing of endpoints.
 */
#ifndef WSIP_TRANSPORT_URING_RING_H
#define WSIP_TRANSPORT_URING_RING_H

#include <liburing.h>
#include <pthread.h>
#include <stdbool.h>

struct wsip_uring_ring {
	struct io_uring io;
	bool enabled; /* on the thread that waits, which alone may use it from then on */
	pthread_t issuer;
};

/* Returns 0 or an errno: EPERM where io_uring is not allowed, ENOSYS or EINVAL where the kernel is
 * too old for it. Buffers may be registered until it is enabled. */
int wsip_uring_ring_init(struct wsip_uring_ring *ring);
/* Whatever the kernel still has in hand is cancelled. */
void wsip_uring_ring_finish(struct wsip_uring_ring *ring);

/* With the first wait. Returns 0 or an errno. */
int wsip_uring_ring_enable(struct wsip_uring_ring *ring);
/* Is the calling thread the one that waits? */
bool wsip_uring_ring_is_mine(const struct wsip_uring_ring *ring);

/* An entry to fill in, or NULL when the kernel takes no more now. */
struct io_uring_sqe *wsip_uring_sqe(struct wsip_uring_ring *ring);

/* Returns true when the kernel took all entries. */
bool wsip_uring_submit(struct wsip_uring_ring *ring);
/* Submits, and waits for an event for at most `timeout_ms` (-1: for ever). Returns as above. */
bool wsip_uring_wait(struct wsip_uring_ring *ring, int timeout_ms, uint32_t coalesce_us);

/* Are there events that found no room in the queue? The kernel keeps them until there is. */
bool wsip_uring_has_overflowed(const struct wsip_uring_ring *ring);

/* Takes the next event. False when there is none. */
bool wsip_uring_next(struct wsip_uring_ring *ring, struct io_uring_cqe *event);

#endif
