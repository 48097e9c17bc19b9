/* SPDX-License-Identifier: MIT
 * "udp:0.0.0.0:5060" to bound sockets, one for each address it stands for.
 */
#ifndef WSIP_TRANSPORT_LISTEN_H
#define WSIP_TRANSPORT_LISTEN_H

#include <wiresip/proxy.h>

#include "core/flow.h"

#define WSIP_LISTENERS_MAX 64

struct wsip_listeners {
	size_t count;
	unsigned int workers;
	struct wsip_listener items[WSIP_LISTENERS_MAX];
	char names[WSIP_LISTENERS_MAX][WSIP_ADDR_TEXT_BYTES + 8]; /* "udp:127.0.0.1:5060" */
	int (*fds)[WSIP_LISTENERS_MAX]; /* fds[worker][listener], -1 when given away */
};

/* Opens the NULL-ended list for each of `workers`. The error names the entry. To be finished also
 * when it fails. */
WSIP_MUST_CHECK enum wsip_err wsip_listeners_open(struct wsip_listeners *listeners,
	const char *const *texts, unsigned int workers, struct wsip_proxy_error *error);
/* Closes what was not given away. */
void wsip_listeners_finish(struct wsip_listeners *listeners);

#endif
