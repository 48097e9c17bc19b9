/* SPDX-License-Identifier: MIT
 * Out of memory: every allocation fails in turn. The sources are included, not linked, so that
 * their allocations can be taken over without changing them.
 */
#include <criterion/criterion.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int allocations_left = -1; /* below 0: all succeed */

static bool fails(void)
{
	return allocations_left >= 0 && allocations_left-- == 0;
}

static void *malloc_or_fail(size_t size)
{
	return fails() ? NULL : malloc(size);
}

static void *calloc_or_fail(size_t count, size_t size)
{
	return fails() ? NULL : calloc(count, size);
}

static void *realloc_or_fail(void *old, size_t size)
{
	return fails() ? NULL : realloc(old, size);
}

#define malloc(size)        malloc_or_fail(size)
#define calloc(count, size) calloc_or_fail(count, size)
#define realloc(old, size)  realloc_or_fail(old, size)

#include "base/buf.c"
#include "base/pool.c"
#include "base/ring.c"
#include "base/table.c"
#include "parser/edit.c"

#undef malloc
#undef calloc
#undef realloc

Test(out_of_memory, a_pool_gives_null_and_works_again_later)
{
	struct wsip_pool pool;

	wsip_pool_init(&pool, "test", 16, 10);
	for (int n = 0; n < 2; n++) {
		allocations_left = n;
		cr_expect(wsip_pool_alloc(&pool) == NULL, "allocation %d", n);
	}
	allocations_left = -1;
	cr_expect(pool.in_use == 0);
	cr_expect(wsip_pool_alloc(&pool) != NULL);
	wsip_pool_finish(&pool);
}

Test(out_of_memory, a_buffer_is_null_and_not_counted)
{
	struct wsip_buf_pool pool;

	wsip_buf_pool_init(&pool);
	allocations_left = 0;
	cr_expect(wsip_buf_get(&pool, 100) == NULL);
	cr_expect(pool.in_use == 0);
	wsip_buf_pool_finish(&pool);
}

Test(out_of_memory, a_table_and_a_ring_say_so)
{
	struct wsip_table table;
	struct wsip_ring ring;

	allocations_left = 0;
	cr_expect(wsip_table_init(&table) == WSIP_ERR_MEMORY);
	wsip_table_finish(&table);
	allocations_left = 0;
	cr_expect(wsip_ring_init(&ring, 8, 8) == WSIP_ERR_MEMORY);
	wsip_ring_finish(&ring);
}

Test(out_of_memory, a_table_that_cannot_grow_goes_on_with_longer_chains)
{
	static struct wsip_table_node nodes[3000];
	struct wsip_table table;
	size_t buckets;

	cr_assert(wsip_table_init(&table) == WSIP_OK);
	buckets = table.bucket_count;
	for (uint64_t i = 0; i < 3000; i++) {
		allocations_left = 0;
		wsip_table_insert(&table, &nodes[i], (struct wsip_key){ i, i });
	}
	cr_expect(table.bucket_count == buckets && table.count == 3000);
	for (uint64_t i = 0; i < 3000; i++)
		cr_assert(wsip_table_find(&table, (struct wsip_key){ i, i }) == &nodes[i]);
	wsip_table_finish(&table);
}

/* ---- Messages: 40 headers are more than the table holds without an allocation ---- */

#define HEADERS 40

static struct wsip_buf_pool pool;
static struct wsip_buf *buf;
static size_t message_bytes;

static void start(void)
{
	char text[2048] = "BYE sip:b SIP/2.0\r\n";

	for (int i = 0; i < HEADERS; i++)
		strcat(text, "X: x\r\n");
	strcat(text, "\r\nbody");
	message_bytes = strlen(text);
	wsip_buf_pool_init(&pool);
	buf = wsip_buf_get(&pool, message_bytes);
	memcpy(buf->data, text, message_bytes);
	buf->used = (uint32_t)message_bytes;
}

static void stop(void)
{
	allocations_left = -1;
	wsip_buf_unref(buf);
	cr_expect(pool.in_use == 0, "%u buffers are left", pool.in_use);
	wsip_buf_pool_finish(&pool);
}

TestSuite(out_of_memory_message, .init = start, .fini = stop);

/* A sender of a good message is not to be told 400 because of us: it would not try again. */
Test(out_of_memory_message, parsing_fails_as_out_of_memory_and_blames_nobody)
{
	struct wsip_msg msg;

	allocations_left = 0;
	cr_expect(wsip_msg_parse(&msg, buf) == WSIP_ERR_MEMORY);
	cr_expect(msg.problem.status != 400, "%u %s", msg.problem.status, msg.problem.reason);
	wsip_msg_finish(&msg);
	cr_expect(buf->references == 1);
}

Test(out_of_memory_message, a_copy_that_fails_can_be_finished)
{
	struct wsip_msg msg, copy;

	cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK);
	allocations_left = 0;
	cr_expect(wsip_msg_copy(&copy, &msg) == WSIP_ERR_MEMORY);
	wsip_msg_finish(&copy);
	cr_expect(wsip_msg_header_count(&msg) == HEADERS);
	wsip_msg_finish(&msg);
}

Test(out_of_memory_message, serialising_gives_null)
{
	struct wsip_msg msg;

	uint32_t in_use;

	cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK);
	in_use = pool.in_use;
	allocations_left = 0;
	cr_expect(wsip_msg_serialize(&msg, &pool) == NULL);
	cr_expect(pool.in_use == in_use);
	wsip_msg_finish(&msg);
}

static enum wsip_err edit_in_every_way(struct wsip_msg *msg, struct wsip_span value)
{
	enum wsip_err err = wsip_msg_add(msg, "Y", value);

	if (!err)
		err = wsip_msg_set(msg, "Y", value);
	if (!err)
		err = wsip_msg_prepend(msg, "Z", value);
	if (!err)
		err = wsip_msg_set_request_uri(msg, value);
	return err ? err : wsip_msg_set_body(msg, "a/b", value);
}

Test(out_of_memory_message, an_edit_that_fails_leaves_the_other_headers_and_the_body)
{
	static char long_value[9000];
	enum wsip_err err = WSIP_ERR_MEMORY;
	int n = 0;

	memset(long_value, 'v', sizeof(long_value));
	while (err) {
		struct wsip_msg msg;

		cr_assert(n < 20);
		buf->used = (uint32_t)message_bytes; /* without what the last round added */
		cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK);
		allocations_left = n++;
		err = edit_in_every_way(&msg, (struct wsip_span){ long_value, 9000 });
		allocations_left = -1;
		cr_expect(err == WSIP_OK || err == WSIP_ERR_MEMORY, "%s", wsip_err_text(err));
		if (err)
			cr_expect(wsip_span_is(wsip_msg_body(&msg), "body"));
		cr_expect(wsip_msg_remove(&msg, "X") == HEADERS, "allocation %d", n);
		wsip_msg_finish(&msg);
	}
	cr_expect(n > 2, "only %d allocations were made to fail", n - 1);
}
