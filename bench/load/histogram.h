/* SPDX-License-Identifier: MIT
 * A log-linear histogram of times in nanoseconds: exact below 128, within 1/64 above that, up to 18
 * minutes. Recording is one increment and takes no memory.
 */
#ifndef WSIP_BENCH_HISTOGRAM_H
#define WSIP_BENCH_HISTOGRAM_H

#include <stdint.h>

#define WSIP_HISTOGRAM_STEPS_BITS 6 /* steps for each power of two */
#define WSIP_HISTOGRAM_VALUE_BITS 40
#define WSIP_HISTOGRAM_BUCKETS \
	((WSIP_HISTOGRAM_VALUE_BITS - WSIP_HISTOGRAM_STEPS_BITS + 1) << WSIP_HISTOGRAM_STEPS_BITS)

struct wsip_histogram {
	uint64_t count;
	uint64_t sum;
	uint64_t max;
	uint64_t buckets[WSIP_HISTOGRAM_BUCKETS];
};

/* What does not fit any more counts as the longest time that does. */
void wsip_histogram_record(struct wsip_histogram *histogram, uint64_t value);

/* The value that this part of all values (0 < part <= 1) does not exceed: the upper end of its
 * bucket, never more than the maximum. 0 when there are none. */
uint64_t wsip_histogram_at(const struct wsip_histogram *histogram, double part);

uint64_t wsip_histogram_mean(const struct wsip_histogram *histogram);

#endif
