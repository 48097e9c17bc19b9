/* SPDX-License-Identifier: MIT */
#include "transport/outgoing.h"

#include <stdlib.h>

#include "base/limits.h"

enum wsip_err wsip_outgoing_add(struct wsip_endpoint *endpoint, struct wsip_buf *buf,
	uint64_t ticket)
{
	struct wsip_outgoing *outgoing;

	if (endpoint->outgoing_bytes + buf->capacity > WSIP_STREAM_QUEUE_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	outgoing = malloc(sizeof(*outgoing));
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
	if (wsip_list_empty(&endpoint->outgoing))
		return NULL;
	return wsip_container_of(endpoint->outgoing.next, struct wsip_outgoing, link);
}

void wsip_outgoing_remove(struct wsip_endpoint *endpoint, struct wsip_outgoing *outgoing)
{
	endpoint->outgoing_bytes -= outgoing->buf->capacity;
	wsip_list_remove(&outgoing->link);
	wsip_buf_unref(outgoing->buf);
	free(outgoing);
}

void wsip_outgoing_clear(struct wsip_endpoint *endpoint)
{
	struct wsip_outgoing *first;

	while ((first = wsip_outgoing_first(endpoint)))
		wsip_outgoing_remove(endpoint, first);
}
