/* SPDX-License-Identifier: MIT
 * A random mix of calls on a network where things go wrong, all from one seed; and what has to be
 * true of it whatever happens.
 */
#ifndef WSIP_TESTS_MIX_H
#define WSIP_TESTS_MIX_H

#include "testkit/agent.h"
#include "testkit/proxy.h"

#define MIX_PROXIES_MAX 2
#define MIX_CALLERS_MAX 2
#define MIX_CALLEES_MAX 4
#define MIX_CALLS_MAX   6

struct mix {
	struct wsip_sim *sim;
	struct wsip_sim_proxy *proxies[MIX_PROXIES_MAX];
	size_t proxy_count;
	struct wsip_agent *callers[MIX_CALLERS_MAX];
	size_t caller_count;
	struct wsip_agent *callees[MIX_CALLEES_MAX];
	size_t callee_count;
	struct wsip_call *calls[MIX_CALLS_MAX]; /* that the callers made */
	size_t call_count;
	/* What makes up this mix. */
	uint32_t loss;
	bool tcp;       /* somebody speaks it, or a request is too large for UDP */
	bool resets;    /* connections break */
	bool scarce;    /* allocations fail */
	bool parted;    /* now and then somebody is cut off */
	bool bounded;   /* so that what must arrive does (all of these are false) */
	uint32_t whims; /* thousandths of handler's decisions that are not the default's */
};

/* ---- mix.c ---- */

/* Runs the mix of this seed; false when something was not as it has to be, which is told on `out`
 * with the ladder. */
bool mix_run(uint64_t seed, FILE *out);

/* ---- handler.c: what the first proxy does with a request ---- */

void mix_on_request(struct wsip_request *request, void *mix);

/* ---- invariants.c ---- */

/* When the calls are over, and before the simulation ends. */
void mix_check(struct mix *mix);
/* Some time after a CANCEL was answered. */
void mix_check_nobody_rings(struct mix *mix);

/* ---- scarce.c: a malloc that fails ---- */

/* From now on allocations of the stack in this simulation fail, one in `one_in`; NULL: none. */
void scarce_begin(const struct wsip_sim *sim, uint32_t one_in);

#endif
