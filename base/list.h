/* SPDX-License-Identifier: MIT
 * A doubly linked list whose links live in its elements. An unlinked node points to itself, so
 * removing twice is harmless.
 */
#ifndef WSIP_BASE_LIST_H
#define WSIP_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct wsip_list {
	struct wsip_list *next;
	struct wsip_list *prev;
};

/* The struct that holds `node` as its member. */
#define wsip_container_of(node, type, member) \
	((type *)(void *)((char *)(node)-offsetof(type, member)))

static inline void wsip_list_init(struct wsip_list *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool wsip_list_empty(const struct wsip_list *list)
{
	return list->next == list;
}

static inline void wsip_list_append(struct wsip_list *list, struct wsip_list *node)
{
	node->prev = list->prev;
	node->next = list;
	list->prev->next = node;
	list->prev = node;
}

static inline void wsip_list_remove(struct wsip_list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	wsip_list_init(node);
}

/* Moves all of `from` to the end of `to`. */
static inline void wsip_list_splice(struct wsip_list *to, struct wsip_list *from)
{
	if (wsip_list_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	wsip_list_init(from);
}

#endif
