/* SPDX-License-Identifier: MIT
 * Sockets made and addresses translated: the only place that knows struct sockaddr.
 */
#ifndef WSIP_TRANSPORT_SOCKETS_H
#define WSIP_TRANSPORT_SOCKETS_H

#include <sys/socket.h>

#include <wiresip/addr.h>

socklen_t wsip_sockaddr_of(const struct wsip_addr *addr, struct sockaddr_storage *out);
struct wsip_addr wsip_addr_of(const struct sockaddr_storage *in);

/* A non-blocking socket bound to `addr` (and listening, for TCP), or -1 with errno. Port 0 gives a
 * free one, which is written to `addr`. With `shared`, several workers may bind the same address.
 */
int wsip_socket_listen(enum wsip_transport transport, struct wsip_addr *addr, bool shared);

/* A stream that is being opened to `remote`, or -1 with errno. */
int wsip_socket_connect(const struct wsip_addr *remote);

/* What a connected or accepted stream needs. */
void wsip_socket_tune_stream(int fd);

#endif
