/* SPDX-License-Identifier: MIT */
#include "core/route.h"

#include <string.h>

void wsip_route_init(struct wsip_route *route, struct wsip_buf_pool *pool)
{
	*route = (struct wsip_route){ .pool = pool };
}

void wsip_route_finish(struct wsip_route *route)
{
	wsip_buf_unref(route->buf);
	wsip_route_init(route, route->pool);
}

struct wsip_destination *wsip_route_at(const struct wsip_route *route, unsigned int index)
{
	return (struct wsip_destination *)(void *)route->buf->data + index;
}

static char *end_of(struct wsip_buf *buf)
{
	return buf->data + buf->capacity;
}

/* Room for one more destination with a URI of this size. */
static enum wsip_err make_room(struct wsip_route *route, size_t uri_bytes)
{
	size_t destinations_bytes = route->count * sizeof(struct wsip_destination);
	size_t needed = destinations_bytes + sizeof(struct wsip_destination) + route->uris_bytes +
			uri_bytes;
	struct wsip_buf *buf;

	if (route->buf && needed <= route->buf->capacity)
		return WSIP_OK;
	buf = wsip_buf_get(route->pool, needed);
	if (!buf)
		return WSIP_ERR_MEMORY;
	if (route->count > 0) {
		memcpy(buf->data, route->buf->data, destinations_bytes);
		memcpy(end_of(buf) - route->uris_bytes, end_of(route->buf) - route->uris_bytes,
			route->uris_bytes);
	}
	wsip_buf_unref(route->buf);
	route->buf = buf;
	return WSIP_OK;
}

static enum wsip_err append(struct wsip_route *route, struct wsip_span uri,
	enum wsip_destination_use use, const struct wsip_flow *flow)
{
	enum wsip_err err;

	if (route->count == WSIP_BRANCHES_MAX || uri.size > WSIP_URI_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	err = make_room(route, uri.size);
	if (err)
		return err;
	route->uris_bytes += (uint32_t)uri.size;
	memcpy(end_of(route->buf) - route->uris_bytes, uri.data, uri.size);
	*wsip_route_at(route, route->count++) = (struct wsip_destination){
		.uri = route->uris_bytes,
		.uri_bytes = (uint16_t)uri.size,
		.use = (uint8_t)use,
		.worker = flow ? flow->worker : 0,
		.connection = flow ? flow->connection : 0,
	};
	return WSIP_OK;
}

bool wsip_route_has(const struct wsip_route *route, struct wsip_span uri)
{
	struct wsip_uri wanted, has;

	if (route->count == 0 || wsip_uri_parse(uri, &wanted) != WSIP_OK)
		return false;
	for (unsigned int i = 0; i < route->count; i++) {
		if (wsip_uri_parse(wsip_route_uri(route, wsip_route_at(route, i)), &has) ==
				WSIP_OK &&
			wsip_uri_equal(&wanted, &has))
			return true;
	}
	return false;
}

enum wsip_err wsip_route_add(struct wsip_route *route, struct wsip_span uri,
	enum wsip_destination_use use, const struct wsip_flow *flow)
{
	return wsip_route_has(route, uri) ? WSIP_OK : append(route, uri, use, flow);
}

void wsip_route_join(struct wsip_route *route, unsigned int index)
{
	if (index == 0 || index >= route->count)
		return;
	wsip_route_at(route, index)->together = true;
}

void wsip_route_advance(struct wsip_route *route, unsigned int from)
{
	struct wsip_destination advanced[WSIP_BRANCHES_MAX];
	struct wsip_destination *next = wsip_route_at(route, route->next);
	unsigned int count = route->count - from;

	memcpy(advanced, wsip_route_at(route, from), count * sizeof(*advanced));
	memmove(next + count, next, (from - route->next) * sizeof(*next));
	memcpy(next, advanced, count * sizeof(*advanced));
}

enum wsip_err wsip_route_insert(struct wsip_route *route, struct wsip_span uri,
	enum wsip_destination_use use)
{
	enum wsip_err err = append(route, uri, use, NULL);

	if (!err)
		wsip_route_advance(route, route->count - 1);
	return err;
}

struct wsip_span wsip_route_uri(const struct wsip_route *route,
	const struct wsip_destination *destination)
{
	return (struct wsip_span){ end_of(route->buf) - destination->uri, destination->uri_bytes };
}
