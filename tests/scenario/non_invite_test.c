/* SPDX-License-Identifier: MIT
 * What is particular to requests other than INVITE: RFC 4320.
 */
#include <criterion/criterion.h>

#include "tests/scenario/wire.h"

static const struct wire_request options_request = { .method = "OPTIONS" };

Test(rfc4320_4_2, no_408_when_nobody_answers)
{
	struct wire *wire = wire_open();

	wire_request(wire, &options_request);
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "408", NULL), 0);
	cr_expect_eq(wire_count(wire, "OPTIONS", WIRE_CALLEE), 11);
	wire_close(wire);
}

Test(rfc4320_4_2, a_408_of_the_target_is_not_forwarded)
{
	struct wire *wire = wire_open();

	wire_request(wire, &options_request);
	wire_reply(wire, wire_last(wire, "OPTIONS", WIRE_CALLEE), 408);
	cr_expect_eq(wire_count(wire, "408", NULL), 0);
	cr_expect_eq(wire->core.unanswered, 0);
	wire_close(wire);
}

Test(rfc4320_4_2, a_request_without_a_final_response_is_still_absorbed)
{
	struct wire *wire = wire_open();

	wire_request(wire, &options_request);
	wire_advance_to(wire, 10000);
	wire_reply(wire, wire_last(wire, "OPTIONS", WIRE_CALLEE), 408);
	wire_advance_to(wire, 20000);
	wire_request(wire, &options_request);
	cr_expect_eq(wire->handled, 1);
	wire_close(wire);
}

Test(rfc4320_4_2, an_invite_does_get_a_408)
{
	struct wire *wire = wire_open();

	wire_invite(wire);
	wire_run_out(wire);
	cr_expect_eq(wire_find(wire, "408", WIRE_CALLER, 0)->at_ms, 32000);
	wire_close(wire);
}

/* RFC 4320 4.1: 100 when it takes longer than until the client's Timer E is T2, and no earlier on
 * UDP: Timer E fires at 500, 1500 and 3500 ms, and then is T2. */
Test(rfc4320_4_1, a_100_when_timer_e_of_the_caller_reaches_t2)
{
	struct wire *wire = wire_open();

	wire_request(wire, &options_request);
	wire_advance_to(wire, 3499);
	cr_expect_eq(wire_count(wire, "100", NULL), 0);
	wire_advance_to(wire, 3500);
	cr_expect_eq(wire_count(wire, "100", WIRE_CALLER), 1);
	wire_reply(wire, wire_last(wire, "OPTIONS", WIRE_CALLEE), 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(rfc4320_4_1, a_100_on_a_reliable_transport_too)
{
	struct wire *wire = wire_open();
	const struct wire_sent *trying;

	wire_request(wire, &(struct wire_request){ .method = "OPTIONS", .transport = WSIP_TCP });
	wire_advance_to(wire, 3500);
	trying = wire_find(wire, "100", WIRE_CALLER, 0);
	cr_expect_not_null(trying);
	wire_close(wire);
}

Test(rfc4320_4_1, no_100_when_it_was_answered_before)
{
	struct wire *wire = wire_open();

	wire_request(wire, &options_request);
	wire_advance_to(wire, 3400);
	wire_reply(wire, wire_last(wire, "OPTIONS", WIRE_CALLEE), 200);
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "100", NULL), 0);
	wire_close(wire);
}

/* RFC 4320 4.1: no other provisional response to anything but INVITE. */
Test(rfc4320_4_1, a_180_is_not_forwarded)
{
	struct wire *wire = wire_open();

	wire_request(wire, &options_request);
	wire_reply(wire, wire_last(wire, "OPTIONS", WIRE_CALLEE), 180);
	cr_expect_eq(wire_count(wire, "180", NULL), 0);
	wire_reply(wire, wire_last(wire, "OPTIONS", WIRE_CALLEE), 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	wire_close(wire);
}
