/* SPDX-License-Identifier: MIT
 * The poller's interface on the simulated network: what the transport layer takes for the system.
 */
#include "testkit/net.h"
#include "testkit/sim.h"
#include "transport/outgoing.h"

static struct wsip_sim_node *node_of(struct wsip_poller *poller)
{
	return wsip_container_of(poller, struct wsip_sim_node, poller);
}

static struct wsip_sim_socket *socket_of(struct wsip_poller *poller,
	const struct wsip_endpoint *endpoint)
{
	return wsip_net_socket(&node_of(poller)->sim->net, endpoint->fd);
}

static enum wsip_err add(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	struct wsip_sim_socket *socket = socket_of(poller, endpoint);

	endpoint->wants_write = false;
	endpoint->removed = false;
	endpoint->outgoing_bytes = 0;
	endpoint->sent_of_first = 0;
	endpoint->batch = NULL;
	wsip_list_init(&endpoint->dirty);
	wsip_list_init(&endpoint->outgoing);
	if (!socket)
		return WSIP_ERR_SYSTEM;
	socket->endpoint = endpoint;
	return WSIP_OK;
}

static void remove_endpoint(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	struct wsip_sim_socket *socket = socket_of(poller, endpoint);

	if (endpoint->removed)
		return;
	endpoint->removed = true;
	if (socket)
		socket->endpoint = NULL;
	wsip_outgoing_clear(&node_of(poller)->sim->outgoing, endpoint);
}

/* What the simulation does for itself is not the stack's. */
static int leave_stack(struct wsip_poller *poller)
{
	struct wsip_sim *sim = node_of(poller)->sim;
	int inside = sim->inside_stack;

	sim->inside_stack = 0;
	return inside;
}

static void return_to_stack(struct wsip_poller *poller, int inside)
{
	node_of(poller)->sim->inside_stack = inside;
}

static int connect_to(struct wsip_poller *poller, const struct wsip_addr *remote)
{
	int inside = leave_stack(poller);
	int fd = wsip_stream_connect(node_of(poller), remote);

	return_to_stack(poller, inside);
	return fd;
}

static void close_fd(struct wsip_poller *poller, int fd)
{
	struct wsip_sim_socket *socket = wsip_net_socket(&node_of(poller)->sim->net, fd);
	int inside = leave_stack(poller);

	if (socket && socket->kind == WSIP_ENDPOINT_STREAM)
		wsip_stream_close(socket, 0);
	if (socket)
		wsip_net_forget(socket);
	return_to_stack(poller, inside);
}

static enum wsip_err send_datagram(struct wsip_poller *poller, struct wsip_endpoint *endpoint,
	struct wsip_buf *buf, const struct wsip_addr *to)
{
	int inside = leave_stack(poller);

	wsip_net_send_datagram(socket_of(poller, endpoint), to, buf->data, buf->used);
	return_to_stack(poller, inside);
	return WSIP_OK;
}

static enum wsip_err send_stream(struct wsip_poller *poller, struct wsip_endpoint *endpoint,
	struct wsip_buf *buf, uint64_t ticket)
{
	int inside = leave_stack(poller);
	enum wsip_err err = wsip_outgoing_add(&node_of(poller)->sim->outgoing, endpoint, buf,
		ticket);

	if (!err)
		wsip_stream_flush(socket_of(poller, endpoint));
	return_to_stack(poller, inside);
	return err;
}

/* Everything is sent at once, and what happens is told by the simulation. */
static void nothing(struct wsip_poller *poller)
{
	(void)poller;
}

static void no_wait(struct wsip_poller *poller, int timeout_ms)
{
	(void)poller;
	(void)timeout_ms;
}

static uint64_t no_datagrams(const struct wsip_poller *poller)
{
	(void)poller;
	return 0;
}

/* Created with its node. */
const struct wsip_poller_ops wsip_poller_sim = {
	.name = "simulated",
	.add = add,
	.remove = remove_endpoint,
	.connect = connect_to,
	.close = close_fd,
	.send_datagram = send_datagram,
	.send_stream = send_stream,
	.wait = no_wait,
	.dispatch = nothing,
	.leave = nothing,
	.datagrams_lost = no_datagrams,
};
