/* SPDX-License-Identifier: MIT
 * Both ends of a call on a virtual clock, with a wire in between that the test holds in its hands:
 * it says what arrives, what is lost and what comes twice.
 */
#include <criterion/criterion.h>

#include <stdio.h>

#include "bench/load/callee.h"
#include "bench/load/caller.h"

#define SENT_MAX 256
#define T1_MS    500

struct sent {
	struct wsip_path to;
	size_t size;
	char text[WSIP_WIRE_MESSAGE_BYTES];
};

static struct wsip_load *load;
static struct wsip_load_options options;
static struct wsip_wire wire;
static union wsip_peer caller, callee;
static struct sent sent[SENT_MAX];
static uint32_t sent_count;

static void send_message(struct wsip_wire *to_wire, const struct wsip_path *to,
	struct wsip_span message)
{
	(void)to_wire;
	cr_assert(sent_count < SENT_MAX);
	sent[sent_count].to = *to;
	sent[sent_count].size = message.size;
	memcpy(sent[sent_count].text, message.data, message.size);
	sent[sent_count++].text[message.size] = '\0';
}

static void flush(struct wsip_wire *flushed)
{
	(void)flushed;
}

static enum wsip_err path(struct wsip_wire *of, uint32_t pair, const union wsip_peer *peer,
	struct wsip_path *path)
{
	(void)of;
	*path = (struct wsip_path){ .port = pair, .peer = *peer };
	return WSIP_OK;
}

static const struct wsip_wire_ops ops = { .send = send_message, .flush = flush, .path = path };

static void begin_with(enum wsip_load_mode mode)
{
	cr_assert(wsip_peer_parse("127.0.0.1:5062", &caller) == WSIP_OK);
	cr_assert(wsip_peer_parse("127.0.0.1:5070", &callee) == WSIP_OK);
	wire = (struct wsip_wire){ .ops = &ops,
		.via = "UDP",
		.uri_param = "",
		.callers = &caller,
		.callees = &callee,
		.room = malloc(WSIP_WIRE_ROOM_BYTES) };
	options = (struct wsip_load_options){ .proxy_text = "direct",
		.route = WSIP_WIRE_DIRECT,
		.mode = mode,
		.transport = WSIP_UDP,
		.sockets = 1,
		.t1_ms = T1_MS };
	load = calloc(1, sizeof(*load));
	load->options = &options;
	load->wire = &wire;
	load->run = 0x1234;
	wsip_timers_init(&load->timers, 1000);
	load->now_ns = 1000 * WSIP_NS_PER_MS;
	cr_assert(wsip_calls_init(&load->calls) == WSIP_OK);
	cr_assert(wsip_messages_init(&load->messages, &options, &wire) == WSIP_OK);
	sent_count = 0;
}

static void begin(void)
{
	begin_with(WSIP_LOAD_CALLS);
}

static void end(void)
{
	wsip_messages_finish(&load->messages);
	wsip_calls_finish(&load->calls);
	free(wire.room);
	free(load);
}

TestSuite(load_call, .init = begin, .fini = end);

static void place_call(void)
{
	wsip_caller_start(load, load->now_ns);
}

/* Some time passes, and every timer in it fires in its millisecond. */
static void pass_ms(uint32_t ms)
{
	for (uint32_t i = 0; i < ms; i++) {
		load->now_ns += WSIP_NS_PER_MS;
		wsip_timers_advance(&load->timers, load->now_ns / WSIP_NS_PER_MS);
	}
}

static void deliver_text(const char *text, union wsip_peer from)
{
	struct wsip_path path = { .port = 0, .peer = from };
	struct wsip_scanned scanned;

	cr_assert(wsip_scan(wsip_span_of(text), &scanned) == WSIP_OK, "%s", text);
	if (scanned.status)
		wsip_caller_receive(load, &path, &scanned);
	else
		wsip_callee_receive(load, &path, &scanned);
}

/* What was sent as the `index`th arrives, now. */
static void deliver(uint32_t index)
{
	cr_assert(index < sent_count);
	deliver_text(sent[index].text, strncmp(sent[index].text, "SIP/", 4) == 0 ? callee : caller);
}

static void expect_sent(uint32_t index, const char *start)
{
	cr_assert(index < sent_count, "nothing was sent as number %u: %s", index, start);
	cr_expect(strncmp(sent[index].text, start, strlen(start)) == 0, "%u: %.40s, not %s", index,
		sent[index].text, start);
}

static void expect_same(uint32_t a, uint32_t b)
{
	cr_assert(a < sent_count && b < sent_count);
	cr_expect_str_eq(sent[a].text, sent[b].text);
	cr_expect(wsip_peer_equal(&sent[a].to.peer, &sent[b].to.peer));
}

/* INVITE 0, 180 1, 200 2, ACK 3, BYE 4. */
static void reach_bye(void)
{
	place_call();
	deliver(0);
	deliver(1);
	deliver(2);
	cr_assert(sent_count == 5);
}

Test(load_call, goes_its_whole_way)
{
	static const char *const starts[] = { "INVITE sip:bench@127.0.0.1:5070 ", "SIP/2.0 180 ",
		"SIP/2.0 200 ", "ACK sip:bench@127.0.0.1:5070 ", "BYE sip:bench@127.0.0.1:5070 ",
		"SIP/2.0 200 " };

	place_call();
	for (uint32_t i = 0; i < 6; i++) {
		expect_sent(i, starts[i]);
		pass_ms(1);
		deliver(i);
	}
	cr_expect(sent_count == 6);
	cr_expect(load->tally.completed == 1 && load->tally.answered == 1 && !load->tally.failed);
	cr_expect(load->calls.in_use == 0 && load->timers.running == 0);
	cr_expect(load->tally.unexpected + load->tally.late + load->tally.acks_lost == 0);
}

Test(load_call, latency_counts_from_when_it_was_due)
{
	wsip_caller_start(load, load->now_ns - 7 * WSIP_NS_PER_MS);
	pass_ms(3);
	deliver(0);
	deliver(1);
	pass_ms(2);
	deliver(2);
	pass_ms(4);
	deliver(4);
	deliver(5);
	cr_expect(load->tally.latencies[WSIP_LATENCY_FIRST].max == 10 * WSIP_NS_PER_MS);
	cr_expect(load->tally.latencies[WSIP_LATENCY_FINAL].max == 12 * WSIP_NS_PER_MS);
	cr_expect(load->tally.latencies[WSIP_LATENCY_BYE].max == 4 * WSIP_NS_PER_MS);
}

/* Timer A doubles, Timer B ends it. */
Test(load_call, rfc3261_17_1_1_2_an_invite_without_an_answer)
{
	uint32_t wait_ms = T1_MS;

	place_call();
	for (uint32_t again = 1; again <= 6; again++) {
		pass_ms(wait_ms - 1);
		cr_expect(sent_count == again, "%u: %u", again, sent_count);
		pass_ms(1);
		cr_expect(sent_count == again + 1, "%u: %u", again, sent_count);
		expect_same(0, again);
		wait_ms *= 2;
	}
	pass_ms(T1_MS - 1);
	cr_expect(load->tally.timed_out == 0);
	pass_ms(1);
	cr_expect(load->tally.timed_out == 1 && load->tally.failed == 1);
	cr_expect(load->tally.caller_retransmissions == 6);
	cr_expect(load->calls.in_use == 0 && load->timers.running == 0);
}

Test(load_call, rfc3261_17_1_1_2_an_invite_that_was_heard_is_not_repeated)
{
	place_call();
	deliver(0);
	deliver(1);
	pass_ms(64 * T1_MS - 1);
	cr_expect(load->tally.caller_retransmissions == 0);
	pass_ms(1);
	cr_expect(load->tally.timed_out == 1 && load->calls.in_use == 0);
}

/* T1 doubling up to T2, which is 8 T1. */
Test(load_call, rfc3261_17_1_2_2_a_bye_without_an_answer)
{
	uint32_t wait_ms = T1_MS, again = 0, left_ms = 64 * T1_MS;

	reach_bye();
	deliver(3);
	while (left_ms > wait_ms) {
		pass_ms(wait_ms);
		left_ms -= wait_ms;
		cr_expect(sent_count == 5 + ++again);
		expect_same(4, 4 + again);
		wait_ms = wait_ms < 4 * T1_MS ? 2 * wait_ms : 8 * T1_MS;
	}
	cr_expect(again == 10);
	pass_ms(left_ms);
	cr_expect(load->tally.timed_out == 1 && load->calls.in_use == 0);
}

/* Each 200 that arrives is acknowledged; the first ACK that arrives ends them. */
Test(load_call, rfc3261_13_3_1_4_the_200_is_repeated_until_the_ack)
{
	options.hold_ms = 60000;
	place_call();
	deliver(0);
	deliver(1);
	deliver(2);
	cr_assert(sent_count == 4);
	pass_ms(T1_MS);
	expect_same(2, 4);
	pass_ms(2 * T1_MS);
	expect_same(2, 5);
	deliver(5);
	expect_same(3, 6);
	deliver(6);
	pass_ms(8 * T1_MS);
	cr_expect(sent_count == 7);
	cr_expect(load->tally.callee_retransmissions == 2);
}

Test(load_call, a_held_one_ends_when_it_should)
{
	options.hold_ms = 40;
	place_call();
	deliver(0);
	deliver(2);
	deliver(3);
	pass_ms(39);
	cr_expect(sent_count == 4);
	pass_ms(1);
	expect_sent(4, "BYE ");
}

Test(load_call, rfc3261_17_2_1_an_invite_that_comes_again_gets_the_same_answer)
{
	place_call();
	deliver(0);
	deliver(0);
	cr_expect(sent_count == 4);
	expect_same(2, 3);
	cr_expect(load->tally.callee_retransmissions == 1);
}

Test(load_call, rfc3261_17_2_2_a_bye_that_comes_again_gets_the_same_answer)
{
	reach_bye();
	deliver(3);
	deliver(4);
	deliver(5);
	cr_assert(load->calls.in_use == 0);
	deliver(4);
	expect_same(5, 6);
	cr_expect(load->tally.callee_retransmissions == 1 && load->tally.completed == 1);
}

Test(load_call, an_ack_that_never_came_is_counted)
{
	reach_bye();
	deliver(4);
	deliver(5);
	cr_expect(load->tally.completed == 1 && load->tally.acks_lost == 1);
}

/* A response to the first INVITE, with this in place of "200 OK". */
static const char *refusal(const char *status_and_more)
{
	static char text[4096];
	const char *via = strstr(sent[0].text, "Via:");
	const char *max = strstr(sent[0].text, "Max-Forwards:");
	const char *from = strstr(sent[0].text, "From:");
	const char *to = strstr(sent[0].text, "\r\nCall-ID:");
	const char *end = strstr(sent[0].text, "Contact:");

	snprintf(text, sizeof(text), "SIP/2.0 %s\r\n%.*s%.*s;tag=x%.*s\r\n", status_and_more,
		(int)(max - via), via, (int)(to - from), from, (int)(end - to), to);
	return text;
}

Test(load_call, rfc3261_17_1_1_3_a_refusal_is_acknowledged_each_time)
{
	place_call();
	deliver_text(refusal("486 Busy Here"), callee);
	expect_sent(1, "ACK sip:bench@127.0.0.1:5070 ");
	cr_expect(strstr(sent[1].text, "-1\r\n") && strstr(sent[1].text, ";tag=x\r\n"));
	cr_expect(load->tally.failed == 1 && load->tally.statuses[486] == 1);
	cr_expect(load->calls.in_use == 0);
	deliver_text(refusal("486 Busy Here"), callee);
	expect_same(1, 2);
	cr_expect(load->tally.failed == 1 && load->tally.late == 1);
}

Test(load_call, a_503_with_retry_after_is_a_rejection)
{
	place_call();
	deliver_text(refusal("503 Busy\r\nRetry-After: 5"), callee);
	cr_expect(load->tally.rejected == 1 && load->tally.failed == 0);
	cr_expect(load->tally.statuses[503] == 1);
}

Test(load_call, a_503_without_and_another_with_are_failures)
{
	place_call();
	deliver_text(refusal("480 Away\r\nRetry-After: 5"), callee);
	cr_expect(load->tally.rejected == 0 && load->tally.failed == 1);
	sent_count = 0;
	place_call();
	deliver_text(refusal("503 Broken"), callee);
	cr_expect(load->tally.rejected == 0 && load->tally.failed == 2);
}

/* The slot is used again, the mark is not. */
Test(load_call, what_comes_late_is_not_the_next_ones)
{
	place_call();
	deliver(0);
	pass_ms(64 * T1_MS);
	cr_assert(load->calls.in_use == 0);
	place_call();
	cr_assert(load->calls.in_use == 1 && load->calls.fresh == 1);
	deliver(2);
	cr_expect(load->tally.late == 1 && load->tally.answered == 0);
}

/* Delivers the 200 to the INVITE with `via` in place of its own. */
static void deliver_with_via(const char *via)
{
	char text[4096];
	const char *own = strstr(sent[2].text, "Via:");

	snprintf(text, sizeof(text), "SIP/2.0 200 OK\r\n%s\r\n%s", via, strchr(own, '\n') + 1);
	deliver_text(text, callee);
}

Test(load_call, rfc3261_17_1_3_a_response_with_another_via_is_nobodys)
{
	char ours[512];

	place_call();
	deliver(0);
	snprintf(ours, sizeof(ours), "%.*s", (int)strcspn(strstr(sent[2].text, "Via:"), "\r"),
		strstr(sent[2].text, "Via:"));
	deliver_with_via("Via: SIP/2.0/UDP h;branch=z9hG4bK-00001234-00000000-00000002-1");
	deliver_with_via("Via: SIP/2.0/UDP h;branch=z9hG4bK-00001234");
	deliver_with_via("Via: SIP/2.0/UDP h");
	cr_expect(load->tally.unexpected == 3 && load->tally.answered == 0);
	strcat(ours, "\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx");
	deliver_with_via(ours);
	cr_expect(load->tally.unexpected == 4 && load->tally.answered == 0);
	deliver(2);
	cr_expect(load->tally.answered == 1);
}

/* RFC 3261 12.2.2: a request with another tag is of no dialog of ours. */
Test(load_call, an_ack_with_another_tag_acknowledges_nothing)
{
	char text[4096];

	reach_bye();
	memcpy(text, sent[3].text, sent[3].size + 1);
	memcpy(strstr(text, ";tag=b-"), ";tag=c-", 7);
	deliver_text(text, caller);
	cr_expect(load->tally.unexpected == 1);
	deliver(4);
	deliver(5);
	cr_expect(load->tally.acks_lost == 1);
}

/* The same INVITE by two ways: RFC 3261 8.2.2.2. */
Test(load_call, the_same_call_by_another_way_is_a_loop)
{
	char text[4096];

	place_call();
	deliver(0);
	snprintf(text, sizeof(text), "%.*s\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-2%s",
		(int)(strchr(sent[0].text, '\r') - sent[0].text), sent[0].text,
		strchr(sent[0].text, '\r'));
	deliver_text(text, caller);
	expect_sent(3, "SIP/2.0 482 ");
	cr_expect(load->tally.unexpected == 1);
}

Test(load_call, options_are_answered_and_counted)
{
	end();
	begin_with(WSIP_LOAD_OPTIONS_PINGS);
	place_call();
	expect_sent(0, "OPTIONS ");
	pass_ms(T1_MS);
	expect_same(0, 1);
	deliver(1);
	deliver(2);
	cr_expect(load->tally.completed == 1 && load->calls.in_use == 0);
}
