/* SPDX-License-Identifier: MIT
 * TCP as far as its user can tell: opening, bytes in order, closing, breaking.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "testkit/net.h"
#include "testkit/sim.h"
#include "transport/outgoing.h"

#define RETRANSMIT_MS 200  /* what a lost segment costs */
#define PARTED_MS     1000 /* how long until it is tried again across a partition */
#define EARLY_MS      50
#define PARTED_MAX    30 /* how often, before the connection breaks */

enum segment_kind { SYN, SYN_ACK, REFUSAL, DATA, FIN, RESET };

struct segment {
	struct wsip_sim_event event;
	enum segment_kind kind;
	int from_fd, to_fd; /* to_fd is 0 for SYN */
	struct wsip_addr from, to;
	int error;
	uint32_t number; /* in the order of sending, from 1; 0: out of order */
	unsigned int tries;
	size_t size;
	char bytes[];
};

static void arrive(struct wsip_sim *sim, struct wsip_sim_event *event);

static struct segment *make(struct wsip_sim_socket *from, enum segment_kind kind, const char *bytes,
	size_t size)
{
	struct segment *segment = wsip_sim_alloc(sizeof(*segment) + size);

	segment->event.fire = arrive;
	segment->kind = kind;
	segment->from_fd = from->fd;
	segment->to_fd = from->peer_fd;
	segment->from = from->addr;
	segment->to = from->remote;
	segment->number = ++from->sent_segments;
	segment->size = size;
	if (size > 0)
		memcpy(segment->bytes, bytes, size);
	return segment;
}

/* In order behind what was sent before; returns how long it takes. */
static uint64_t send(struct wsip_sim_socket *from, struct segment *segment)
{
	struct wsip_sim *sim = from->node->sim;
	struct wsip_link link = wsip_net_link(&sim->net, &segment->from, &segment->to);
	uint64_t arrival_ms = sim->now_ms + wsip_net_delay(sim, &link);

	if (wsip_sim_chance(sim, link.loss))
		arrival_ms += RETRANSMIT_MS;
	if (arrival_ms < from->last_arrival_ms)
		arrival_ms = from->last_arrival_ms;
	from->last_arrival_ms = arrival_ms;
	wsip_sim_schedule(sim, &segment->event, arrival_ms - sim->now_ms);
	return arrival_ms - sim->now_ms;
}

/* ---- Sending ---- */

static void send_data(struct wsip_sim_socket *socket, const char *bytes, size_t size)
{
	struct wsip_sim *sim = socket->node->sim;
	size_t step = socket->manner == WSIP_TCP_DRIPS ? 1 : size;
	struct wsip_trace_line line = {
		.at_ms = sim->now_ms, .from = socket->addr, .to = socket->remote, .note = ""
	};

	for (size_t at = 0; at < size; at += step)
		line.after_ms = (uint32_t)send(socket, make(socket, DATA, bytes + at, step));
	wsip_trace_add(&sim->trace, &line, bytes, size);
}

static bool has_room(const struct wsip_sim_socket *socket)
{
	return socket->manner != WSIP_TCP_NEVER_READS || socket->is_server ||
	       socket->unread_bytes < WSIP_STREAM_WINDOW_BYTES;
}

void wsip_stream_send_bytes(struct wsip_sim_socket *socket, const char *bytes, size_t size)
{
	if (socket->state != WSIP_STREAM_OPEN)
		return;
	socket->unread_bytes += size;
	send_data(socket, bytes, size);
}

void wsip_stream_flush(struct wsip_sim_socket *socket)
{
	struct wsip_outgoing *first;

	while (socket->endpoint && socket->state == WSIP_STREAM_OPEN && has_room(socket) &&
		(first = wsip_outgoing_first(socket->endpoint))) {
		struct wsip_endpoint *endpoint = socket->endpoint;

		wsip_stream_send_bytes(socket, first->buf->data, first->buf->used);
		wsip_outgoing_remove(&socket->node->sim->outgoing, endpoint, first);
	}
}

/* ---- Opening ---- */

int wsip_stream_connect(struct wsip_sim_node *node, const struct wsip_addr *remote)
{
	const struct wsip_net *net = &node->sim->net;
	struct wsip_addr addr = { .family = 0 };
	struct wsip_sim_socket *socket;

	for (const struct wsip_list *link = net->sockets.next; link != &net->sockets;
		link = link->next) {
		const struct wsip_sim_socket *own = wsip_container_of(link, struct wsip_sim_socket,
			link);

		if (own->node == node && own->addr.family == remote->family) {
			addr = own->addr;
			break;
		}
	}
	if (addr.family == 0)
		return -1;
	addr.port = 0;
	socket = wsip_net_open(node, WSIP_ENDPOINT_STREAM, &addr);
	socket->remote = *remote;
	socket->manner = wsip_net_manner(net, remote);
	send(socket, make(socket, SYN, NULL, 0));
	return socket->fd;
}

static struct segment *answer(const struct segment *syn, enum segment_kind kind, int fd)
{
	struct segment *segment = wsip_sim_alloc(sizeof(*segment));

	segment->event.fire = arrive;
	segment->kind = kind;
	segment->from_fd = fd;
	segment->to_fd = syn->from_fd;
	segment->from = syn->to;
	segment->to = syn->from;
	segment->error = ECONNREFUSED;
	return segment;
}

static void take_syn(struct wsip_sim *sim, const struct segment *syn)
{
	struct wsip_sim_socket *listener = wsip_net_find(&sim->net, WSIP_ENDPOINT_LISTENER,
		&syn->to);
	enum wsip_tcp_manner manner = wsip_net_manner(&sim->net, &syn->to);
	struct wsip_link link = wsip_net_link(&sim->net, &syn->to, &syn->from);
	struct wsip_sim_socket *server;
	struct wsip_addr addr = syn->to;
	struct segment *syn_ack;

	if (manner == WSIP_TCP_SILENT || !wsip_net_socket(&sim->net, syn->from_fd))
		return;
	if (!listener || !listener->endpoint || manner == WSIP_TCP_REFUSES) {
		wsip_sim_schedule(sim, &answer(syn, REFUSAL, 0)->event, wsip_net_delay(sim, &link));
		return;
	}
	server = wsip_net_open(listener->node, WSIP_ENDPOINT_STREAM, &addr);
	server->remote = syn->from;
	server->peer_fd = syn->from_fd;
	server->state = WSIP_STREAM_OPEN;
	server->manner = manner;
	server->is_server = true;
	server->taken_segments = syn->number;
	syn_ack = answer(syn, SYN_ACK, server->fd);
	syn_ack->number = ++server->sent_segments;
	send(server, syn_ack);
	wsip_net_enter(listener->node);
	listener->endpoint->ops->accepted(listener->endpoint, server->fd, &syn->from);
	wsip_net_leave(server->node);
}

static void take_syn_ack(struct wsip_sim_socket *socket, const struct segment *segment)
{
	struct wsip_sim_node *node = socket->node;

	socket->peer_fd = segment->from_fd;
	socket->state = WSIP_STREAM_OPEN;
	if (!socket->endpoint)
		return;
	socket->endpoint->connecting = false;
	wsip_net_enter(node);
	socket->endpoint->ops->connected(socket->endpoint);
	wsip_stream_flush(socket);
	wsip_net_leave(node);
}

/* ---- Ending ---- */

static void tell_closed(struct wsip_sim_socket *socket, int error)
{
	struct wsip_sim_node *node = socket->node;

	socket->state = WSIP_STREAM_OVER;
	if (!socket->endpoint)
		return;
	wsip_net_enter(node);
	socket->endpoint->ops->closed(socket->endpoint, error);
	wsip_net_leave(node);
}

void wsip_stream_close(struct wsip_sim_socket *socket, int error)
{
	struct segment *segment;

	if (socket->peer_fd && socket->state == WSIP_STREAM_OPEN) {
		segment = make(socket, error ? RESET : FIN, NULL, 0);
		segment->error = error;
		send(socket, segment);
	}
	socket->state = WSIP_STREAM_OVER;
}

void wsip_sim_reset_connections(struct wsip_sim *sim, const char *ip)
{
	struct wsip_addr addr;
	struct wsip_list *link;

	if (wsip_addr_parse_ip(wsip_span_of(ip), &addr) != WSIP_OK)
		wsip_sim_misuse("'%s': expected an IP address", ip);
	for (link = sim->net.sockets.next; link != &sim->net.sockets; link = link->next) {
		struct wsip_sim_socket *socket = wsip_container_of(link, struct wsip_sim_socket,
			link);
		struct segment *segment;

		if (socket->kind != WSIP_ENDPOINT_STREAM || socket->state != WSIP_STREAM_OPEN ||
			!wsip_addr_equal_ip(&socket->addr, &addr))
			continue;
		wsip_stream_close(socket, ECONNRESET);
		/* And to this end itself, by the same way as everything. */
		segment = make(socket, RESET, NULL, 0);
		segment->number = 0;
		segment->to_fd = socket->fd;
		segment->error = ECONNRESET;
		wsip_sim_schedule(sim, &segment->event, 0);
	}
}

/* ---- Arriving ---- */

/* What the address does that was connected to, when its first bytes come. */
static void act_out_manner(struct wsip_sim_socket *server)
{
	if (server->manner == WSIP_TCP_RESETS) {
		wsip_stream_close(server, ECONNRESET);
		tell_closed(server, ECONNRESET);
	} else if (server->manner == WSIP_TCP_HALF_CLOSES && server->state == WSIP_STREAM_OPEN) {
		wsip_stream_close(server, 0);
	}
}

static void take_data(struct wsip_sim_socket *socket, const struct segment *segment)
{
	struct wsip_sim_node *node = socket->node;

	if (socket->is_server &&
		(socket->manner == WSIP_TCP_NEVER_READS || socket->manner == WSIP_TCP_RESETS))
		return;
	if (socket->endpoint) {
		wsip_net_enter(node);
		socket->endpoint->ops->data(socket->endpoint, segment->bytes, segment->size);
		wsip_net_leave(node);
	}
}

static void take(struct wsip_sim *sim, const struct segment *segment)
{
	struct wsip_sim_socket *socket = wsip_net_socket(&sim->net, segment->to_fd);
	int fd = segment->to_fd;

	if (!socket)
		return;
	switch (segment->kind) {
	case SYN_ACK:
		take_syn_ack(socket, segment);
		break;
	case DATA:
		take_data(socket, segment);
		socket = wsip_net_socket(&sim->net, fd);
		if (socket && socket->is_server)
			act_out_manner(socket);
		break;
	case FIN:
		tell_closed(socket, 0);
		break;
	default:
		tell_closed(socket, segment->error);
		break;
	}
}

/* The segments of a connection that was parted for too long: it breaks. */
static void give_up(struct wsip_sim *sim, const struct segment *segment)
{
	struct wsip_sim_socket *socket = wsip_net_socket(&sim->net, segment->from_fd);

	if (socket && socket->state != WSIP_STREAM_OVER)
		tell_closed(socket, ETIMEDOUT);
}

/* One that was held back by a partition is not overtaken. */
static bool is_early(struct wsip_sim *sim, const struct segment *segment)
{
	struct wsip_sim_socket *socket = wsip_net_socket(&sim->net, segment->to_fd);

	if (!socket || segment->number == 0)
		return false;
	if (segment->number != socket->taken_segments + 1)
		return true;
	socket->taken_segments++;
	return false;
}

static void arrive(struct wsip_sim *sim, struct wsip_sim_event *event)
{
	struct segment *segment = wsip_container_of(event, struct segment, event);

	if (segment->from_fd != segment->to_fd &&
		wsip_net_is_parted(&sim->net, &segment->from, &segment->to)) {
		if (segment->tries++ < PARTED_MAX) {
			wsip_sim_schedule(sim, event, PARTED_MS);
			return;
		}
		give_up(sim, segment);
	} else if (segment->kind == SYN) {
		take_syn(sim, segment);
	} else if (is_early(sim, segment)) {
		wsip_sim_schedule(sim, event, EARLY_MS);
		return;
	} else {
		take(sim, segment);
	}
	free(segment);
}
