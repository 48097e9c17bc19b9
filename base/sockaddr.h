/* SPDX-License-Identifier: MIT
 * Addresses as the system has them, and as we do.
 */
#ifndef WSIP_BASE_SOCKADDR_H
#define WSIP_BASE_SOCKADDR_H

#include <sys/socket.h>

#include <wiresip/addr.h>

/* Returns how many bytes of `out` count. */
socklen_t wsip_sockaddr_of(const struct wsip_addr *addr, struct sockaddr_storage *out);
/* Family WSIP_FAMILY_NONE for anything but IPv4 and IPv6. */
struct wsip_addr wsip_addr_of(const struct sockaddr_storage *in);

#endif
