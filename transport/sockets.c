/* SPDX-License-Identifier: MIT */
#include "transport/sockets.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BACKLOG 1024
/* Bursts of a proxy under load are larger than the system's default. */
#define DATAGRAM_BUFFER_BYTES (4 << 20)

static int set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value));
}

/* Beyond the system's limit where that is allowed. Best effort: smaller buffers are no error. */
static void enlarge(int fd, int force_name, int name)
{
	if (set_option(fd, SOL_SOCKET, force_name, DATAGRAM_BUFFER_BYTES) != 0)
		set_option(fd, SOL_SOCKET, name, DATAGRAM_BUFFER_BYTES);
}

static int configure_listener(int fd, enum wsip_transport transport, const struct wsip_addr *addr,
	bool shared)
{
	if (addr->family == WSIP_IPV6 && set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) != 0)
		return -1;
	if (shared && set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1) != 0)
		return -1;
	if (transport == WSIP_TCP)
		return set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	enlarge(fd, SO_RCVBUFFORCE, SO_RCVBUF);
	enlarge(fd, SO_SNDBUFFORCE, SO_SNDBUF);
	/* RFC 3261 18.4: an ICMP error tells at once that nobody is there. */
	if (addr->family == WSIP_IPV6)
		return set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
	return set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
}

static int bind_and_listen(int fd, enum wsip_transport transport, struct wsip_addr *addr)
{
	union wsip_sockaddr name;
	socklen_t size = wsip_sockaddr_of(addr, &name);

	if (bind(fd, &name.any, size) != 0)
		return -1;
	if (transport == WSIP_TCP && listen(fd, BACKLOG) != 0)
		return -1;
	size = sizeof(name);
	if (getsockname(fd, &name.any, &size) != 0)
		return -1;
	*addr = wsip_addr_of(&name.any);
	return 0;
}

static int open_socket(const struct wsip_addr *addr, int type)
{
	return socket(addr->family == WSIP_IPV6 ? AF_INET6 : AF_INET,
		type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int close_keeping_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

int wsip_socket_listen(enum wsip_transport transport, struct wsip_addr *addr, bool shared)
{
	int fd = open_socket(addr, transport == WSIP_TCP ? SOCK_STREAM : SOCK_DGRAM);

	if (fd < 0)
		return -1;
	if (configure_listener(fd, transport, addr, shared) != 0 ||
		bind_and_listen(fd, transport, addr) != 0)
		return close_keeping_errno(fd);
	return fd;
}

void wsip_socket_tune_stream(int fd)
{
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

int wsip_socket_connect(const struct wsip_addr *remote)
{
	union wsip_sockaddr name;
	socklen_t size = wsip_sockaddr_of(remote, &name);
	int fd = open_socket(remote, SOCK_STREAM);

	if (fd < 0)
		return -1;
	wsip_socket_tune_stream(fd);
	if (connect(fd, &name.any, size) != 0 && errno != EINPROGRESS)
		return close_keeping_errno(fd);
	return fd;
}

int wsip_socket_error(int fd)
{
	int error = 0;
	socklen_t size = sizeof(error);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

unsigned int wsip_socket_backlog(int fd)
{
	uint32_t memory[SK_MEMINFO_VARS];
	socklen_t size = sizeof(memory);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &size) != 0 ||
		memory[SK_MEMINFO_RCVBUF] == 0)
		return 0;
	return (unsigned int)((uint64_t)memory[SK_MEMINFO_RMEM_ALLOC] * 1000 /
			      memory[SK_MEMINFO_RCVBUF]);
}

static uint32_t interface_mtu(const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };
	uint32_t mtu = 0;

	if (fd < 0)
		return 0;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(fd, SIOCGIFMTU, &request) == 0 && request.ifr_mtu > 0)
		mtu = (uint32_t)request.ifr_mtu;
	close(fd);
	return mtu;
}

uint32_t wsip_socket_mtu(const struct wsip_addr *addr)
{
	struct ifaddrs *interfaces;
	uint32_t mtu = 0;

	if (getifaddrs(&interfaces) != 0)
		return 0;
	for (struct ifaddrs *each = interfaces; each && mtu == 0; each = each->ifa_next) {
		struct wsip_addr own;

		if (!each->ifa_addr || (each->ifa_addr->sa_family != AF_INET &&
					       each->ifa_addr->sa_family != AF_INET6))
			continue;
		own = wsip_addr_of(each->ifa_addr);
		if (wsip_addr_equal_ip(&own, addr))
			mtu = interface_mtu(each->ifa_name);
	}
	freeifaddrs(interfaces);
	return mtu;
}
