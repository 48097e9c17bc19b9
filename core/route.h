/* SPDX-License-Identifier: MIT
 * Where a request can go. A route is an ordered list of destinations; route sources (registrar,
 * router) add to it.
 */
#ifndef WSIP_CORE_ROUTE_H
#define WSIP_CORE_ROUTE_H

#include <wiresip/request.h>

#include "base/limits.h"
#include "core/flow.h"
#include "parser/msg.h"

struct wsip_core;

enum wsip_destination_use {
	/* The URI is the next hop; it becomes the Request-URI only where that names this proxy. */
	WSIP_USE_NEXT_HOP,
	/* The URI is where the user is: it becomes the Request-URI (RFC 3261 16.5). */
	WSIP_USE_CONTACT,
};

struct wsip_destination {
	uint32_t uri; /* how far it starts in front of the end of route->buf */
	uint16_t uri_bytes;
	uint8_t use;         /* enum wsip_destination_use */
	bool together;       /* tried at once with the one before */
	uint16_t worker;     /* a stream that leads there: whose it is, */
	uint64_t connection; /* and its handle, or 0 */
};

/* Of nearly all requests it has one destination or none, so it takes no more memory than it needs.
 */
struct wsip_route {
	struct wsip_buf_pool *pool;
	struct wsip_buf
		*buf; /* destinations from its start on, their URIs from its end backwards */
	uint32_t uris_bytes;
	uint16_t count;
	uint16_t next; /* to be tried */
};

void wsip_route_init(struct wsip_route *route, struct wsip_buf_pool *pool);
void wsip_route_finish(struct wsip_route *route);
/* Copies the URI. `flow` (may be NULL) is a stream that leads there. One that is there already is
 * not added again (RFC 3261 16.5). WSIP_ERR_LIMIT beyond WSIP_BRANCHES_MAX destinations. */
WSIP_MUST_CHECK enum wsip_err wsip_route_add(struct wsip_route *route, struct wsip_span uri,
	enum wsip_destination_use use, const struct wsip_flow *flow);
/* Has the route this URI, tried or not (RFC 3261 19.1.4)? */
bool wsip_route_has(const struct wsip_route *route, struct wsip_span uri);
/* What is at `index` is tried at once with the one before it. */
void wsip_route_join(struct wsip_route *route, unsigned int index);
/* As the one that is next, whether it is there already or not. */
WSIP_MUST_CHECK enum wsip_err wsip_route_insert(struct wsip_route *route, struct wsip_span uri,
	enum wsip_destination_use use);
/* Moves those from index `from` to the end before all that were not tried yet. */
void wsip_route_advance(struct wsip_route *route, unsigned int from);
/* Valid until something is added. */
struct wsip_destination *wsip_route_at(const struct wsip_route *route, unsigned int index);
struct wsip_span wsip_route_uri(const struct wsip_route *route,
	const struct wsip_destination *destination);

/* A module that knows where requests go. One instance serves all workers, so it is thread-safe. */
struct wsip_route_source {
	const char *name;
	/* Adds destinations, best first. WSIP_ERR_NOT_FOUND: nothing to say, ask the next source.
	 * `core` tells the time and which addresses are our own. Mandatory. */
	enum wsip_err (*find)(void *self, const struct wsip_core *core,
		const struct wsip_msg *request, struct wsip_route *route);
	void *self;
};

#endif
