/* SPDX-License-Identifier: MIT
 * The malloc of this program: fails now and then while a proxy's own code runs.
 */
#include "tests/failing_malloc.h"
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

static bool allocation_fails(void)
{
	if (!scarce.sim || !scarce.sim->inside_stack)
		return false;
	scarce.random = scarce.random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (scarce.random >> 33) % scarce.one_in == 0;
}
