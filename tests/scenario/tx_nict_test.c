/* SPDX-License-Identifier: MIT
 * The non-INVITE client transaction: RFC 3261 17.1.2; the whole table and its timers.
 */
#include "tests/scenario/machine.h"

#define NONE MACHINE_NO_TIMER

static const struct machine_path paths[] = {
	{ "Trying", { 0 }, 0 },
	{ "Proceeding", { WSIP_TX_1XX }, 1 },
	{ "Completed", { WSIP_TX_2XX }, 1 },
};

static const struct machine_row rows[] = {
	{ "Trying", WSIP_TX_1XX, "Proceeding", "", 1, "", 500, 32000 },
	{ "Trying", WSIP_TX_2XX, "Completed", "", 1, "", NONE, 5100 },
	{ "Trying", WSIP_TX_3XX_6XX, "Completed", "", 1, "", NONE, 5100 },
	{ "Trying", WSIP_TX_REQUEST, "Trying", "", 0, "", 500, 32000 },
	{ "Trying", WSIP_TX_ACK, "Trying", "", 0, "", 500, 32000 },
	{ "Trying", WSIP_TX_SEND_1XX, "Trying", "", 0, "", 500, 32000 },
	{ "Trying", WSIP_TX_SEND_2XX, "Trying", "", 0, "", 500, 32000 },
	{ "Trying", WSIP_TX_SEND_3XX_6XX, "Trying", "", 0, "", 500, 32000 },
	{ "Trying", WSIP_TX_RETRANSMIT, "Trying", "OPTIONS", 0, "", 1100, 32000 },
	{ "Trying", WSIP_TX_TIMEOUT, "ended", "", 0, "timed out", NONE, NONE },
	{ "Trying", WSIP_TX_TRANSPORT_ERROR, "ended", "", 0, "unreachable", NONE, NONE },

	{ "Proceeding", WSIP_TX_1XX, "Proceeding", "", 1, "", 500, 32000 },
	{ "Proceeding", WSIP_TX_2XX, "Completed", "", 1, "", NONE, 5100 },
	{ "Proceeding", WSIP_TX_3XX_6XX, "Completed", "", 1, "", NONE, 5100 },
	{ "Proceeding", WSIP_TX_REQUEST, "Proceeding", "", 0, "", 500, 32000 },
	{ "Proceeding", WSIP_TX_ACK, "Proceeding", "", 0, "", 500, 32000 },
	{ "Proceeding", WSIP_TX_SEND_1XX, "Proceeding", "", 0, "", 500, 32000 },
	{ "Proceeding", WSIP_TX_SEND_2XX, "Proceeding", "", 0, "", 500, 32000 },
	{ "Proceeding", WSIP_TX_SEND_3XX_6XX, "Proceeding", "", 0, "", 500, 32000 },
	{ "Proceeding", WSIP_TX_RETRANSMIT, "Proceeding", "OPTIONS", 0, "", 4100, 32000 },
	{ "Proceeding", WSIP_TX_TIMEOUT, "ended", "", 0, "timed out", NONE, NONE },
	{ "Proceeding", WSIP_TX_TRANSPORT_ERROR, "ended", "", 0, "unreachable", NONE, NONE },

	{ "Completed", WSIP_TX_1XX, "Completed", "", 0, "", NONE, 5000 },
	{ "Completed", WSIP_TX_2XX, "Completed", "", 0, "", NONE, 5000 },
	{ "Completed", WSIP_TX_3XX_6XX, "Completed", "", 0, "", NONE, 5000 },
	{ "Completed", WSIP_TX_REQUEST, "Completed", "", 0, "", NONE, 5000 },
	{ "Completed", WSIP_TX_ACK, "Completed", "", 0, "", NONE, 5000 },
	{ "Completed", WSIP_TX_SEND_1XX, "Completed", "", 0, "", NONE, 5000 },
	{ "Completed", WSIP_TX_SEND_2XX, "Completed", "", 0, "", NONE, 5000 },
	{ "Completed", WSIP_TX_SEND_3XX_6XX, "Completed", "", 0, "", NONE, 5000 },
	{ "Completed", WSIP_TX_RETRANSMIT, "Completed", "", 0, "", NONE, 5000 },
	{ "Completed", WSIP_TX_TIMEOUT, "ended", "", 0, "", NONE, NONE },
	{ "Completed", WSIP_TX_TRANSPORT_ERROR, "Completed", "", 0, "", NONE, 5000 },
};

Test(rfc3261_17_1_2, every_state_and_event)
{
	machine_check_table(&wsip_tx_nict, paths, sizeof(paths) / sizeof(paths[0]), rows,
		sizeof(rows) / sizeof(rows[0]));
}

Test(rfc3261_17_1_2_2, timer_e_doubles_up_to_t2)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nict, WSIP_UDP);
	wire_advance_to(wire, 60000);
	cr_expect_str_eq(wire_times(wire, "OPTIONS", WIRE_CALLEE),
		"0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500");
	wire_close(wire);
}

Test(rfc3261_17_1_2_2, timer_e_is_t2_in_proceeding)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nict, WSIP_UDP);
	wire_advance_to(wire, 600);
	machine_event(&machine, WSIP_TX_1XX);
	wire_advance_to(wire, 60000);
	cr_expect_str_eq(wire_times(wire, "OPTIONS", WIRE_CALLEE),
		"0 500 1500 5500 9500 13500 17500 21500 25500 29500");
	cr_expect_eq(machine.timed_out, 1);
	cr_expect_eq(machine.ended_ms, 32000);
	wire_close(wire);
}

static void expect_timer_f(enum wsip_transport transport)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nict, transport);
	wire_advance_to(wire, 31999);
	cr_expect_eq(machine.timed_out, 0);
	wire_run_out(wire);
	cr_expect_eq(machine.timed_out, 1);
	cr_expect_eq(machine.ended_ms, 32000);
	wire_close(wire);
}

Test(rfc3261_17_1_2_2, timer_f_ends_it_after_64_t1)
{
	expect_timer_f(WSIP_UDP);
}

Test(rfc3261_17_1_2_2, timer_f_is_the_same_on_a_reliable_transport)
{
	expect_timer_f(WSIP_TCP);
}

Test(rfc3261_17_1_2_2, no_timer_e_on_a_reliable_transport)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nict, WSIP_TCP);
	wire_advance_to(wire, 600);
	machine_event(&machine, WSIP_TX_1XX);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "OPTIONS", WIRE_CALLEE), "0");
	wire_close(wire);
}

Test(rfc3261_17_1_2_2, timer_k_absorbs_final_responses_for_t4)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nict, WSIP_UDP);
	wire_advance_to(wire, 700);
	machine_event(&machine, WSIP_TX_3XX_6XX);
	wire_advance_to(wire, 5699);
	machine_event(&machine, WSIP_TX_3XX_6XX);
	machine_event(&machine, WSIP_TX_2XX);
	wire_run_out(wire);
	cr_expect_eq(machine.passed, 1);
	cr_expect_eq(machine.ended_ms, 5700);
	cr_expect_eq(machine.timed_out, 0);
	cr_expect_str_eq(wire_times(wire, "OPTIONS", WIRE_CALLEE), "0 500");
	cr_expect_eq(wire_count(wire, "ACK", NULL), 0);
	wire_close(wire);
}

Test(rfc3261_17_1_2_2, timer_k_is_zero_on_a_reliable_transport)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nict, WSIP_TCP);
	wire_advance_to(wire, 700);
	machine_event(&machine, WSIP_TX_2XX);
	wire_run_out(wire);
	cr_expect_eq(machine.ended_ms, 700);
	wire_close(wire);
}

Test(rfc3261_17_1_4, a_request_that_cannot_be_sent_ends_at_once)
{
	struct wire *wire = wire_open();
	struct machine machine;

	wire_break(wire, WIRE_CALLEE);
	machine_start(&machine, wire, &wsip_tx_nict, WSIP_UDP);
	wire_advance_to(wire, 0);
	cr_expect_eq(machine.unreachable, 1);
	cr_expect_null(machine.tx);
	wire_close(wire);
}

Test(rfc3261_17_1_4, a_retransmission_that_cannot_be_sent_ends_it)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nict, WSIP_UDP);
	wire_advance_to(wire, 600);
	machine_event(&machine, WSIP_TX_1XX);
	wire_break(wire, WIRE_CALLEE);
	wire_run_out(wire);
	cr_expect_eq(machine.unreachable, 1);
	cr_expect_eq(machine.ended_ms, 1500);
	wire_close(wire);
}
