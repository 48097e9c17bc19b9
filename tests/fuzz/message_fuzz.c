/* SPDX-License-Identifier: MIT
 * Any bytes as a datagram: slicing, checking, typed values, editing, serialising.
 */
#include "parser/msg.h"
#include "tests/fuzz/fuzz.h"

/* All values of headers with this id. */
static void read_list(const struct wsip_msg *msg, enum wsip_header_id id)
{
	struct wsip_values values = wsip_msg_values(msg, id);
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

static void read_values(const struct wsip_msg *msg)
{
	for (size_t i = 0; i < wsip_msg_header_count(msg); i++) {
		struct wsip_header header = wsip_msg_header_at(msg, i);
		struct wsip_span first = { 0 };
		uint32_t number;

		must(wsip_msg_header(msg, header.id, &first));
		if (first.data != header.value.data)
			continue;
		read_list(msg, header.id);
		(void)!wsip_msg_number(msg, header.id, &number);
		(void)wsip_msg_has_token(msg, header.id, "100rel");
	}
	(void)wsip_msg_header_named(msg, "X-Own", &(struct wsip_span){ 0 });
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
		must(second && second->used == first->used &&
			memcmp(second->data, first->data, first->used) == 0);
		wsip_buf_unref(second);
	}
	wsip_msg_finish(&again);
	wsip_buf_unref(first);
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
	exact_buf_free(buf);
	wsip_buf_pool_finish(&pool);
	return 0;
}
