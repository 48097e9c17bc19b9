/* SPDX-License-Identifier: MIT */
#include "base/table.h"

#include <stdlib.h>

#define FIRST_BUCKETS 256

enum wsip_err wsip_table_init(struct wsip_table *table)
{
	table->buckets = calloc(FIRST_BUCKETS, sizeof(*table->buckets));
	table->bucket_count = FIRST_BUCKETS;
	table->count = 0;
	return table->buckets ? WSIP_OK : WSIP_ERR_MEMORY;
}

void wsip_table_finish(struct wsip_table *table)
{
	free(table->buckets);
	table->buckets = NULL;
}

static struct wsip_table_node **bucket(const struct wsip_table *table, struct wsip_key key)
{
	return &table->buckets[key.low & (table->bucket_count - 1)];
}

static void push(struct wsip_table *table, struct wsip_table_node *node)
{
	struct wsip_table_node **head = bucket(table, node->key);

	node->next = *head;
	*head = node;
}

static void grow(struct wsip_table *table)
{
	struct wsip_table bigger = { .bucket_count = table->bucket_count * 2 };

	bigger.buckets = calloc(bigger.bucket_count, sizeof(*bigger.buckets));
	if (!bigger.buckets)
		return;
	for (size_t i = 0; i < table->bucket_count; i++) {
		while (table->buckets[i]) {
			struct wsip_table_node *node = table->buckets[i];

			table->buckets[i] = node->next;
			push(&bigger, node);
		}
	}
	free(table->buckets);
	table->buckets = bigger.buckets;
	table->bucket_count = bigger.bucket_count;
}

void wsip_table_insert(struct wsip_table *table, struct wsip_table_node *node, struct wsip_key key)
{
	if (table->count >= table->bucket_count)
		grow(table);
	node->key = key;
	push(table, node);
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
