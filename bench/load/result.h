/* SPDX-License-Identifier: MIT
 * What came out of a run, and the ways to tell it.
 */
#ifndef WSIP_BENCH_RESULT_H
#define WSIP_BENCH_RESULT_H

#include "bench/load/cpu.h"
#include "bench/load/load.h"

struct wsip_result {
	const struct wsip_load_options *options;
	const struct wsip_tally *tally;
	double offering_s;      /* how long calls were offered */
	double calls_per_s;     /* completed while they were, --hold later */
	double generator_share; /* of a core, without the time spent looking for something to do */
	uint32_t processes;     /* of the proxy; 0: what follows is not known */
	struct wsip_usage proxy;
	double proxy_share; /* of a core, while calls were offered */
	uint64_t proxy_rss_kb;
	uint64_t unsent;
	uint64_t received;
};

/* For people, on standard output (standard error when that is where the JSON goes). */
void wsip_result_print(const struct wsip_result *result);

/* For programs, to options->json. Returns an exit status. */
int wsip_result_write_json(const struct wsip_result *result);

/* "invite", "register" or "options": what the latency of a final response is called after. */
const char *wsip_result_subject(const struct wsip_load_options *options);

#endif
