/* SPDX-License-Identifier: MIT
 * Timer C, one for each INVITE that was forwarded: RFC 3261 16.6 step 11, 16.7 step 2, 16.8.
 */
#include <criterion/criterion.h>

#include "tests/scenario/wire.h"

Test(rfc3261_16_8, timer_c_cancels_a_call_that_rings_for_ever)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 180);
	wire_advance_to(wire, 180999);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	wire_advance_to(wire, 181000);
	cr_expect_str_eq(wire_times(wire, "CANCEL", WIRE_CALLEE), "181000");
	wire_reply(wire, wire_last(wire, "CANCEL", NULL), 200);
	wire_reply(wire, invite, 487);
	cr_expect_str_eq(wire_times(wire, "487", WIRE_CALLER), "181000");
	wire_close(wire);
}

Test(rfc3261_16_7_2, each_provisional_response_but_100_starts_timer_c_again)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 180);
	wire_advance_to(wire, 100000);
	wire_reply(wire, invite, 183);
	wire_advance_to(wire, 200000);
	wire_reply(wire, invite, 101);
	wire_advance_to(wire, 380999);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	wire_advance_to(wire, 381000);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 1);
	wire_close(wire);
}

Test(rfc3261_16_7_2, a_100_does_not_start_timer_c_again)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 100);
	wire_advance_to(wire, 100000);
	wire_reply(wire, invite, 100);
	wire_advance_to(wire, 181000);
	cr_expect_eq(wire_find(wire, "CANCEL", WIRE_CALLEE, 0)->at_ms, 181000);
	wire_close(wire);
}

Test(rfc3261_16_8, without_a_provisional_response_timer_c_is_a_408)
{
	struct wire *wire = wire_open();

	wire->core.options.timer_c_ms = 10000;
	wire_invite(wire);
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_CALLEE), "0 500 1500 3500 7500");
	cr_expect_eq(wire_find(wire, "408", WIRE_CALLER, 0)->at_ms, 10000);
	wire_close(wire);
}

Test(rfc3261_16_8, a_callee_that_ignores_the_cancel_too_is_a_408)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 180);
	wire_run_out(wire);
	cr_expect_eq(wire_find(wire, "408", WIRE_CALLER, 0)->at_ms, 213000);
	wire_close(wire);
}

Test(rfc3261_16_8, provisional_responses_after_the_cancel_change_nothing)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 180);
	wire_advance_to(wire, 181000);
	wire_reply(wire, wire_last(wire, "CANCEL", NULL), 200);
	wire_advance_to(wire, 200000);
	wire_reply(wire, invite, 180);
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 1);
	cr_expect_eq(wire_find(wire, "408", WIRE_CALLER, 0)->at_ms, 213000);
	wire_close(wire);
}

Test(rfc3261_16_8, the_next_target_is_tried_and_has_a_timer_c_of_its_own)
{
	struct wire *wire = wire_open();

	wire->core.options.timer_c_ms = 10000;
	wire->targets[1] = "sip:" WIRE_SECOND;
	wire_invite(wire);
	wire_advance_to(wire, 10000);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_SECOND), "10000");
	wire_advance_to(wire, 15000);
	wire_reply(wire, wire_last(wire, "INVITE", WIRE_SECOND), 180);
	wire_advance_to(wire, 24999);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	wire_advance_to(wire, 25000);
	cr_expect_str_eq(wire_times(wire, "CANCEL", WIRE_SECOND), "25000");
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_CALLEE), 0);
	wire_close(wire);
}

Test(rfc3261_16_8, a_final_response_stops_timer_c)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire->core.options.timer_c_ms = 10000;
	wire_reply(wire, invite, 180);
	wire_advance_to(wire, 9000);
	wire_reply(wire, invite, 200);
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	cr_expect_eq(wire_count(wire, "408", NULL), 0);
	wire_close(wire);
}

Test(rfc3261_16_6_11, timer_c_is_for_invite_only)
{
	struct wire *wire = wire_open();

	wire->core.options.timer_c_ms = 10000;
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	wire_advance_to(wire, 20000);
	wire_reply(wire, wire_last(wire, "OPTIONS", WIRE_CALLEE), 200);
	cr_expect_str_eq(wire_times(wire, "200", WIRE_CALLER), "20000");
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	wire_close(wire);
}

/* A timer that fires while its branch is on its way out (CVE-2022-23608). */
Test(attacks_15, timers_due_together_with_the_end_do_no_harm)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->core.options.timer_c_ms = 32000;
	invite = wire_invite(wire);
	wsip_core_advance(&wire->core, wire->start_ms + 100000);
	cr_expect_eq(wire_count(wire, "408", WIRE_CALLER), 1);
	wire_reply(wire, invite, 200);
	wire_close(wire);
}
