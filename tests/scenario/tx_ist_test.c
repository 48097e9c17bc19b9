/* SPDX-License-Identifier: MIT
 * The INVITE server transaction: RFC 3261 17.2.1, RFC 6026 7.1; the whole table and its timers.
 */
#include "tests/scenario/machine.h"

#define NONE MACHINE_NO_TIMER

/* In Proceeding 180 was sent already; the timer runs only after wsip_tx_leave_unanswered. */
static const struct machine_path paths[] = {
	{ "Proceeding", { WSIP_TX_SEND_1XX }, 1 },
	{ "Completed", { WSIP_TX_SEND_3XX_6XX }, 1 },
	{ "Confirmed", { WSIP_TX_SEND_3XX_6XX, WSIP_TX_ACK }, 2 },
	{ "Accepted", { WSIP_TX_SEND_2XX }, 1 },
};

static const struct machine_row rows[] = {
	{ "Proceeding", WSIP_TX_1XX, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_2XX, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_3XX_6XX, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_REQUEST, "Proceeding", "180", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_ACK, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_SEND_1XX, "Proceeding", "180", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_SEND_2XX, "Accepted", "200", 0, "", NONE, 32100 },
	{ "Proceeding", WSIP_TX_SEND_3XX_6XX, "Completed", "486", 0, "", 600, 32100 },
	{ "Proceeding", WSIP_TX_RETRANSMIT, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_TIMEOUT, "ended", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_TRANSPORT_ERROR, "Proceeding", "", 0, "unreachable", NONE, NONE },

	{ "Completed", WSIP_TX_1XX, "Completed", "", 0, "", 500, 32000 },
	{ "Completed", WSIP_TX_2XX, "Completed", "", 0, "", 500, 32000 },
	{ "Completed", WSIP_TX_3XX_6XX, "Completed", "", 0, "", 500, 32000 },
	{ "Completed", WSIP_TX_REQUEST, "Completed", "486", 0, "", 500, 32000 },
	{ "Completed", WSIP_TX_ACK, "Confirmed", "", 0, "", NONE, 5100 },
	{ "Completed", WSIP_TX_SEND_1XX, "Completed", "", 0, "", 500, 32000 },
	{ "Completed", WSIP_TX_SEND_2XX, "Completed", "", 0, "", 500, 32000 },
	{ "Completed", WSIP_TX_SEND_3XX_6XX, "Completed", "", 0, "", 500, 32000 },
	{ "Completed", WSIP_TX_RETRANSMIT, "Completed", "486", 0, "", 1100, 32000 },
	{ "Completed", WSIP_TX_TIMEOUT, "ended", "", 0, "timed out", NONE, NONE },
	{ "Completed", WSIP_TX_TRANSPORT_ERROR, "Completed", "", 0, "unreachable", 500, 32000 },

	{ "Confirmed", WSIP_TX_1XX, "Confirmed", "", 0, "", NONE, 5000 },
	{ "Confirmed", WSIP_TX_2XX, "Confirmed", "", 0, "", NONE, 5000 },
	{ "Confirmed", WSIP_TX_3XX_6XX, "Confirmed", "", 0, "", NONE, 5000 },
	{ "Confirmed", WSIP_TX_REQUEST, "Confirmed", "", 0, "", NONE, 5000 },
	{ "Confirmed", WSIP_TX_ACK, "Confirmed", "", 0, "", NONE, 5000 },
	{ "Confirmed", WSIP_TX_SEND_1XX, "Confirmed", "", 0, "", NONE, 5000 },
	{ "Confirmed", WSIP_TX_SEND_2XX, "Confirmed", "", 0, "", NONE, 5000 },
	{ "Confirmed", WSIP_TX_SEND_3XX_6XX, "Confirmed", "", 0, "", NONE, 5000 },
	{ "Confirmed", WSIP_TX_RETRANSMIT, "Confirmed", "", 0, "", NONE, 5000 },
	{ "Confirmed", WSIP_TX_TIMEOUT, "ended", "", 0, "", NONE, NONE },
	{ "Confirmed", WSIP_TX_TRANSPORT_ERROR, "Confirmed", "", 0, "", NONE, 5000 },

	{ "Accepted", WSIP_TX_1XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_2XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_3XX_6XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_REQUEST, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_ACK, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_SEND_1XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_SEND_2XX, "Accepted", "200", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_SEND_3XX_6XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_RETRANSMIT, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_TIMEOUT, "ended", "", 0, "", NONE, NONE },
	{ "Accepted", WSIP_TX_TRANSPORT_ERROR, "Accepted", "", 0, "unreachable", NONE, 32000 },
};

Test(rfc3261_17_2_1, every_state_and_event)
{
	machine_check_table(&wsip_tx_ist, paths, sizeof(paths) / sizeof(paths[0]), rows,
		sizeof(rows) / sizeof(rows[0]));
}

Test(rfc3261_17_2_1, an_invite_again_before_any_response_is_absorbed)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, WSIP_UDP);
	machine_event(&machine, WSIP_TX_REQUEST);
	cr_expect_eq(wire->sent_count, 0);
	cr_expect_str_eq(machine_state(&machine), "Proceeding");
	wsip_tx_layer_clear(&wire->core.tx);
	wire_close(wire);
}

Test(rfc3261_17_2_1, timer_g_doubles_up_to_t2_until_timer_h)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, WSIP_UDP);
	machine_event(&machine, WSIP_TX_SEND_3XX_6XX);
	wire_advance_to(wire, 60000);
	cr_expect_str_eq(wire_times(wire, "486", WIRE_CALLEE),
		"0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500");
	cr_expect_eq(machine.timed_out, 1);
	cr_expect_eq(machine.ended_ms, 32000);
	wire_close(wire);
}

Test(rfc3261_17_2_1, no_timer_g_on_a_reliable_transport_but_timer_h)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, WSIP_TCP);
	machine_event(&machine, WSIP_TX_SEND_3XX_6XX);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "486", WIRE_CALLEE), "0");
	cr_expect_eq(machine.timed_out, 1);
	cr_expect_eq(machine.ended_ms, 32000);
	wire_close(wire);
}

Test(rfc3261_17_2_1, timer_i_absorbs_acks_for_t4)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, WSIP_UDP);
	machine_event(&machine, WSIP_TX_SEND_3XX_6XX);
	wire_advance_to(wire, 600);
	machine_event(&machine, WSIP_TX_ACK);
	wire_advance_to(wire, 5599);
	machine_event(&machine, WSIP_TX_ACK);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "486", WIRE_CALLEE), "0 500");
	cr_expect_eq(machine.ended_ms, 5600);
	cr_expect_eq(machine.timed_out, 0);
	wire_close(wire);
}

Test(rfc3261_17_2_1, timer_i_is_zero_on_a_reliable_transport)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, WSIP_TCP);
	machine_event(&machine, WSIP_TX_SEND_3XX_6XX);
	wire_advance_to(wire, 600);
	machine_event(&machine, WSIP_TX_ACK);
	wire_run_out(wire);
	cr_expect_eq(machine.ended_ms, 600);
	wire_close(wire);
}

static void expect_accepted_for_64_t1(enum wsip_transport transport)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, transport);
	wire_advance_to(wire, 1000);
	machine_event(&machine, WSIP_TX_SEND_2XX);
	wire_advance_to(wire, 32999);
	machine_event(&machine, WSIP_TX_SEND_2XX);
	machine_event(&machine, WSIP_TX_REQUEST);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "200", WIRE_CALLEE), "1000 32999");
	cr_expect_eq(machine.ended_ms, 33000, "ended at %llu",
		(unsigned long long)machine.ended_ms);
	cr_expect_eq(machine.timed_out, 0);
	wire_close(wire);
}

Test(rfc6026_7_1, timer_l_keeps_it_for_64_t1_and_nothing_is_sent_by_itself)
{
	expect_accepted_for_64_t1(WSIP_UDP);
}

Test(rfc6026_7_1, timer_l_is_the_same_on_a_reliable_transport)
{
	expect_accepted_for_64_t1(WSIP_TCP);
}

/* The ACK of a 2xx is not absorbed: in Accepted the core sends it on (RFC 6026 7.1). */
Test(rfc6026_7_1, an_ack_in_accepted_is_left_to_the_core)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, WSIP_UDP);
	cr_expect(wsip_tx_takes(machine.tx, WSIP_TX_ACK));
	machine_event(&machine, WSIP_TX_SEND_2XX);
	cr_expect_not(wsip_tx_takes(machine.tx, WSIP_TX_ACK));
	wire_close(wire);
}

/* RFC 6026 8.8: a transport error does not end a server transaction. */
Test(rfc6026_7_1, a_response_that_cannot_be_sent_is_told_and_nothing_ends)
{
	struct wire *wire = wire_open();
	struct machine machine;

	wire_break(wire, WIRE_CALLEE);
	machine_start(&machine, wire, &wsip_tx_ist, WSIP_UDP);
	machine_event(&machine, WSIP_TX_SEND_3XX_6XX);
	wire_advance_to(wire, 400);
	cr_expect_eq(machine.unreachable, 1);
	cr_expect_str_eq(machine_state(&machine), "Completed");
	wire_mend(wire);
	wire_run_out(wire);
	cr_expect_eq(wire_find(wire, "486", WIRE_CALLEE, 0)->at_ms, 500);
	cr_expect_eq(machine.ended_ms, 32000);
	wire_close(wire);
}

/* RFC 3261 18.2.2: once more along a new connection; only then it is lost. */
Test(rfc3261_18_2_2, a_response_whose_connection_is_gone_takes_another)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, WSIP_TCP);
	machine_event(&machine, WSIP_TX_SEND_3XX_6XX);
	machine_event(&machine, WSIP_TX_TRANSPORT_ERROR);
	cr_expect_str_eq(wire_story(wire, 0), "486 486");
	cr_expect_neq(wire_find(wire, "486", NULL, 0)->flow.connection, 0);
	cr_expect_eq(wire_find(wire, "486", NULL, 1)->flow.connection, 0);
	cr_expect_eq(machine.unreachable, 0);
	machine_event(&machine, WSIP_TX_TRANSPORT_ERROR);
	cr_expect_eq(machine.unreachable, 1);
	cr_expect_eq(wire->sent_count, 2);
	wire_close(wire);
}

/* The last resort when there is no memory for a final response: nobody waits for ever. */
Test(leave_unanswered, it_ends_with_the_next_tick)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, WSIP_UDP);
	wire_advance_to(wire, 1000);
	wsip_tx_leave_unanswered(machine.tx);
	cr_expect_str_eq(machine_state(&machine), "Proceeding");
	wire_run_out(wire);
	cr_expect_eq(machine.ended_ms, 1000);
	cr_expect_eq(wire->sent_count, 0);
	wire_close(wire);
}

Test(leave_unanswered, a_2xx_that_comes_in_time_is_sent_all_the_same)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ist, WSIP_UDP);
	wsip_tx_leave_unanswered(machine.tx);
	machine_event(&machine, WSIP_TX_SEND_2XX);
	wire_run_out(wire);
	cr_expect_str_eq(wire_story(wire, 0), "200");
	cr_expect_eq(machine.ended_ms, 32000);
	wire_close(wire);
}
