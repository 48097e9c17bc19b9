/* SPDX-License-Identifier: MIT
 * What a proxy does with a request, put together from its options: registrar, handler, route
 * sources, names. Apart from sockets and threads, so that the testkit runs the same.
 */
#ifndef WSIP_PROXY_ASSEMBLY_H
#define WSIP_PROXY_ASSEMBLY_H

#include <wiresip/proxy.h>

#include "core/core.h"
#include "registrar/registrar.h"
#include "router/targets.h"

#define WSIP_SOURCES_MAX 2

struct wsip_assembly {
	struct wsip_proxy_options options;
	struct wsip_alias aliases[WSIP_ALIASES_MAX];
	size_t alias_count;
	struct wsip_targets targets;
	struct wsip_bindings *bindings;
	struct wsip_route_source sources[WSIP_SOURCES_MAX];
	size_t source_count;
};

/* The error names the option. To be finished also when it fails; the strings of the options stay
 * the caller's. */
WSIP_MUST_CHECK enum wsip_err wsip_assembly_init(struct wsip_assembly *assembly,
	const struct wsip_proxy_options *options, struct wsip_proxy_error *error);
void wsip_assembly_finish(struct wsip_assembly *assembly);

/* For a core; listeners, secret, sender, log and clock are left to whoever runs it. */
struct wsip_core_options wsip_assembly_core_options(struct wsip_assembly *assembly);

#endif
