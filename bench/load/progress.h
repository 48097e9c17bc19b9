/* SPDX-License-Identifier: MIT
 * One line on a terminal, written over once a second while the run goes on.
 */
#ifndef WSIP_BENCH_PROGRESS_H
#define WSIP_BENCH_PROGRESS_H

#include "bench/load/cpu.h"
#include "bench/load/load.h"

struct wsip_progress {
	uint64_t next_ns; /* UINT64_MAX: never, nobody looks */
	uint64_t last_ns;
	uint64_t started, completed; /* when it was last shown */
	struct wsip_usage proxy;
};

void wsip_progress_init(struct wsip_progress *progress, const struct wsip_load_options *options,
	uint64_t now_ns);
void wsip_progress_show(struct wsip_progress *progress, const struct wsip_load *load,
	const struct wsip_processes *processes);
/* Takes the line away. */
void wsip_progress_end(const struct wsip_progress *progress);

#endif
