/* SPDX-License-Identifier: MIT
 * A simulation with a relaying proxy at 10.0.0.1, alice at 10.0.0.2 and bob at 10.0.0.3, whose
 * failures are kept as text.
 */
#ifndef WSIP_TESTS_WORLD_H
#define WSIP_TESTS_WORLD_H

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <wiresip/testkit.h>

struct world {
	struct wsip_sim *sim;
	struct wsip_sim_proxy *proxy;
	struct wsip_agent *alice, *bob;
	char *told;
	size_t told_size;
	FILE *out;
};

static inline struct world *create_empty_world(uint64_t seed)
{
	struct world *world = calloc(1, sizeof(*world));

	world->out = open_memstream(&world->told, &world->told_size);
	world->sim = wsip_sim_create(&(struct wsip_sim_options){
		.seed = seed, .replay = "./again", .out = world->out });
	return world;
}

static inline struct world *create_world_over(const char *transport, uint64_t seed)
{
	struct world *world = create_empty_world(seed);
	char target[64], listen[64];

	snprintf(target, sizeof(target), "sip:10.0.0.3;transport=%s", transport);
	snprintf(listen, sizeof(listen), "%s:10.0.0.3:5060", transport);
	world->alice = wsip_agent_create(world->sim, &(struct wsip_agent_options){ .name = "alice",
							     .listen = { "udp:10.0.0.2:5060" },
							     .proxy = "sip:10.0.0.1" });
	world->proxy = wsip_sim_proxy(world->sim, "proxy",
		&(struct wsip_proxy_options){
			.listen = { "udp:10.0.0.1:5060", "tcp:10.0.0.1:5060" },
			.registrar = WSIP_REGISTRAR_MEMORY,
			.targets = { target } });
	world->bob = wsip_agent_create(world->sim, &(struct wsip_agent_options){ .name = "bob",
							   .listen = { listen },
							   .ring_after_ms = 100,
							   .answer_after_ms = 1000 });
	return world;
}

static inline struct world *create_world(void)
{
	return create_world_over("udp", 7);
}

/* Ends it; what was told stays until the next call. */
static inline const char *end_world(struct world *world, int failures)
{
	static char *told;

	cr_expect_eq(wsip_sim_end(world->sim), failures);
	fclose(world->out);
	free(told);
	told = world->told;
	cr_expect(failures > 0 || !told[0], "%s", told);
	free(world);
	return told;
}

static inline struct wsip_call *call_bob(struct world *world)
{
	return wsip_agent_call(world->alice, "sip:bob@10.0.0.1");
}

#endif
