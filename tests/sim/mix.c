/* SPDX-License-Identifier: MIT
 * What happens in a mix, and when.
 */
#include "tests/sim/mix.h"

#include <stdlib.h>

#define ACTIONS_MAX    24
#define LAST_ACTION_MS 40000
/* Long enough for a CANCEL to get through, short enough to be before Timer C. */
#define CANCEL_DONE_MS 75000

static uint32_t pick(struct mix *mix, uint32_t bound)
{
	return wsip_sim_random(mix->sim, bound);
}

/* ---- The participants ---- */

static const char *const callee_listen[MIX_CALLEES_MAX][2] = {
	{ "udp:10.0.2.1:5060", NULL },
	{ "udp:10.0.2.2:5060", "tcp:10.0.2.2:5060" },
	{ "tcp:10.0.2.3:5060", NULL },
	{ "udp:10.0.2.4:5060", NULL },
};

static void add_proxies(struct mix *mix)
{
	static const char *const to_first[] = { "sip:10.0.0.1" };

	mix->proxy_count = pick(mix, 4) == 0 ? 2 : 1;
	mix->proxies[0] = wsip_sim_proxy(mix->sim, "proxy",
		&(struct wsip_proxy_options){
			.listen = { "udp:10.0.0.1:5060", "tcp:10.0.0.1:5060" },
			.aliases = { "example.org" },
			.on_request = mix_on_request,
			.user = mix });
	if (mix->proxy_count == 2) /* in front of the other */
		mix->proxies[1] = wsip_sim_proxy(mix->sim, "edge",
			&(struct wsip_proxy_options){
				.listen = { "udp:10.0.0.9:5060", "tcp:10.0.0.9:5060" },
				.registrar = WSIP_REGISTRAR_OFF,
				.targets = { to_first[0] } });
}

static void add_callers(struct mix *mix)
{
	static const char *const names[] = { "alice", "anna" };
	static const char *const listen[] = { "udp:10.0.1.1:5060", "udp:10.0.1.2:5060" };

	mix->caller_count = 1 + pick(mix, MIX_CALLERS_MAX);
	for (size_t i = 0; i < mix->caller_count; i++)
		mix->callers[i] = wsip_agent_create(mix->sim,
			&(struct wsip_agent_options){ .name = names[i],
				.listen = { listen[i] },
				.proxy = mix->proxy_count == 2 ? "sip:10.0.0.9" : "sip:10.0.0.1",
				.hang_up_after_ms = pick(mix, 3) ? pick(mix, 20000) + 1 : 0 });
}

static struct wsip_agent_options callee_options(struct mix *mix, size_t index)
{
	static const char *const names[] = { "bob", "carol", "dave", "erin" };
	static const unsigned int statuses[] = { 486, 503, 404, 603, 302, 401, 407, 480, 500 };
	static const char moved[] = "Contact: <sip:bob@10.0.2.1>;q=0.5, <sip:bob@10.0.2.2>\r\n";
	unsigned int status = statuses[pick(mix, sizeof(statuses) / sizeof(statuses[0]))];

	return (struct wsip_agent_options){ .name = names[index],
		.listen = { callee_listen[index][0], callee_listen[index][1] },
		.manner = (enum wsip_agent_manner)pick(mix, 4),
		.ring_after_ms = pick(mix, 2) ? 0 : pick(mix, 4000),
		.answer_after_ms = pick(mix, 8000),
		.status = status,
		.headers = status == 302 ? moved : NULL,
		.hang_up_after_ms = pick(mix, 3) == 0 ? pick(mix, 20000) + 1 : 0 };
}

static void add_callees(struct mix *mix)
{
	mix->callee_count = 1 + pick(mix, MIX_CALLEES_MAX);
	for (size_t i = 0; i < mix->callee_count; i++) {
		struct wsip_agent_options options = callee_options(mix, i);

		mix->callees[i] = wsip_agent_create(mix->sim, &options);
	}
	mix->tcp = mix->callee_count > 2;
}

/* ---- The network ---- */

static void set_network(struct mix *mix)
{
	struct wsip_link link = { .delay_ms = 1 + pick(mix, 100), .jitter_ms = pick(mix, 200) };

	if (pick(mix, 2))
		link.loss = mix->loss = pick(mix, 301);
	if (pick(mix, 2))
		link.duplication = pick(mix, 200);
	if (pick(mix, 2))
		link.reordering = pick(mix, 300);
	if (pick(mix, 8) == 0)
		link.mtu_bytes = 1500;
	wsip_sim_link(mix->sim, NULL, NULL, &link);
	mix->resets = mix->tcp && pick(mix, 3) == 0;
	mix->parted = pick(mix, 4) == 0;
	mix->scarce = pick(mix, 6) == 0;
	mix->whims = pick(mix, 3) ? pick(mix, 300) : 0;
	if (pick(mix, 6) == 0 && mix->tcp) {
		wsip_sim_tcp(mix->sim, "10.0.2.3:5060", (enum wsip_tcp_manner)pick(mix, 7));
		mix->resets = true;
	}
	mix->bounded = mix->loss == 0 && !mix->resets && !mix->parted && !mix->scarce && !mix->tcp;
}

static void make_scarce(struct mix *mix)
{
	struct wsip_core *core = wsip_sim_proxy_core(mix->proxies[0]);

	if (!mix->scarce)
		return;
	core->tx.pool.limit = 1 + pick(mix, 12);
	core->requests.limit = 1 + pick(mix, 6);
	core->branches.limit = 1 + pick(mix, 6);
	core->msgs.limit = 2 + pick(mix, 8);
	scarce_begin(mix->sim, 2 + pick(mix, 10));
}

/* ---- What the participants do ---- */

static void place_call(struct mix *mix)
{
	struct wsip_agent *caller = mix->callers[pick(mix, (uint32_t)mix->caller_count)];
	static const char *const methods[] = { "INVITE", "INVITE", "INVITE", "INVITE", "MESSAGE",
		"OPTIONS", "UNHEARD" };
	size_t body = pick(mix, 6) == 0 ? 1300 : 0;

	if (mix->call_count == MIX_CALLS_MAX)
		return;
	mix->tcp = mix->tcp || body > 0;
	mix->bounded = mix->bounded && body == 0;
	mix->calls[mix->call_count++] = wsip_agent_send_with(caller, methods[pick(mix, 7)],
		"sip:bob@example.org", NULL, body);
}

static struct wsip_call *some_call(struct mix *mix)
{
	struct wsip_agent *callee = mix->callees[pick(mix, (uint32_t)mix->callee_count)];
	struct wsip_call *call = wsip_agent_last_call(callee);

	if (call && pick(mix, 3) == 0)
		return call;
	return mix->calls[pick(mix, (uint32_t)mix->call_count)];
}

static void part_somebody(struct mix *mix)
{
	static const char *const ips[] = { "10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.2.2",
		"10.0.2.3" };

	if (!mix->parted)
		return;
	/* Not for so long that all that is repeated would be lost. */
	wsip_sim_partition(mix->sim, ips[pick(mix, 5)], pick(mix, 2) ? NULL : "10.0.0.1");
	wsip_sim_run_ms(mix->sim, pick(mix, 6000));
	wsip_sim_heal(mix->sim);
}

static void act(struct mix *mix)
{
	switch (pick(mix, 10)) {
	case 0:
	case 1:
	case 2:
		place_call(mix);
		break;
	case 3:
	case 4:
		wsip_call_cancel(some_call(mix));
		break;
	case 5:
		wsip_call_hang_up(some_call(mix));
		break;
	case 6:
		wsip_call_reinvite(some_call(mix));
		break;
	case 7:
	case 8:
		part_somebody(mix);
		break;
	default:
		if (mix->resets)
			wsip_sim_reset_connections(mix->sim, "10.0.0.1");
		break;
	}
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void act_at_random_times(struct mix *mix)
{
	size_t count = 1 + pick(mix, ACTIONS_MAX);
	int times[ACTIONS_MAX];

	for (size_t i = 0; i < count; i++)
		times[i] = (int)pick(mix, pick(mix, 2) ? LAST_ACTION_MS : 2000);
	qsort(times, count, sizeof(times[0]), by_number);
	for (size_t i = 0; i < count; i++) {
		wsip_sim_run_until(mix->sim, (uint64_t)times[i]);
		act(mix);
	}
}

bool mix_run(uint64_t seed, FILE *out)
{
	struct wsip_sim_options options = {
		.seed = seed, .replay = "make sim SEEDS=1", .out = out
	};
	struct mix mix = { .sim = wsip_sim_create(&options) };

	add_proxies(&mix);
	add_callers(&mix);
	add_callees(&mix);
	set_network(&mix);
	place_call(&mix);
	make_scarce(&mix);
	act_at_random_times(&mix);
	wsip_sim_heal(mix.sim);
	wsip_sim_run_until(mix.sim, LAST_ACTION_MS + CANCEL_DONE_MS);
	mix_check_nobody_rings(&mix);
	wsip_sim_run_until_idle(mix.sim);
	mix_check(&mix);
	scarce_begin(NULL, 1);
	return wsip_sim_end(mix.sim) == 0;
}
