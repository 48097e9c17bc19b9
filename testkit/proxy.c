/* SPDX-License-Identifier: MIT */
#include "testkit/proxy.h"

#include <stdlib.h>
#include <unistd.h>

struct wsip_sim_proxy {
	struct wsip_sim_node node;
	struct wsip_assembly assembly;
	struct wsip_listener listeners[WSIP_LISTEN_MAX];
	size_t listener_count;
	struct wsip_log log;
	struct wsip_core core;
	struct wsip_network network;
};

struct wsip_core *wsip_sim_proxy_core(struct wsip_sim_proxy *proxy)
{
	return &proxy->core;
}

static struct wsip_sim_proxy *proxy_of(const struct wsip_sim_node *node)
{
	return wsip_container_of(node, struct wsip_sim_proxy, node);
}

static void enter_stack(struct wsip_sim_proxy *proxy)
{
	proxy->node.sim->inside_stack = 1;
}

static void leave_stack(struct wsip_sim_proxy *proxy)
{
	proxy->node.sim->inside_stack = 0;
}

/* ---- Between network and core, as in proxy/worker.c ---- */

static void received(void *user, struct wsip_buf *buf, const struct wsip_flow *flow,
	const struct wsip_problem *problem)
{
	struct wsip_sim_proxy *proxy = user;

	enter_stack(proxy);
	wsip_core_receive(&proxy->core, buf, flow, problem);
	leave_stack(proxy);
}

static void send_failed(void *user, uint64_t ticket)
{
	struct wsip_sim_proxy *proxy = user;

	wsip_core_send_failed(&proxy->core, ticket);
}

static void refused(void *user, struct wsip_buf *buf)
{
	struct wsip_sim_proxy *proxy = user;

	wsip_core_refused(&proxy->core, buf);
}

static const struct wsip_network_ops network_ops = {
	.received = received,
	.send_failed = send_failed,
	.refused = refused,
};

static const struct wsip_sender_ops sender_ops = { .send = wsip_network_send };

/* ---- wsip_resume ---- */

struct posted {
	struct wsip_sim_event event;
	struct wsip_sim_proxy *proxy;
	struct wsip_resumption resumption;
};

static void resume(struct wsip_sim *sim, struct wsip_sim_event *event)
{
	struct posted *posted = wsip_container_of(event, struct posted, event);

	(void)sim;
	wsip_net_enter(&posted->proxy->node);
	enter_stack(posted->proxy);
	wsip_core_resume(&posted->proxy->core, &posted->resumption);
	leave_stack(posted->proxy);
	wsip_net_leave(&posted->proxy->node);
	free(posted);
}

static enum wsip_err post(void *self, const struct wsip_resumption *resumption)
{
	struct wsip_sim_proxy *proxy = self;
	int inside = proxy->node.sim->inside_stack;
	struct posted *posted;

	leave_stack(proxy);
	posted = wsip_sim_alloc(sizeof(*posted));
	*posted = (struct posted){ { .fire = resume }, proxy, *resumption };
	wsip_sim_schedule(proxy->node.sim, &posted->event, 0);
	proxy->node.sim->inside_stack = inside;
	return WSIP_OK;
}

static const struct wsip_post_ops post_ops = { .post = post };

/* ---- The node ---- */

static void set_now(struct wsip_sim_node *node, uint64_t now_ms)
{
	struct wsip_sim_proxy *proxy = proxy_of(node);

	wsip_core_set_now(&proxy->core, now_ms);
	wsip_timers_set_now(&proxy->network.timers, now_ms);
}

static void advance(struct wsip_sim_node *node, uint64_t now_ms)
{
	struct wsip_sim_proxy *proxy = proxy_of(node);

	enter_stack(proxy);
	wsip_core_advance(&proxy->core, now_ms);
	leave_stack(proxy);
	wsip_network_advance(&proxy->network, now_ms);
}

static uint64_t next_ms(struct wsip_sim_node *node)
{
	struct wsip_sim_proxy *proxy = proxy_of(node);
	uint64_t core_ms = wsip_core_next_ms(&proxy->core);
	uint64_t network_ms = wsip_timers_next(&proxy->network.timers);

	return core_ms < network_ms ? core_ms : network_ms;
}

static void check_rest(struct wsip_sim_node *node)
{
	struct wsip_sim_proxy *proxy = proxy_of(node);
	const struct wsip_core *core = &proxy->core;
	const struct {
		const char *what;
		size_t count;
	} counts[] = {
		{ "requests without an answer", core->unanswered },
		{ "transactions", core->tx.pool.in_use },
		{ "requests", core->requests.in_use },
		{ "branches", core->branches.in_use },
		{ "messages", core->msgs.in_use },
		{ "buffers", core->bufs.in_use },
		{ "timers", core->timers.running },
		{ "connections", proxy->network.connections.in_use },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		wsip_sim_expect(node->sim, counts[i].count == 0, "%s: %zu %s left at the end",
			node->name, counts[i].count, counts[i].what);
}

static void destroy(struct wsip_sim_node *node)
{
	struct wsip_sim_proxy *proxy = proxy_of(node);

	wsip_network_finish(&proxy->network);
	wsip_core_finish(&proxy->core);
	wsip_assembly_finish(&proxy->assembly);
	free(proxy);
}

static const struct wsip_sim_node_ops node_ops = {
	.set_now = set_now,
	.advance = advance,
	.next_ms = next_ms,
	.check_rest = check_rest,
	.destroy = destroy,
};

/* ---- Beginning ---- */

static enum wsip_err start_core(struct wsip_sim_proxy *proxy)
{
	struct wsip_sim *sim = proxy->node.sim;
	struct wsip_core_options options = wsip_assembly_core_options(&proxy->assembly);

	wsip_log_init(&proxy->log, proxy->assembly.options.log_level, STDERR_FILENO);
	options.secret = wsip_sim_secret(sim);
	options.sender = &sender_ops;
	options.sender_self = &proxy->network;
	options.post = &post_ops;
	options.post_self = proxy;
	options.listeners = proxy->listeners;
	options.listener_count = proxy->listener_count;
	/* What a proxy logs in a run on purpose gone wrong is of interest to who asks for it. */
	options.log = proxy->assembly.options.log_level ? &proxy->log : NULL;
	options.now_ms = sim->now_ms;
	return wsip_core_init(&proxy->core, &options);
}

static enum wsip_err start_network(struct wsip_sim_proxy *proxy, int fds[WSIP_LISTEN_MAX])
{
	struct wsip_sim *sim = proxy->node.sim;
	struct wsip_network model = { .ops = &network_ops,
		.user = proxy,
		.worker_count = 1,
		.poller = &proxy->node.poller,
		.bufs = &proxy->core.bufs,
		.log = proxy->core.options.log,
		.listeners = proxy->listeners,
		.socket_count = proxy->listener_count,
		.secret = wsip_sim_secret(sim) };

	return wsip_network_init(&proxy->network, &model, fds, sim->now_ms);
}

struct wsip_sim_proxy *wsip_sim_proxy(struct wsip_sim *sim, const char *name,
	const struct wsip_proxy_options *options)
{
	struct wsip_sim_proxy *proxy = wsip_sim_alloc(sizeof(*proxy));
	struct wsip_proxy_error error;
	int fds[WSIP_LISTEN_MAX];
	enum wsip_err err;

	if (wsip_assembly_init(&proxy->assembly, options, &error) != WSIP_OK)
		wsip_sim_misuse("%s: %s", name, error.text);
	wsip_sim_add_node(sim, &proxy->node, name, &node_ops);
	proxy->node.bufs = &proxy->core.bufs;
	proxy->listener_count = wsip_net_listen(&proxy->node, options->listen, WSIP_LISTEN_MAX,
		proxy->listeners, fds);
	err = start_core(proxy);
	if (!err)
		err = start_network(proxy, fds);
	if (err)
		wsip_sim_misuse("%s: %s", name, wsip_err_text(err));
	return proxy;
}
