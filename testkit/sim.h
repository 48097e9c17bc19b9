/* SPDX-License-Identifier: MIT
 * The simulation: events in the order of their time, the nodes that they happen to, what was sent.
 */
#ifndef WSIP_TESTKIT_SIM_H
#define WSIP_TESTKIT_SIM_H

#include <wiresip/testkit.h>

#include "base/list.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "testkit/net.h"
#include "testkit/trace.h"

/* Something that will happen. Embedded in what it is about, which `fire` frees; so does `drop` when
 * the simulation ends before. */
struct wsip_sim_event {
	uint64_t at_ms;
	uint64_t order; /* among those of one time */
	void (*fire)(struct wsip_sim *sim, struct wsip_sim_event *event);
};

/* A participant: a proxy, an agent, a raw agent. */
struct wsip_sim_node {
	struct wsip_list link;
	struct wsip_sim *sim;
	char name[32];
	struct wsip_poller poller; /* simulated: testkit/poller.c */
	struct wsip_buf_pool *bufs;
	const struct wsip_sim_node_ops *ops;
};

struct wsip_sim_node_ops {
	/* What time it is, before something happens to the node. */
	void (*set_now)(struct wsip_sim_node *node, uint64_t now_ms);
	/* After that, and when it asked for it. */
	void (*advance)(struct wsip_sim_node *node, uint64_t now_ms);
	/* WSIP_TIMER_NEVER when nothing is waiting. */
	uint64_t (*next_ms)(struct wsip_sim_node *node);
	/* Has it given everything back? Fails a check for what is left; may be NULL. */
	void (*check_rest)(struct wsip_sim_node *node);
	void (*destroy)(struct wsip_sim_node *node);
};

struct wsip_sim {
	uint64_t seed;
	uint64_t random[2];
	const char *replay;
	FILE *out;
	uint64_t now_ms;
	struct wsip_sim_event **events; /* a heap */
	size_t event_count;
	size_t event_room;
	uint64_t last_order;
	struct wsip_list nodes;
	struct wsip_net net;
	struct wsip_pool outgoing; /* what waits on the streams of all nodes */
	struct wsip_trace trace;
	unsigned int failures;
	/* Set while a proxy's own code runs, for who lets its allocations fail. */
	int inside_stack;
};

/* Time begins here, so that 0 is before it. */
#define WSIP_SIM_START_MS 1000000

/* malloc that ends the program when there is none: a test has nothing better to do. */
void *wsip_sim_alloc(size_t bytes);
/* Ends the program: the test is wrong. */
__attribute__((noreturn, format(printf, 1, 2))) void wsip_sim_misuse(const char *format, ...);

void wsip_sim_add_node(struct wsip_sim *sim, struct wsip_sim_node *node, const char *name,
	const struct wsip_sim_node_ops *ops);
/* Lets `event` happen after `delay_ms`. */
void wsip_sim_schedule(struct wsip_sim *sim, struct wsip_sim_event *event, uint64_t delay_ms);

uint64_t wsip_sim_random64(struct wsip_sim *sim);
/* True with this probability, in thousandths. */
bool wsip_sim_chance(struct wsip_sim *sim, uint32_t thousandths);
struct wsip_secret wsip_sim_secret(struct wsip_sim *sim);

/* "udp:10.0.0.2:5060" and "10.0.0.2:5060"; what is wrong is the test's mistake. */
enum wsip_transport wsip_sim_parse_listen(const char *text, struct wsip_addr *addr);
struct wsip_addr wsip_sim_parse_addr(const char *text);

#endif
