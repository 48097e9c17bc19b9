/* SPDX-License-Identifier: MIT */
#include "transport/outgoing.h"

#include "base/limits.h"

static struct wsip_outgoing *outgoing_of(struct wsip_list *link)
{
	return wsip_container_of(link, struct wsip_outgoing, link);
}

void wsip_outgoing_pool_init(struct wsip_pool *pool)
{
	wsip_pool_init(pool, "outgoing", sizeof(struct wsip_outgoing), WSIP_OUTGOING_MAX);
}

enum wsip_err wsip_outgoing_add(struct wsip_pool *pool, struct wsip_endpoint *endpoint,
	struct wsip_buf *buf, uint64_t ticket)
{
	struct wsip_outgoing *outgoing;

	if (endpoint->outgoing_bytes + buf->capacity > WSIP_STREAM_QUEUE_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	outgoing = wsip_pool_alloc(pool);
	if (!outgoing)
		return WSIP_ERR_MEMORY;
	outgoing->buf = wsip_buf_ref(buf);
	outgoing->ticket = ticket;
	wsip_list_append(&endpoint->outgoing, &outgoing->link);
	endpoint->outgoing_bytes += buf->capacity;
	return WSIP_OK;
}

struct wsip_outgoing *wsip_outgoing_first(const struct wsip_endpoint *endpoint)
{
	return wsip_list_empty(&endpoint->outgoing) ? NULL : outgoing_of(endpoint->outgoing.next);
}

void wsip_outgoing_remove(struct wsip_pool *pool, struct wsip_endpoint *endpoint,
	struct wsip_outgoing *outgoing)
{
	endpoint->outgoing_bytes -= outgoing->buf->capacity;
	wsip_list_remove(&outgoing->link);
	wsip_buf_unref(outgoing->buf);
	wsip_pool_free(pool, outgoing);
}

void wsip_outgoing_clear(struct wsip_pool *pool, struct wsip_endpoint *endpoint)
{
	struct wsip_outgoing *first;

	while ((first = wsip_outgoing_first(endpoint)))
		wsip_outgoing_remove(pool, endpoint, first);
}

int wsip_outgoing_iovecs(const struct wsip_endpoint *endpoint, struct iovec *iovecs, int room)
{
	size_t skip = endpoint->sent_of_first;
	int count = 0;

	for (struct wsip_list *link = endpoint->outgoing.next;
		link != &endpoint->outgoing && count < room; link = link->next) {
		const struct wsip_buf *buf = outgoing_of(link)->buf;

		iovecs[count++] = (struct iovec){ (char *)buf->data + skip, buf->used - skip };
		skip = 0;
	}
	return count;
}

void wsip_outgoing_written(struct wsip_pool *pool, struct wsip_endpoint *endpoint, size_t bytes)
{
	struct wsip_outgoing *first;

	bytes += endpoint->sent_of_first;
	while ((first = wsip_outgoing_first(endpoint)) && bytes >= first->buf->used) {
		bytes -= first->buf->used;
		wsip_outgoing_remove(pool, endpoint, first);
	}
	endpoint->sent_of_first = bytes;
}
