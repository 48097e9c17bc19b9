/* SPDX-License-Identifier: MIT */
#include "base/pool.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/poison.h"

#define SLAB_BYTES 65536

struct wsip_pool_slot {
	struct wsip_pool_slot *next_free;
	uint32_t index;
	uint32_t generation; /* odd while in use */
};

static void *slot_object(struct wsip_pool_slot *slot)
{
	return slot + 1;
}

static struct wsip_pool_slot *object_slot(const void *object)
{
	return (struct wsip_pool_slot *)(uintptr_t)object - 1;
}

static size_t object_bytes(const struct wsip_pool *pool)
{
	return pool->stride_bytes - sizeof(struct wsip_pool_slot);
}

void wsip_pool_init(struct wsip_pool *pool, const char *name, size_t bytes, uint32_t limit)
{
	*pool = (struct wsip_pool){ .name = name, .limit = limit };
	pool->stride_bytes = sizeof(struct wsip_pool_slot) + ((bytes + 15) & ~(size_t)15);
	pool->per_slab = SLAB_BYTES / (uint32_t)pool->stride_bytes;
	if (pool->per_slab == 0)
		pool->per_slab = 1;
}

void wsip_pool_finish(struct wsip_pool *pool)
{
	for (uint32_t i = 0; i < pool->slab_count; i++) {
		wsip_unpoison(pool->slabs[i], pool->per_slab * pool->stride_bytes);
		free(pool->slabs[i]);
	}
	free(pool->slabs);
	pool->slabs = NULL;
	pool->slab_count = 0;
	pool->free = NULL;
}

static struct wsip_pool_slot *slot_at(const struct wsip_pool *pool, uint32_t index)
{
	char *slab = pool->slabs[index / pool->per_slab];

	return (void *)(slab + (index % pool->per_slab) * pool->stride_bytes);
}

static bool grow_slab_list(struct wsip_pool *pool)
{
	uint32_t room = pool->slab_room ? pool->slab_room * 2 : 16;
	char **slabs = realloc(pool->slabs, room * sizeof(*slabs));

	if (!slabs)
		return false;
	pool->slabs = slabs;
	pool->slab_room = room;
	return true;
}

static bool add_slab(struct wsip_pool *pool)
{
	char *slab;

	if (pool->slab_count == pool->slab_room && !grow_slab_list(pool))
		return false;
	slab = malloc(pool->per_slab * pool->stride_bytes);
	if (!slab)
		return false;
	pool->slabs[pool->slab_count++] = slab;
	for (uint32_t i = pool->per_slab; i-- > 0;) {
		uint32_t index = (pool->slab_count - 1) * pool->per_slab + i;
		struct wsip_pool_slot *slot = slot_at(pool, index);

		*slot = (struct wsip_pool_slot){ .next_free = pool->free, .index = index };
		pool->free = slot;
		wsip_poison(slot_object(slot), object_bytes(pool));
	}
	return true;
}

void *wsip_pool_alloc(struct wsip_pool *pool)
{
	struct wsip_pool_slot *slot;

	if (pool->in_use >= pool->limit || (!pool->free && !add_slab(pool)))
		return NULL;
	slot = pool->free;
	pool->free = slot->next_free;
	slot->generation++;
	pool->in_use++;
	wsip_unpoison(slot_object(slot), object_bytes(pool));
	return memset(slot_object(slot), 0, object_bytes(pool));
}

void wsip_pool_free(struct wsip_pool *pool, void *object)
{
	struct wsip_pool_slot *slot;

	if (!object)
		return;
	slot = object_slot(object);
	assert(slot->generation & 1 && "freed twice");
	slot->generation++;
	slot->next_free = pool->free;
	pool->free = slot;
	pool->in_use--;
	wsip_poison(object, object_bytes(pool));
}

uint64_t wsip_pool_handle(const struct wsip_pool *pool, const void *object)
{
	const struct wsip_pool_slot *slot = object_slot(object);

	(void)pool;
	return (uint64_t)slot->generation << 32 | slot->index;
}

void *wsip_pool_find(const struct wsip_pool *pool, uint64_t handle)
{
	uint32_t index = (uint32_t)handle;
	struct wsip_pool_slot *slot;

	if (index >= pool->slab_count * pool->per_slab)
		return NULL;
	slot = slot_at(pool, index);
	if (!(slot->generation & 1) || slot->generation != handle >> 32)
		return NULL;
	return slot_object(slot);
}

void wsip_pool_each(struct wsip_pool *pool, void (*each)(void *object, void *user), void *user)
{
	for (uint32_t i = 0; i < pool->slab_count * pool->per_slab; i++) {
		struct wsip_pool_slot *slot = slot_at(pool, i);

		if (slot->generation & 1)
			each(slot_object(slot), user);
	}
}
