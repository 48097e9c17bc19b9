/* SPDX-License-Identifier: MIT */
#include "base/table.h"

#include <stdlib.h>

#define FIRST_BUCKETS 256

/* Moved with each node that comes: done long before the table is full again. */
#define BUCKETS_AT_ONCE 4

enum wsip_err wsip_table_init(struct wsip_table *table)
{
	*table = (struct wsip_table){ .bucket_count = FIRST_BUCKETS };
	table->buckets = calloc(FIRST_BUCKETS, sizeof(*table->buckets));
	return table->buckets ? WSIP_OK : WSIP_ERR_MEMORY;
}

void wsip_table_finish(struct wsip_table *table)
{
	free(table->buckets);
	free(table->before);
	table->buckets = table->before = NULL;
}

static struct wsip_table_node **bucket(const struct wsip_table *table, struct wsip_key key)
{
	size_t before = key.low & (table->bucket_count / 2 - 1);

	if (table->before && before >= table->moved)
		return &table->before[before];
	return &table->buckets[key.low & (table->bucket_count - 1)];
}

static void push(struct wsip_table_node **head, struct wsip_table_node *node)
{
	node->next = *head;
	*head = node;
}

static void grow(struct wsip_table *table)
{
	struct wsip_table_node **buckets = calloc(table->bucket_count * 2, sizeof(*buckets));

	if (!buckets)
		return;
	table->before = table->buckets;
	table->buckets = buckets;
	table->bucket_count *= 2;
	table->moved = 0;
}

/* Two nodes of one key keep their order: the one that came last is found first. */
static void move_bucket(struct wsip_table *table)
{
	struct wsip_table_node *node = table->before[table->moved++], *backwards = NULL, *next;

	for (; node; node = next) {
		next = node->next;
		push(&backwards, node);
	}
	for (node = backwards; node; node = next) {
		next = node->next;
		push(&table->buckets[node->key.low & (table->bucket_count - 1)], node);
	}
}

static void go_on_growing(struct wsip_table *table)
{
	for (int i = 0; i < BUCKETS_AT_ONCE && table->moved < table->bucket_count / 2; i++)
		move_bucket(table);
	if (table->moved < table->bucket_count / 2)
		return;
	free(table->before);
	table->before = NULL;
}

void wsip_table_insert(struct wsip_table *table, struct wsip_table_node *node, struct wsip_key key)
{
	if (table->count >= table->bucket_count && !table->before)
		grow(table);
	if (table->before)
		go_on_growing(table);
	node->key = key;
	push(bucket(table, key), node);
	table->count++;
}

struct wsip_table_node *wsip_table_find(const struct wsip_table *table, struct wsip_key key)
{
	struct wsip_table_node *node = *bucket(table, key);

	while (node && !wsip_key_equal(node->key, key))
		node = node->next;
	return node;
}

void wsip_table_remove(struct wsip_table *table, struct wsip_table_node *node)
{
	struct wsip_table_node **link = bucket(table, node->key);

	while (*link && *link != node)
		link = &(*link)->next;
	if (!*link)
		return;
	*link = node->next;
	node->next = NULL;
	table->count--;
}
