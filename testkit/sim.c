/* SPDX-License-Identifier: MIT */
#include "testkit/sim.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/timer.h"
#include "transport/listen.h"
#include "transport/outgoing.h"

/* Longer than any timer runs, and than any chain of attempts. */
#define RUN_OUT_MS (4u * 3600 * 1000)

void *wsip_sim_alloc(size_t bytes)
{
	void *memory = calloc(1, bytes);

	if (!memory)
		wsip_sim_misuse("out of memory");
	return memory;
}

void wsip_sim_misuse(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "wiresip testkit: ");
	vfprintf(stderr, format, arguments);
	fprintf(stderr, "\n");
	va_end(arguments);
	abort();
}

/* ---- Random numbers: splitmix64, so that each seed is as good as the next ---- */

uint64_t wsip_sim_random64(struct wsip_sim *sim)
{
	uint64_t value = sim->random[0] += UINT64_C(0x9e3779b97f4a7c15);

	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

uint32_t wsip_sim_random(struct wsip_sim *sim, uint32_t bound)
{
	return bound > 0 ? (uint32_t)(wsip_sim_random64(sim) % bound) : 0;
}

bool wsip_sim_chance(struct wsip_sim *sim, uint32_t thousandths)
{
	return thousandths > 0 && wsip_sim_random(sim, 1000) < thousandths;
}

struct wsip_secret wsip_sim_secret(struct wsip_sim *sim)
{
	struct wsip_secret secret = { .k0 = wsip_sim_random64(sim) };

	secret.k1 = wsip_sim_random64(sim);
	return secret;
}

/* ---- Beginning ---- */

static uint64_t seed_of_environment(void)
{
	const char *text = getenv("WIRESIP_SEED");
	uint64_t seed;

	if (!text)
		return 1;
	if (wsip_span_number(wsip_span_of(text), UINT64_MAX >> 2, &seed) != WSIP_OK || seed == 0)
		wsip_sim_misuse("WIRESIP_SEED='%s': expected a number from 1 on", text);
	return seed;
}

struct wsip_sim *wsip_sim_create(const struct wsip_sim_options *options)
{
	struct wsip_sim *sim = wsip_sim_alloc(sizeof(*sim));

	sim->seed = options && options->seed ? options->seed : seed_of_environment();
	sim->random[0] = sim->seed;
	sim->replay = options && options->replay ? options->replay : program_invocation_name;
	sim->out = options && options->out ? options->out : stderr;
	sim->now_ms = WSIP_SIM_START_MS;
	wsip_list_init(&sim->nodes);
	wsip_outgoing_pool_init(&sim->outgoing);
	wsip_net_init(&sim->net);
	wsip_trace_init(&sim->trace);
	return sim;
}

uint64_t wsip_sim_seed(const struct wsip_sim *sim)
{
	return sim->seed;
}

uint64_t wsip_sim_now_ms(const struct wsip_sim *sim)
{
	return sim->now_ms - WSIP_SIM_START_MS;
}

void wsip_sim_add_node(struct wsip_sim *sim, struct wsip_sim_node *node, const char *name,
	const struct wsip_sim_node_ops *ops)
{
	node->sim = sim;
	snprintf(node->name, sizeof(node->name), "%s", name);
	node->poller.ops = &wsip_poller_sim;
	node->ops = ops;
	wsip_list_append(&sim->nodes, &node->link);
}

enum wsip_transport wsip_sim_parse_listen(const char *text, struct wsip_addr *addr)
{
	struct wsip_proxy_error error;
	enum wsip_transport transport;

	if (wsip_listen_parse(text, &transport, addr, &error) != WSIP_OK)
		wsip_sim_misuse("%s", error.text);
	return transport;
}

struct wsip_addr wsip_sim_parse_addr(const char *text)
{
	const char *colon = strrchr(text, ':');
	struct wsip_addr addr;
	uint64_t port;

	if (!colon ||
		wsip_addr_parse_ip((struct wsip_span){ text, (size_t)(colon - text) }, &addr) !=
			WSIP_OK ||
		wsip_span_number(wsip_span_of(colon + 1), UINT16_MAX, &port) != WSIP_OK)
		wsip_sim_misuse("'%s': expected an IP address and a port, 10.0.0.1:5060", text);
	addr.port = (uint16_t)port;
	return addr;
}

/* ---- Events ---- */

static bool is_before(const struct wsip_sim_event *a, const struct wsip_sim_event *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

void wsip_sim_schedule(struct wsip_sim *sim, struct wsip_sim_event *event, uint64_t delay_ms)
{
	size_t at = sim->event_count++;

	if (at == sim->event_room) {
		sim->event_room = 2 * at + 64;
		sim->events = realloc(sim->events,
			sim->event_room * sizeof(struct wsip_sim_event *));
		if (!sim->events)
			wsip_sim_misuse("out of memory");
	}
	event->at_ms = sim->now_ms + delay_ms;
	event->order = ++sim->last_order;
	for (; at > 0 && is_before(event, sim->events[(at - 1) / 2]); at = (at - 1) / 2)
		sim->events[at] = sim->events[(at - 1) / 2];
	sim->events[at] = event;
}

static struct wsip_sim_event *take_first(struct wsip_sim *sim)
{
	struct wsip_sim_event *first = sim->events[0], *last = sim->events[--sim->event_count];
	size_t at = 0;

	for (size_t child; (child = 2 * at + 1) < sim->event_count; at = child) {
		if (child + 1 < sim->event_count &&
			is_before(sim->events[child + 1], sim->events[child]))
			child++;
		if (!is_before(sim->events[child], last))
			break;
		sim->events[at] = sim->events[child];
	}
	sim->events[at] = last;
	return first;
}

/* ---- Time ---- */

static struct wsip_sim_node *node_of(struct wsip_list *link)
{
	return wsip_container_of(link, struct wsip_sim_node, link);
}

static uint64_t next_ms(const struct wsip_sim *sim)
{
	uint64_t next = sim->event_count > 0 ? sim->events[0]->at_ms : WSIP_TIMER_NEVER;

	for (struct wsip_list *link = sim->nodes.next; link != &sim->nodes; link = link->next) {
		uint64_t node_ms = node_of(link)->ops->next_ms(node_of(link));

		if (node_ms < next)
			next = node_ms;
	}
	return next;
}

static void advance_nodes(struct wsip_sim *sim)
{
	for (struct wsip_list *link = sim->nodes.next; link != &sim->nodes; link = link->next) {
		struct wsip_sim_node *node = node_of(link);

		if (node->ops->next_ms(node) <= sim->now_ms)
			node->ops->advance(node, sim->now_ms);
	}
}

bool wsip_sim_step(struct wsip_sim *sim)
{
	uint64_t next = next_ms(sim);

	if (next == WSIP_TIMER_NEVER)
		return false;
	if (next > sim->now_ms)
		sim->now_ms = next;
	if (sim->event_count > 0 && sim->events[0]->at_ms <= sim->now_ms) {
		struct wsip_sim_event *event = take_first(sim);

		event->fire(sim, event);
	} else {
		advance_nodes(sim);
	}
	return true;
}

void wsip_sim_run_until(struct wsip_sim *sim, uint64_t at_ms)
{
	uint64_t until_ms = WSIP_SIM_START_MS + at_ms;

	while (next_ms(sim) <= until_ms)
		wsip_sim_step(sim);
	if (until_ms > sim->now_ms)
		sim->now_ms = until_ms;
	for (struct wsip_list *link = sim->nodes.next; link != &sim->nodes; link = link->next)
		node_of(link)->ops->set_now(node_of(link), sim->now_ms);
}

void wsip_sim_run_ms(struct wsip_sim *sim, uint64_t duration_ms)
{
	wsip_sim_run_until(sim, wsip_sim_now_ms(sim) + duration_ms);
}

void wsip_sim_run_until_idle(struct wsip_sim *sim)
{
	uint64_t limit_ms = sim->now_ms + RUN_OUT_MS;

	while (sim->now_ms < limit_ms) {
		if (!wsip_sim_step(sim))
			return;
	}
	wsip_sim_expect(sim, false, "it has not come to rest after 4 hours");
}

/* ---- Checks ---- */

bool wsip_sim_expect(struct wsip_sim *sim, bool ok, const char *format, ...)
{
	va_list arguments;

	if (ok)
		return true;
	va_start(arguments, format);
	fprintf(sim->out, "failed at %llu ms: ", (unsigned long long)wsip_sim_now_ms(sim));
	vfprintf(sim->out, format, arguments);
	fprintf(sim->out, "\n");
	va_end(arguments);
	if (sim->failures++ == 0)
		wsip_sim_print_ladder(sim, sim->out);
	fprintf(sim->out, "again: WIRESIP_SEED=%llu %s\n", (unsigned long long)sim->seed,
		sim->replay);
	return false;
}

void wsip_sim_print_ladder(struct wsip_sim *sim, FILE *out)
{
	wsip_trace_print(&sim->trace, sim, out);
}

/* ---- End ---- */

static void check_rest(struct wsip_sim *sim)
{
	wsip_sim_heal(sim);
	wsip_sim_run_until_idle(sim);
	for (struct wsip_list *link = sim->nodes.next; link != &sim->nodes; link = link->next) {
		if (node_of(link)->ops->check_rest)
			node_of(link)->ops->check_rest(node_of(link));
	}
}

int wsip_sim_end(struct wsip_sim *sim)
{
	unsigned int failures;

	check_rest(sim);
	failures = sim->failures;
	while (!wsip_list_empty(&sim->nodes)) {
		struct wsip_sim_node *node = node_of(sim->nodes.next);

		wsip_list_remove(&node->link);
		node->ops->destroy(node);
	}
	while (sim->event_count > 0)
		free(take_first(sim));
	free(sim->events);
	wsip_net_finish(&sim->net);
	wsip_pool_finish(&sim->outgoing);
	wsip_trace_finish(&sim->trace);
	free(sim);
	return failures > 100 ? 100 : (int)failures;
}
