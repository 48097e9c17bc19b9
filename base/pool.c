/* SPDX-License-Identifier: MIT */
#include "base/pool.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/poison.h"

#define SLAB_BYTES 65536

/* Behind each object. While that is free, its first bytes say which one is free too. */
struct wsip_pool_slot {
	uint32_t index;
	uint32_t generation; /* odd while in use */
};

static size_t object_bytes(const struct wsip_pool *pool)
{
	return pool->stride_bytes - sizeof(struct wsip_pool_slot);
}

static struct wsip_pool_slot *slot_of(const struct wsip_pool *pool, const void *object)
{
	return (void *)((uintptr_t)object + object_bytes(pool));
}

static void set_free(struct wsip_pool *pool, void *object)
{
	*(void **)object = pool->free;
	pool->free = object;
	wsip_poison(object, object_bytes(pool));
}

void wsip_pool_init(struct wsip_pool *pool, const char *name, size_t bytes, uint32_t limit)
{
	*pool = (struct wsip_pool){ .name = name, .limit = limit };
	pool->stride_bytes = (bytes + sizeof(struct wsip_pool_slot) + 15) & ~(size_t)15;
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

static void *object_at(const struct wsip_pool *pool, uint32_t index)
{
	return pool->slabs[index / pool->per_slab] + (index % pool->per_slab) * pool->stride_bytes;
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
		void *object = object_at(pool, index);

		*slot_of(pool, object) = (struct wsip_pool_slot){ .index = index };
		set_free(pool, object);
	}
	return true;
}

void *wsip_pool_take(struct wsip_pool *pool)
{
	void *object;

	if (pool->in_use >= pool->limit || (!pool->free && !add_slab(pool)))
		return NULL;
	object = pool->free;
	wsip_unpoison(object, object_bytes(pool));
	pool->free = *(void **)object;
	slot_of(pool, object)->generation++;
	pool->in_use++;
	return object;
}

void *wsip_pool_alloc(struct wsip_pool *pool)
{
	void *object = wsip_pool_take(pool);

	return object ? memset(object, 0, object_bytes(pool)) : NULL;
}

void wsip_pool_free(struct wsip_pool *pool, void *object)
{
	struct wsip_pool_slot *slot;

	if (!object)
		return;
	slot = slot_of(pool, object);
	assert(slot->generation & 1 && "freed twice");
	slot->generation++;
	pool->in_use--;
	set_free(pool, object);
}

uint64_t wsip_pool_handle(const struct wsip_pool *pool, const void *object)
{
	const struct wsip_pool_slot *slot = slot_of(pool, object);

	return (uint64_t)slot->generation << 32 | slot->index;
}

void *wsip_pool_find(const struct wsip_pool *pool, uint64_t handle)
{
	uint32_t index = (uint32_t)handle;
	const struct wsip_pool_slot *slot;
	void *object;

	if (index >= pool->slab_count * pool->per_slab)
		return NULL;
	object = object_at(pool, index);
	slot = slot_of(pool, object);
	return slot->generation & 1 && slot->generation == handle >> 32 ? object : NULL;
}

void wsip_pool_each(struct wsip_pool *pool, void (*each)(void *object, void *user), void *user)
{
	for (uint32_t i = 0; i < pool->slab_count * pool->per_slab; i++) {
		void *object = object_at(pool, i);

		if (slot_of(pool, object)->generation & 1)
			each(object, user);
	}
}
