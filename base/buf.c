/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/poison.h"

/* What a class takes of memory, with the head of the buffer. A call in set-up keeps a handful of
 * messages, so small sizes are close to each other. */
#define STEP      128u
#define STEPS     16u
#define STEPS_END (STEP * STEPS)
#define LARGE     3
#define LARGEST   131072u
static const uint32_t large_bytes[LARGE] = { 8192, 32768, sizeof(struct wsip_buf) + LARGEST };

_Static_assert(STEPS + LARGE == WSIP_BUF_CLASSES, "a free list for each class");

void wsip_buf_pool_init(struct wsip_buf_pool *pool)
{
	*pool = (struct wsip_buf_pool){ 0 };
}

void wsip_buf_pool_finish(struct wsip_buf_pool *pool)
{
	for (int i = 0; i < WSIP_BUF_CLASSES; i++) {
		while (pool->free[i]) {
			struct wsip_buf *buf = pool->free[i];

			pool->free[i] = buf->next;
			wsip_unpoison(buf->data, buf->capacity);
			free(buf);
		}
	}
}

static uint32_t class_bytes(uint32_t size_class)
{
	return size_class < STEPS ? (size_class + 1) * STEP : large_bytes[size_class - STEPS];
}

/* WSIP_BUF_CLASSES: there is none so large. */
static uint32_t size_class_for(size_t capacity)
{
	size_t bytes = capacity + sizeof(struct wsip_buf);
	uint32_t size_class = STEPS;

	if (capacity > LARGEST)
		return WSIP_BUF_CLASSES;
	if (bytes <= STEPS_END)
		return (uint32_t)(bytes - 1) / STEP;
	while (class_bytes(size_class) < bytes)
		size_class++;
	return size_class;
}

static struct wsip_buf *make(uint32_t size_class)
{
	struct wsip_buf *buf = malloc(class_bytes(size_class));

	if (!buf)
		return NULL;
	buf->size_class = size_class;
	buf->capacity = class_bytes(size_class) - (uint32_t)sizeof(*buf);
	return buf;
}

struct wsip_buf *wsip_buf_get(struct wsip_buf_pool *pool, size_t capacity)
{
	uint32_t size_class = size_class_for(capacity);
	struct wsip_buf *buf;

	if (size_class == WSIP_BUF_CLASSES)
		return NULL;
	buf = pool->free[size_class];
	if (buf) {
		pool->free[size_class] = buf->next;
		wsip_unpoison(buf->data, buf->capacity);
	} else {
		buf = make(size_class);
		if (!buf)
			return NULL;
	}
	buf->pool = pool;
	buf->next = NULL;
	buf->references = 1;
	buf->used = 0;
	pool->in_use++;
	return buf;
}

struct wsip_buf *wsip_buf_of(struct wsip_buf_pool *pool, const char *bytes, size_t size)
{
	struct wsip_buf *buf = wsip_buf_get(pool, size + WSIP_BUF_EDIT_ROOM);

	if (!buf)
		return NULL;
	memcpy(buf->data, bytes, size);
	buf->used = (uint32_t)size;
	return buf;
}

struct wsip_buf *wsip_buf_ref(struct wsip_buf *buf)
{
	buf->references++;
	return buf;
}

static void put_back(struct wsip_buf *buf)
{
	struct wsip_buf_pool *pool = buf->pool;

	pool->in_use--;
	buf->next = pool->free[buf->size_class];
	pool->free[buf->size_class] = buf;
	wsip_poison(buf->data, buf->capacity);
}

void wsip_buf_unref(struct wsip_buf *buf)
{
	while (buf) {
		struct wsip_buf *outgrown = buf->next;

		assert(buf->references > 0);
		if (--buf->references > 0)
			return;
		put_back(buf);
		buf = outgrown;
	}
}

struct wsip_buf *wsip_buf_outgrow(struct wsip_buf *buf, size_t capacity)
{
	struct wsip_buf *larger = wsip_buf_get(buf->pool, capacity);

	if (!larger)
		return NULL;
	memcpy(larger->data, buf->data, buf->used);
	larger->used = buf->used;
	larger->next = buf;
	return larger;
}

void wsip_buf_leave(struct wsip_buf *buf)
{
	assert(buf->references == 1 && !buf->next);
	buf->pool->in_use--;
	buf->pool = NULL;
}

void wsip_buf_adopt(struct wsip_buf *buf, struct wsip_buf_pool *pool)
{
	assert(!buf->pool);
	buf->pool = pool;
	pool->in_use++;
}

size_t wsip_buf_small_bytes(void)
{
	return STEPS_END - sizeof(struct wsip_buf);
}
