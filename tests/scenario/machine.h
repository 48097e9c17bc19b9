/* SPDX-License-Identifier: MIT
 * One transaction by itself on the wire, for the tests of the four machines: a user that counts
 * what it is told, and a check of the table row by row. For those four programs only, so it is all
 * here.
 */
#ifndef WSIP_TESTS_MACHINE_H
#define WSIP_TESTS_MACHINE_H

#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

struct machine {
	struct wire *wire;
	const struct wsip_tx_machine *type;
	struct wsip_tx *tx;  /* NULL once it has ended */
	unsigned int passed; /* responses to the user */
	unsigned int timed_out;
	unsigned int unreachable;
	uint64_t ended_ms;
};

/* A row of a table: the event comes 100 ms after the state was entered. */
struct machine_row {
	const char *state;
	enum wsip_tx_event event;
	const char *next;  /* "ended" when the transaction is over */
	const char *sends; /* first words */
	unsigned int passed;
	const char *told;      /* "timed out", "unreachable" or "" */
	int64_t retransmit_ms; /* deadlines of the timers, in ms since the state was entered */
	int64_t timeout_ms;
};

#define MACHINE_NO_TIMER (-1)
#define MACHINE_EVENT_MS 100

/* How a state is reached. */
struct machine_path {
	const char *state;
	enum wsip_tx_event events[2];
	unsigned int count;
};

static inline void machine_response(void *user, struct wsip_tx *tx, struct wsip_msg *response)
{
	struct machine *machine = user;

	(void)tx;
	cr_expect_not_null(response);
	machine->passed++;
}

static inline void machine_failed(void *user, struct wsip_tx *tx, enum wsip_tx_failure failure)
{
	struct machine *machine = user;

	(void)tx;
	if (failure == WSIP_TX_TIMED_OUT)
		machine->timed_out++;
	else
		machine->unreachable++;
}

static inline void machine_ended(void *user, struct wsip_tx *tx)
{
	struct machine *machine = user;

	cr_expect_eq(tx, machine->tx);
	machine->tx = NULL;
	machine->ended_ms = wire_now(machine->wire);
}

static inline struct wsip_buf *machine_buf(struct machine *machine, const char *text)
{
	struct wsip_buf *buf = wsip_buf_get(&machine->wire->core.bufs, strlen(text));

	memcpy(buf->data, text, strlen(text));
	buf->used = (uint32_t)strlen(text);
	return buf;
}

static inline bool machine_is_invite(const struct machine *machine)
{
	return machine->type == &wsip_tx_ict || machine->type == &wsip_tx_ist;
}

static inline struct wsip_buf *machine_request(struct machine *machine)
{
	return machine_buf(machine,
		wire_request_text(machine->wire,
			&(struct wire_request){
				.method = machine_is_invite(machine) ? "INVITE" : "OPTIONS" }));
}

static inline struct wsip_buf *machine_status(struct machine *machine, unsigned int status)
{
	return machine_buf(machine,
		wire_print(machine->wire,
			"SIP/2.0 %u Whatever\r\n"
			"Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller\r\n"
			"From: <sip:alice@example.com>;tag=caller\r\n"
			"To: <sip:bob@example.org>;tag=callee\r\nCall-ID: call-1\r\n"
			"CSeq: 1 %s\r\nContent-Length: 0\r\n\r\n",
			status, machine_is_invite(machine) ? "INVITE" : "OPTIONS"));
}

static inline void machine_start(struct machine *machine, struct wire *wire,
	const struct wsip_tx_machine *type, enum wsip_transport transport)
{
	static const struct wsip_tx_user_ops ops = {
		.response = machine_response,
		.failed = machine_failed,
		.ended = machine_ended,
	};
	struct wsip_tx_layer *layer = &wire->core.tx;
	struct wsip_flow flow = wire_flow(transport, WIRE_CALLEE);
	struct wsip_key key = { 1, 1 };

	*machine = (struct machine){ .wire = wire, .type = type };
	if (type == &wsip_tx_ict || type == &wsip_tx_nict)
		machine->tx = wsip_tx_start_client(layer, type, key, &flow,
			machine_request(machine), &ops, machine);
	else
		machine->tx = wsip_tx_start_server(layer, type, key, &flow, &ops, machine);
	cr_assert_not_null(machine->tx);
}

/* A message for events from the network, a buffer for those of the user. */
static inline void machine_event(struct machine *machine, enum wsip_tx_event event)
{
	static const unsigned int statuses[WSIP_TX_EVENTS] = { [WSIP_TX_1XX] = 180,
		[WSIP_TX_2XX] = 200,
		[WSIP_TX_3XX_6XX] = 486,
		[WSIP_TX_SEND_1XX] = 180,
		[WSIP_TX_SEND_2XX] = 200,
		[WSIP_TX_SEND_3XX_6XX] = 486 };
	struct wsip_tx_input input = { 0 };
	struct wsip_buf *buf;
	struct wsip_msg msg;

	cr_assert_not_null(machine->tx, "the transaction has ended");
	if (event >= WSIP_TX_SEND_1XX && event <= WSIP_TX_SEND_3XX_6XX) {
		input.out = machine_status(machine, statuses[event]);
		wsip_tx_input(machine->tx, event, &input);
		return;
	}
	buf = statuses[event] ? machine_status(machine, statuses[event]) : machine_request(machine);
	cr_assert_eq(wsip_msg_parse(&msg, buf), WSIP_OK);
	wsip_buf_unref(buf);
	if (event < WSIP_TX_RETRANSMIT)
		input.msg = &msg;
	wsip_tx_input(machine->tx, event, &input);
	wsip_msg_finish(&msg);
}

static inline const char *machine_state(const struct machine *machine)
{
	return machine->tx ? machine->type->state_names[machine->tx->state] : "ended";
}

static inline int64_t machine_deadline(const struct machine *machine,
	const struct wsip_timer *timer)
{
	if (!machine->tx || !wsip_timer_running(timer))
		return MACHINE_NO_TIMER;
	return (int64_t)(timer->deadline_ms - machine->wire->start_ms);
}

static inline const char *machine_told(const struct machine *machine)
{
	return machine->timed_out ? "timed out" : machine->unreachable ? "unreachable" : "";
}

static inline void machine_expect_row(const struct machine *machine, const struct machine_row *row,
	size_t sent_before)
{
	const char *at = wire_print(machine->wire, "%s, event %d", row->state, (int)row->event);
	const struct wsip_tx *tx = machine->tx;

	cr_expect_str_eq(machine_state(machine), row->next, "%s: next is %s", at,
		machine_state(machine));
	cr_expect_str_eq(wire_story(machine->wire, sent_before), row->sends, "%s: sends %s", at,
		wire_story(machine->wire, sent_before));
	cr_expect_eq(machine->passed, row->passed, "%s: passes %u", at, machine->passed);
	cr_expect_str_eq(machine_told(machine), row->told, "%s: tells %s", at,
		machine_told(machine));
	cr_expect_leq(machine->timed_out + machine->unreachable, 1, "%s: tells twice", at);
	if (!tx)
		return;
	cr_expect_eq(machine_deadline(machine, &tx->retransmit), row->retransmit_ms,
		"%s: retransmits at %lld", at,
		(long long)machine_deadline(machine, &tx->retransmit));
	cr_expect_eq(machine_deadline(machine, &tx->timeout), row->timeout_ms,
		"%s: times out at %lld", at, (long long)machine_deadline(machine, &tx->timeout));
}

static inline void machine_enter(struct machine *machine, const struct machine_path *path)
{
	for (unsigned int i = 0; i < path->count; i++)
		machine_event(machine, path->events[i]);
	cr_assert_str_eq(machine_state(machine), path->state);
	machine->passed = 0;
}

static inline void machine_check_row(const struct wsip_tx_machine *type,
	const struct machine_path *path, const struct machine_row *row)
{
	struct wire *wire = wire_open();
	struct machine machine;
	size_t sent_before;

	machine_start(&machine, wire, type, WSIP_UDP);
	machine_enter(&machine, path);
	wire_advance_to(wire, MACHINE_EVENT_MS);
	sent_before = wire->sent_count;
	machine_event(&machine, row->event);
	machine_expect_row(&machine, row, sent_before);
	wsip_tx_layer_clear(&wire->core.tx);
	wire_close(wire);
}

/* Every state of `paths` with every event has exactly one row, and does what the row says. */
static inline void machine_check_table(const struct wsip_tx_machine *type,
	const struct machine_path *paths, size_t path_count, const struct machine_row *rows,
	size_t row_count)
{
	for (size_t i = 0; i < path_count; i++) {
		unsigned int seen[WSIP_TX_EVENTS] = { 0 };

		for (size_t r = 0; r < row_count; r++) {
			if (strcmp(rows[r].state, paths[i].state) != 0)
				continue;
			seen[rows[r].event]++;
			machine_check_row(type, &paths[i], &rows[r]);
		}
		for (int event = 0; event < WSIP_TX_EVENTS; event++)
			cr_expect_eq(seen[event], 1, "%s, event %d: %u rows", paths[i].state, event,
				seen[event]);
	}
}

#endif
