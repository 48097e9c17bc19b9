/* SPDX-License-Identifier: MIT
 * UDP: a datagram is a message (RFC 3261 18.3).
 */
#include "transport/network.h"

static struct wsip_socket *socket_of(struct wsip_endpoint *endpoint)
{
	return wsip_container_of(endpoint, struct wsip_socket, endpoint);
}

/* Phones keep their NAT open with CR LF, zeros or a blank; none of it is a message. */
static bool is_keep_alive(const struct wsip_buf *buf)
{
	for (uint32_t i = 0; i < buf->used; i++) {
		if (buf->data[i] != '\r' && buf->data[i] != '\n' && buf->data[i] != '\0' &&
			buf->data[i] != ' ')
			return false;
	}
	return true;
}

static void datagram(struct wsip_endpoint *endpoint, struct wsip_buf *buf,
	const struct wsip_addr *from)
{
	struct wsip_socket *socket = socket_of(endpoint);
	struct wsip_network *network = socket->network;
	struct wsip_flow flow = { .remote = *from,
		.listener = socket->listener,
		.transport = WSIP_UDP,
		.worker = network->worker };

	if (is_keep_alive(buf)) {
		network->counters.keep_alives++;
		wsip_buf_unref(buf);
		return;
	}
	network->counters.datagrams++;
	network->ops->received(network->user, buf, &flow, NULL);
}

static void refused(struct wsip_endpoint *endpoint, struct wsip_buf *buf)
{
	struct wsip_network *network = socket_of(endpoint)->network;

	network->ops->refused(network->user, buf);
}

enum wsip_err wsip_udp_send(struct wsip_network *network, const struct wsip_flow *flow,
	struct wsip_buf *bytes)
{
	if (network->listeners[flow->listener].transport != WSIP_UDP)
		return WSIP_ERR_UNREACHABLE;
	return network->poller->ops->send_datagram(network->poller,
		&network->sockets[flow->listener].endpoint, bytes, &flow->remote);
}

const struct wsip_endpoint_ops wsip_udp_ops = {
	.datagram = datagram,
	.refused = refused,
};
