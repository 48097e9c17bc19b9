/* SPDX-License-Identifier: MIT
 * An address of a peer as the system calls take it, in a fifth of the room of sockaddr_storage.
 */
#ifndef WSIP_BENCH_PEER_H
#define WSIP_BENCH_PEER_H

#include <netinet/in.h>
#include <sys/socket.h>

#include <wiresip/addr.h>

union wsip_peer {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

union wsip_peer wsip_peer_of(const struct wsip_addr *addr);
struct wsip_addr wsip_peer_addr(const union wsip_peer *peer);
socklen_t wsip_peer_size(const union wsip_peer *peer);
bool wsip_peer_equal(const union wsip_peer *a, const union wsip_peer *b);

/* The address a socket is bound to. */
union wsip_peer wsip_peer_of_socket(int fd);

/* "HOST:PORT", "[V6]:PORT"; HOST may be a name, which is looked up. WSIP_ERR_SYNTAX when it has not
 * this shape, WSIP_ERR_NOT_FOUND when nobody knows the name. */
WSIP_MUST_CHECK enum wsip_err wsip_peer_parse(const char *text, union wsip_peer *peer);

/* The address of this machine from which `peer` is reached, with port 0. */
WSIP_MUST_CHECK enum wsip_err wsip_peer_local(const union wsip_peer *peer, union wsip_peer *local);

#endif
