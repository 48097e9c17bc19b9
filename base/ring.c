/* SPDX-License-Identifier: MIT */
#include "base/ring.h"

#include <stdlib.h>
#include <string.h>

/* `turn` says whose turn the cell is: equal to the position, it may be pushed to; one more, it may
 * be popped from. */
struct cell {
	atomic_size_t turn;
	char item[];
};

static struct cell *cell_at(struct wsip_ring *ring, size_t position)
{
	return (void *)(ring->cells + (position & ring->mask) * ring->cell_bytes);
}

enum wsip_err wsip_ring_init(struct wsip_ring *ring, size_t slots, size_t item_bytes)
{
	atomic_init(&ring->head, 0);
	ring->tail = 0;
	ring->mask = slots - 1;
	ring->item_bytes = item_bytes;
	ring->cell_bytes = (sizeof(struct cell) + item_bytes + 63) & ~(size_t)63;
	ring->cells = calloc(slots, ring->cell_bytes);
	if (!ring->cells)
		return WSIP_ERR_MEMORY;
	for (size_t i = 0; i < slots; i++)
		atomic_init(&cell_at(ring, i)->turn, i);
	return WSIP_OK;
}

void wsip_ring_finish(struct wsip_ring *ring)
{
	free(ring->cells);
	ring->cells = NULL;
}

bool wsip_ring_push(struct wsip_ring *ring, const void *item)
{
	size_t position = atomic_load_explicit(&ring->head, memory_order_relaxed);
	struct cell *cell;

	for (;;) {
		size_t turn;

		cell = cell_at(ring, position);
		turn = atomic_load_explicit(&cell->turn, memory_order_acquire);
		if (turn == position) {
			if (atomic_compare_exchange_weak_explicit(&ring->head, &position,
				    position + 1, memory_order_relaxed, memory_order_relaxed))
				break;
		} else if (turn < position) {
			return false;
		} else {
			position = atomic_load_explicit(&ring->head, memory_order_relaxed);
		}
	}
	memcpy(cell->item, item, ring->item_bytes);
	atomic_store_explicit(&cell->turn, position + 1, memory_order_release);
	return true;
}

/* Slots are emptied in order: when the one that far ahead is empty, so are all before it. Others
 * may push between the look and the push, each of them one too many at most. */
bool wsip_ring_push_within(struct wsip_ring *ring, const void *item, size_t reserved)
{
	size_t ahead = atomic_load_explicit(&ring->head, memory_order_relaxed) + reserved;

	if (atomic_load_explicit(&cell_at(ring, ahead)->turn, memory_order_relaxed) < ahead)
		return false;
	return wsip_ring_push(ring, item);
}

bool wsip_ring_pop(struct wsip_ring *ring, void *item)
{
	struct cell *cell = cell_at(ring, ring->tail);

	if (atomic_load_explicit(&cell->turn, memory_order_acquire) != ring->tail + 1)
		return false;
	memcpy(item, cell->item, ring->item_bytes);
	atomic_store_explicit(&cell->turn, ring->tail + ring->mask + 1, memory_order_release);
	ring->tail++;
	return true;
}
