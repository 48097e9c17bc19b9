/* SPDX-License-Identifier: MIT
 * "udp:0.0.0.0:5060" to bound sockets, one for each address it stands for.
 */
#ifndef WSIP_TRANSPORT_LISTEN_H
#define WSIP_TRANSPORT_LISTEN_H

#include <wiresip/proxy.h>

#include "core/flow.h"

#define WSIP_LISTENERS_MAX 64

/* "udp:127.0.0.1:5060" */
#define WSIP_LISTENER_NAME_BYTES (WSIP_ADDR_TEXT_BYTES + 8)

struct wsip_listeners {
	size_t count;
	unsigned int workers;
	struct wsip_listener items[WSIP_LISTENERS_MAX];
	char names[WSIP_LISTENERS_MAX][WSIP_LISTENER_NAME_BYTES];
	int (*fds)[WSIP_LISTENERS_MAX]; /* fds[worker][listener], -1 when given away */
};

/* Opens the NULL-ended list for each of `workers`. The error names the entry. To be finished also
 * when it fails. */
WSIP_MUST_CHECK enum wsip_err wsip_listeners_open(struct wsip_listeners *listeners,
	const char *const *texts, unsigned int workers, struct wsip_proxy_error *error);
/* "udp:HOST:PORT" taken apart; the error names it and says what was expected. */
WSIP_MUST_CHECK enum wsip_err wsip_listen_parse(const char *text, enum wsip_transport *transport,
	struct wsip_addr *addr, struct wsip_proxy_error *error);
/* A listener at this address, and its name. */
void wsip_listen_name(struct wsip_listener *listener, char name[WSIP_LISTENER_NAME_BYTES]);

/* Closes what was not given away. */
void wsip_listeners_finish(struct wsip_listeners *listeners);

#endif
