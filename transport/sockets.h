/* SPDX-License-Identifier: MIT
 * Sockets, made as a proxy needs them.
 */
#ifndef WSIP_TRANSPORT_SOCKETS_H
#define WSIP_TRANSPORT_SOCKETS_H

#include <wiresip/addr.h>

#include "base/sockaddr.h"

/* A non-blocking socket bound to `addr` (and listening, for TCP), or -1 with errno. Port 0 gives a
 * free one, which is written to `addr`. With `shared`, several workers may bind the same address.
 */
int wsip_socket_listen(enum wsip_transport transport, struct wsip_addr *addr, bool shared);

/* A stream that is being opened to `remote`, or -1 with errno. */
int wsip_socket_connect(const struct wsip_addr *remote);

/* The error that waits in it, as of an attempt to connect; 0 when all is well. */
int wsip_socket_error(int fd);
/* What waits to be read, in thousandths of what may wait; 0 when the system does not say. */
unsigned int wsip_socket_backlog(int fd);

/* The MTU of the interface that has this address, or 0. */
uint32_t wsip_socket_mtu(const struct wsip_addr *addr);

/* What a connected or accepted stream needs. */
void wsip_socket_tune_stream(int fd);

#endif
