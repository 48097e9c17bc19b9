/* SPDX-License-Identifier: MIT
 * What the fuzz targets share: what must hold, and input in an allocation of exactly its size, so
 * that reading on is seen.
 */
#ifndef WSIP_TESTS_FUZZ_H
#define WSIP_TESTS_FUZZ_H

#include <stdlib.h>
#include <string.h>

#include <wiresip/span.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool holds)
{
	if (!holds)
		abort();
}

/* To be freed by its `data`. */
static inline struct wsip_span exact_span(const void *data, size_t size)
{
	char *copy = malloc(size);

	must(copy || size == 0);
	if (size > 0)
		memcpy(copy, data, size);
	return (struct wsip_span){ copy, size };
}

/* A buffer that ends where the message ends, outside of `pool`, where what outgrows it is. */
static inline struct wsip_buf *exact_buf(struct wsip_buf_pool *pool, const void *data, size_t size)
{
	struct wsip_buf *buf = calloc(1, sizeof(*buf) + size);

	must(buf);
	buf->pool = pool;
	buf->references = 1;
	buf->capacity = buf->used = (uint32_t)size;
	if (size > 0)
		memcpy(buf->data, data, size);
	return buf;
}

/* Nobody else may hold it any more. */
static inline void exact_buf_free(struct wsip_buf *buf)
{
	must(buf->references == 1);
	free(buf);
}

#endif
