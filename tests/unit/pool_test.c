/* SPDX-License-Identifier: MIT
 * Pools: objects come zeroed, a freed one is handed out again, the limit holds, and a handle of an
 * object that is gone finds nothing, also when its place is taken by another.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"

#define OBJECT_BYTES 100

static struct wsip_pool pool;

static void start(void)
{
	wsip_pool_init(&pool, "test", OBJECT_BYTES, 2000);
}

static void stop(void)
{
	wsip_pool_finish(&pool);
}

TestSuite(pool, .init = start, .fini = stop);

static bool all_zero(const char *bytes, size_t size)
{
	while (size > 0 && bytes[size - 1] == 0)
		size--;
	return size == 0;
}

Test(pool, an_object_is_zeroed_also_when_it_was_used_before)
{
	char *object = wsip_pool_alloc(&pool);

	cr_assert(object && all_zero(object, OBJECT_BYTES));
	memset(object, 0xff, OBJECT_BYTES);
	wsip_pool_free(&pool, object);
	cr_expect(wsip_pool_alloc(&pool) == object);
	cr_expect(all_zero(object, OBJECT_BYTES));
}

Test(pool, objects_are_aligned_and_apart_over_many_slabs)
{
	char *objects[2000];

	for (int i = 0; i < 2000; i++) {
		objects[i] = wsip_pool_alloc(&pool);
		cr_assert(objects[i]);
		cr_expect((uintptr_t)objects[i] % _Alignof(max_align_t) == 0);
		memset(objects[i], i & 0xff, OBJECT_BYTES);
	}
	for (int i = 0; i < 2000; i++) {
		char expected[OBJECT_BYTES];

		memset(expected, i & 0xff, OBJECT_BYTES);
		cr_assert(memcmp(objects[i], expected, OBJECT_BYTES) == 0, "object %d", i);
	}
}

Test(pool, the_limit_holds_and_freeing_makes_room)
{
	void *last = NULL;

	for (int i = 0; i < 2000; i++)
		last = wsip_pool_alloc(&pool);
	cr_assert(last);
	cr_expect(wsip_pool_alloc(&pool) == NULL);
	cr_expect(pool.in_use == 2000);
	wsip_pool_free(&pool, last);
	cr_expect(wsip_pool_alloc(&pool) == last);
	cr_expect(wsip_pool_alloc(&pool) == NULL);
}

Test(pool, freeing_null_is_harmless)
{
	wsip_pool_free(&pool, NULL);
	cr_expect(pool.in_use == 0);
}

Test(pool, a_handle_finds_its_object_while_it_lives)
{
	void *a = wsip_pool_alloc(&pool), *b = wsip_pool_alloc(&pool);
	uint64_t of_a = wsip_pool_handle(&pool, a), of_b = wsip_pool_handle(&pool, b);

	cr_expect(of_a != 0 && of_b != 0 && of_a != of_b);
	cr_expect(wsip_pool_find(&pool, of_a) == a);
	cr_expect(wsip_pool_find(&pool, of_b) == b);
	wsip_pool_free(&pool, a);
	cr_expect(wsip_pool_find(&pool, of_a) == NULL);
	cr_expect(wsip_pool_find(&pool, of_b) == b);
}

Test(pool, an_old_handle_does_not_find_the_next_object_in_the_same_place)
{
	void *first = wsip_pool_alloc(&pool);
	uint64_t old = wsip_pool_handle(&pool, first);

	for (int i = 0; i < 1000; i++) {
		void *next;

		wsip_pool_free(&pool, wsip_pool_find(&pool, wsip_pool_handle(&pool, first)));
		next = wsip_pool_alloc(&pool);
		cr_assert(next == first);
		cr_assert(wsip_pool_find(&pool, old) == NULL);
		cr_assert(wsip_pool_find(&pool, wsip_pool_handle(&pool, next)) == next);
	}
}

Test(pool, a_made_up_handle_finds_nothing)
{
	static const uint64_t made_up[] = { 0, 1, UINT32_MAX, UINT64_MAX, UINT64_C(1) << 32 | 5,
		UINT64_C(2) << 32, UINT64_C(3) << 32, UINT64_C(1) << 32 | 1000000 };

	for (size_t i = 0; i < sizeof(made_up) / sizeof(made_up[0]); i++)
		cr_expect(wsip_pool_find(&pool, made_up[i]) == NULL, "empty pool, %zu", i);
	cr_assert(wsip_pool_alloc(&pool));
	for (size_t i = 0; i < sizeof(made_up) / sizeof(made_up[0]); i++)
		cr_expect(wsip_pool_find(&pool, made_up[i]) == NULL, "%zu", i);
}

static void count_and_free(void *object, void *user)
{
	int *visits = user;

	*visits += *(int *)object;
	wsip_pool_free(&pool, object);
}

Test(pool, each_visits_what_is_in_use_and_may_free_it)
{
	void *objects[1000];
	int visits = 0;

	for (int i = 0; i < 1000; i++) {
		objects[i] = wsip_pool_alloc(&pool);
		*(int *)objects[i] = 1;
	}
	for (int i = 0; i < 1000; i += 2)
		wsip_pool_free(&pool, objects[i]);
	wsip_pool_each(&pool, count_and_free, &visits);
	cr_expect(visits == 500, "%d", visits);
	cr_expect(pool.in_use == 0);
}

Test(pool, an_object_larger_than_a_slab_has_a_slab_of_its_own)
{
	struct wsip_pool large;
	char *a, *b;

	wsip_pool_init(&large, "large", 100000, 10);
	a = wsip_pool_alloc(&large);
	b = wsip_pool_alloc(&large);
	cr_assert(a && b);
	memset(a, 1, 100000);
	cr_expect(all_zero(b, 100000));
	wsip_pool_finish(&large);
}
