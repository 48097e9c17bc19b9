/* SPDX-License-Identifier: MIT
 * sim FIRST COUNT: runs the mixes of so many seeds (500 from 1 on), speaks TAP. A seed that fails
 * is told with its ladder.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/mix.h"

#define TOLD_MAX      3 /* ladders; the numbers of the others are enough */
#define DEFAULT_COUNT 500

static uint64_t number(const char *text)
{
	uint64_t value;

	if (wsip_span_number(wsip_span_of(text), UINT32_MAX, &value) != WSIP_OK) {
		fprintf(stderr, "sim: '%s': expected a number\n", text);
		exit(2);
	}
	return value;
}

/* Runs so many seeds from `first` on; how many failed. */
static unsigned int run(uint64_t first, uint64_t count, FILE *nowhere)
{
	unsigned int failed = 0;

	for (uint64_t seed = first; seed < first + count; seed++) {
		if (mix_run(seed, failed < TOLD_MAX ? stdout : nowhere))
			continue;
		failed++;
		printf("# seed %llu failed\n", (unsigned long long)seed);
	}
	printf("%sok - seeds %llu to %llu, %u failed\n", failed ? "not " : "",
		(unsigned long long)first, (unsigned long long)(first + count - 1), failed);
	return failed;
}

int main(int argc, char **argv)
{
	FILE *nowhere = fopen("/dev/null", "w");
	bool told = argc == 3 && argv[1][0] != '-'; /* tests/run.sh asks for TAP, which it gets */
	unsigned int failed;

	if (!nowhere)
		return 2;
	failed = told ? run(number(argv[1]), number(argv[2]), nowhere)
		      : run(1, DEFAULT_COUNT, nowhere);
	fclose(nowhere);
	return failed > 0;
}
