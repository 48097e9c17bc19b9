/* SPDX-License-Identifier: MIT
 * Buffers lent to the kernel to receive into, which chooses one when something came: a thousand
 * idle streams need none.
 */
#ifndef WSIP_TRANSPORT_URING_BUFFERS_H
#define WSIP_TRANSPORT_URING_BUFFERS_H

#include "transport/uring_ring.h"

struct wsip_uring_buffers {
	struct io_uring_buf_ring *ring; /* of free buffers; its memory goes on with the buffers */
	char *memory;
	size_t memory_bytes;
	size_t stride_bytes;
	uint32_t bytes; /* of one buffer */
	uint16_t count;
	uint16_t group;
};

/* `count` is a power of two. Returns 0 or an errno. */
int wsip_uring_buffers_init(struct wsip_uring_buffers *buffers, struct wsip_uring_ring *ring,
	uint16_t group, uint16_t count, uint32_t bytes);
/* After the ring is gone. A set that was never initialised is fine, when zeroed. */
void wsip_uring_buffers_finish(struct wsip_uring_buffers *buffers);

/* The buffer that an event with IORING_CQE_F_BUFFER brings. */
char *wsip_uring_buffers_of(const struct wsip_uring_buffers *buffers,
	const struct io_uring_cqe *event);
/* Gives it back to the kernel. */
void wsip_uring_buffers_return(struct wsip_uring_buffers *buffers,
	const struct io_uring_cqe *event);

#endif
