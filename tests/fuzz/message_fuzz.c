/* SPDX-License-Identifier: MIT
 * Any bytes as a datagram: slicing, checking, typed values, editing, serialising.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_values(const struct wsip_msg *msg)
{
	for (size_t i = 0; i < wsip_msg_header_count(msg); i++) {
		struct wsip_values values = wsip_msg_values(msg, wsip_msg_header_at(msg, i).id);
		struct wsip_name_addr name_addr;
		struct wsip_span value;
		struct wsip_via via;
		struct wsip_uri uri;

		while (wsip_values_next(&values, &value) == WSIP_OK) {
			(void)!wsip_via_parse(value, &via);
			if (wsip_name_addr_parse(value, &name_addr) == WSIP_OK)
				(void)!wsip_uri_parse(name_addr.uri, &uri);
		}
	}
}

static void edit(struct wsip_msg *msg, struct wsip_buf_pool *pool)
{
	struct wsip_buf *first, *second;
	struct wsip_msg again;

	(void)!wsip_msg_prepend(msg, "Via", wsip_span_of("SIP/2.0/UDP a;branch=z9hG4bKx"));
	(void)!wsip_msg_set(msg, "Max-Forwards", wsip_span_of("69"));
	(void)!wsip_msg_remove_first_value(msg, WSIP_ROUTE);
	first = wsip_msg_serialize(msg, pool);
	if (!first)
		return;
	/* What was serialised and is read again is written the same way. */
	if (wsip_msg_parse(&again, first) == WSIP_OK && again.problem.status == 0) {
		second = wsip_msg_serialize(&again, pool);
		if (!second || second->used != first->used ||
			memcmp(second->data, first->data, first->used) != 0)
			abort();
		wsip_buf_unref(second);
	}
	wsip_msg_finish(&again);
	wsip_buf_unref(first);
}

/* A buffer that ends where the message ends, so that reading on is seen. */
static struct wsip_buf *exact_buf(struct wsip_buf_pool *pool, const uint8_t *data, size_t size)
{
	struct wsip_buf *buf = calloc(1, sizeof(*buf) + size);

	buf->pool = pool;
	buf->references = 1;
	buf->capacity = buf->used = (uint32_t)size;
	memcpy(buf->data, data, size);
	pool->in_use++;
	return buf;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wsip_buf_pool pool;
	struct wsip_msg msg;
	struct wsip_buf *buf;

	wsip_buf_pool_init(&pool);
	buf = size <= WSIP_MESSAGE_MAX_BYTES ? exact_buf(&pool, data, size) : NULL;
	if (!buf)
		return 0;
	if (wsip_msg_parse(&msg, buf) == WSIP_OK) {
		read_values(&msg);
		if (wsip_msg_check(&msg).status == 0)
			edit(&msg, &pool);
	}
	wsip_msg_finish(&msg);
	wsip_buf_unref(buf);
	wsip_buf_pool_finish(&pool);
	return 0;
}
