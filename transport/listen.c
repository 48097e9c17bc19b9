/* SPDX-License-Identifier: MIT */
#include "transport/listen.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "transport/sockets.h"

/* 200 ms in all. */
#define IN_USE_TRIES    20
#define IN_USE_PAUSE_NS 10000000

static enum wsip_err complain(struct wsip_proxy_error *error, enum wsip_err err, const char *text,
	const char *cause)
{
	error->err = err;
	snprintf(error->text, sizeof(error->text),
		"listen '%s': %s; expected udp:HOST:PORT or tcp:HOST:PORT with an IP address as "
		"HOST",
		text, cause);
	return err;
}

static enum wsip_err complain_errno(struct wsip_proxy_error *error, const char *text)
{
	int error_number = errno;

	error->err = error_number == EADDRINUSE ? WSIP_ERR_IN_USE : WSIP_ERR_SYSTEM;
	snprintf(error->text, sizeof(error->text), "listen '%s': %s", text, strerror(error_number));
	return error->err;
}

/* The last colon that is not inside an IPv6 address. */
static const char *port_colon(const char *host)
{
	const char *bracket = strrchr(host, ']');

	return bracket ? (bracket[1] == ':' ? bracket + 1 : NULL) : strrchr(host, ':');
}

enum wsip_err wsip_listen_parse(const char *text, enum wsip_transport *transport,
	struct wsip_addr *addr, struct wsip_proxy_error *error)
{
	const char *host = strchr(text, ':');
	const char *colon = host ? port_colon(host + 1) : NULL;
	uint64_t port;

	if (!host || wsip_transport_parse((struct wsip_span){ text, (size_t)(host - text) },
			     transport) != WSIP_OK)
		return complain(error, WSIP_ERR_ARGUMENT, text, "it does not say udp or tcp");
	host++;
	if (!colon)
		return complain(error, WSIP_ERR_ARGUMENT, text, "it has no port");
	if (wsip_span_number(wsip_span_of(colon + 1), UINT16_MAX, &port) != WSIP_OK)
		return complain(error, WSIP_ERR_ARGUMENT, text, "the port is not 0 to 65535");
	if (host[0] != '[' && memchr(host, ':', (size_t)(colon - host)))
		return complain(error, WSIP_ERR_ADDRESS, text,
			"the host is not an IP address (IPv6 needs brackets)");
	if (wsip_addr_parse_ip((struct wsip_span){ host, (size_t)(colon - host) }, addr) != WSIP_OK)
		return complain(error, WSIP_ERR_ADDRESS, text, "the host is not an IP address");
	addr->port = (uint16_t)port;
	return WSIP_OK;
}

void wsip_listen_name(struct wsip_listener *listener, char name[WSIP_LISTENER_NAME_BYTES])
{
	char text[WSIP_ADDR_TEXT_BYTES];

	listener->text_bytes = wsip_addr_text(&listener->addr, text);
	memcpy(listener->text, text, sizeof(text));
	snprintf(name, WSIP_LISTENER_NAME_BYTES, "%s:%s",
		listener->transport == WSIP_UDP ? "udp" : "tcp", text);
}

/* io_uring lets go of the sockets of a proxy that was killed a few milliseconds after its end, so
 * whoever starts it again at once tries for a while. */
static int listen_patiently(enum wsip_transport transport, struct wsip_addr *addr, bool shared)
{
	int fd = wsip_socket_listen(transport, addr, shared);

	for (int i = 0; i < IN_USE_TRIES && fd < 0 && errno == EADDRINUSE; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = IN_USE_PAUSE_NS }, NULL);
		fd = wsip_socket_listen(transport, addr, shared);
	}
	return fd;
}

/* Sockets that are shared among workers would be shared with another program just as well. */
static bool is_free(enum wsip_transport transport, struct wsip_addr *addr)
{
	int fd = listen_patiently(transport, addr, false);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* One address, for every worker; port 0 becomes the port that the first one got. */
static enum wsip_err open_one(struct wsip_listeners *listeners, const char *text,
	enum wsip_transport transport, struct wsip_addr *addr, struct wsip_proxy_error *error)
{
	size_t index = listeners->count;

	if (index == WSIP_LISTENERS_MAX)
		return complain(error, WSIP_ERR_LIMIT, text, "too many addresses to listen on");
	if (listeners->workers > 1 && !is_free(transport, addr))
		return complain_errno(error, text);
	for (unsigned int i = 0; i < listeners->workers; i++) {
		int fd = listen_patiently(transport, addr, listeners->workers > 1);

		if (fd < 0)
			return complain_errno(error, text);
		listeners->fds[i][index] = fd;
	}
	listeners->items[index] = (struct wsip_listener){ .transport = transport, .addr = *addr };
	listeners->items[index].mtu_bytes = wsip_socket_mtu(addr);
	wsip_listen_name(&listeners->items[index], listeners->names[index]);
	listeners->count++;
	return WSIP_OK;
}

/* 0.0.0.0 and [::]: a Via has to name an address that the other side can answer to, so each of the
 * machine's addresses gets a socket of its own. */
static enum wsip_err open_all(struct wsip_listeners *listeners, const char *text,
	enum wsip_transport transport, const struct wsip_addr *any, struct wsip_proxy_error *error)
{
	struct ifaddrs *interfaces;
	enum wsip_err err = WSIP_OK;
	uint16_t port = any->port;

	if (getifaddrs(&interfaces) != 0)
		return complain_errno(error, text);
	for (struct ifaddrs *each = interfaces; each && !err; each = each->ifa_next) {
		struct wsip_addr addr;

		if (!each->ifa_addr || !(each->ifa_flags & IFF_UP) ||
			(each->ifa_addr->sa_family != AF_INET &&
				each->ifa_addr->sa_family != AF_INET6))
			continue;
		addr = wsip_addr_of(each->ifa_addr);
		if (addr.family != any->family || wsip_addr_is_link_local(&addr))
			continue;
		addr.port = port;
		err = open_one(listeners, text, transport, &addr, error);
		port = addr.port;
	}
	freeifaddrs(interfaces);
	return err;
}

enum wsip_err wsip_listeners_open(struct wsip_listeners *listeners, const char *const *texts,
	unsigned int workers, struct wsip_proxy_error *error)
{
	*listeners = (struct wsip_listeners){ .workers = workers };
	listeners->fds = malloc(workers * sizeof(*listeners->fds));
	if (!listeners->fds)
		return complain(error, WSIP_ERR_MEMORY, "", "out of memory");
	memset(listeners->fds, 0xff, workers * sizeof(*listeners->fds)); /* -1 */
	for (size_t i = 0; i < WSIP_LISTEN_MAX && texts[i]; i++) {
		enum wsip_transport transport;
		struct wsip_addr addr;
		enum wsip_err err = wsip_listen_parse(texts[i], &transport, &addr, error);

		if (!err && wsip_addr_is_any(&addr))
			err = open_all(listeners, texts[i], transport, &addr, error);
		else if (!err)
			err = open_one(listeners, texts[i], transport, &addr, error);
		if (err)
			return err;
	}
	if (listeners->count == 0)
		return complain(error, WSIP_ERR_ARGUMENT, "", "there is no address to listen on");
	return WSIP_OK;
}

void wsip_listeners_finish(struct wsip_listeners *listeners)
{
	for (unsigned int i = 0; listeners->fds && i < listeners->workers; i++) {
		for (size_t j = 0; j < WSIP_LISTENERS_MAX; j++) {
			if (listeners->fds[i][j] >= 0)
				close(listeners->fds[i][j]);
		}
	}
	free(listeners->fds);
	listeners->fds = NULL;
}
