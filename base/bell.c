/* SPDX-License-Identifier: MIT */
#include "base/bell.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { AWAKE, RUNG, ASLEEP };

enum wsip_err wsip_bell_init(struct wsip_bell *bell)
{
	atomic_init(&bell->state, AWAKE);
	bell->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return bell->fd >= 0 ? WSIP_OK : WSIP_ERR_SYSTEM;
}

void wsip_bell_finish(struct wsip_bell *bell)
{
	if (bell->fd >= 0)
		close(bell->fd);
	bell->fd = -1;
}

void wsip_bell_ring(struct wsip_bell *bell)
{
	uint64_t one = 1;
	int error = errno;
	ssize_t written;

	if (atomic_exchange_explicit(&bell->state, RUNG, memory_order_acq_rel) == ASLEEP) {
		written = write(bell->fd, &one, sizeof(one));
		(void)written;
	}
	errno = error; /* a signal handler leaves no trace */
}

bool wsip_bell_fall_asleep(struct wsip_bell *bell)
{
	return atomic_exchange_explicit(&bell->state, ASLEEP, memory_order_acq_rel) != RUNG;
}

void wsip_bell_wake_up(struct wsip_bell *bell)
{
	atomic_exchange_explicit(&bell->state, AWAKE, memory_order_acq_rel);
}
