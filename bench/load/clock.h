/* SPDX-License-Identifier: MIT
 * The time, for pacing and latency: nanoseconds that never go back.
 */
#ifndef WSIP_BENCH_CLOCK_H
#define WSIP_BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#define WSIP_NS_PER_S  UINT64_C(1000000000)
#define WSIP_NS_PER_MS UINT64_C(1000000)
#define WSIP_NS_PER_US UINT64_C(1000)

static inline uint64_t wsip_clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * WSIP_NS_PER_S + (uint64_t)now.tv_nsec;
}

#endif
