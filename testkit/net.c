/* SPDX-License-Identifier: MIT
 * Sockets, links and datagrams.
 */
#include "testkit/net.h"

#include <stdlib.h>
#include <string.h>

#include "testkit/sim.h"
#include "transport/listen.h"

/* Numbers that no descriptor of the system has. */
#define FIRST_FD     (1 << 24)
#define FIRST_PORT   49152
#define IP_UDP_BYTES 28

void wsip_net_init(struct wsip_net *net)
{
	wsip_list_init(&net->sockets);
	wsip_list_init(&net->rules);
	wsip_list_init(&net->manners);
	net->last_fd = FIRST_FD;
	net->last_port = FIRST_PORT;
}

static void free_list(struct wsip_list *list)
{
	while (!wsip_list_empty(list)) {
		struct wsip_list *first = list->next;

		wsip_list_remove(first);
		free(first); /* the link comes first in all of them */
	}
}

void wsip_net_finish(struct wsip_net *net)
{
	free_list(&net->sockets);
	free_list(&net->rules);
	free_list(&net->manners);
}

/* ---- Sockets ---- */

static struct wsip_sim_socket *socket_of(const struct wsip_list *link)
{
	return wsip_container_of(link, struct wsip_sim_socket, link);
}

struct wsip_sim_socket *wsip_net_find(const struct wsip_net *net, enum wsip_endpoint_kind kind,
	const struct wsip_addr *addr)
{
	for (const struct wsip_list *link = net->sockets.next; link != &net->sockets;
		link = link->next) {
		if (socket_of(link)->kind == kind && wsip_addr_equal(&socket_of(link)->addr, addr))
			return socket_of(link);
	}
	return NULL;
}

struct wsip_sim_socket *wsip_net_open(struct wsip_sim_node *node, enum wsip_endpoint_kind kind,
	struct wsip_addr *addr)
{
	struct wsip_net *net = &node->sim->net;
	struct wsip_sim_socket *socket;

	if (addr->port == 0)
		addr->port = ++net->last_port ? net->last_port : (net->last_port = FIRST_PORT);
	if (kind != WSIP_ENDPOINT_STREAM && wsip_net_find(net, kind, addr))
		wsip_sim_misuse("%s: its address is another's already", node->name);
	socket = wsip_sim_alloc(sizeof(*socket));
	socket->node = node;
	socket->fd = ++net->last_fd;
	socket->kind = kind;
	socket->addr = *addr;
	wsip_list_append(&net->sockets, &socket->link);
	return socket;
}

size_t wsip_net_listen(struct wsip_sim_node *node, const char *const *texts, size_t most,
	struct wsip_listener *listeners, int *fds)
{
	size_t count = 0;

	for (; count < most && texts[count]; count++) {
		struct wsip_listener *listener = &listeners[count];
		char name[WSIP_LISTENER_NAME_BYTES];
		enum wsip_endpoint_kind kind;

		listener->transport = wsip_sim_parse_listen(texts[count], &listener->addr);
		kind = listener->transport == WSIP_UDP ? WSIP_ENDPOINT_DATAGRAM
						       : WSIP_ENDPOINT_LISTENER;
		fds[count] = wsip_net_open(node, kind, &listener->addr)->fd;
		wsip_listen_name(listener, name);
	}
	if (count == 0)
		wsip_sim_misuse("%s: expected an address to listen on", node->name);
	return count;
}

struct wsip_sim_socket *wsip_net_socket(const struct wsip_net *net, int fd)
{
	for (const struct wsip_list *link = net->sockets.next; link != &net->sockets;
		link = link->next) {
		if (socket_of(link)->fd == fd)
			return socket_of(link);
	}
	return NULL;
}

void wsip_net_forget(struct wsip_sim_socket *socket)
{
	wsip_list_remove(&socket->link);
	free(socket);
}

const struct wsip_sim_node *wsip_net_owner(const struct wsip_net *net, const struct wsip_addr *addr)
{
	for (const struct wsip_list *link = net->sockets.next; link != &net->sockets;
		link = link->next) {
		if (wsip_addr_equal_ip(&socket_of(link)->addr, addr))
			return socket_of(link)->node;
	}
	return NULL;
}

void wsip_net_enter(struct wsip_sim_node *node)
{
	node->ops->set_now(node, node->sim->now_ms);
}

void wsip_net_leave(struct wsip_sim_node *node)
{
	node->ops->advance(node, node->sim->now_ms);
}

/* ---- Links ---- */

static struct wsip_addr ip_or_all(const char *text)
{
	struct wsip_addr addr = { .family = 0 };

	if (text && wsip_addr_parse_ip(wsip_span_of(text), &addr) != WSIP_OK)
		wsip_sim_misuse("'%s': expected an IP address", text);
	return addr;
}

static void add_rule(struct wsip_sim *sim, const struct wsip_net_rule *model)
{
	struct wsip_net_rule *rule = wsip_sim_alloc(sizeof(*rule));

	*rule = *model;
	wsip_list_append(sim->net.rules.next, &rule->link);
}

void wsip_sim_link(struct wsip_sim *sim, const char *from, const char *to,
	const struct wsip_link *link)
{
	add_rule(sim, &(struct wsip_net_rule){
			      .from = ip_or_all(from), .to = ip_or_all(to), .quality = *link });
}

void wsip_sim_partition(struct wsip_sim *sim, const char *a, const char *b)
{
	struct wsip_addr left = ip_or_all(a), right = ip_or_all(b);

	add_rule(sim, &(struct wsip_net_rule){ .from = left, .to = right, .partition = true });
	add_rule(sim, &(struct wsip_net_rule){ .from = right, .to = left, .partition = true });
}

void wsip_sim_heal(struct wsip_sim *sim)
{
	struct wsip_list *link = sim->net.rules.next;

	while (link != &sim->net.rules) {
		struct wsip_net_rule *rule = wsip_container_of(link, struct wsip_net_rule, link);

		link = link->next;
		if (!rule->partition)
			continue;
		wsip_list_remove(&rule->link);
		free(rule);
	}
}

static bool covers(const struct wsip_addr *rule, const struct wsip_addr *addr)
{
	return rule->family == 0 || wsip_addr_equal_ip(rule, addr);
}

static const struct wsip_net_rule *find_rule(const struct wsip_net *net,
	const struct wsip_addr *from, const struct wsip_addr *to, bool partition)
{
	for (const struct wsip_list *link = net->rules.next; link != &net->rules;
		link = link->next) {
		const struct wsip_net_rule *rule = wsip_container_of(link, struct wsip_net_rule,
			link);

		if (rule->partition == partition && covers(&rule->from, from) &&
			covers(&rule->to, to))
			return rule;
	}
	return NULL;
}

struct wsip_link wsip_net_link(const struct wsip_net *net, const struct wsip_addr *from,
	const struct wsip_addr *to)
{
	const struct wsip_net_rule *rule = find_rule(net, from, to, false);

	return rule ? rule->quality : (struct wsip_link){ 0 };
}

bool wsip_net_is_parted(const struct wsip_net *net, const struct wsip_addr *from,
	const struct wsip_addr *to)
{
	return find_rule(net, from, to, true) != NULL;
}

uint64_t wsip_net_delay(struct wsip_sim *sim, const struct wsip_link *link)
{
	uint64_t delay_ms = link->delay_ms ? link->delay_ms : 1;

	delay_ms += link->jitter_ms ? wsip_sim_random(sim, link->jitter_ms + 1) : 0;
	return delay_ms;
}

void wsip_sim_tcp(struct wsip_sim *sim, const char *address, enum wsip_tcp_manner manner)
{
	struct wsip_net_manner *rule = wsip_sim_alloc(sizeof(*rule));

	rule->addr = wsip_sim_parse_addr(address);
	rule->manner = manner;
	wsip_list_append(sim->net.manners.next, &rule->link);
}

enum wsip_tcp_manner wsip_net_manner(const struct wsip_net *net, const struct wsip_addr *addr)
{
	for (const struct wsip_list *link = net->manners.next; link != &net->manners;
		link = link->next) {
		const struct wsip_net_manner *rule = wsip_container_of(link, struct wsip_net_manner,
			link);

		if (wsip_addr_equal(&rule->addr, addr))
			return rule->manner;
	}
	return WSIP_TCP_ACCEPTS;
}

/* ---- Datagrams ---- */

struct datagram {
	struct wsip_sim_event event;
	struct wsip_addr from;
	struct wsip_addr to;
	size_t size;
	char bytes[];
};

static void arrive(struct wsip_sim *sim, struct wsip_sim_event *event)
{
	struct datagram *datagram = wsip_container_of(event, struct datagram, event);
	struct wsip_sim_socket *socket = wsip_net_find(&sim->net, WSIP_ENDPOINT_DATAGRAM,
		&datagram->to);
	struct wsip_buf *buf;

	if (socket && socket->endpoint) {
		buf = wsip_buf_get(socket->node->bufs, datagram->size);
		if (buf) {
			memcpy(buf->data, datagram->bytes, datagram->size);
			buf->used = (uint32_t)datagram->size;
			wsip_net_enter(socket->node);
			socket->endpoint->ops->datagram(socket->endpoint, buf, &datagram->from);
			wsip_net_leave(socket->node);
		}
	}
	free(datagram);
}

static uint64_t send_copy(struct wsip_sim *sim, const struct datagram *model, const char *bytes,
	const struct wsip_link *link)
{
	struct datagram *datagram = wsip_sim_alloc(sizeof(*datagram) + model->size);
	uint64_t delay_ms = wsip_net_delay(sim, link);

	*datagram = *model;
	memcpy(datagram->bytes, bytes, model->size);
	datagram->event.fire = arrive;
	if (wsip_sim_chance(sim, link->reordering))
		delay_ms += 1 + wsip_sim_random(sim, (uint32_t)(4 * delay_ms) + 40);
	wsip_sim_schedule(sim, &datagram->event, delay_ms);
	return delay_ms;
}

static const char *fate(struct wsip_sim *sim, const struct datagram *datagram,
	const struct wsip_link *link)
{
	if (wsip_net_is_parted(&sim->net, &datagram->from, &datagram->to))
		return "parted";
	if (link->mtu_bytes && datagram->size + IP_UDP_BYTES > link->mtu_bytes)
		return "too large";
	if (wsip_sim_chance(sim, link->loss))
		return "lost";
	if (!wsip_net_find(&sim->net, WSIP_ENDPOINT_DATAGRAM, &datagram->to))
		return "nobody there";
	return "";
}

void wsip_net_send_datagram(struct wsip_sim_socket *socket, const struct wsip_addr *to,
	const char *bytes, size_t size)
{
	struct wsip_sim *sim = socket->node->sim;
	struct wsip_link link = wsip_net_link(&sim->net, &socket->addr, to);
	struct datagram datagram = { .from = socket->addr, .to = *to, .size = size };
	struct wsip_trace_line line = { .at_ms = sim->now_ms, .from = socket->addr, .to = *to };

	line.note = fate(sim, &datagram, &link);
	if (!line.note[0])
		line.after_ms = (uint32_t)send_copy(sim, &datagram, bytes, &link);
	wsip_trace_add(&sim->trace, &line, bytes, size);
	if (!line.note[0] && wsip_sim_chance(sim, link.duplication)) {
		line.after_ms = (uint32_t)send_copy(sim, &datagram, bytes, &link);
		wsip_trace_add(&sim->trace, &line, bytes, size);
	}
}
