/* SPDX-License-Identifier: MIT
 * An IP address with a port, as a small value: comparable, hashable, without any socket type.
 */
#ifndef WIRESIP_ADDR_H
#define WIRESIP_ADDR_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

enum wsip_family {
	WSIP_FAMILY_NONE = 0,
	WSIP_IPV4 = 4,
	WSIP_IPV6 = 6,
};

struct wsip_addr {
	uint8_t ip[16]; /* network order; an IPv4 address uses the first four */
	uint16_t port;  /* host order; 0 where it was not given */
	uint8_t family; /* enum wsip_family */
};

enum wsip_transport {
	WSIP_UDP,
	WSIP_TCP,
};
#define WSIP_TRANSPORTS 2

/* Room for "[ffff:...:255.255.255.255]:65535" and the final zero. */
#define WSIP_ADDR_TEXT_BYTES 64

/* Reads an IPv4 address, or an IPv6 address with or without brackets; no port, no name. An IPv4
 * address mapped into IPv6 becomes the IPv4 address that it is. */
WSIP_MUST_CHECK enum wsip_err wsip_addr_parse_ip(struct wsip_span text, struct wsip_addr *addr);

/* "192.0.2.1" or "[2001:db8::1]", as it stands in a URI or a Via. Returns its length. */
size_t wsip_addr_ip_text(const struct wsip_addr *addr, char text[WSIP_ADDR_TEXT_BYTES]);

/* The same with ":port" when the port is not 0. Returns its length. */
size_t wsip_addr_text(const struct wsip_addr *addr, char text[WSIP_ADDR_TEXT_BYTES]);

bool wsip_addr_equal_ip(const struct wsip_addr *a, const struct wsip_addr *b);
bool wsip_addr_equal(const struct wsip_addr *a, const struct wsip_addr *b);
bool wsip_addr_is_loopback(const struct wsip_addr *addr);
/* 169.254.0.0/16 or fe80::/10. */
bool wsip_addr_is_link_local(const struct wsip_addr *addr);
/* 0.0.0.0 or ::. */
bool wsip_addr_is_any(const struct wsip_addr *addr);
/* Multicast, limited broadcast, or 0.0.0.0: nothing that a request may be sent to. */
bool wsip_addr_is_unsendable(const struct wsip_addr *addr);

/* "UDP", "TCP": as in a Via. */
const char *wsip_transport_name(enum wsip_transport transport);
/* Any case. WSIP_ERR_NOT_FOUND for a transport that is not spoken here. */
WSIP_MUST_CHECK enum wsip_err wsip_transport_parse(struct wsip_span text,
	enum wsip_transport *transport);

#pragma GCC visibility pop
#endif
