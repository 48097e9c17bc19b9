/* SPDX-License-Identifier: MIT
 * The targets that calls go to when nobody else knows where: a fixed list, tried in order.
 */
#ifndef WSIP_ROUTER_TARGETS_H
#define WSIP_ROUTER_TARGETS_H

#include <wiresip/proxy.h>

#include "core/route.h"

struct wsip_targets {
	size_t count;
	char *uris[WSIP_TARGETS_MAX];
};

/* Reads the NULL-ended list; a host name is looked up, once, and may block. The error names the
 * target. To be finished also when it fails. */
WSIP_MUST_CHECK enum wsip_err wsip_targets_init(struct wsip_targets *targets,
	const char *const *uris, struct wsip_proxy_error *error);
void wsip_targets_finish(struct wsip_targets *targets);

/* The targets as a route source: every request goes to all of them, in order. */
struct wsip_route_source wsip_targets_source(struct wsip_targets *targets);

#endif
