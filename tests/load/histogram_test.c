/* SPDX-License-Identifier: MIT
 * The histogram of latencies: what is recorded comes back within 1/64, at every size.
 */
#include <criterion/criterion.h>

#include "bench/load/histogram.h"

static struct wsip_histogram histogram;

static void clear(void)
{
	histogram = (struct wsip_histogram){ 0 };
}

TestSuite(histogram, .init = clear);

static bool is_near(uint64_t found, uint64_t exact)
{
	return found >= exact && found - exact <= exact / 64;
}

Test(histogram, of_nothing_everything_is_0)
{
	cr_expect(wsip_histogram_at(&histogram, 0.5) == 0);
	cr_expect(wsip_histogram_at(&histogram, 1) == 0);
	cr_expect(wsip_histogram_mean(&histogram) == 0);
}

Test(histogram, one_value_is_every_percentile)
{
	wsip_histogram_record(&histogram, 1234567);
	cr_expect(wsip_histogram_at(&histogram, 0.001) == 1234567);
	cr_expect(wsip_histogram_at(&histogram, 1) == 1234567);
	cr_expect(histogram.max == 1234567);
	cr_expect(wsip_histogram_mean(&histogram) == 1234567);
}

Test(histogram, small_values_are_exact)
{
	for (uint64_t value = 0; value < 128; value++)
		wsip_histogram_record(&histogram, value);
	for (uint64_t value = 0; value < 128; value++)
		cr_expect(wsip_histogram_at(&histogram, (double)(value + 1) / 128) == value, "%lu",
			(unsigned long)value);
}

/* Each value has a large one above it, so that the maximum does not hide the end of its bucket. */
Test(histogram, a_value_comes_back_within_a_64th)
{
	for (unsigned int bits = 0; bits < 39; bits++) {
		for (int64_t beside = -1; beside <= 1; beside++) {
			uint64_t value = (UINT64_C(1) << bits) + (uint64_t)beside;

			clear();
			wsip_histogram_record(&histogram, value);
			wsip_histogram_record(&histogram, UINT64_C(1) << 39);
			cr_expect(is_near(wsip_histogram_at(&histogram, 0.5), value), "%lu: %lu",
				(unsigned long)value,
				(unsigned long)wsip_histogram_at(&histogram, 0.5));
		}
	}
}

Test(histogram, percentiles_of_a_thousand)
{
	for (uint64_t i = 1; i <= 1000; i++)
		wsip_histogram_record(&histogram, i * 1000);
	cr_expect(is_near(wsip_histogram_at(&histogram, 0.5), 500000));
	cr_expect(is_near(wsip_histogram_at(&histogram, 0.9), 900000));
	cr_expect(is_near(wsip_histogram_at(&histogram, 0.99), 990000));
	cr_expect(is_near(wsip_histogram_at(&histogram, 0.999), 999000));
	cr_expect(wsip_histogram_at(&histogram, 1) == 1000000);
	cr_expect(wsip_histogram_mean(&histogram) == 500500);
}

Test(histogram, what_is_too_long_counts_as_the_longest)
{
	wsip_histogram_record(&histogram, UINT64_MAX);
	wsip_histogram_record(&histogram, UINT64_C(1) << 40);
	cr_expect(histogram.count == 2);
	cr_expect(histogram.max == (UINT64_C(1) << 40) - 1);
	cr_expect(wsip_histogram_at(&histogram, 0.5) == histogram.max);
}
