/* SPDX-License-Identifier: MIT */
#include "testkit/agent.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define AGENT_POOL_MAX 4096

static struct wsip_agent *agent_of(const struct wsip_sim_node *node)
{
	return wsip_container_of(node, struct wsip_agent, node);
}

static struct wsip_call *call_of(const struct wsip_list *link)
{
	return wsip_container_of(link, struct wsip_call, link);
}

/* ---- Between network and transactions ---- */

static void received(void *user, struct wsip_buf *buf, const struct wsip_flow *flow,
	const struct wsip_problem *problem)
{
	struct wsip_agent *agent = user;
	struct wsip_msg *msg = wsip_pool_alloc(&agent->msgs);
	struct wsip_problem found = { 400, "Not A SIP Message", 0 };

	(void)problem;
	if (!msg)
		wsip_sim_misuse("out of memory");
	if (wsip_msg_parse(msg, buf) == WSIP_OK)
		found = wsip_msg_check(msg);
	if (found.status)
		wsip_agent_violated(agent, "a message that is none: %s", found.reason);
	else if (msg->is_request)
		wsip_agent_take_request(agent, msg, flow);
	else
		wsip_agent_take_response(agent, msg);
	wsip_msg_finish(msg);
	wsip_pool_free(&agent->msgs, msg);
	wsip_buf_unref(buf);
}

static void send_failed(void *user, uint64_t ticket)
{
	struct wsip_agent *agent = user;

	wsip_tx_send_failed(&agent->tx, ticket);
}

static void refused(void *user, struct wsip_buf *buf)
{
	(void)user;
	(void)buf;
}

static const struct wsip_network_ops network_ops = {
	.received = received,
	.send_failed = send_failed,
	.refused = refused,
};

static const struct wsip_sender_ops sender_ops = { .send = wsip_network_send };

enum wsip_err wsip_agent_transmit(struct wsip_agent *agent, const struct wsip_flow *flow,
	struct wsip_buf *bytes)
{
	return wsip_network_send(&agent->network, flow, bytes, 0);
}

/* ---- For the other parts ---- */

void wsip_agent_violated(struct wsip_agent *agent, const char *format, ...)
{
	va_list arguments;

	if (agent->violation[0])
		return;
	va_start(arguments, format);
	vsnprintf(agent->violation, sizeof(agent->violation), format, arguments);
	va_end(arguments);
}

void wsip_agent_token(struct wsip_agent *agent, char token[32])
{
	snprintf(token, 32, "%016llx", (unsigned long long)wsip_sim_random64(agent->node.sim));
}

void wsip_agent_copy(char *out, struct wsip_span text)
{
	size_t size = text.size < WSIP_AGENT_TEXT_BYTES ? text.size : WSIP_AGENT_TEXT_BYTES - 1;

	memcpy(out, text.data, size);
	out[size] = '\0';
}

enum wsip_err wsip_agent_flow_to(const struct wsip_agent *agent, const char *text,
	struct wsip_flow *flow)
{
	enum wsip_transport transport = WSIP_UDP;
	struct wsip_span value;
	struct wsip_uri uri;

	*flow = (struct wsip_flow){ 0 };
	if (wsip_uri_parse(wsip_span_of(text), &uri) != WSIP_OK ||
		wsip_addr_parse_ip(uri.host, &flow->remote) != WSIP_OK ||
		(wsip_uri_param(&uri, "transport", &value) &&
			wsip_transport_parse(value, &transport) != WSIP_OK))
		return WSIP_ERR_UNREACHABLE;
	flow->remote.port = uri.port ? uri.port : 5060;
	flow->transport = (uint8_t)transport;
	for (size_t i = 0; i < agent->listener_count; i++) {
		if (agent->listeners[i].transport == transport) {
			flow->listener = (uint16_t)i;
			return WSIP_OK;
		}
	}
	/* A stream may be opened without a listener of its own. */
	return transport == WSIP_TCP ? WSIP_OK : WSIP_ERR_UNREACHABLE;
}

struct wsip_call *wsip_agent_add_call(struct wsip_agent *agent)
{
	struct wsip_call *call = wsip_sim_alloc(sizeof(*call));

	call->agent = agent;
	wsip_agent_init_server(call);
	wsip_list_append(&agent->calls, &call->link);
	return call;
}

/* ---- The node ---- */

static void set_now(struct wsip_sim_node *node, uint64_t now_ms)
{
	struct wsip_agent *agent = agent_of(node);

	wsip_timers_set_now(&agent->timers, now_ms);
	wsip_timers_set_now(&agent->network.timers, now_ms);
}

static void advance(struct wsip_sim_node *node, uint64_t now_ms)
{
	struct wsip_agent *agent = agent_of(node);

	wsip_timers_advance(&agent->timers, now_ms);
	wsip_tx_tell_send_errors(&agent->tx);
	wsip_network_advance(&agent->network, now_ms);
}

static uint64_t next_ms(struct wsip_sim_node *node)
{
	struct wsip_agent *agent = agent_of(node);
	uint64_t own_ms = wsip_timers_next(&agent->timers);
	uint64_t network_ms = wsip_timers_next(&agent->network.timers);

	if (wsip_tx_has_send_errors(&agent->tx))
		return agent->timers.now_ms;
	return own_ms < network_ms ? own_ms : network_ms;
}

static void check_rest(struct wsip_sim_node *node)
{
	struct wsip_agent *agent = agent_of(node);

	wsip_sim_expect(node->sim, !agent->violation[0], "%s got %s", node->name, agent->violation);
}

static void free_dialog(struct wsip_dialog *dialog)
{
	wsip_buf_unref(dialog->ack);
}

static void free_call(struct wsip_call *call)
{
	wsip_list_remove(&call->link);
	wsip_agent_finish_server(call);
	wsip_buf_unref(call->last);
	free_dialog(&call->dialog);
	for (size_t i = 0; i < call->fork_count; i++)
		free_dialog(&call->forks[i]);
	free(call);
}

static void free_all(struct wsip_list *list)
{
	while (!wsip_list_empty(list)) {
		struct wsip_list *first = list->next;

		wsip_list_remove(first);
		free(first); /* the link comes first */
	}
}

static void destroy(struct wsip_sim_node *node)
{
	struct wsip_agent *agent = agent_of(node);

	wsip_network_finish(&agent->network);
	wsip_tx_layer_clear(&agent->tx);
	while (!wsip_list_empty(&agent->calls))
		free_call(call_of(agent->calls.next));
	free_all(&agent->exchanges);
	free_all(&agent->received);
	wsip_tx_layer_finish(&agent->tx);
	wsip_pool_finish(&agent->msgs);
	wsip_buf_pool_finish(&agent->bufs);
	free(agent);
}

static const struct wsip_sim_node_ops node_ops = {
	.set_now = set_now,
	.advance = advance,
	.next_ms = next_ms,
	.check_rest = check_rest,
	.destroy = destroy,
};

/* ---- Beginning ---- */

static enum wsip_err start_stack(struct wsip_agent *agent, int fds[WSIP_AGENT_LISTEN_MAX])
{
	struct wsip_sim *sim = agent->node.sim;
	struct wsip_network model = { .ops = &network_ops,
		.user = agent,
		.worker_count = 1,
		.poller = &agent->node.poller,
		.bufs = &agent->bufs,
		.listeners = agent->listeners,
		.socket_count = agent->listener_count,
		.secret = wsip_sim_secret(sim) };
	enum wsip_err err;

	wsip_timers_init(&agent->timers, sim->now_ms);
	wsip_buf_pool_init(&agent->bufs);
	wsip_pool_init(&agent->msgs, "messages", sizeof(struct wsip_msg), AGENT_POOL_MAX);
	agent->tx = (struct wsip_tx_layer){ .timing = { WSIP_AGENT_T1_MS, WSIP_AGENT_T2_MS, 5000,
						    32000 },
		.timers = &agent->timers,
		.bufs = &agent->bufs,
		.sender = &sender_ops,
		.sender_self = &agent->network,
		.secret = wsip_sim_secret(sim) };
	err = wsip_tx_layer_init(&agent->tx);
	return err ? err : wsip_network_init(&agent->network, &model, fds, sim->now_ms);
}

struct wsip_agent *wsip_agent_create(struct wsip_sim *sim, const struct wsip_agent_options *options)
{
	struct wsip_agent *agent = wsip_sim_alloc(sizeof(*agent));
	int fds[WSIP_AGENT_LISTEN_MAX];

	agent->options = *options;
	wsip_list_init(&agent->calls);
	wsip_list_init(&agent->exchanges);
	wsip_list_init(&agent->received);
	wsip_sim_add_node(sim, &agent->node, options->name, &node_ops);
	agent->node.bufs = &agent->bufs;
	agent->listener_count = wsip_net_listen(&agent->node, options->listen,
		WSIP_AGENT_LISTEN_MAX, agent->listeners, fds);
	if (start_stack(agent, fds) != WSIP_OK)
		wsip_sim_misuse("out of memory");
	return agent;
}

void wsip_agent_set_manner(struct wsip_agent *agent, enum wsip_agent_manner manner,
	unsigned int status)
{
	agent->options.manner = manner;
	agent->options.status = status;
}

/* ---- Asking ---- */

struct wsip_call *wsip_agent_call_at(const struct wsip_agent *agent, size_t index)
{
	for (const struct wsip_list *link = agent->calls.next; link != &agent->calls;
		link = link->next) {
		if (index-- == 0)
			return call_of(link);
	}
	return NULL;
}

struct wsip_call *wsip_agent_last_call(const struct wsip_agent *agent)
{
	for (const struct wsip_list *link = agent->calls.prev; link != &agent->calls;
		link = link->prev) {
		if (call_of(link)->incoming)
			return call_of(link);
	}
	return NULL;
}

unsigned int wsip_agent_received(const struct wsip_agent *agent, const char *method)
{
	for (const struct wsip_list *link = agent->received.next; link != &agent->received;
		link = link->next) {
		const struct wsip_agent_method *each = wsip_container_of(link,
			struct wsip_agent_method, link);

		if (strcmp(each->name, method) == 0)
			return each->count;
	}
	return 0;
}

const char *wsip_agent_violation(const struct wsip_agent *agent)
{
	return agent->violation;
}

enum wsip_call_state wsip_call_state(const struct wsip_call *call)
{
	return call->state;
}

unsigned int wsip_call_status(const struct wsip_call *call)
{
	return call->status;
}

unsigned int wsip_call_heard(const struct wsip_call *call, unsigned int status)
{
	return status < sizeof(call->heard) / sizeof(call->heard[0]) ? call->heard[status] : 0;
}

bool wsip_call_was_up(const struct wsip_call *call)
{
	return call->was_up;
}

const char *wsip_call_header(struct wsip_call *call, const char *name)
{
	struct wsip_span value = { 0 };
	struct wsip_msg msg;
	bool found = false;

	if (!call->last)
		return NULL;
	if (wsip_msg_parse(&msg, call->last) == WSIP_OK)
		found = wsip_msg_header_named(&msg, name, &value);
	if (found)
		wsip_agent_copy(call->value, value);
	wsip_msg_finish(&msg);
	return found ? call->value : NULL;
}

bool wsip_call_expect(struct wsip_call *call, unsigned int status)
{
	return wsip_sim_expect(call->agent->node.sim, call->status == status,
		"%s of %s: expected %u, got %u", call->method, call->agent->node.name, status,
		call->status);
}
