/* SPDX-License-Identifier: MIT
 * Linked lists: order, removal from anywhere and twice, splicing.
 */
#include <criterion/criterion.h>

#include "base/list.h"

struct item {
	int number;
	struct wsip_list link;
};

static struct wsip_list list, other;
static struct item items[6];

static void start(void)
{
	wsip_list_init(&list);
	wsip_list_init(&other);
	for (int i = 0; i < 6; i++) {
		items[i].number = i;
		wsip_list_init(&items[i].link);
	}
}

TestSuite(base_list, .init = start);

/* The numbers in the list, as decimal digits behind a 1; the same backwards. */
static int digits(const struct wsip_list *head)
{
	int forwards = 1, backwards = 0, weight = 1;

	for (const struct wsip_list *node = head->next; node != head; node = node->next)
		forwards = forwards * 10 + wsip_container_of(node, const struct item, link)->number;
	for (const struct wsip_list *node = head->prev; node != head; node = node->prev) {
		backwards += weight * wsip_container_of(node, const struct item, link)->number;
		weight *= 10;
	}
	cr_expect(forwards == backwards + weight, "%d %d", forwards, backwards);
	return forwards;
}

Test(base_list, append_keeps_the_order)
{
	cr_expect(wsip_list_empty(&list));
	for (int i = 0; i < 4; i++)
		wsip_list_append(&list, &items[i].link);
	cr_expect(!wsip_list_empty(&list));
	cr_expect(digits(&list) == 10123);
}

Test(base_list, an_element_can_go_from_anywhere_and_twice)
{
	for (int i = 0; i < 4; i++)
		wsip_list_append(&list, &items[i].link);
	wsip_list_remove(&items[2].link);
	cr_expect(digits(&list) == 1013);
	wsip_list_remove(&items[2].link);
	cr_expect(wsip_list_empty(&items[2].link));
	cr_expect(digits(&list) == 1013);
	wsip_list_remove(&items[0].link);
	wsip_list_remove(&items[3].link);
	cr_expect(digits(&list) == 11);
	wsip_list_remove(&items[1].link);
	cr_expect(wsip_list_empty(&list));
}

Test(base_list, splice_moves_all_to_the_end)
{
	for (int i = 0; i < 3; i++)
		wsip_list_append(&list, &items[i].link);
	for (int i = 3; i < 6; i++)
		wsip_list_append(&other, &items[i].link);
	wsip_list_splice(&list, &other);
	cr_expect(digits(&list) == 1012345);
	cr_expect(wsip_list_empty(&other));
	wsip_list_splice(&list, &other);
	cr_expect(digits(&list) == 1012345);
	wsip_list_splice(&other, &list);
	cr_expect(digits(&other) == 1012345 && wsip_list_empty(&list));
}
