/* SPDX-License-Identifier: MIT */
#include "base/sockaddr.h"

#include <string.h>

socklen_t wsip_sockaddr_of(const struct wsip_addr *addr, union wsip_sockaddr *out)
{
	if (addr->family == WSIP_IPV6) {
		out->in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
			.sin6_port = htons(addr->port) };
		memcpy(&out->in6.sin6_addr, addr->ip, 16);
		return sizeof(out->in6);
	}
	out->in = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(addr->port) };
	memcpy(&out->in.sin_addr, addr->ip, 4);
	return sizeof(out->in);
}

struct wsip_addr wsip_addr_of(const struct sockaddr *in)
{
	struct wsip_addr addr = { 0 };

	if (in->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)in;

		addr.family = WSIP_IPV6;
		addr.port = ntohs(in6->sin6_port);
		memcpy(addr.ip, &in6->sin6_addr, 16);
	} else if (in->sa_family == AF_INET) {
		const struct sockaddr_in *in4 = (const void *)in;

		addr.family = WSIP_IPV4;
		addr.port = ntohs(in4->sin_port);
		memcpy(addr.ip, &in4->sin_addr, 4);
	}
	return addr;
}
