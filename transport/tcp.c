/* SPDX-License-Identifier: MIT
 * TCP: connections that are accepted, opened, used again for whatever goes the same way, and closed
 * when nobody has anything to say (RFC 3261 18.1.1, 18.2.2, 18.3).
 */
#include <string.h>

#include <wiresip/log.h>

#include "base/limits.h"
#include "transport/network.h"

/* How long a stream with broken framing is kept so that its 400 gets out. */
#define CLOSING_MS 1000

struct connection {
	struct wsip_endpoint endpoint;
	struct wsip_network *network;
	struct wsip_addr remote;
	uint16_t listener;
	bool closing;    /* what still arrives is not looked at */
	bool unfinished; /* the timer runs for a message that has begun */
	struct wsip_table_node node;
	struct wsip_timer timer; /* opening, idle, unfinished or closing */
	struct wsip_buf *in;     /* the beginning of a message, or NULL */
	struct wsip_frame frame;
};

static const struct wsip_endpoint_ops connection_ops;

size_t wsip_tcp_connection_bytes(void)
{
	return sizeof(struct connection);
}

static struct connection *connection_of(struct wsip_endpoint *endpoint)
{
	return wsip_container_of(endpoint, struct connection, endpoint);
}

static struct wsip_key key_of(const struct wsip_network *network, const struct wsip_addr *remote)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, &network->secret);
	wsip_siphash_add(&hash, (struct wsip_span){ (const char *)remote->ip, 16 });
	wsip_siphash_add(&hash,
		(struct wsip_span){ (const char *)&remote->port, sizeof(remote->port) });
	return wsip_siphash_end(&hash);
}

/* Whoever waits for what was never sent hears of it. */
static void fail_outgoing(struct connection *connection)
{
	struct wsip_network *network = connection->network;
	const struct wsip_list *head = &connection->endpoint.outgoing;

	for (const struct wsip_list *link = head->next; link != head; link = link->next) {
		uint64_t ticket = wsip_container_of(link, struct wsip_outgoing, link)->ticket;

		if (ticket)
			network->ops->send_failed(network->user, ticket);
	}
}

static void destroy(struct connection *connection)
{
	struct wsip_network *network = connection->network;

	wsip_timer_stop(&network->timers, &connection->timer);
	wsip_table_remove(&network->by_remote, &connection->node);
	network->poller->ops->remove(network->poller, &connection->endpoint);
	network->poller->ops->close(network->poller, connection->endpoint.fd);
	wsip_buf_unref(connection->in);
	wsip_pool_free(&network->connections, connection);
}

static void fail(struct connection *connection)
{
	fail_outgoing(connection);
	destroy(connection);
}

static void fire_timer(struct wsip_timer *timer)
{
	struct connection *connection = wsip_container_of(timer, struct connection, timer);

	if (connection->endpoint.connecting)
		connection->network->counters.connections_failed++;
	fail(connection);
}

/* A message that has begun has its time, however slowly its bytes come. */
static void restart_timer(struct connection *connection)
{
	if (connection->closing || (connection->in && connection->unfinished))
		return;
	connection->unfinished = connection->in != NULL;
	wsip_timer_start(&connection->network->timers, &connection->timer,
		connection->in ? WSIP_STREAM_UNFINISHED_MS : WSIP_STREAM_IDLE_MS);
}

/* Takes over `fd`. NULL when there is no room for another connection. */
static struct connection *create(struct wsip_network *network, int fd,
	const struct wsip_addr *remote, uint16_t listener, bool connecting)
{
	struct connection *connection = wsip_pool_alloc(&network->connections);

	if (!connection) {
		network->counters.connections_refused++;
		network->poller->ops->close(network->poller, fd);
		return NULL;
	}
	connection->network = network;
	connection->remote = *remote;
	connection->listener = listener;
	connection->endpoint.fd = fd;
	connection->endpoint.kind = WSIP_ENDPOINT_STREAM;
	connection->endpoint.ops = &connection_ops;
	connection->endpoint.connecting = connecting;
	wsip_timer_init(&connection->timer, fire_timer);
	wsip_frame_init(&connection->frame);
	if (network->poller->ops->add(network->poller, &connection->endpoint) != WSIP_OK) {
		network->poller->ops->close(network->poller, fd);
		wsip_pool_free(&network->connections, connection);
		return NULL;
	}
	wsip_table_insert(&network->by_remote, &connection->node, key_of(network, remote));
	wsip_timer_start(&network->timers, &connection->timer,
		connecting ? WSIP_STREAM_CONNECT_MS : WSIP_STREAM_IDLE_MS);
	return connection;
}

static void accepted(struct wsip_endpoint *endpoint, int fd, const struct wsip_addr *from)
{
	struct wsip_socket *socket = wsip_container_of(endpoint, struct wsip_socket, endpoint);

	if (create(socket->network, fd, from, socket->listener, false))
		socket->network->counters.connections_accepted++;
}

static void connected(struct wsip_endpoint *endpoint)
{
	restart_timer(connection_of(endpoint));
}

static void closed(struct wsip_endpoint *endpoint, int error)
{
	struct connection *connection = connection_of(endpoint);

	if (error || !wsip_list_empty(&endpoint->outgoing))
		connection->network->counters.connections_failed++;
	fail(connection);
}

/* ---- Receiving ---- */

static struct wsip_flow flow_of(const struct connection *connection)
{
	return (struct wsip_flow){
		.remote = connection->remote,
		.listener = connection->listener,
		.transport = WSIP_TCP,
		.worker = connection->network->worker,
		.connection = wsip_pool_handle(&connection->network->connections, connection),
	};
}

/* The largest message there is, unfinished, and all that is read at once fit in the largest buffer;
 * room for edits need not. */
static struct wsip_buf *buffer_for(struct wsip_buf_pool *bufs, size_t bytes)
{
	struct wsip_buf *buf = wsip_buf_get(bufs, bytes + WSIP_BUF_EDIT_ROOM);

	return buf ? buf : wsip_buf_get(bufs, bytes);
}

/* Adds what arrived to the unfinished message. */
static bool gather(struct connection *connection, const char *data, size_t size)
{
	struct wsip_buf *in = connection->in;
	size_t used = in ? in->used : 0;

	if (!in || size > in->capacity - used) {
		struct wsip_buf *larger = buffer_for(connection->network->bufs, used + size);

		if (!larger)
			return false;
		if (in)
			memcpy(larger->data, in->data, used);
		larger->used = (uint32_t)used;
		wsip_buf_unref(in);
		connection->in = in = larger;
	}
	memcpy(in->data + used, data, size);
	in->used += (uint32_t)size;
	return true;
}

/* The first `size` bytes from `start` on as a buffer of their own: the whole buffer, when there is
 * nothing else in it. */
static struct wsip_buf *take(struct connection *connection, uint32_t start, uint32_t size)
{
	struct wsip_buf *in = connection->in;

	if (start == 0 && size == in->used) {
		connection->in = NULL;
		return in;
	}
	return wsip_buf_of(connection->network->bufs, in->data + start, size);
}

static void pass_on(struct connection *connection, uint32_t start,
	const struct wsip_problem *problem)
{
	struct wsip_network *network = connection->network;
	struct wsip_buf *message = take(connection, start, connection->frame.bytes);
	struct wsip_flow flow = flow_of(connection);

	if (message)
		network->ops->received(network->user, message, &flow, problem);
}

static void answer_ping(struct connection *connection)
{
	struct wsip_network *network = connection->network;
	struct wsip_buf *pong;

	network->counters.keep_alives++;
	/* To a peer that does not read, what waits already is answer enough. */
	if (!wsip_list_empty(&connection->endpoint.outgoing))
		return;
	pong = wsip_buf_get(network->bufs, 2);
	if (!pong)
		return;
	memcpy(pong->data, "\r\n", 2);
	pong->used = 2;
	(void)network->poller->ops->send_stream(network->poller, &connection->endpoint, pong, 0);
	wsip_buf_unref(pong);
}

/* Nothing is read from it any more, and nobody finds it for something new. */
static void close_soon(struct connection *connection, uint32_t duration_ms)
{
	struct wsip_network *network = connection->network;

	connection->closing = true;
	wsip_table_remove(&network->by_remote, &connection->node);
	wsip_timer_start(&network->timers, &connection->timer, duration_ms);
}

static void break_off(struct connection *connection, uint32_t start)
{
	struct wsip_network *network = connection->network;
	struct wsip_log_line line;

	network->counters.streams_broken++;
	wsip_log_begin(&line, network->log, WSIP_LOG_WARN, "stream broken");
	wsip_log_addr(&line, "source", &connection->remote);
	wsip_log_text(&line, "reason", connection->frame.problem.reason);
	wsip_log_end(&line);
	if (connection->frame.bytes > 0)
		pass_on(connection, start, &connection->frame.problem);
	close_soon(connection, CLOSING_MS);
	wsip_buf_unref(connection->in);
	connection->in = NULL;
}

/* Drops the bytes before `start`, which were dealt with. */
static void keep_rest(struct connection *connection, uint32_t start)
{
	struct wsip_buf *in = connection->in;

	if (!in)
		return;
	if (start == in->used) {
		wsip_buf_unref(in);
		connection->in = NULL;
		return;
	}
	memmove(in->data, in->data + start, in->used - start);
	in->used -= start;
}

static void data(struct wsip_endpoint *endpoint, const char *data, size_t size)
{
	struct connection *connection = connection_of(endpoint);
	uint32_t start = 0;

	if (connection->closing)
		return;
	if (!gather(connection, data, size)) {
		fail(connection);
		return;
	}
	while (connection->in && start < connection->in->used && !connection->closing) {
		enum wsip_frame_result result = wsip_frame_next(&connection->frame,
			connection->in->data + start, connection->in->used - start);

		if (result == WSIP_FRAME_MORE)
			break;
		if (result == WSIP_FRAME_BROKEN) {
			break_off(connection, start);
			return;
		}
		if (result == WSIP_FRAME_MESSAGE)
			pass_on(connection, start, NULL);
		else if (result == WSIP_FRAME_PING)
			answer_ping(connection);
		connection->unfinished = false;
		start += connection->frame.bytes;
		wsip_frame_restart(&connection->frame);
	}
	keep_rest(connection, start);
	restart_timer(connection);
}

/* ---- Sending ---- */

static struct connection *find(struct wsip_network *network, const struct wsip_flow *flow)
{
	struct connection *connection = NULL;
	struct wsip_table_node *node;

	if (flow->connection && flow->worker == network->worker)
		connection = wsip_pool_find(&network->connections, flow->connection);
	if (connection)
		return connection;
	node = wsip_table_find(&network->by_remote, key_of(network, &flow->remote));
	return node ? wsip_container_of(node, struct connection, node) : NULL;
}

static struct connection *open_connection(struct wsip_network *network,
	const struct wsip_flow *flow)
{
	int fd = network->poller->ops->connect(network->poller, &flow->remote);
	struct connection *connection;

	if (fd < 0) {
		network->counters.connections_failed++;
		return NULL;
	}
	connection = create(network, fd, &flow->remote, flow->listener, true);
	if (connection)
		network->counters.connections_opened++;
	return connection;
}

enum wsip_err wsip_tcp_send(struct wsip_network *network, const struct wsip_flow *flow,
	struct wsip_buf *bytes, uint64_t ticket)
{
	struct connection *connection = find(network, flow);
	enum wsip_err err;

	if (!connection)
		connection = open_connection(network, flow);
	if (!connection)
		return WSIP_ERR_UNREACHABLE;
	err = network->poller->ops->send_stream(network->poller, &connection->endpoint, bytes,
		ticket);
	if (err == WSIP_ERR_LIMIT && !connection->closing) {
		/* The peer does not read. It is closed with the next tick, since whoever sends may
		 * be working on its last message. */
		network->counters.connections_overrun++;
		close_soon(connection, 0);
	}
	if (!err && !connection->closing && !connection->endpoint.connecting)
		restart_timer(connection);
	return err;
}

static void close_one(void *object, void *user)
{
	(void)user;
	destroy(object);
}

void wsip_tcp_close_all(struct wsip_network *network)
{
	wsip_pool_each(&network->connections, close_one, NULL);
}

static const struct wsip_endpoint_ops connection_ops = {
	.data = data,
	.connected = connected,
	.closed = closed,
};

const struct wsip_endpoint_ops wsip_tcp_listener_ops = {
	.accepted = accepted,
};
