/* SPDX-License-Identifier: MIT
 * The non-INVITE server transaction: RFC 3261 17.2.2; the whole table and its timer.
 */
#include "tests/scenario/machine.h"

#define NONE MACHINE_NO_TIMER

static const struct machine_path paths[] = {
	{ "Trying", { 0 }, 0 },
	{ "Proceeding", { WSIP_TX_SEND_1XX }, 1 },
	{ "Completed", { WSIP_TX_SEND_2XX }, 1 },
};

/* In Trying and Proceeding the timer runs only after wsip_tx_leave_unanswered. */
static const struct machine_row rows[] = {
	{ "Trying", WSIP_TX_1XX, "Trying", "", 0, "", NONE, NONE },
	{ "Trying", WSIP_TX_2XX, "Trying", "", 0, "", NONE, NONE },
	{ "Trying", WSIP_TX_3XX_6XX, "Trying", "", 0, "", NONE, NONE },
	{ "Trying", WSIP_TX_REQUEST, "Trying", "", 0, "", NONE, NONE },
	{ "Trying", WSIP_TX_ACK, "Trying", "", 0, "", NONE, NONE },
	{ "Trying", WSIP_TX_SEND_1XX, "Proceeding", "180", 0, "", NONE, NONE },
	{ "Trying", WSIP_TX_SEND_2XX, "Completed", "200", 0, "", NONE, 32100 },
	{ "Trying", WSIP_TX_SEND_3XX_6XX, "Completed", "486", 0, "", NONE, 32100 },
	{ "Trying", WSIP_TX_RETRANSMIT, "Trying", "", 0, "", NONE, NONE },
	{ "Trying", WSIP_TX_TIMEOUT, "ended", "", 0, "", NONE, NONE },
	{ "Trying", WSIP_TX_TRANSPORT_ERROR, "Trying", "", 0, "", NONE, NONE },

	{ "Proceeding", WSIP_TX_1XX, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_2XX, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_3XX_6XX, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_REQUEST, "Proceeding", "180", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_ACK, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_SEND_1XX, "Proceeding", "180", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_SEND_2XX, "Completed", "200", 0, "", NONE, 32100 },
	{ "Proceeding", WSIP_TX_SEND_3XX_6XX, "Completed", "486", 0, "", NONE, 32100 },
	{ "Proceeding", WSIP_TX_RETRANSMIT, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_TIMEOUT, "ended", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_TRANSPORT_ERROR, "Proceeding", "", 0, "unreachable", NONE, NONE },

	{ "Completed", WSIP_TX_1XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_2XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_3XX_6XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_REQUEST, "Completed", "200", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_ACK, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_SEND_1XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_SEND_2XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_SEND_3XX_6XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_RETRANSMIT, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_TIMEOUT, "ended", "", 0, "", NONE, NONE },
	{ "Completed", WSIP_TX_TRANSPORT_ERROR, "Completed", "", 0, "unreachable", NONE, 32000 },
};

Test(rfc3261_17_2_2, every_state_and_event)
{
	machine_check_table(&wsip_tx_nist, paths, sizeof(paths) / sizeof(paths[0]), rows,
		sizeof(rows) / sizeof(rows[0]));
}

Test(rfc3261_17_2_2, timer_j_answers_repeated_requests_for_64_t1)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nist, WSIP_UDP);
	wire_advance_to(wire, 1000);
	machine_event(&machine, WSIP_TX_SEND_2XX);
	wire_advance_to(wire, 2000);
	machine_event(&machine, WSIP_TX_REQUEST);
	wire_advance_to(wire, 32999);
	machine_event(&machine, WSIP_TX_REQUEST);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "200", WIRE_CALLEE), "1000 2000 32999");
	cr_expect_eq(machine.ended_ms, 33000);
	cr_expect_eq(machine.timed_out, 0);
	wire_close(wire);
}

Test(rfc3261_17_2_2, timer_j_is_zero_on_a_reliable_transport)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nist, WSIP_TCP);
	wire_advance_to(wire, 1000);
	machine_event(&machine, WSIP_TX_SEND_3XX_6XX);
	wire_run_out(wire);
	cr_expect_eq(machine.ended_ms, 1000);
	wire_close(wire);
}

Test(rfc3261_17_2_2, a_second_final_response_is_discarded)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nist, WSIP_UDP);
	machine_event(&machine, WSIP_TX_SEND_2XX);
	machine_event(&machine, WSIP_TX_SEND_3XX_6XX);
	machine_event(&machine, WSIP_TX_REQUEST);
	cr_expect_str_eq(wire_story(wire, 0), "200 200");
	wire_close(wire);
}

/* RFC 6026 8.8: a transport error does not end a server transaction. */
Test(rfc3261_17_2_4, a_response_that_cannot_be_sent_is_told_and_nothing_ends)
{
	struct wire *wire = wire_open();
	struct machine machine;

	wire_break(wire, WIRE_CALLEE);
	machine_start(&machine, wire, &wsip_tx_nist, WSIP_UDP);
	machine_event(&machine, WSIP_TX_SEND_2XX);
	wire_advance_to(wire, 400);
	cr_expect_eq(machine.unreachable, 1);
	cr_expect_str_eq(machine_state(&machine), "Completed");
	wire_mend(wire);
	machine_event(&machine, WSIP_TX_REQUEST);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLEE), 1);
	wire_close(wire);
}

/* RFC 4320 4.2: a request that gets no final response is absorbed as long as it may be repeated. */
Test(rfc4320_4_2, left_unanswered_it_absorbs_repetitions_for_64_t1)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nist, WSIP_UDP);
	wire_advance_to(wire, 1000);
	wsip_tx_leave_unanswered(machine.tx);
	wire_advance_to(wire, 32999);
	machine_event(&machine, WSIP_TX_REQUEST);
	wire_run_out(wire);
	cr_expect_eq(wire->sent_count, 0);
	cr_expect_eq(machine.ended_ms, 33000);
	wire_close(wire);
}

Test(rfc4320_4_2, left_unanswered_it_ends_at_once_on_a_reliable_transport)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nist, WSIP_TCP);
	wire_advance_to(wire, 1000);
	wsip_tx_leave_unanswered(machine.tx);
	wire_run_out(wire);
	cr_expect_eq(machine.ended_ms, 1000);
	wire_close(wire);
}

/* RFC 3261 18.2.2: once more along a new connection; only then it is lost. */
Test(rfc3261_18_2_2, a_response_whose_connection_is_gone_takes_another)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_nist, WSIP_TCP);
	machine_event(&machine, WSIP_TX_SEND_2XX);
	machine_event(&machine, WSIP_TX_TRANSPORT_ERROR);
	cr_expect_str_eq(wire_story(wire, 0), "200 200");
	cr_expect_neq(wire_find(wire, "200", NULL, 0)->flow.connection, 0);
	cr_expect_eq(wire_find(wire, "200", NULL, 1)->flow.connection, 0);
	cr_expect_eq(machine.unreachable, 0);
	machine_event(&machine, WSIP_TX_TRANSPORT_ERROR);
	cr_expect_eq(machine.unreachable, 1);
	cr_expect_eq(wire->sent_count, 2);
	wire_close(wire);
}
