/* SPDX-License-Identifier: MIT
 * The processor time and memory of the proxy, as the system counts them.
 */
#ifndef WSIP_BENCH_CPU_H
#define WSIP_BENCH_CPU_H

#include <stdint.h>
#include <sys/types.h>

#define WSIP_PROCESSES_MAX 256

/* All processes that are the proxy: of its process group when it leads one, else the process and
 * those below it. This program is never one of them. */
struct wsip_processes {
	pid_t pids[WSIP_PROCESSES_MAX];
	uint32_t count;
};

/* What was used so far. Ticks are a hundredth of a second: too coarse for a sum over thirty
 * processes. They say how the scheduler's exact time divides, where the system tells that. */
struct wsip_usage {
	uint64_t exact_us; /* or 0 */
	uint64_t user_us, system_us;
};

/* count 0: there is no such process. */
void wsip_processes_find(struct wsip_processes *processes, pid_t pid);

struct wsip_usage wsip_processes_usage(const struct wsip_processes *processes);

/* The peak of one process; of several what they have now, shared pages counted once. */
uint64_t wsip_processes_rss_kb(const struct wsip_processes *processes);

/* Of this process. */
struct wsip_usage wsip_usage_own(void);

/* What was used between the two; exact_us is the sum of the others. All are 0 when one of the
 * processes has ended, because that takes its time with it. */
struct wsip_usage wsip_usage_between(struct wsip_usage before, struct wsip_usage after);

#endif
