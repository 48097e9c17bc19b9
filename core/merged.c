/* SPDX-License-Identifier: MIT
 * RFC 3261 8.2.2.2: a request that was forked on its way and comes twice. A proxy relays both; who
 * answers himself answers one.
 */
#include "core/request_state.h"

/* As long as the transaction of the first one. */
struct wsip_merged {
	struct wsip_table_node node;
	struct wsip_core *core;
};

size_t wsip_merged_bytes(void)
{
	return sizeof(struct wsip_merged);
}

void wsip_merged_forget(struct wsip_merged *merged)
{
	if (!merged)
		return;
	wsip_table_remove(&merged->core->merged, &merged->node);
	wsip_pool_free(&merged->core->merged_pool, merged);
}

static void server_ended(void *user, struct wsip_tx *tx)
{
	(void)tx;
	wsip_merged_forget(user);
}

void wsip_merged_keep(struct wsip_merged *merged, struct wsip_tx *server)
{
	static const struct wsip_tx_user_ops ops = { .ended = server_ended };

	server->user_ops = &ops;
	server->user = merged;
}

static struct wsip_key key_of(const struct wsip_request *request, const struct wsip_name_addr *from,
	const struct wsip_cseq *cseq)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, &request->core->options.secret);
	wsip_siphash_add_field(&hash, from->tag);
	wsip_siphash_add_field(&hash, wsip_msg_call_id(request->msg));
	wsip_siphash_add_field(&hash, cseq->method);
	wsip_siphash_add(&hash,
		(struct wsip_span){ (const char *)&cseq->number, sizeof(cseq->number) });
	return wsip_siphash_end(&hash);
}

/* Without memory a second one is answered too. */
static void note(struct wsip_request *request, struct wsip_key key)
{
	struct wsip_core *core = request->core;
	struct wsip_merged *merged = wsip_pool_take(&core->merged_pool);

	if (!merged) {
		core->counters.refused_memory++;
		return;
	}
	merged->core = core;
	wsip_table_insert(&core->merged, &merged->node, key);
	request->merged = merged;
}

bool wsip_request_is_merged(struct wsip_request *request)
{
	struct wsip_name_addr from, to;
	struct wsip_table_node *other;
	struct wsip_cseq cseq;
	struct wsip_key key;

	if (!request->server || wsip_msg_to(request->msg, &to) != WSIP_OK || to.tag.size > 0 ||
		wsip_msg_from(request->msg, &from) != WSIP_OK ||
		wsip_msg_cseq(request->msg, &cseq) != WSIP_OK)
		return false;
	key = key_of(request, &from, &cseq);
	other = wsip_table_find(&request->core->merged, key);
	if (other)
		return !request->merged || other != &request->merged->node;
	note(request, key);
	return false;
}
