/* SPDX-License-Identifier: MIT
 * More is asked for than can be done: what belongs to calls under way goes first, and what starts
 * something new waits, is started in its turn, or is refused without a transaction.
 */
#include "tests/scenario/wire.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define LATE_MS WSIP_WAITING_STANDS_MS

/* New requests wait until start_all or start_one. */
static struct wire *open_in_turn(void)
{
	struct wire *wire = wire_open();

	cr_assert(wsip_overload_init(&wire->core, WSIP_IN_TURN) == WSIP_OK);
	return wire;
}

static void start_all(struct wire *wire)
{
	while (wsip_core_start_next(&wire->core))
		continue;
}

static void close_wire(struct wire *wire)
{
	start_all(wire);
	wire_close(wire);
}

/* A round of the worker begins. What was waiting before has waited longer. */
static void begin_round(struct wire *wire, uint64_t at_ms)
{
	wsip_core_set_now(&wire->core, wire->start_ms + at_ms);
}

static void invite_number(struct wire *wire, unsigned int number)
{
	wire_request(wire,
		&(struct wire_request){ .call_id = wire_print(wire, "call-%u", number),
			.via = wire_print(wire, "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-%u",
				number) });
}

static void request_in_dialog(struct wire *wire, const char *method, unsigned int cseq)
{
	wire_request(wire,
		&(struct wire_request){ .method = method,
			.uri = "sip:bob@" WIRE_CALLEE,
			.to = "<sip:bob@example.org>;tag=callee",
			.via = wire_print(wire, "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-%s-%u",
				method, cseq),
			.cseq = cseq });
}

/* A call is up, and one more request waits, which makes it a standing queue that is late. */
static struct wire *open_with_a_call_and_behind(void)
{
	struct wire *wire = open_in_turn();

	wire_request(wire, &(struct wire_request){ 0 });
	start_all(wire);
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 200);
	request_in_dialog(wire, "ACK", 1);
	invite_number(wire, 100);
	begin_round(wire, 1);
	begin_round(wire, 1 + LATE_MS);
	return wire;
}

Test(overload, new_requests_wait_for_their_turn_and_start_in_the_order_they_came)
{
	struct wire *wire = open_in_turn();

	for (unsigned int i = 0; i < 3; i++)
		invite_number(wire, i);
	cr_expect_str_empty(wire_story(wire, 0), "nothing happens yet");
	cr_expect_eq(wsip_core_next_ms(&wire->core), wire->core.timers.now_ms, "no time to sleep");
	cr_expect(wsip_core_start_next(&wire->core), "two more wait");
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE");
	start_all(wire);
	for (unsigned int i = 0; i < 3; i++)
		cr_expect_str_eq(wire_header(wire, wire_find(wire, "INVITE", NULL, i), "Call-ID",
					 0),
			wire_print(wire, "call-%u", i));
	cr_expect_eq(wire->core.counters.shed_overload, 0);
	close_wire(wire);
}

Test(overload, without_it_nobody_waits)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE");
	cr_expect(!wsip_core_start_next(&wire->core));
	wire_close(wire);
}

Test(rfc3261_21_5_4, who_waited_too_long_in_a_queue_that_never_was_empty_is_503)
{
	struct wire *wire = open_in_turn();
	const struct wire_sent *response;
	const char *seconds;

	invite_number(wire, 1);
	begin_round(wire, 0); /* it was not empty */
	begin_round(wire, LATE_MS);
	start_all(wire);
	cr_expect_str_eq(wire_story(wire, 0), "503");
	response = wire_find(wire, "503", WIRE_CALLER, 0);
	seconds = wire_header(wire, response, "Retry-After", 0);
	cr_expect(seconds && atoi(seconds) >= 1 && atoi(seconds) <= WSIP_RETRY_AFTER_MAX_S);
	cr_expect_not_null(strstr(wire_header(wire, response, "To", 0), ";tag="));
	cr_expect_eq(wire->core.counters.shed_overload, 1);
	cr_expect_eq(wire->core.tx.pool.in_use, 0, "no transaction was made");
	cr_expect_eq(wire->core.requests.in_use, 0);
	cr_expect_eq(wire->handled, 0, "nor was the handler asked");
	close_wire(wire);
}

/* As when the process stood still: they waited, but nobody has tried yet to see to them all. */
Test(overload, a_burst_is_no_overload)
{
	struct wire *wire = open_in_turn();

	for (unsigned int i = 0; i < 100; i++)
		invite_number(wire, i);
	begin_round(wire, 10 * LATE_MS);
	begin_round(wire, 11 * LATE_MS - 1);
	start_all(wire);
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 100);
	cr_expect_eq(wire_count(wire, "503", NULL), 0);
	wire_cut(wire);
}

Test(overload, who_came_late_into_a_standing_queue_is_served)
{
	struct wire *wire = open_in_turn();

	invite_number(wire, 1);
	begin_round(wire, 0);
	begin_round(wire, LATE_MS - WSIP_WAITING_MAX_MS + 1);
	invite_number(wire, 2);
	begin_round(wire, LATE_MS);
	start_all(wire);
	cr_expect_str_eq(wire_story(wire, 0), "503 100 INVITE");
	close_wire(wire);
}

/* In rounds of 10 ms 40 come and 10 are started. */
static void be_overrun(struct wire *wire, unsigned int rounds)
{
	while (rounds-- > 0) {
		unsigned int enough = wire->handled + 10;

		for (unsigned int i = 0; i < 40; i++)
			invite_number(wire, wire->seen++);
		begin_round(wire, wire_now(wire) + 10);
		while (wire->handled < enough && wsip_core_start_next(&wire->core))
			continue;
	}
}

Test(overload, no_more_may_wait_than_can_be_started_in_time)
{
	struct wire *wire = open_in_turn();
	unsigned int started = 5 * 10; /* in WSIP_WAITING_ROOM_MS */

	be_overrun(wire, WSIP_WAITING_STANDS_MS / 10);
	cr_expect(wire->core.overload.count > 10 * started, "at first it may be a burst");
	be_overrun(wire, 40);
	cr_expect(wire->core.overload.count > started, "it does not run dry");
	cr_expect(wire->core.overload.count < 2 * started, "%u wait", wire->core.overload.count);
	wire_cut(wire);
}

Test(rfc3261_21_5_4, beyond_the_limit_of_those_who_wait_it_is_503_at_once)
{
	struct wire *wire = open_in_turn();

	for (unsigned int i = 0; i < WSIP_WAITING_MAX; i++)
		invite_number(wire, i);
	cr_expect_eq(wire->sent_count, 0);
	invite_number(wire, WSIP_WAITING_MAX);
	cr_expect_str_eq(wire_story(wire, 0), "503");
	cr_expect_str_eq(wire_header(wire, &wire->sent[0], "Call-ID", 0),
		wire_print(wire, "call-%u", WSIP_WAITING_MAX));
	wire_cut(wire);
}

/* And although nothing else is done for what is refused then, 17.2.3 holds. */
Test(overload, beyond_the_limit_what_has_a_transaction_is_known)
{
	struct wire *wire = open_in_turn();
	size_t since;

	wire_request(wire, &(struct wire_request){ 0 });
	start_all(wire);
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 180);
	for (unsigned int i = 0; i < WSIP_WAITING_MAX; i++)
		invite_number(wire, i);
	since = wire->sent_count;
	wire_request(wire, &(struct wire_request){ 0 });
	request_in_dialog(wire, "BYE", 2);
	cr_expect_str_eq(wire_story(wire, since), "180 BYE");
	cr_expect_eq(wire->core.counters.shed_overload, 0);
	wire_cut(wire);
}

Test(overload, what_belongs_to_a_call_under_way_does_not_wait)
{
	struct wire *wire = open_with_a_call_and_behind();
	size_t since = wire->sent_count;

	request_in_dialog(wire, "INVITE", 2);
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 200);
	request_in_dialog(wire, "ACK", 2);
	request_in_dialog(wire, "BYE", 3);
	wire_reply(wire, wire_last(wire, "BYE", NULL), 200);
	cr_expect_str_eq(wire_story(wire, since), "100 INVITE 200 ACK BYE 200");
	close_wire(wire);
}

Test(overload, a_repeated_request_that_has_a_transaction_is_not_new)
{
	struct wire *wire = open_in_turn();
	size_t since;

	wire_request(wire, &(struct wire_request){ 0 });
	start_all(wire);
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 180);
	invite_number(wire, 100);
	begin_round(wire, 1);
	begin_round(wire, 1 + LATE_MS);
	since = wire->sent_count;
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_str_eq(wire_story(wire, since), "180");
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	cr_expect_eq(wire->core.overload.count, 1, "nor is its CANCEL, which waits for nobody");
	cr_expect_str_eq(wire_story(wire, since), "180 200 CANCEL");
	start_all(wire);
	close_wire(wire);
}

/* The network doubled it, or it was repeated meanwhile. */
Test(overload, the_copy_of_one_that_waits_starts_nothing)
{
	struct wire *wire = open_in_turn();

	wire_request(wire, &(struct wire_request){ 0 });
	wire_request(wire, &(struct wire_request){ 0 });
	start_all(wire);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 100");
	cr_expect_eq(wire->handled, 1);
	close_wire(wire);
}

Test(overload, nor_is_it_refused_when_no_more_may_wait)
{
	struct wire *wire = open_in_turn();

	for (unsigned int i = 0; i < WSIP_WAITING_MAX; i++)
		invite_number(wire, i);
	invite_number(wire, WSIP_WAITING_MAX - 1);
	cr_expect_eq(wire->sent_count, 0);
	cr_expect_eq(wire->core.counters.waiting_dropped, 1);
	wire_request(wire, &(struct wire_request){ .method = "CANCEL",
				   .call_id = "call-0",
				   .via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-0" });
	cr_expect_eq(wire->sent_count, 0, "nor its CANCEL");
	cr_expect_eq(wire->core.counters.waiting_dropped, 1);
	cr_expect_eq(wire->core.overload.count, WSIP_WAITING_MAX + 1, "which waits behind it");
	wire_request(wire, &(struct wire_request){ .method = "CANCEL",
				   .call_id = "call-0",
				   .via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-0" });
	cr_expect_eq(wire->core.counters.waiting_dropped, 2, "and is one, however often it comes");
	wire_cut(wire);
}

/* RFC 3261 17.1.2.2: over a stream nobody repeats it. */
Test(rfc3261_9_2, a_call_that_rings_is_cancelled_at_once_however_many_wait)
{
	const char *via = "SIP/2.0/TCP 10.0.0.2:5060;branch=z9hG4bK-caller";
	struct wire *wire = open_in_turn();
	size_t since;

	wire_request(wire, &(struct wire_request){ .transport = WSIP_TCP, .via = via });
	start_all(wire);
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 180);
	for (unsigned int i = 0; i < WSIP_WAITING_MAX; i++)
		invite_number(wire, i);
	since = wire->sent_count;
	wire_request(wire,
		&(struct wire_request){ .method = "CANCEL", .transport = WSIP_TCP, .via = via });
	cr_expect_str_eq(wire_story(wire, since), "200 CANCEL");
	wire_cut(wire);
}

Test(overload, a_cancel_waits_behind_its_invite)
{
	struct wire *wire = open_in_turn();

	wire_request(wire, &(struct wire_request){ 0 });
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	start_all(wire);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 200");
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 180);
	cr_expect_not_null(wire_last(wire, "CANCEL", WIRE_CALLEE));
	close_wire(wire);
}

Test(rfc3261_8_2_7, what_was_refused_in_an_overload_stays_refused)
{
	struct wire *wire = open_in_turn();

	invite_number(wire, 1);
	begin_round(wire, 0);
	begin_round(wire, LATE_MS);
	start_all(wire);
	begin_round(wire, 600);
	invite_number(wire, 1);
	start_all(wire);
	cr_expect_str_eq(wire_story(wire, 0), "503 503");
	cr_expect_eq(wire->core.counters.refused_again, 1);
	close_wire(wire);
}

Test(rfc3261_16_10, the_ack_of_a_503_goes_nowhere)
{
	struct wire *wire = open_in_turn();
	struct wire_request invite = { .call_id = "call-1",
		.via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-1" };

	invite_number(wire, 1);
	begin_round(wire, 0);
	begin_round(wire, LATE_MS);
	start_all(wire);
	wire_ack_rejection(wire, &invite, wire_last(wire, "503", NULL));
	cr_expect_str_eq(wire_story(wire, 0), "503");
	cr_expect_eq(wire->core.counters.stray_acks, 1);
	close_wire(wire);
}

Test(overload, it_is_over_when_the_queue_was_empty)
{
	struct wire *wire = open_in_turn();

	invite_number(wire, 1);
	begin_round(wire, 0);
	begin_round(wire, LATE_MS);
	start_all(wire);
	cr_expect(wsip_core_is_behind(&wire->core));
	begin_round(wire, LATE_MS);
	cr_expect(!wsip_core_is_behind(&wire->core));
	invite_number(wire, 2);
	begin_round(wire, LATE_MS + 1);
	begin_round(wire, 2 * LATE_MS);
	start_all(wire);
	cr_expect_str_eq(wire_story(wire, 0), "503 100 INVITE");
	close_wire(wire);
}

struct log_text {
	char text[2048];
	size_t used;
};

static void note_line(void *user, const char *line, size_t size)
{
	struct log_text *log = user;

	cr_assert(log->used + size < sizeof(log->text));
	memcpy(log->text + log->used, line, size);
	log->used += size;
}

Test(overload, begins_and_ends_with_a_line_in_the_log)
{
	struct wire *wire = open_in_turn();
	struct log_text text = { 0 };
	struct wsip_log log = { .level = WSIP_LOG_WARN, .sink = note_line, .user = &text };

	wire->core.options.log = &log;
	for (unsigned int i = 0; i < 5; i++)
		invite_number(wire, i);
	begin_round(wire, 0);
	begin_round(wire, LATE_MS);
	start_all(wire);
	cr_expect_not_null(strstr(text.text, "event=\"overload begins\""), "%s", text.text);
	cr_expect_null(strstr(text.text, "overload ends"));
	wire_advance_to(wire, 5000);
	cr_expect_not_null(strstr(text.text, "event=\"overload ends\" waiting=0 shed=5"), "%s",
		text.text);
	close_wire(wire);
}

Test(overload, those_who_wait_at_the_end_are_answered)
{
	struct wire *wire = open_in_turn();

	invite_number(wire, 1);
	invite_number(wire, 2);
	wsip_core_abort(&wire->core);
	cr_expect_str_eq(wire_story(wire, 0), "503 503");
	close_wire(wire);
}

/* RFC 3261 17.2.3: a worker that has no room for another's request answers in its stead; the ACK
 * goes to that one, which knows the tag. */
Test(rfc3261_21_5_4, a_worker_refuses_for_another_one_and_that_one_knows_the_ack)
{
	struct wire *owner = wire_open(), *receiver = wire_open();
	struct wire_request invite = { 0 };
	const char *text = wire_request_text(receiver, &invite);
	struct wsip_buf *buf = wsip_buf_get(&receiver->core.bufs, strlen(text));
	struct wsip_flow flow = wire_flow(WSIP_UDP, WIRE_CALLER);
	struct wsip_msg *msg;

	receiver->core.options.secret.k0 ^= 1;
	memcpy(buf->data, text, strlen(text));
	buf->used = (uint32_t)strlen(text);
	msg = wsip_core_slice(&receiver->core, buf, &flow);
	cr_assert_not_null(msg);
	cr_expect(wsip_core_starts_something(msg));
	cr_expect(wsip_core_refuse_for(&receiver->core, &owner->core, msg, &flow));
	wsip_core_drop(&receiver->core, msg);
	cr_expect_str_eq(wire_story(receiver, 0), "503");
	cr_expect_not_null(wire_header(receiver, &receiver->sent[0], "Retry-After", 0));
	invite.method = "ACK";
	invite.to = wire_header(receiver, &receiver->sent[0], "To", 0);
	wire_request(owner, &invite);
	cr_expect_eq(owner->core.counters.stray_acks, 1);
	cr_expect_eq(owner->sent_count, 0);
	wire_close(owner);
	wire_close(receiver);
}

Test(overload, an_ack_and_a_response_cannot_be_refused)
{
	static const char *const texts[] = {
		"ACK sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-1\r\nTo: "
		"<sip:b>\r\n"
		"From: <sip:a>;tag=1\r\nCall-ID: 1\r\nCSeq: 1 ACK\r\n\r\n",
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-1\r\nTo: <sip:b>\r\n"
		"From: <sip:a>;tag=1\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n",
		"INVITE sip:a@b SIP/2.0\r\nTo: <sip:b>\r\n\r\n",
	};
	struct wire *wire = wire_open();
	struct wsip_flow flow = wire_flow(WSIP_UDP, WIRE_CALLER);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct wsip_buf *buf = wsip_buf_get(&wire->core.bufs, strlen(texts[i]));
		struct wsip_msg *msg;

		memcpy(buf->data, texts[i], strlen(texts[i]));
		buf->used = (uint32_t)strlen(texts[i]);
		msg = wsip_core_slice(&wire->core, buf, &flow);
		cr_assert_not_null(msg);
		cr_expect(!wsip_core_refuse_for(&wire->core, &wire->core, msg, &flow), "%zu", i);
		wsip_core_drop(&wire->core, msg);
	}
	cr_expect_eq(wire->sent_count, 0);
	wire_close(wire);
}
