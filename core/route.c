/* SPDX-License-Identifier: MIT */
#include "core/route.h"

#include <string.h>

void wsip_route_init(struct wsip_route *route, struct wsip_buf_pool *pool)
{
	route->pool = pool;
	route->count = 0;
	route->next = 0;
	route->text = NULL;
}

void wsip_route_finish(struct wsip_route *route)
{
	wsip_buf_unref(route->text);
	wsip_route_init(route, route->pool);
}

static enum wsip_err make_room(struct wsip_route *route, size_t bytes)
{
	size_t used = route->text ? route->text->used : 0;
	struct wsip_buf *text;

	if (route->text && bytes <= route->text->capacity - used)
		return WSIP_OK;
	text = wsip_buf_get(route->pool, used + bytes);
	if (!text)
		return WSIP_ERR_MEMORY;
	if (used > 0)
		memcpy(text->data, route->text->data, used);
	text->used = (uint32_t)used;
	wsip_buf_unref(route->text);
	route->text = text;
	return WSIP_OK;
}

static enum wsip_err append(struct wsip_route *route, struct wsip_span uri,
	enum wsip_destination_use use, const struct wsip_flow *flow)
{
	struct wsip_destination *destination;
	enum wsip_err err;

	if (route->count == WSIP_BRANCHES_MAX || uri.size > WSIP_URI_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	err = make_room(route, uri.size);
	if (err)
		return err;
	destination = &route->destinations[route->count++];
	destination->uri.offset = route->text->used;
	destination->uri.size = (uint32_t)uri.size;
	destination->use = use;
	destination->together = false;
	destination->worker = flow ? flow->worker : 0;
	destination->connection = flow ? flow->connection : 0;
	memcpy(route->text->data + route->text->used, uri.data, uri.size);
	route->text->used += (uint32_t)uri.size;
	return WSIP_OK;
}

bool wsip_route_has(const struct wsip_route *route, struct wsip_span uri)
{
	struct wsip_uri wanted, has;

	if (route->count == 0 || wsip_uri_parse(uri, &wanted) != WSIP_OK)
		return false;
	for (unsigned int i = 0; i < route->count; i++) {
		if (wsip_uri_parse(wsip_route_uri(route, &route->destinations[i]), &has) ==
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
	route->destinations[index].together = true;
}

void wsip_route_advance(struct wsip_route *route, unsigned int from)
{
	struct wsip_destination advanced[WSIP_BRANCHES_MAX];
	struct wsip_destination *next = &route->destinations[route->next];
	unsigned int count = route->count - from;

	memcpy(advanced, &route->destinations[from], count * sizeof(*advanced));
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
	return (struct wsip_span){ route->text->data + destination->uri.offset,
		destination->uri.size };
}
