/* SPDX-License-Identifier: MIT */
#include "registrar/bindings.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/list.h"
#include "base/table.h"

#define SHARDS 64

/* An address-of-record with its contacts. */
struct aor {
	struct wsip_table_node node;
	size_t count;
	struct wsip_binding items[];
};

struct shard {
	pthread_mutex_t lock;
	struct wsip_table aors;
	uint64_t sweep_at_ms; /* before that nothing has expired */
};

struct wsip_bindings {
	struct wsip_secret secret;
	struct shard shards[SHARDS];
};

struct wsip_bindings *wsip_bindings_create(void)
{
	struct wsip_bindings *bindings = calloc(1, sizeof(*bindings));
	bool complete = true;

	if (!bindings)
		return NULL;
	for (int i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&bindings->shards[i].lock, NULL);
		complete = wsip_table_init(&bindings->shards[i].aors) == WSIP_OK && complete;
	}
	if (complete && getrandom(&bindings->secret, sizeof(bindings->secret), 0) ==
				sizeof(bindings->secret))
		return bindings;
	wsip_bindings_destroy(bindings);
	return NULL;
}

static struct aor *aor_of(struct wsip_table_node *node)
{
	return node ? wsip_container_of(node, struct aor, node) : NULL;
}

static void destroy_shard(struct shard *shard)
{
	for (size_t i = 0; shard->aors.buckets && i < shard->aors.bucket_count; i++) {
		while (shard->aors.buckets[i]) {
			struct aor *aor = aor_of(shard->aors.buckets[i]);

			wsip_table_remove(&shard->aors, &aor->node);
			free(aor);
		}
	}
	wsip_table_finish(&shard->aors);
	pthread_mutex_destroy(&shard->lock);
}

void wsip_bindings_destroy(struct wsip_bindings *bindings)
{
	if (!bindings)
		return;
	for (int i = 0; i < SHARDS; i++)
		destroy_shard(&bindings->shards[i]);
	free(bindings);
}

struct wsip_key wsip_bindings_key(const struct wsip_bindings *bindings, struct wsip_span user,
	struct wsip_span host)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, &bindings->secret);
	wsip_siphash_add_field(&hash, user);
	wsip_siphash_add_nocase(&hash, host);
	return wsip_siphash_end(&hash);
}

static struct shard *shard_of(struct wsip_bindings *bindings, struct wsip_key key)
{
	return &bindings->shards[key.high % SHARDS];
}

static void copy_current(const struct aor *aor, uint64_t now_ms, struct wsip_binding_list *list)
{
	list->count = 0;
	for (size_t i = 0; aor && i < aor->count; i++) {
		if (aor->items[i].expires_at_ms > now_ms)
			list->items[list->count++] = aor->items[i];
	}
}

void wsip_bindings_get(struct wsip_bindings *bindings, struct wsip_key key, uint64_t now_ms,
	struct wsip_binding_list *list)
{
	struct shard *shard = shard_of(bindings, key);

	pthread_mutex_lock(&shard->lock);
	copy_current(aor_of(wsip_table_find(&shard->aors, key)), now_ms, list);
	pthread_mutex_unlock(&shard->lock);
}

/* Best first: RFC 3261 20.10 and 16.6 want the order of q. */
static int by_q(const void *a, const void *b)
{
	const struct wsip_binding *left = a, *right = b;

	return (int)right->q - (int)left->q;
}

static uint64_t last_expiry(const struct aor *aor)
{
	uint64_t last_ms = 0;

	for (size_t i = 0; i < aor->count; i++) {
		if (aor->items[i].expires_at_ms > last_ms)
			last_ms = aor->items[i].expires_at_ms;
	}
	return last_ms;
}

/* Forgets who has expired, when the shard is full; not again before somebody else can have. */
static void sweep(struct shard *shard, uint64_t now_ms)
{
	uint64_t next_ms = UINT64_MAX;

	if (now_ms < shard->sweep_at_ms)
		return;
	for (size_t i = 0; i < shard->aors.bucket_count; i++) {
		struct wsip_table_node *node = shard->aors.buckets[i];

		while (node) {
			struct aor *aor = aor_of(node);
			uint64_t last_ms = last_expiry(aor);

			node = node->next;
			if (last_ms <= now_ms) {
				wsip_table_remove(&shard->aors, &aor->node);
				free(aor);
			} else if (last_ms < next_ms) {
				next_ms = last_ms;
			}
		}
	}
	shard->sweep_at_ms = next_ms;
}

static enum wsip_err store(struct shard *shard, struct wsip_key key, uint64_t now_ms,
	struct aor *old, struct wsip_binding_list *list)
{
	struct aor *aor = NULL;

	if (list->count > 0 && !old && shard->aors.count >= WSIP_AORS_MAX / SHARDS)
		sweep(shard, now_ms);
	if (list->count > 0 && !old && shard->aors.count >= WSIP_AORS_MAX / SHARDS)
		return WSIP_ERR_LIMIT;
	if (list->count > 0) {
		aor = malloc(sizeof(*aor) + list->count * sizeof(aor->items[0]));
		if (!aor)
			return WSIP_ERR_MEMORY;
		qsort(list->items, list->count, sizeof(list->items[0]), by_q);
		aor->count = list->count;
		memcpy(aor->items, list->items, list->count * sizeof(aor->items[0]));
	}
	if (old) {
		wsip_table_remove(&shard->aors, &old->node);
		free(old);
	}
	if (aor && last_expiry(aor) < shard->sweep_at_ms)
		shard->sweep_at_ms = last_expiry(aor);
	if (aor)
		wsip_table_insert(&shard->aors, &aor->node, key);
	return WSIP_OK;
}

enum wsip_err wsip_bindings_change(struct wsip_bindings *bindings, struct wsip_key key,
	uint64_t now_ms, bool (*change)(struct wsip_binding_list *list, void *user), void *user)
{
	struct shard *shard = shard_of(bindings, key);
	struct wsip_binding_list list;
	enum wsip_err err = WSIP_OK;
	struct aor *old;

	pthread_mutex_lock(&shard->lock);
	old = aor_of(wsip_table_find(&shard->aors, key));
	copy_current(old, now_ms, &list);
	if (change(&list, user))
		err = store(shard, key, now_ms, old, &list);
	pthread_mutex_unlock(&shard->lock);
	return err;
}
