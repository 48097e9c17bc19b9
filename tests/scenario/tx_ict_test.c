/* SPDX-License-Identifier: MIT
 * The INVITE client transaction: RFC 3261 17.1.1, RFC 6026 7.2; the whole table and its timers.
 */
#include "tests/scenario/machine.h"

#define NONE MACHINE_NO_TIMER

static const struct machine_path paths[] = {
	{ "Calling", { 0 }, 0 },
	{ "Proceeding", { WSIP_TX_1XX }, 1 },
	{ "Completed", { WSIP_TX_3XX_6XX }, 1 },
	{ "Accepted", { WSIP_TX_2XX }, 1 },
};

static const struct machine_row rows[] = {
	{ "Calling", WSIP_TX_1XX, "Proceeding", "", 1, "", NONE, NONE },
	{ "Calling", WSIP_TX_2XX, "Accepted", "", 1, "", NONE, 32100 },
	{ "Calling", WSIP_TX_3XX_6XX, "Completed", "ACK", 1, "", NONE, 32100 },
	{ "Calling", WSIP_TX_REQUEST, "Calling", "", 0, "", 500, 32000 },
	{ "Calling", WSIP_TX_ACK, "Calling", "", 0, "", 500, 32000 },
	{ "Calling", WSIP_TX_SEND_1XX, "Calling", "", 0, "", 500, 32000 },
	{ "Calling", WSIP_TX_SEND_2XX, "Calling", "", 0, "", 500, 32000 },
	{ "Calling", WSIP_TX_SEND_3XX_6XX, "Calling", "", 0, "", 500, 32000 },
	{ "Calling", WSIP_TX_RETRANSMIT, "Calling", "INVITE", 0, "", 1100, 32000 },
	{ "Calling", WSIP_TX_TIMEOUT, "ended", "", 0, "timed out", NONE, NONE },
	{ "Calling", WSIP_TX_TRANSPORT_ERROR, "ended", "", 0, "unreachable", NONE, NONE },

	{ "Proceeding", WSIP_TX_1XX, "Proceeding", "", 1, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_2XX, "Accepted", "", 1, "", NONE, 32100 },
	{ "Proceeding", WSIP_TX_3XX_6XX, "Completed", "ACK", 1, "", NONE, 32100 },
	{ "Proceeding", WSIP_TX_REQUEST, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_ACK, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_SEND_1XX, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_SEND_2XX, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_SEND_3XX_6XX, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_RETRANSMIT, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_TIMEOUT, "Proceeding", "", 0, "", NONE, NONE },
	{ "Proceeding", WSIP_TX_TRANSPORT_ERROR, "Proceeding", "", 0, "", NONE, NONE },

	{ "Completed", WSIP_TX_1XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_2XX, "Completed", "", 1, "", NONE, 32000 },
	{ "Completed", WSIP_TX_3XX_6XX, "Completed", "ACK", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_REQUEST, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_ACK, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_SEND_1XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_SEND_2XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_SEND_3XX_6XX, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_RETRANSMIT, "Completed", "", 0, "", NONE, 32000 },
	{ "Completed", WSIP_TX_TIMEOUT, "ended", "", 0, "", NONE, NONE },
	{ "Completed", WSIP_TX_TRANSPORT_ERROR, "ended", "", 0, "unreachable", NONE, NONE },

	{ "Accepted", WSIP_TX_1XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_2XX, "Accepted", "", 1, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_3XX_6XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_REQUEST, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_ACK, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_SEND_1XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_SEND_2XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_SEND_3XX_6XX, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_RETRANSMIT, "Accepted", "", 0, "", NONE, 32000 },
	{ "Accepted", WSIP_TX_TIMEOUT, "ended", "", 0, "", NONE, NONE },
	{ "Accepted", WSIP_TX_TRANSPORT_ERROR, "Accepted", "", 0, "", NONE, 32000 },
};

Test(rfc3261_17_1_1, every_state_and_event)
{
	machine_check_table(&wsip_tx_ict, paths, sizeof(paths) / sizeof(paths[0]), rows,
		sizeof(rows) / sizeof(rows[0]));
}

Test(rfc3261_17_1_1_2, timer_a_doubles_without_t2_cap)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, WSIP_UDP);
	wire_advance_to(wire, 60000);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_CALLEE),
		"0 500 1500 3500 7500 15500 31500");
	wire_close(wire);
}

Test(rfc3261_17_1_1_2, timer_b_ends_it_after_64_t1_without_an_ack)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, WSIP_UDP);
	wire_advance_to(wire, 31999);
	cr_expect_str_eq(machine_state(&machine), "Calling");
	cr_expect_eq(machine.timed_out, 0);
	wire_run_out(wire);
	cr_expect_eq(machine.timed_out, 1);
	cr_expect_eq(machine.ended_ms, 32000);
	cr_expect_eq(wire_count(wire, "ACK", NULL), 0);
	wire_close(wire);
}

Test(rfc3261_17_1_1_2, no_timer_a_on_a_reliable_transport_but_timer_b)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, WSIP_TCP);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_CALLEE), "0");
	cr_expect_eq(machine.timed_out, 1);
	cr_expect_eq(machine.ended_ms, 32000);
	wire_close(wire);
}

Test(rfc3261_17_1_1_2, a_provisional_response_stops_timers_a_and_b)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, WSIP_UDP);
	wire_advance_to(wire, 600);
	machine_event(&machine, WSIP_TX_1XX);
	wire_advance_to(wire, 1000000);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_CALLEE), "0 500");
	cr_expect_str_eq(machine_state(&machine), "Proceeding");
	cr_expect_eq(machine.passed, 1);
	wsip_tx_layer_clear(&wire->core.tx);
	wire_close(wire);
}

Test(rfc3261_17_1_1_2, timer_d_absorbs_rejections_for_32_s)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, WSIP_UDP);
	wire_advance_to(wire, 1000);
	machine_event(&machine, WSIP_TX_3XX_6XX);
	wire_advance_to(wire, 1500);
	machine_event(&machine, WSIP_TX_3XX_6XX);
	wire_advance_to(wire, 32999);
	machine_event(&machine, WSIP_TX_3XX_6XX);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "ACK", WIRE_CALLEE), "1000 1500 32999");
	cr_expect_eq(machine.passed, 1);
	cr_expect_eq(machine.ended_ms, 33000);
	wire_close(wire);
}

Test(rfc3261_17_1_1_2, timer_d_is_zero_on_a_reliable_transport)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, WSIP_TCP);
	wire_advance_to(wire, 1000);
	machine_event(&machine, WSIP_TX_3XX_6XX);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "ACK", WIRE_CALLEE), "1000");
	cr_expect_eq(machine.ended_ms, 1000);
	wire_close(wire);
}

static void expect_accepted_for_64_t1(enum wsip_transport transport)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, transport);
	wire_advance_to(wire, 1000);
	machine_event(&machine, WSIP_TX_2XX);
	wire_advance_to(wire, 32999);
	machine_event(&machine, WSIP_TX_2XX);
	cr_expect_eq(machine.passed, 2);
	wire_run_out(wire);
	cr_expect_eq(machine.ended_ms, 33000, "ended at %llu",
		(unsigned long long)machine.ended_ms);
	cr_expect_eq(machine.timed_out, 0);
	cr_expect_eq(wire_count(wire, "ACK", NULL), 0);
	wire_close(wire);
}

Test(rfc6026_7_2, timer_m_lets_every_2xx_through_for_64_t1)
{
	expect_accepted_for_64_t1(WSIP_UDP);
}

Test(rfc6026_7_2, timer_m_is_the_same_on_a_reliable_transport)
{
	expect_accepted_for_64_t1(WSIP_TCP);
}

/* RFC 3261 17.1.1.3: what is repeated of the INVITE, and the To of the response. */
Test(rfc3261_17_1_1_3, the_ack_has_the_branch_of_the_invite_and_the_to_of_the_response)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite, *ack;
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, WSIP_UDP);
	machine_event(&machine, WSIP_TX_3XX_6XX);
	invite = wire_find(wire, "INVITE", NULL, 0);
	ack = wire_find(wire, "ACK", WIRE_CALLEE, 0);
	cr_assert_not_null(ack);
	cr_expect_str_eq(wire_start_line(wire, ack), "ACK sip:bob@10.0.0.1 SIP/2.0");
	cr_expect_str_eq(wire_header(wire, ack, "Via", 0), wire_header(wire, invite, "Via", 0));
	cr_expect_str_eq(wire_header(wire, ack, "From", 0), wire_header(wire, invite, "From", 0));
	cr_expect_str_eq(wire_header(wire, ack, "To", 0), "<sip:bob@example.org>;tag=callee");
	cr_expect_str_eq(wire_header(wire, ack, "Call-ID", 0), "call-1");
	cr_expect_str_eq(wire_header(wire, ack, "CSeq", 0), "1 ACK");
	cr_expect_not_null(wire_header(wire, ack, "Max-Forwards", 0));
	cr_expect_eq(wire_header_count(wire, ack, "Via"), 1);
	wire_close(wire);
}

Test(rfc3261_17_1_4, an_invite_that_cannot_be_sent_ends_at_once)
{
	struct wire *wire = wire_open();
	struct machine machine;

	wire_break(wire, WIRE_CALLEE);
	machine_start(&machine, wire, &wsip_tx_ict, WSIP_UDP);
	cr_expect_eq(wsip_core_next_ms(&wire->core), wire->core.timers.now_ms);
	wire_advance_to(wire, 0);
	cr_expect_eq(machine.unreachable, 1);
	cr_expect_null(machine.tx);
	wire_close(wire);
}

Test(rfc3261_17_1_4, a_retransmission_that_cannot_be_sent_ends_it)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, WSIP_UDP);
	wire_break(wire, WIRE_CALLEE);
	wire_run_out(wire);
	cr_expect_eq(machine.unreachable, 1);
	cr_expect_eq(machine.ended_ms, 500);
	wire_close(wire);
}

Test(rfc3261_17_1_4, an_ack_that_cannot_be_sent_ends_it)
{
	struct wire *wire = wire_open();
	struct machine machine;

	machine_start(&machine, wire, &wsip_tx_ict, WSIP_UDP);
	wire_break(wire, WIRE_CALLEE);
	machine_event(&machine, WSIP_TX_3XX_6XX);
	wire_advance_to(wire, 0);
	cr_expect_eq(machine.passed, 1);
	cr_expect_eq(machine.unreachable, 1);
	cr_expect_null(machine.tx);
	wire_close(wire);
}

/* A ticket is told once, to the transaction that it was given to and to no later one. */
Test(rfc3261_17_1_4, a_ticket_of_an_ended_transaction_finds_nobody)
{
	struct wire *wire = wire_open();
	struct machine first, second;
	uint64_t ticket;

	machine_start(&first, wire, &wsip_tx_ict, WSIP_UDP);
	ticket = wire_last(wire, "INVITE", NULL)->ticket;
	cr_expect_neq(ticket, 0);
	wsip_core_send_failed(&wire->core, ticket);
	wire_advance_to(wire, 0);
	cr_expect_eq(first.unreachable, 1);
	machine_start(&second, wire, &wsip_tx_ict, WSIP_UDP);
	wsip_core_send_failed(&wire->core, ticket);
	wire_advance_to(wire, 0);
	cr_expect_eq(second.unreachable, 0);
	wire_close(wire);
}
