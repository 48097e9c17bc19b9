/* SPDX-License-Identifier: MIT
 * Addresses as the system has them, and as we do.
 */
#ifndef WSIP_BASE_SOCKADDR_H
#define WSIP_BASE_SOCKADDR_H

#include <netinet/in.h>
#include <sys/socket.h>

#include <wiresip/addr.h>

/* What we speak, and no more: a sockaddr_storage is four times as long, and there is one of these
 * for every datagram that comes or goes. */
union wsip_sockaddr {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* Returns how many bytes of `out` count. */
socklen_t wsip_sockaddr_of(const struct wsip_addr *addr, union wsip_sockaddr *out);
/* Family WSIP_FAMILY_NONE for anything but IPv4 and IPv6; reads only as much as the family has. */
struct wsip_addr wsip_addr_of(const struct sockaddr *in);

#endif
