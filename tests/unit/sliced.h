/* SPDX-License-Identifier: MIT
 * A message sliced in a buffer of exactly its size, and its headers one by one.
 */
#ifndef WSIP_TESTS_UNIT_SLICED_H
#define WSIP_TESTS_UNIT_SLICED_H

#include "tests/unit/exact.h"
#include <stdio.h>

static struct wsip_buf_pool pool;
static struct wsip_buf *buf;
static struct wsip_msg msg;

static enum wsip_err parse_bytes(const char *bytes, size_t size)
{
	buf = exact_buf(&pool, bytes, size);
	return wsip_msg_parse(&msg, buf);
}

static void parse(const char *text)
{
	cr_assert(parse_bytes(text, strlen(text)) == WSIP_OK, "%s", text);
}

static void done(void)
{
	wsip_msg_finish(&msg);
	if (buf)
		exact_buf_free(buf);
	buf = NULL;
}

static void start(void)
{
	wsip_buf_pool_init(&pool);
}

static void stop(void)
{
	done();
	cr_expect(pool.in_use == 0);
	wsip_buf_pool_finish(&pool);
}

static void expect_header(size_t index, const char *name, const char *value)
{
	struct wsip_header header = wsip_msg_header_at(&msg, index);

	cr_expect(wsip_span_is(header.name, name), "%zu: %.*s", index, (int)header.name.size,
		header.name.data);
	cr_expect(wsip_span_is(header.value, value), "%zu: %.*s", index, (int)header.value.size,
		header.value.data);
}

#endif
