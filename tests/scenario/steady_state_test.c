/* SPDX-License-Identifier: MIT
 * Once the pools have what calls need, a call allocates nothing and frees nothing: not on the way
 * of its messages and not in its timers. This program has a malloc and a free of its own that
 * count.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/failing_malloc.h"
#include "tests/scenario/wire.h"

static struct {
	bool in_core; /* only the core's own count */
	unsigned int allocations;
	unsigned int frees;
} counted;

static bool allocation_fails(void)
{
	counted.allocations += counted.in_core;
	return false;
}

void free(void *memory)
{
	static void (*real)(void *memory);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "free");
	counted.frees += counted.in_core && memory;
	real(memory);
}

static void enter_core(struct wire *wire)
{
	(void)wire;
	counted.in_core = true;
}

static void leave_core(struct wire *wire)
{
	(void)wire;
	counted.in_core = false;
}

/* ---- What calls do ---- */

static const struct wire_request bye = {
	.method = "BYE", .to = "<sip:bob@10.0.0.3>;tag=b", .headers = "Route: <sip:10.0.0.1;lr>\r\n"
};
static const struct wire_request ack = {
	.method = "ACK", .to = "<sip:bob@10.0.0.3>;tag=b", .headers = "Route: <sip:10.0.0.1;lr>\r\n"
};

static void answered_call(struct wire *wire)
{
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 180);
	wire_reply(wire, invite, 200);
	wire_reply(wire, invite, 200);
	wire_request(wire, &ack);
	wire_request(wire, &bye);
	wire_reply(wire, wire_last(wire, "BYE", NULL), 200);
}

static void rejected_call(struct wire *wire)
{
	wire_reply(wire, wire_invite(wire), 486);
}

static void cancelled_call(struct wire *wire)
{
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 180);
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	wire_reply(wire, wire_last(wire, "CANCEL", NULL), 200);
	wire_reply(wire, invite, 487);
}

static void unanswered_call(struct wire *wire)
{
	wire_invite(wire); /* repeated by Timer A until Timer B, then the next target */
}

static void expect_steady(void (*place_call)(struct wire *wire))
{
	struct wire *wire = wire_open();

	wire->enter_core = enter_core;
	wire->leave_core = leave_core;
	for (int i = 0; i < 4; i++) {
		counted.allocations = counted.frees = 0;
		place_call(wire);
		wire_run_out(wire);
		cr_expect(i > 0 || counted.allocations > 0, "counting does not work");
	}
	cr_expect(counted.allocations == 0, "%u allocations", counted.allocations);
	cr_expect(counted.frees == 0, "%u frees", counted.frees);
	wire_close(wire);
}

Test(steady_state, an_answered_call_allocates_nothing)
{
	expect_steady(answered_call);
}

Test(steady_state, a_rejected_call_allocates_nothing)
{
	expect_steady(rejected_call);
}

Test(steady_state, a_cancelled_call_allocates_nothing)
{
	expect_steady(cancelled_call);
}

Test(steady_state, a_call_that_nobody_answers_allocates_nothing)
{
	expect_steady(unanswered_call);
}
