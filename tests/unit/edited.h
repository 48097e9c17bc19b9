/* SPDX-License-Identifier: MIT
 * A message in a buffer of the pool, its headers given as lines, and what they are after an edit.
 */
#ifndef WSIP_TESTS_UNIT_EDITED_H
#define WSIP_TESTS_UNIT_EDITED_H

#include <stdio.h>

#include "tests/unit/exact.h"

static struct wsip_buf_pool pool;
static struct wsip_msg msg;

static void parse(const char *headers)
{
	char text[8192];
	struct wsip_buf *buf;

	snprintf(text, sizeof(text), "BYE sip:b SIP/2.0\r\n%s\r\nbody", headers);
	buf = pooled_buf(&pool, text, strlen(text));
	cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK);
	wsip_buf_unref(buf);
}

static void start(void)
{
	wsip_buf_pool_init(&pool);
}

static void stop(void)
{
	wsip_msg_finish(&msg);
	cr_expect(pool.in_use == 0, "%u buffers are left", pool.in_use);
	wsip_buf_pool_finish(&pool);
}

static struct wsip_span span(const char *text)
{
	return wsip_span_of(text);
}

/* The headers as "name=value|name=value|". */
static const char *headers_of(const struct wsip_msg *message)
{
	static char text[8192];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < wsip_msg_header_count(message); i++) {
		struct wsip_header header = wsip_msg_header_at(message, i);

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%.*s=%.*s|",
			(int)header.name.size, header.name.data, (int)header.value.size,
			header.value.data);
	}
	return text;
}

static void expect_headers(const char *expected)
{
	cr_expect_str_eq(headers_of(&msg), expected);
}

#endif
