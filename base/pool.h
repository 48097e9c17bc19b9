/* SPDX-License-Identifier: MIT
 * A pool hands out objects of one size. Memory is taken in slabs and never given back before
 * wsip_pool_finish; a freed object is the next one to be handed out. Each object has a handle that
 * stays safe after the object is gone: looking it up then finds nothing.
 * Not thread-safe: one pool belongs to one worker.
 */
#ifndef WSIP_BASE_POOL_H
#define WSIP_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

struct wsip_pool {
	const char *name;
	size_t stride_bytes; /* an object and what is kept about it */
	uint32_t per_slab;
	uint32_t in_use;
	uint32_t limit; /* objects; beyond it wsip_pool_alloc gives NULL */
	uint32_t slab_count;
	uint32_t slab_room;
	char **slabs;
	void *free;
};

void wsip_pool_init(struct wsip_pool *pool, const char *name, size_t object_bytes, uint32_t limit);

/* Frees the slabs, with whatever objects are still in use. */
void wsip_pool_finish(struct wsip_pool *pool);

/* A zeroed object, or NULL when memory or the limit ran out. */
void *wsip_pool_alloc(struct wsip_pool *pool);
/* The same with anything in it, for an object that is filled in whole. */
void *wsip_pool_take(struct wsip_pool *pool);
void wsip_pool_free(struct wsip_pool *pool, void *object);

/* Never 0. */
uint64_t wsip_pool_handle(const struct wsip_pool *pool, const void *object);
/* NULL when the object with this handle was freed. */
void *wsip_pool_find(const struct wsip_pool *pool, uint64_t handle);

/* Calls `each` for every object in use; it may free that object and no other. */
void wsip_pool_each(struct wsip_pool *pool, void (*each)(void *object, void *user), void *user);

#endif
