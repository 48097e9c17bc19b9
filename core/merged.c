/* SPDX-License-Identifier: MIT
 * RFC 3261 8.2.2.2: a request that was forked on its way and comes twice. A proxy relays both; who
 * answers himself answers one.
 */
#include "core/request_state.h"

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

bool wsip_request_is_merged(struct wsip_request *request)
{
	struct wsip_table *table = &request->core->merged;
	struct wsip_name_addr from, to;
	struct wsip_table_node *other;
	struct wsip_cseq cseq;
	struct wsip_key key;

	if (!request->server || wsip_msg_to(request->msg, &to) != WSIP_OK || to.tag.size > 0 ||
		wsip_msg_from(request->msg, &from) != WSIP_OK ||
		wsip_msg_cseq(request->msg, &cseq) != WSIP_OK)
		return false;
	key = key_of(request, &from, &cseq);
	other = wsip_table_find(table, key);
	if (other)
		return other != &request->merged;
	wsip_table_insert(table, &request->merged, key);
	return false;
}
