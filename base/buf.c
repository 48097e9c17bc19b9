/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <assert.h>
#include <stdlib.h>

#include "base/poison.h"

/* An ordinary request, one with a long body or many headers, and the largest with room to edit. */
static const uint32_t class_capacity[WSIP_BUF_CLASSES] = { 2048, 8192, 32768, 131072 };

void wsip_buf_pool_init(struct wsip_buf_pool *pool)
{
	*pool = (struct wsip_buf_pool){ 0 };
}

void wsip_buf_pool_finish(struct wsip_buf_pool *pool)
{
	for (int i = 0; i < WSIP_BUF_CLASSES; i++) {
		while (pool->free[i]) {
			struct wsip_buf *buf = pool->free[i];

			pool->free[i] = buf->next_free;
			wsip_unpoison(buf->data, buf->capacity);
			free(buf);
		}
	}
}

static uint32_t size_class_for(size_t capacity)
{
	uint32_t size_class = 0;

	while (size_class < WSIP_BUF_CLASSES && class_capacity[size_class] < capacity)
		size_class++;
	return size_class;
}

struct wsip_buf *wsip_buf_get(struct wsip_buf_pool *pool, size_t capacity)
{
	uint32_t size_class = size_class_for(capacity);
	struct wsip_buf *buf;

	if (size_class == WSIP_BUF_CLASSES)
		return NULL;
	buf = pool->free[size_class];
	if (buf) {
		pool->free[size_class] = buf->next_free;
		wsip_unpoison(buf->data, buf->capacity);
	} else {
		buf = malloc(sizeof(*buf) + class_capacity[size_class]);
		if (!buf)
			return NULL;
		buf->size_class = size_class;
		buf->capacity = class_capacity[size_class];
	}
	buf->pool = pool;
	buf->next_free = NULL;
	buf->references = 1;
	buf->used = 0;
	pool->in_use++;
	return buf;
}

struct wsip_buf *wsip_buf_ref(struct wsip_buf *buf)
{
	buf->references++;
	return buf;
}

void wsip_buf_unref(struct wsip_buf *buf)
{
	struct wsip_buf_pool *pool;

	if (!buf)
		return;
	assert(buf->references > 0);
	if (--buf->references > 0)
		return;
	pool = buf->pool;
	pool->in_use--;
	buf->next_free = pool->free[buf->size_class];
	pool->free[buf->size_class] = buf;
	wsip_poison(buf->data, buf->capacity);
}

void wsip_buf_leave(struct wsip_buf *buf)
{
	assert(buf->references == 1);
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
	return class_capacity[0];
}
