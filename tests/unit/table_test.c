/* SPDX-License-Identifier: MIT
 * Hash tables: found by the whole key, the last one inserted first, also after the table has grown
 * and when all keys fall into one bucket.
 */
#include <criterion/criterion.h>

#include <stdlib.h>

#include "base/table.h"

#define NODES 5000

static struct wsip_table table;

static void start(void)
{
	cr_assert(wsip_table_init(&table) == WSIP_OK);
}

static void stop(void)
{
	wsip_table_finish(&table);
}

TestSuite(table, .init = start, .fini = stop);

static struct wsip_key key(uint64_t high, uint64_t low)
{
	return (struct wsip_key){ high, low };
}

Test(table, an_empty_table_finds_nothing)
{
	cr_expect(wsip_table_find(&table, key(0, 0)) == NULL);
}

Test(table, a_key_is_compared_whole)
{
	struct wsip_table_node a, b;

	wsip_table_insert(&table, &a, key(1, 7));
	wsip_table_insert(&table, &b, key(2, 7));
	cr_expect(wsip_table_find(&table, key(1, 7)) == &a);
	cr_expect(wsip_table_find(&table, key(2, 7)) == &b);
	cr_expect(wsip_table_find(&table, key(3, 7)) == NULL);
	cr_expect(wsip_table_find(&table, key(1, 8)) == NULL);
}

Test(table, of_equal_keys_the_last_inserted_is_found_first)
{
	struct wsip_table_node a, b;

	wsip_table_insert(&table, &a, key(1, 1));
	wsip_table_insert(&table, &b, key(1, 1));
	cr_expect(wsip_table_find(&table, key(1, 1)) == &b);
	wsip_table_remove(&table, &b);
	cr_expect(wsip_table_find(&table, key(1, 1)) == &a);
	wsip_table_remove(&table, &a);
	cr_expect(wsip_table_find(&table, key(1, 1)) == NULL);
}

Test(table, removing_what_is_not_in_it_is_harmless)
{
	struct wsip_table_node in = { 0 }, out = { 0 };

	wsip_table_insert(&table, &in, key(5, 5));
	out.key = key(5, 5);
	wsip_table_remove(&table, &out);
	cr_expect(table.count == 1);
	wsip_table_remove(&table, &in);
	wsip_table_remove(&table, &in);
	cr_expect(table.count == 0);
}

/* `step` 1 spreads the keys, a large power of two puts all of them into one bucket. */
static void fill_and_empty(uint64_t step)
{
	struct wsip_table_node *nodes = calloc(NODES, sizeof(*nodes));

	for (uint64_t i = 0; i < NODES; i++)
		wsip_table_insert(&table, &nodes[i], key(i, i * step));
	cr_expect(table.count == NODES);
	cr_expect(table.bucket_count >= NODES / 2, "%zu buckets", table.bucket_count);
	for (uint64_t i = 0; i < NODES; i++)
		cr_assert(wsip_table_find(&table, key(i, i * step)) == &nodes[i], "%zu", (size_t)i);
	for (uint64_t i = 0; i < NODES; i += 2)
		wsip_table_remove(&table, &nodes[i]);
	for (uint64_t i = 0; i < NODES; i++)
		cr_assert(wsip_table_find(&table, key(i, i * step)) == (i % 2 ? &nodes[i] : NULL),
			"%zu", (size_t)i);
	cr_expect(table.count == NODES / 2);
	free(nodes);
}

Test(table, grows_and_loses_nothing)
{
	fill_and_empty(1);
}

/* At every moment of its growing all are found, and can be removed, the last one of a key first. */
Test(table, nothing_is_lost_while_it_grows)
{
	struct wsip_table_node *nodes = calloc(NODES, sizeof(*nodes));
	unsigned int growing = 0;

	for (uint64_t i = 0; i < NODES; i++) {
		uint64_t some = i * 7919 % (i + 1);

		wsip_table_insert(&table, &nodes[i], key(i / 2, i / 2));
		growing += table.before != NULL;
		cr_assert(wsip_table_find(&table, key(some / 2, some / 2)) ==
			  &nodes[(some | 1) <= i ? some | 1 : some]);
		if (i % 3 == 2) {
			wsip_table_remove(&table, &nodes[i]);
			cr_assert(wsip_table_find(&table, key(i / 2, i / 2)) != &nodes[i]);
			wsip_table_insert(&table, &nodes[i], key(i / 2, i / 2));
		}
	}
	cr_expect(growing > NODES / 10, "it grew while %u came", growing);
	cr_expect(table.count == NODES);
	free(nodes);
}

Test(table, one_long_chain_is_slow_and_right)
{
	fill_and_empty(UINT64_C(1) << 40);
}
