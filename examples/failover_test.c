/* SPDX-License-Identifier: MIT
 * The handler of failover.c on a simulated network: two carriers, and what can go wrong with them.
 *
 *	cc failover_test.c $(pkg-config --cflags --libs wiresip-testkit) -o failover_test
 *	./failover_test
 */
#include <wiresip/testkit.h>

/* What is tested, but for its main. */
#define main failover_main
#include "failover.c"
#undef main

static struct carriers carriers = { "sip:10.0.0.3", "sip:10.0.0.4" };

struct world {
	struct wsip_sim *sim;
	struct wsip_agent *caller, *first, *second;
};

static struct world create_world(void)
{
	struct world world = { .sim = wsip_sim_create(NULL) };

	world.caller = wsip_agent_create(world.sim, &(struct wsip_agent_options){ .name = "caller",
							    .listen = { "udp:10.0.0.2:5060" },
							    .proxy = "sip:10.0.0.1" });
	wsip_sim_proxy(world.sim, "proxy",
		&(struct wsip_proxy_options){ .listen = { "udp:10.0.0.1:5060" },
			.on_request = on_request,
			.user = &carriers });
	world.first = wsip_agent_create(world.sim,
		&(struct wsip_agent_options){ .name = "first", .listen = { "udp:10.0.0.3:5060" } });
	world.second = wsip_agent_create(world.sim, &(struct wsip_agent_options){ .name = "second",
							    .listen = { "udp:10.0.0.4:5060" } });
	return world;
}

static int the_second_carrier_takes_over(void)
{
	struct world world = create_world();
	struct wsip_call *call;

	wsip_agent_set_manner(world.first, WSIP_AGENT_REJECTS, 503);
	call = wsip_agent_call(world.caller, "sip:bob@10.0.0.1");
	wsip_sim_run_ms(world.sim, 1000);
	wsip_call_expect(call, 200);
	wsip_sim_expect(world.sim, wsip_call_heard(call, 503) == 0, "the caller heard the 503");
	wsip_call_hang_up(call);
	return wsip_sim_end(world.sim);
}

static int when_the_second_is_cut_off_too_the_caller_hears_of_it(void)
{
	struct world world = create_world();
	struct wsip_call *call;

	wsip_agent_set_manner(world.first, WSIP_AGENT_REJECTS, 503);
	wsip_sim_partition(world.sim, "10.0.0.1", "10.0.0.4");
	call = wsip_agent_call(world.caller, "sip:bob@10.0.0.1");
	wsip_sim_run_ms(world.sim, 31000);
	wsip_call_expect(call, 0); /* 64*T1 are 32 s */
	wsip_sim_run_ms(world.sim, 2000);
	wsip_call_expect(call, 408);
	return wsip_sim_end(world.sim);
}

int main(void)
{
	int failed = the_second_carrier_takes_over();

	printf("%sok - the second carrier takes over\n", failed ? "not " : "");
	failed += when_the_second_is_cut_off_too_the_caller_hears_of_it();
	printf("%sok - when it is cut off too the caller hears 408\n", failed ? "not " : "");
	return failed > 0;
}
