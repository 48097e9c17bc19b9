/* SPDX-License-Identifier: MIT */
#include "bench/load/peer.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sockaddr.h"

union wsip_peer wsip_peer_of(const struct wsip_addr *addr)
{
	union wsip_sockaddr sockaddr;
	union wsip_peer peer;

	wsip_sockaddr_of(addr, &sockaddr);
	memcpy(&peer, &sockaddr, sizeof(peer));
	return peer;
}

struct wsip_addr wsip_peer_addr(const union wsip_peer *peer)
{
	return wsip_addr_of(&peer->any);
}

socklen_t wsip_peer_size(const union wsip_peer *peer)
{
	return peer->any.sa_family == AF_INET6 ? sizeof(peer->v6) : sizeof(peer->v4);
}

bool wsip_peer_equal(const union wsip_peer *a, const union wsip_peer *b)
{
	if (a->any.sa_family != b->any.sa_family)
		return false;
	if (a->any.sa_family == AF_INET6)
		return a->v6.sin6_port == b->v6.sin6_port &&
		       memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, 16) == 0;
	return a->v4.sin_port == b->v4.sin_port && a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
}

union wsip_peer wsip_peer_of_socket(int fd)
{
	union wsip_peer peer = { 0 };
	socklen_t size = sizeof(peer);

	getsockname(fd, &peer.any, &size);
	return peer;
}

static enum wsip_err look_up(const char *host, const char *port, union wsip_peer *peer)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found;

	if (getaddrinfo(host, port, &hints, &found) != 0)
		return WSIP_ERR_NOT_FOUND;
	memset(peer, 0, sizeof(*peer));
	if (found->ai_addrlen <= sizeof(*peer))
		memcpy(peer, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return WSIP_OK;
}

enum wsip_err wsip_peer_parse(const char *text, union wsip_peer *peer)
{
	const char *colon = strrchr(text, ':');
	size_t size = colon ? (size_t)(colon - text) : 0;
	char host[256];
	uint64_t port;

	if (size == 0 || wsip_span_number(wsip_span_of(colon + 1), UINT16_MAX, &port) != WSIP_OK)
		return WSIP_ERR_SYNTAX;
	if (text[0] == '[' && text[size - 1] == ']') {
		text++;
		size -= 2;
	} else if (memchr(text, ':', size)) {
		return WSIP_ERR_SYNTAX;
	}
	if (size == 0 || size >= sizeof(host))
		return WSIP_ERR_SYNTAX;
	memcpy(host, text, size);
	host[size] = '\0';
	return look_up(host, colon + 1, peer);
}

enum wsip_err wsip_peer_local(const union wsip_peer *peer, union wsip_peer *local)
{
	int fd = socket(peer->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	enum wsip_err err = WSIP_ERR_SYSTEM;

	if (fd < 0)
		return WSIP_ERR_SYSTEM;
	if (connect(fd, &peer->any, wsip_peer_size(peer)) == 0) {
		*local = wsip_peer_of_socket(fd);
		local->v4.sin_port = 0; /* at the same place in both families */
		err = WSIP_OK;
	}
	close(fd);
	return err;
}
