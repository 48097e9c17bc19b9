/* SPDX-License-Identifier: MIT
 * sim FIRST COUNT: runs the mixes of so many seeds, speaks TAP. A seed that fails is told with its
 * ladder.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/mix.h"

#define TOLD_MAX 3 /* ladders; the numbers of the others are enough */

static uint64_t number(const char *text)
{
	uint64_t value;

	if (wsip_span_number(wsip_span_of(text), UINT32_MAX, &value) != WSIP_OK) {
		fprintf(stderr, "sim: '%s': expected a number\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	uint64_t first = argc == 3 ? number(argv[1]) : 1;
	uint64_t count = argc == 3 ? number(argv[2]) : 500;
	FILE *nowhere = fopen("/dev/null", "w");
	unsigned int failed = 0;

	if ((argc != 3 && argc != 1 && argv[1][0] != '-') || !nowhere) {
		fprintf(stderr, "usage: sim FIRST COUNT\n");
		return 2;
	}
	for (uint64_t seed = first; seed < first + count; seed++) {
		if (mix_run(seed, failed < TOLD_MAX ? stdout : nowhere))
			continue;
		failed++;
		printf("# seed %llu failed\n", (unsigned long long)seed);
	}
	printf("%sok - seeds %llu to %llu, %u failed\n", failed ? "not " : "",
		(unsigned long long)first, (unsigned long long)(first + count - 1), failed);
	fclose(nowhere);
	return failed > 0;
}
