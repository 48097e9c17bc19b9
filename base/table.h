/* SPDX-License-Identifier: MIT
 * A hash table of nodes that live in their owners, found by a 128-bit keyed hash. It doubles when
 * it is full, and moves a few nodes over with each one that comes, so that nobody waits for a
 * million of them; when there is no memory for that it goes on with longer chains.
 */
#ifndef WSIP_BASE_TABLE_H
#define WSIP_BASE_TABLE_H

#include <stddef.h>

#include <wiresip/err.h>

#include "base/siphash.h"

struct wsip_table_node {
	struct wsip_table_node *next;
	struct wsip_key key;
};

struct wsip_table {
	struct wsip_table_node **buckets;
	size_t bucket_count; /* a power of two */
	size_t count;
	/* While it grows: the buckets before, half as many, of which the first `moved` are empty.
	 */
	struct wsip_table_node **before;
	size_t moved;
};

WSIP_MUST_CHECK enum wsip_err wsip_table_init(struct wsip_table *table);
/* The nodes stay their owners'. */
void wsip_table_finish(struct wsip_table *table);

void wsip_table_insert(struct wsip_table *table, struct wsip_table_node *node, struct wsip_key key);
/* The node inserted last under this key, or NULL. */
struct wsip_table_node *wsip_table_find(const struct wsip_table *table, struct wsip_key key);
/* Harmless when the node is not in the table. */
void wsip_table_remove(struct wsip_table *table, struct wsip_table_node *node);

#endif
