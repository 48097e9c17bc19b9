/* SPDX-License-Identifier: MIT */
#include "transport/network.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/limits.h"
#include "transport/sockets.h"

static enum wsip_err add_socket(struct wsip_network *network, size_t index, int *fd)
{
	struct wsip_socket *socket = &network->sockets[index];
	bool is_udp = network->listeners[index].transport == WSIP_UDP;

	socket->network = network;
	socket->listener = (uint16_t)index;
	socket->endpoint.fd = *fd;
	*fd = -1;
	socket->endpoint.kind = is_udp ? WSIP_ENDPOINT_DATAGRAM : WSIP_ENDPOINT_LISTENER;
	socket->endpoint.ops = is_udp ? &wsip_udp_ops : &wsip_tcp_listener_ops;
	return network->poller->ops->add(network->poller, &socket->endpoint);
}

/* Fewer connections than the system gives us descriptors for: one more can then still be accepted,
 * to be closed at once, where otherwise it would wait and wake us for ever. */
static uint32_t connection_limit(unsigned int workers)
{
	struct rlimit limit;
	rlim_t share;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return WSIP_CONNECTIONS_MAX;
	if (limit.rlim_cur <= 2 * WSIP_DESCRIPTORS_RESERVED)
		return 1;
	share = (limit.rlim_cur - WSIP_DESCRIPTORS_RESERVED) / (workers ? workers : 1);
	return share < WSIP_CONNECTIONS_MAX ? (uint32_t)share : WSIP_CONNECTIONS_MAX;
}

enum wsip_err wsip_network_init(struct wsip_network *network, const struct wsip_network *model,
	int *fds, uint64_t now_ms)
{
	enum wsip_err err;

	*network = *model;
	wsip_timers_init(&network->timers, now_ms);
	wsip_pool_init(&network->connections, "connections", wsip_tcp_connection_bytes(),
		connection_limit(network->worker_count));
	network->sockets = calloc(network->socket_count, sizeof(*network->sockets));
	if (!network->sockets)
		return WSIP_ERR_MEMORY;
	for (size_t i = 0; i < network->socket_count; i++)
		network->sockets[i].endpoint.fd = -1;
	err = wsip_table_init(&network->by_remote);
	for (size_t i = 0; i < network->socket_count && !err; i++)
		err = add_socket(network, i, &fds[i]);
	return err;
}

void wsip_network_finish(struct wsip_network *network)
{
	wsip_tcp_close_all(network);
	for (size_t i = 0; i < network->socket_count; i++) {
		struct wsip_endpoint *endpoint = &network->sockets[i].endpoint;

		if (endpoint->fd < 0)
			continue;
		network->poller->ops->remove(network->poller, endpoint);
		network->poller->ops->close(network->poller, endpoint->fd);
	}
	free(network->sockets);
	wsip_table_finish(&network->by_remote);
	wsip_pool_finish(&network->connections);
}

enum wsip_err wsip_network_send(void *self, const struct wsip_flow *flow, struct wsip_buf *bytes,
	uint64_t ticket)
{
	struct wsip_network *network = self;

	if (wsip_addr_is_unsendable(&flow->remote) || flow->remote.port == 0)
		return WSIP_ERR_UNREACHABLE;
	if (flow->transport == WSIP_UDP)
		return wsip_udp_send(network, flow, bytes);
	return wsip_tcp_send(network, flow, bytes, ticket);
}

unsigned int wsip_network_backlog(const struct wsip_network *network)
{
	unsigned int most = 0;

	for (size_t i = 0; i < network->socket_count; i++) {
		unsigned int permille =
			network->listeners[i].transport == WSIP_UDP
				? wsip_socket_backlog(network->sockets[i].endpoint.fd)
				: 0;

		if (permille > most)
			most = permille;
	}
	return most;
}

void wsip_network_advance(struct wsip_network *network, uint64_t now_ms)
{
	wsip_timers_advance(&network->timers, now_ms);
}
