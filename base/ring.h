/* SPDX-License-Identifier: MIT
 * A bounded queue from many threads to one, without locks (D. Vyukov's bounded queue): pushing into
 * a full one fails, it never waits.
 */
#ifndef WSIP_BASE_RING_H
#define WSIP_BASE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <wiresip/err.h>

struct wsip_ring {
	_Alignas(64) atomic_size_t head; /* next to push */
	_Alignas(64) size_t tail;        /* next to pop: the consumer's own */
	char *cells;
	size_t cell_bytes;
	size_t item_bytes;
	size_t mask;
};

/* `slots` is a power of two, 2 at least. */
WSIP_MUST_CHECK enum wsip_err wsip_ring_init(struct wsip_ring *ring, size_t slots,
	size_t item_bytes);
void wsip_ring_finish(struct wsip_ring *ring);

/* Copies the item in; false when the ring is full. Any thread. */
bool wsip_ring_push(struct wsip_ring *ring, const void *item);
/* The same, but for `reserved` slots (fewer than there are) that are left to others. */
bool wsip_ring_push_within(struct wsip_ring *ring, const void *item, size_t reserved);
/* Copies the oldest item out; false when there is none. One thread. */
bool wsip_ring_pop(struct wsip_ring *ring, void *item);

#endif
