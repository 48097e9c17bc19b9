/* SPDX-License-Identifier: MIT */
#include "bench/load/histogram.h"

#define STEPS   (UINT64_C(1) << WSIP_HISTOGRAM_STEPS_BITS)
#define LONGEST ((UINT64_C(1) << WSIP_HISTOGRAM_VALUE_BITS) - 1)

/* Below twice STEPS a value is its own bucket; above, each power of two has STEPS of them. */
static uint32_t bucket_of(uint64_t value)
{
	uint32_t shift = 0;

	if (value >= 2 * STEPS)
		shift = (uint32_t)(63 - __builtin_clzll(value)) - WSIP_HISTOGRAM_STEPS_BITS;
	return (uint32_t)(shift * STEPS + (value >> shift));
}

static uint64_t upper_end(uint32_t bucket)
{
	uint64_t shift = bucket < 2 * STEPS ? 0 : bucket / STEPS - 1;

	return ((bucket - shift * STEPS + 1) << shift) - 1;
}

void wsip_histogram_record(struct wsip_histogram *histogram, uint64_t value)
{
	if (value > LONGEST)
		value = LONGEST;
	histogram->count++;
	histogram->sum += value;
	if (value > histogram->max)
		histogram->max = value;
	histogram->buckets[bucket_of(value)]++;
}

uint64_t wsip_histogram_at(const struct wsip_histogram *histogram, double part)
{
	double exact = part * (double)histogram->count;
	uint64_t wanted = (uint64_t)exact;
	uint64_t seen = 0;

	if ((double)wanted < exact || wanted == 0)
		wanted++;
	for (uint32_t i = 0; i < WSIP_HISTOGRAM_BUCKETS; i++) {
		seen += histogram->buckets[i];
		if (seen >= wanted)
			return upper_end(i) < histogram->max ? upper_end(i) : histogram->max;
	}
	return histogram->max;
}

uint64_t wsip_histogram_mean(const struct wsip_histogram *histogram)
{
	return histogram->count ? histogram->sum / histogram->count : 0;
}
