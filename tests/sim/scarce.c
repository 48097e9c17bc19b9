/* SPDX-License-Identifier: MIT
 * The malloc of this program: fails now and then while a proxy's own code runs.
 */
#include <dlfcn.h>
#include <stdlib.h>

#include "tests/sim/mix.h"

static struct {
	const struct wsip_sim *sim;
	uint32_t one_in;
	uint64_t random;
} scarce;

void scarce_begin(const struct wsip_sim *sim, uint32_t one_in)
{
	scarce.sim = sim;
	scarce.one_in = one_in;
	scarce.random = sim ? sim->seed : 0;
}

static bool fails(void)
{
	if (!scarce.sim || !scarce.sim->inside_stack)
		return false;
	scarce.random = scarce.random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (scarce.random >> 33) % scarce.one_in == 0;
}

void *malloc(size_t size)
{
	static void *(*real)(size_t size);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "malloc");
	return fails() ? NULL : real(size);
}

void *calloc(size_t count, size_t size)
{
	static void *(*real)(size_t count, size_t size);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "calloc");
	return fails() ? NULL : real(count, size);
}

void *realloc(void *memory, size_t size)
{
	static void *(*real)(void *memory, size_t size);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "realloc");
	return fails() ? NULL : real(memory, size);
}
