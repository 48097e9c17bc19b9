/* SPDX-License-Identifier: MIT
 * The bindings: what is kept, for how long, in which order, and how many. The sources are included,
 * so that their allocations can fail and a shard can be looked at.
 */
#include <criterion/criterion.h>

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

#define malloc(size)        malloc_or_fail(size)
#define calloc(count, size) calloc_or_fail(count, size)

#include "base/table.c"
#include "registrar/bindings.c"

#undef malloc
#undef calloc

#define SHARD_MAX (WSIP_AORS_MAX / SHARDS)

/* What a change is to do, and what it found. */
struct change {
	struct wsip_binding_list wanted;
	bool keep;
	unsigned int calls;
	struct wsip_binding_list found;
};

static bool replace(struct wsip_binding_list *list, void *user)
{
	struct change *change = user;

	change->calls++;
	change->found = *list;
	*list = change->wanted;
	return change->keep;
}

static void want(struct change *change, const char *uri, uint16_t q, uint64_t expires_at_ms)
{
	struct wsip_binding *binding = &change->wanted.items[change->wanted.count++];

	memset(binding, 0, sizeof(*binding));
	binding->uri_bytes = (uint16_t)strlen(uri);
	memcpy(binding->uri, uri, strlen(uri));
	binding->q = q;
	binding->expires_at_ms = expires_at_ms;
}

/* One contact, best of all; "" for none. */
static enum wsip_err put(struct wsip_bindings *bindings, struct wsip_key key, uint64_t now_ms,
	const char *uri, uint64_t expires_at_ms)
{
	struct change change = { .keep = true };

	if (uri[0])
		want(&change, uri, 1000, expires_at_ms);
	return wsip_bindings_change(bindings, key, now_ms, replace, &change);
}

static void expect_uris(const struct wsip_binding_list *list, const char *expected)
{
	char text[WSIP_BINDINGS_PER_AOR_MAX * 32] = "";

	for (size_t i = 0; i < list->count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%.*s",
			i > 0 ? " " : "", list->items[i].uri_bytes, list->items[i].uri);
	cr_expect_str_eq(text, expected);
}

static void expect_kept(struct wsip_bindings *bindings, struct wsip_key key, uint64_t now_ms,
	const char *expected)
{
	struct wsip_binding_list list;

	wsip_bindings_get(bindings, key, now_ms, &list);
	expect_uris(&list, expected);
}

static struct wsip_key key_of(const struct wsip_bindings *bindings, const char *user,
	const char *host)
{
	return wsip_bindings_key(bindings, wsip_span_of(user), wsip_span_of(host));
}

/* Of the first shard. */
static struct wsip_key shard_key(uint64_t number)
{
	return (struct wsip_key){ 0, number };
}

/* ---- Keys ---- */

Test(rfc3261_19_1_4, the_host_of_a_key_has_no_case_and_the_user_has)
{
	struct wsip_bindings *bindings = wsip_bindings_create();
	struct wsip_key bob = key_of(bindings, "bob", "example.org");

	cr_expect(wsip_key_equal(bob, key_of(bindings, "bob", "EXAMPLE.org")));
	cr_expect(!wsip_key_equal(bob, key_of(bindings, "Bob", "example.org")));
	cr_expect(!wsip_key_equal(bob, key_of(bindings, "bob", "")));
	cr_expect(!wsip_key_equal(bob, key_of(bindings, "bobe", "xample.org")));
	wsip_bindings_destroy(bindings);
}

Test(bindings, keys_of_two_instances_differ)
{
	struct wsip_bindings *one = wsip_bindings_create(), *other = wsip_bindings_create();

	cr_expect(!wsip_key_equal(key_of(one, "bob", ""), key_of(other, "bob", "")));
	wsip_bindings_destroy(one);
	wsip_bindings_destroy(other);
}

/* ---- Keeping ---- */

Test(bindings, nobody_is_there_at_first)
{
	struct wsip_bindings *bindings = wsip_bindings_create();

	expect_kept(bindings, key_of(bindings, "bob", ""), 0, "");
	wsip_bindings_destroy(bindings);
}

Test(bindings, what_a_change_leaves_is_what_get_and_the_next_change_find)
{
	struct wsip_bindings *bindings = wsip_bindings_create();
	struct wsip_key bob = key_of(bindings, "bob", "");
	struct change change = { .keep = true };

	cr_assert(put(bindings, bob, 0, "sip:a", 1000) == WSIP_OK);
	expect_kept(bindings, bob, 0, "sip:a");
	expect_kept(bindings, key_of(bindings, "carol", ""), 0, "");
	want(&change, "sip:b", 1000, 1000);
	cr_assert(wsip_bindings_change(bindings, bob, 0, replace, &change) == WSIP_OK);
	cr_expect(change.calls == 1);
	expect_uris(&change.found, "sip:a");
	expect_kept(bindings, bob, 0, "sip:b");
	wsip_bindings_destroy(bindings);
}

Test(bindings, every_member_of_a_binding_comes_back)
{
	struct wsip_bindings *bindings = wsip_bindings_create();
	struct wsip_key bob = key_of(bindings, "bob", "");
	struct change change = { .keep = true };
	struct wsip_binding *binding = &change.wanted.items[0];
	struct wsip_binding_list list;

	want(&change, "sip:a", 700, 1000);
	binding->call_id = (struct wsip_key){ 1, 2 };
	binding->cseq = 7;
	binding->flow.connection = 99;
	cr_assert(wsip_bindings_change(bindings, bob, 0, replace, &change) == WSIP_OK);
	wsip_bindings_get(bindings, bob, 0, &list);
	cr_assert(list.count == 1);
	cr_expect(memcmp(&list.items[0], binding, sizeof(*binding)) == 0);
	wsip_bindings_destroy(bindings);
}

Test(bindings, as_many_as_the_list_holds)
{
	struct wsip_bindings *bindings = wsip_bindings_create();
	struct wsip_key bob = key_of(bindings, "bob", "");
	struct change change = { .keep = true };
	struct wsip_binding_list list;

	while (change.wanted.count < WSIP_BINDINGS_PER_AOR_MAX)
		want(&change, "sip:a", 1000, 1000);
	cr_assert(wsip_bindings_change(bindings, bob, 0, replace, &change) == WSIP_OK);
	wsip_bindings_get(bindings, bob, 0, &list);
	cr_expect(list.count == WSIP_BINDINGS_PER_AOR_MAX);
	wsip_bindings_destroy(bindings);
}

Test(bindings, an_empty_list_forgets_the_address)
{
	struct wsip_bindings *bindings = wsip_bindings_create();

	cr_assert(put(bindings, shard_key(1), 0, "sip:a", 1000) == WSIP_OK);
	cr_assert(put(bindings, shard_key(1), 0, "", 0) == WSIP_OK);
	expect_kept(bindings, shard_key(1), 0, "");
	cr_expect(bindings->shards[0].aors.count == 0);
	cr_assert(put(bindings, shard_key(1), 0, "", 0) == WSIP_OK, "again, with nothing there");
	wsip_bindings_destroy(bindings);
}

/* RFC 3261 10.3 step 7: all or nothing. */
Test(rfc3261_10_3_7, a_change_that_says_no_changes_nothing)
{
	struct wsip_bindings *bindings = wsip_bindings_create();
	struct wsip_key bob = key_of(bindings, "bob", "");
	struct change change = { .keep = false };

	cr_assert(put(bindings, bob, 0, "sip:a", 1000) == WSIP_OK);
	cr_assert(wsip_bindings_change(bindings, bob, 0, replace, &change) == WSIP_OK);
	expect_kept(bindings, bob, 0, "sip:a");
	want(&change, "sip:b", 1000, 1000);
	cr_assert(wsip_bindings_change(bindings, bob, 0, replace, &change) == WSIP_OK);
	expect_kept(bindings, bob, 0, "sip:a");
	wsip_bindings_destroy(bindings);
}

/* ---- Time ---- */

Test(bindings, one_ends_at_its_time_for_whoever_asks_then)
{
	struct wsip_bindings *bindings = wsip_bindings_create();
	struct wsip_key bob = key_of(bindings, "bob", "");
	struct change change = { .keep = true };

	want(&change, "sip:short", 1000, 1000);
	want(&change, "sip:long", 500, 2000);
	cr_assert(wsip_bindings_change(bindings, bob, 0, replace, &change) == WSIP_OK);
	expect_kept(bindings, bob, 999, "sip:short sip:long");
	expect_kept(bindings, bob, 1000, "sip:long");
	expect_kept(bindings, bob, 1999, "sip:long");
	expect_kept(bindings, bob, 2000, "");
	wsip_bindings_destroy(bindings);
}

Test(bindings, a_change_does_not_see_who_has_expired)
{
	struct wsip_bindings *bindings = wsip_bindings_create();
	struct wsip_key bob = key_of(bindings, "bob", "");
	struct change change = { .keep = true };

	want(&change, "sip:short", 1000, 1000);
	want(&change, "sip:long", 500, 2000);
	cr_assert(wsip_bindings_change(bindings, bob, 0, replace, &change) == WSIP_OK);
	change.keep = false;
	cr_assert(wsip_bindings_change(bindings, bob, 1000, replace, &change) == WSIP_OK);
	expect_uris(&change.found, "sip:long");
	cr_assert(wsip_bindings_change(bindings, bob, 2000, replace, &change) == WSIP_OK);
	expect_uris(&change.found, "");
	wsip_bindings_destroy(bindings);
}

/* ---- Order ---- */

Test(rfc3261_16_6, the_best_q_comes_first)
{
	struct wsip_bindings *bindings = wsip_bindings_create();
	struct wsip_key bob = key_of(bindings, "bob", "");
	struct change change = { .keep = true };

	want(&change, "sip:c", 300, 1000);
	want(&change, "sip:a", 1000, 1000);
	want(&change, "sip:e", 0, 1000);
	want(&change, "sip:b", 999, 1000);
	want(&change, "sip:d", 1, 1000);
	cr_assert(wsip_bindings_change(bindings, bob, 0, replace, &change) == WSIP_OK);
	expect_kept(bindings, bob, 0, "sip:a sip:b sip:c sip:d sip:e");
	wsip_bindings_destroy(bindings);
}

/* ---- Full ---- */

/* Fills the first shard; number i expires at first_ms + i * step_ms. */
static struct wsip_bindings *full(uint64_t first_ms, uint64_t step_ms)
{
	struct wsip_bindings *bindings = wsip_bindings_create();

	for (uint64_t i = 0; i < SHARD_MAX; i++)
		cr_assert(put(bindings, shard_key(i), 0, "sip:a", first_ms + i * step_ms) ==
			  WSIP_OK);
	return bindings;
}

static enum wsip_err put_new(struct wsip_bindings *bindings, uint64_t now_ms)
{
	return put(bindings, shard_key(SHARD_MAX), now_ms, "sip:new", now_ms + 60000);
}

Test(bindings_full, a_new_address_is_refused_and_the_others_stay)
{
	struct wsip_bindings *bindings = full(1000, 0);

	cr_expect(put_new(bindings, 999) == WSIP_ERR_LIMIT);
	expect_kept(bindings, shard_key(SHARD_MAX), 999, "");
	expect_kept(bindings, shard_key(0), 999, "sip:a");
	expect_kept(bindings, shard_key(SHARD_MAX - 1), 999, "sip:a");
	cr_expect(bindings->shards[0].aors.count == SHARD_MAX);
	cr_expect(put(bindings, (struct wsip_key){ 1, 0 }, 0, "sip:a", 1000) == WSIP_OK,
		"another shard has room");
	wsip_bindings_destroy(bindings);
}

Test(bindings_full, who_is_there_can_change_and_leave_and_makes_room)
{
	struct wsip_bindings *bindings = full(1000, 0);

	cr_expect(put(bindings, shard_key(5), 0, "sip:b", 2000) == WSIP_OK);
	expect_kept(bindings, shard_key(5), 0, "sip:b");
	cr_expect(put(bindings, shard_key(6), 0, "", 0) == WSIP_OK);
	cr_expect(put_new(bindings, 0) == WSIP_OK);
	cr_expect(put(bindings, shard_key(6), 0, "sip:a", 2000) == WSIP_ERR_LIMIT);
	wsip_bindings_destroy(bindings);
}

Test(bindings_full, who_has_expired_is_swept_away)
{
	struct wsip_bindings *bindings = full(1000, 0);

	cr_expect(put_new(bindings, 1000) == WSIP_OK);
	cr_expect(bindings->shards[0].aors.count == 1, "%zu", bindings->shards[0].aors.count);
	expect_kept(bindings, shard_key(SHARD_MAX), 1000, "sip:new");
	wsip_bindings_destroy(bindings);
}

Test(bindings_full, only_who_has_expired_is_swept_away)
{
	struct wsip_bindings *bindings = full(1000, 1);

	cr_expect(put_new(bindings, 1099) == WSIP_OK);
	cr_expect(bindings->shards[0].aors.count == SHARD_MAX - 99);
	expect_kept(bindings, shard_key(99), 1000, "");
	expect_kept(bindings, shard_key(100), 1099, "sip:a");
	expect_kept(bindings, shard_key(SHARD_MAX - 1), 1099, "sip:a");
	wsip_bindings_destroy(bindings);
}

/* An address stays as long as its last contact. */
Test(bindings_full, one_contact_that_lives_keeps_its_address)
{
	struct wsip_bindings *bindings = full(1000, 0);
	struct change change = { .keep = true };

	want(&change, "sip:short", 1000, 500);
	want(&change, "sip:long", 500, 9000);
	cr_assert(wsip_bindings_change(bindings, shard_key(7), 0, replace, &change) == WSIP_OK);
	cr_expect(put_new(bindings, 2000) == WSIP_OK);
	expect_kept(bindings, shard_key(7), 2000, "sip:long");
	cr_expect(bindings->shards[0].aors.count == 2);
	wsip_bindings_destroy(bindings);
}

Test(bindings_full, a_sweep_in_vain_does_not_hide_who_expires_later)
{
	struct wsip_bindings *bindings = full(1000, 1);

	cr_expect(put_new(bindings, 500) == WSIP_ERR_LIMIT);
	cr_expect(put_new(bindings, 999) == WSIP_ERR_LIMIT);
	cr_expect(put_new(bindings, 1000) == WSIP_OK);
	wsip_bindings_destroy(bindings);
}

Test(bindings_full, a_sweep_in_vain_does_not_hide_who_shortens_his_time)
{
	struct wsip_bindings *bindings = full(100000, 0);

	cr_expect(put_new(bindings, 500) == WSIP_ERR_LIMIT);
	cr_expect(put(bindings, shard_key(5), 500, "sip:a", 1000) == WSIP_OK);
	cr_expect(put_new(bindings, 999) == WSIP_ERR_LIMIT);
	cr_expect(put_new(bindings, 1000) == WSIP_OK);
	expect_kept(bindings, shard_key(5), 999, "");
	wsip_bindings_destroy(bindings);
}

/* ---- Out of memory ---- */

Test(bindings_memory, creation_that_fails_gives_null_and_loses_nothing)
{
	struct wsip_bindings *bindings = NULL;
	int n = 0;

	while (!bindings) {
		cr_assert(n < 1000);
		allocations_left = n++;
		bindings = wsip_bindings_create();
	}
	allocations_left = -1;
	cr_expect(n == SHARDS + 2, "%d allocations", n - 1);
	wsip_bindings_destroy(bindings);
}

Test(bindings_memory, a_change_that_fails_leaves_everything_as_it_was)
{
	struct wsip_bindings *bindings = wsip_bindings_create();
	struct wsip_key bob = key_of(bindings, "bob", ""), carol = key_of(bindings, "carol", "");

	cr_assert(put(bindings, bob, 0, "sip:a", 1000) == WSIP_OK);
	allocations_left = 0;
	cr_expect(put(bindings, bob, 0, "sip:b", 2000) == WSIP_ERR_MEMORY);
	allocations_left = 0;
	cr_expect(put(bindings, carol, 0, "sip:c", 2000) == WSIP_ERR_MEMORY);
	allocations_left = 0;
	expect_kept(bindings, bob, 0, "sip:a");
	expect_kept(bindings, carol, 0, "");
	cr_expect(put(bindings, bob, 0, "", 0) == WSIP_OK, "leaving needs no memory");
	allocations_left = -1;
	wsip_bindings_destroy(bindings);
}
