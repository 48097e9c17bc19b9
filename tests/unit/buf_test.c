/* SPDX-License-Identifier: MIT
 * Buffers: room as asked for or none, references counted, a freed one is used again, and one that
 * moves to another worker is counted there.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"

static struct wsip_buf_pool pool;

static void start(void)
{
	wsip_buf_pool_init(&pool);
}

static void stop(void)
{
	cr_expect(pool.in_use == 0, "%u still in use", pool.in_use);
	wsip_buf_pool_finish(&pool);
}

TestSuite(buf, .init = start, .fini = stop);

Test(buf, has_the_room_that_was_asked_for)
{
	static const size_t sizes[] = { 0, 1, 2048, 2049, 8192, 8193, 32768, 32769,
		WSIP_MESSAGE_MAX_BYTES, 131072 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct wsip_buf *buf = wsip_buf_get(&pool, sizes[i]);

		cr_assert(buf && buf->capacity >= sizes[i], "%zu", sizes[i]);
		cr_expect(buf->used == 0 && buf->references == 1);
		memset(buf->data, 0xa5, buf->capacity);
		wsip_buf_unref(buf);
	}
}

Test(buf, beyond_the_largest_class_there_is_none)
{
	cr_expect(wsip_buf_get(&pool, 131073) == NULL);
	cr_expect(wsip_buf_get(&pool, SIZE_MAX) == NULL);
}

Test(buf, takes_little_more_than_what_was_asked_for)
{
	for (size_t capacity = 1; capacity <= wsip_buf_small_bytes(); capacity++) {
		struct wsip_buf *buf = wsip_buf_get(&pool, capacity);

		cr_assert(buf && buf->capacity >= capacity && buf->capacity < capacity + 128, "%zu",
			capacity);
		wsip_buf_unref(buf);
	}
}

Test(buf, one_that_was_outgrown_lives_as_long_as_the_larger_one)
{
	struct wsip_buf *small = wsip_buf_get(&pool, 100), *large, *largest;

	memcpy(small->data, "message", 7);
	small->used = 7;
	large = wsip_buf_outgrow(small, 1000);
	largest = wsip_buf_outgrow(large, 10000);
	cr_assert(largest && largest->capacity >= 10000 && largest->used == 7);
	cr_expect(memcmp(largest->data, "message", 7) == 0);
	cr_expect(memcmp(small->data, "message", 7) == 0);
	cr_expect(pool.in_use == 3);
	wsip_buf_unref(largest);
	cr_expect(pool.in_use == 0);
}

Test(buf, lives_until_the_last_reference_is_gone)
{
	struct wsip_buf *buf = wsip_buf_get(&pool, 100);

	cr_expect(wsip_buf_ref(buf) == buf);
	wsip_buf_unref(buf);
	cr_expect(pool.in_use == 1);
	memcpy(buf->data, "still here", 10);
	wsip_buf_unref(buf);
	cr_expect(pool.in_use == 0);
}

Test(buf, a_freed_one_is_handed_out_again_empty)
{
	struct wsip_buf *first = wsip_buf_get(&pool, 100), *second;

	first->used = 50;
	wsip_buf_unref(first);
	second = wsip_buf_get(&pool, first->capacity);
	cr_expect(second == first);
	cr_expect(second->used == 0 && second->references == 1);
	memset(second->data, 0, second->capacity);
	wsip_buf_unref(second);
}

Test(buf, classes_do_not_mix)
{
	struct wsip_buf *small = wsip_buf_get(&pool, 1), *large;

	wsip_buf_unref(small);
	large = wsip_buf_get(&pool, 5000);
	cr_expect(large != small);
	wsip_buf_unref(large);
	cr_expect(wsip_buf_get(&pool, 1) == small);
	wsip_buf_unref(small);
}

Test(buf, releasing_none_is_harmless)
{
	wsip_buf_unref(NULL);
}

Test(buf, one_that_moves_goes_back_to_the_pool_that_adopted_it)
{
	struct wsip_buf_pool other;
	struct wsip_buf *buf = wsip_buf_get(&pool, 10);

	wsip_buf_pool_init(&other);
	memcpy(buf->data, "message", 7);
	wsip_buf_leave(buf);
	cr_expect(pool.in_use == 0 && other.in_use == 0);
	wsip_buf_adopt(buf, &other);
	cr_expect(pool.in_use == 0 && other.in_use == 1);
	cr_expect(memcmp(buf->data, "message", 7) == 0);
	wsip_buf_unref(buf);
	cr_expect(other.in_use == 0 && other.free[0] == buf && pool.free[0] == NULL);
	wsip_buf_pool_finish(&other);
}
