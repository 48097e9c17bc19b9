/* SPDX-License-Identifier: MIT */
#include "transport/uring_ring.h"

#include <errno.h>

#define ENTRIES 512
/* Events of one round: datagrams, pieces of streams. What is more waits in the kernel. */
#define EVENTS 2048
/* With so many, nobody waits for more company. */
#define COMPANY 64

#ifndef IORING_FEAT_MIN_TIMEOUT
#define IORING_FEAT_MIN_TIMEOUT (1u << 15) /* Linux 6.12 */
#endif

/* One thread only, and completions run when it asks for them instead of interrupting it. Linux 6.1
 * was the first to know them all, and to send datagrams as we do, so there is no step down: what
 * does not know the flags could not serve us. Disabled until the thread that waits is there. */
#define SETUP_FLAGS                                                                            \
	(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_DEFER_TASKRUN | \
		IORING_SETUP_R_DISABLED | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE)

static const int operations[] = { IORING_OP_RECVMSG, IORING_OP_SENDMSG, IORING_OP_RECV,
	IORING_OP_SEND, IORING_OP_ACCEPT, IORING_OP_POLL_ADD, IORING_OP_READ, IORING_OP_TIMEOUT,
	IORING_OP_ASYNC_CANCEL };

static bool has_operations(struct io_uring *io)
{
	struct io_uring_probe *probe = io_uring_get_probe_ring(io);
	bool has_all = probe != NULL;

	for (size_t i = 0; has_all && i < sizeof(operations) / sizeof(operations[0]); i++)
		has_all = io_uring_opcode_supported(probe, operations[i]);
	io_uring_free_probe(probe);
	return has_all;
}

int wsip_uring_ring_init(struct wsip_uring_ring *ring)
{
	struct io_uring_params params = { .cq_entries = EVENTS, .flags = SETUP_FLAGS };
	int result = io_uring_queue_init_params(ENTRIES, &ring->io, &params);

	ring->enabled = false;
	if (result < 0)
		return -result;
	if (has_operations(&ring->io) && ring->io.features & IORING_FEAT_CQE_SKIP &&
		ring->io.features & IORING_FEAT_EXT_ARG)
		return 0;
	io_uring_queue_exit(&ring->io);
	return EINVAL;
}

void wsip_uring_ring_finish(struct wsip_uring_ring *ring)
{
	io_uring_queue_exit(&ring->io);
}

int wsip_uring_ring_enable(struct wsip_uring_ring *ring)
{
	/* Not io_uring_enable_rings, which Debian 12 declares and does not have. */
	int result = io_uring_register((unsigned int)ring->io.ring_fd, IORING_REGISTER_ENABLE_RINGS,
		NULL, 0);

	if (result < 0)
		return -result;
	ring->issuer = pthread_self();
	ring->enabled = true;
	return 0;
}

bool wsip_uring_ring_is_mine(const struct wsip_uring_ring *ring)
{
	return ring->enabled && pthread_equal(ring->issuer, pthread_self());
}

bool wsip_uring_submit(struct wsip_uring_ring *ring)
{
	io_uring_submit(&ring->io);
	return io_uring_sq_ready(&ring->io) == 0;
}

struct io_uring_sqe *wsip_uring_sqe(struct wsip_uring_ring *ring)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->io);

	if (!sqe && wsip_uring_submit(ring))
		sqe = io_uring_get_sqe(&ring->io);
	return sqe;
}

/* ---- Waiting ---- */

static struct __kernel_timespec timespec_of(uint64_t us)
{
	return (struct __kernel_timespec){ (int64_t)(us / 1000000),
		(long long)(us % 1000000) * 1000 };
}

static uint64_t microseconds_of(const struct __kernel_timespec *time)
{
	return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_nsec / 1000;
}

/* Nothing is submitted here. Returns 0 or a negative errno. */
static int wait_for(struct wsip_uring_ring *ring, unsigned int events, uint32_t least_us,
	struct __kernel_timespec *most)
{
	/* `pad` is called min_wait_usec since Linux 6.12. */
	struct io_uring_getevents_arg arg = { .pad = least_us, .ts = (uintptr_t)most };

	return io_uring_enter2((unsigned int)ring->io.ring_fd, 0, events,
		IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, (void *)&arg, sizeof(arg));
}

/* Whatever comes in the first `coalesce_us` is left to gather. The kernel does that in one sleep
 * since 6.12; else there are two, where nothing came in the first. */
static void wait_for_company(struct wsip_uring_ring *ring, struct __kernel_timespec *most,
	uint32_t coalesce_us)
{
	struct __kernel_timespec least;

	if (most && coalesce_us > microseconds_of(most))
		coalesce_us = (uint32_t)microseconds_of(most);
	least = timespec_of(coalesce_us);
	if (ring->io.features & IORING_FEAT_MIN_TIMEOUT) {
		wait_for(ring, COMPANY, coalesce_us, most);
		return;
	}
	wait_for(ring, COMPANY, 0, &least);
	if (io_uring_cq_ready(&ring->io) == 0)
		wait_for(ring, 1, 0, most);
}

bool wsip_uring_wait(struct wsip_uring_ring *ring, int timeout_ms, uint32_t coalesce_us)
{
	struct __kernel_timespec most = timespec_of((uint64_t)(timeout_ms > 0 ? timeout_ms : 0) *
						    1000);
	struct io_uring_cqe *first;

	if (timeout_ms == 0) {
		io_uring_submit_and_get_events(&ring->io);
	} else if (coalesce_us > 0) {
		io_uring_submit(&ring->io);
		wait_for_company(ring, timeout_ms < 0 ? NULL : &most, coalesce_us);
	} else {
		io_uring_submit_and_wait_timeout(&ring->io, &first, 1,
			timeout_ms < 0 ? NULL : &most, NULL);
	}
	return io_uring_sq_ready(&ring->io) == 0;
}

bool wsip_uring_has_overflowed(const struct wsip_uring_ring *ring)
{
	return IO_URING_READ_ONCE(*ring->io.sq.kflags) & IORING_SQ_CQ_OVERFLOW;
}

bool wsip_uring_next(struct wsip_uring_ring *ring, struct io_uring_cqe *event)
{
	struct io_uring_cqe *first;

	if (io_uring_cq_ready(&ring->io) == 0 || io_uring_peek_cqe(&ring->io, &first) != 0)
		return false;
	event->user_data = first->user_data;
	event->res = first->res;
	event->flags = first->flags;
	io_uring_cqe_seen(&ring->io, first);
	return true;
}
