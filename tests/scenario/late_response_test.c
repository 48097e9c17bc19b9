/* SPDX-License-Identifier: MIT
 * Responses that are late, repeated, stray or forged: RFC 3261 16.7, 16.11, 17.1.3 and 18.1.2.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

/* `text` with the first `old` replaced. */
static const char *replaced(struct wire *wire, const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);

	cr_assert_not_null(at, "%s is not in the message", old);
	return wire_print(wire, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static const char *ok_text(struct wire *wire, const struct wire_sent *request)
{
	return wire_reply_text(wire, request, &(struct wire_reply){ .status = 200 });
}

/* Such a response has no effect, is counted, and the right one still has its effect. */
static void expect_stray(struct wire *wire, const struct wire_sent *invite, const char *text)
{
	size_t before = wire->sent_count;

	wire_receive(wire, WSIP_UDP, WIRE_CALLEE, text);
	cr_expect_eq(wire->sent_count, before, "sent: %s", wire_story(wire, before));
	cr_expect_eq(wire->core.counters.stray_responses, 1);
	cr_expect_eq(wire->core.counters.responses, 0);
	wire_reply(wire, invite, 486);
	cr_expect_str_eq(wire_story(wire, before), "ACK 486");
	wire_close(wire);
}

Test(rfc3261_17_1_3, a_response_with_an_unknown_branch_is_dropped_and_counted)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	expect_stray(wire, invite,
		replaced(wire, ok_text(wire, invite), wire_branch(wire, invite),
			"z9hG4bK-0123456789abcdef"));
}

Test(rfc3261_17_1_3, a_response_with_another_call_id_is_dropped_and_counted)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	expect_stray(wire, invite, replaced(wire, ok_text(wire, invite), "call-1", "call-2"));
}

Test(rfc3261_17_1_3, a_response_with_another_method_is_dropped_and_counted)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	expect_stray(wire, invite, replaced(wire, ok_text(wire, invite), "1 INVITE", "1 CANCEL"));
}

Test(rfc3261_17_1_3, a_response_with_half_our_branch_is_dropped_and_counted)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	expect_stray(wire, invite,
		replaced(wire, ok_text(wire, invite), wire_branch(wire, invite),
			wire_print(wire, "%.16s", wire_branch(wire, invite))));
}

/* RFC 3261 18.1.2: the sent-by of the top Via must be one that we put there. */
Test(rfc3261_18_1_2, a_response_with_another_sent_by_is_dropped)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);
	size_t before = wire->sent_count;

	wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
		replaced(wire, ok_text(wire, invite), "Via: SIP/2.0/UDP 10.0.0.1:5060",
			"Via: SIP/2.0/UDP 10.9.9.9:5060"));
	cr_expect_eq(wire->sent_count, before, "sent: %s", wire_story(wire, before));
	wire_close(wire);
}

/* RFC 3261 16.7 step 3: it has no way back, and it was the end of that attempt. */
Test(rfc3261_16_7_3, a_final_response_with_our_via_alone_is_not_forwarded_but_an_end)
{
	static const unsigned int statuses[] = { 200, 486 };

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct wire *wire = wire_open();
		const struct wire_sent *invite = wire_invite(wire);
		const char *text = wire_reply_text(wire, invite,
			&(struct wire_reply){ .status = statuses[i] });

		wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
			replaced(wire, text,
				"Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller\r\n", ""));
		cr_expect_eq(wire_count(wire, wire_print(wire, "%u", statuses[i]), NULL), 0);
		cr_expect_eq(wire->core.counters.bad_messages, 1);
		wire_run_out(wire);
		cr_expect_eq(wire->core.unanswered, 0, "the caller waits for ever");
		wire_close(wire);
	}
}

Test(rfc3261_16_7_3, such_a_response_to_another_method_is_an_end_too)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
		replaced(wire, ok_text(wire, wire_find(wire, "OPTIONS", WIRE_CALLEE, 0)),
			"Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller\r\n", ""));
	cr_expect_eq(wire_count(wire, "200", NULL), 0);
	wire_close(wire);
}

Test(rfc3261_16_3_1, a_wrong_response_is_dropped_and_counted)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
		replaced(wire, ok_text(wire, invite), "Call-ID:", "To: <sip:x@y>\r\nCall-ID:"));
	wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
		replaced(wire, ok_text(wire, invite), "SIP/2.0 200", "SIP/2.0 700"));
	wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
		replaced(wire, ok_text(wire, invite), "Content-Length: 0", "Content-Length: 5"));
	cr_expect_eq(wire->sent_count, 2);
	cr_expect_eq(wire->core.counters.bad_messages, 3);
	wire_reply(wire, invite, 486);
	wire_close(wire);
}

/* ---- Late ---- */

Test(rfc6026_7_2, a_2xx_after_timer_m_is_stray)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 200);
	wire_advance_to(wire, 32000);
	wire_reply(wire, invite, 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	cr_expect_eq(wire->core.counters.stray_responses, 1);
	wire_close(wire);
}

Test(rfc4320_4_2, a_final_response_after_timer_f_is_stray)
{
	struct wire *wire = wire_open();
	const struct wire_sent *options;

	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	options = wire_last(wire, "OPTIONS", WIRE_CALLEE);
	wire_advance_to(wire, 32000);
	wire_reply(wire, options, 200);
	cr_expect_eq(wire_count(wire, "200", NULL), 0);
	cr_expect_eq(wire->core.counters.stray_responses, 1);
	wire_close(wire);
}

static enum wsip_verdict busy_when_it_rings(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	(void)user;
	return wsip_msg_status(response) == 180 ? wsip_relay_answer(relay, 480, NULL)
						: WSIP_FORWARD;
}

/* RFC 3261 16.7 steps 5 and 9: after the final response any 2xx to INVITE is still forwarded,
 * statelessly where the server transaction does not take it. Somebody has picked up. */
Test(rfc3261_16_7_9, a_2xx_after_another_final_response_is_forwarded)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->relay.on_response = busy_when_it_rings;
	invite = wire_invite(wire);
	wire_reply(wire, invite, 180);
	cr_expect_eq(wire_count(wire, "480", WIRE_CALLER), 1);
	wire_reply(wire, invite, 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1, "the 200 was lost");
	wire_close(wire);
}

Test(rfc3261_16_7_9, a_2xx_after_the_end_of_the_server_transaction_is_forwarded)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->relay.on_response = busy_when_it_rings;
	invite = wire_invite(wire);
	wire_reply(wire, invite, 180);
	wire_ack_rejection(wire, &(struct wire_request){ 0 }, wire_last(wire, "480", NULL));
	wire_advance_to(wire, 6000);
	cr_expect_eq(wire->core.tx.servers.count, 0);
	wire_reply(wire, invite, 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1, "the 200 was lost");
	wire_close(wire);
}

Test(rfc3261_16_7_5, a_rejection_after_the_final_response_is_not_forwarded)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->relay.on_response = busy_when_it_rings;
	invite = wire_invite(wire);
	wire_reply(wire, invite, 180);
	wire_reply(wire, invite, 183);
	wire_reply(wire, invite, 603);
	cr_expect_eq(wire_count(wire, "183", NULL), 0);
	cr_expect_eq(wire_count(wire, "603", NULL), 0);
	cr_expect_eq(wire_count(wire, "ACK", WIRE_CALLEE), 1);
	wire_close(wire);
}

Test(rfc3261_17_1_1_2, a_rejection_after_the_2xx_is_ignored)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 200);
	wire_reply(wire, invite, 486);
	wire_reply(wire, invite, 180);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 200");
	wire_close(wire);
}

/* ---- Without a transaction: RFC 3261 16.11 ---- */

/* A stray CANCEL goes out statelessly, so its response comes back so. */
static const struct wire_sent *stateless_cancel(struct wire *wire, const char *via,
	enum wsip_transport transport)
{
	wire_request(wire, &(struct wire_request){ .method = "CANCEL",
				   .uri = "sip:bob@10.0.0.3",
				   .via = via,
				   .transport = transport,
				   .source = "10.0.0.2:4444" });
	return wire_last(wire, "CANCEL", WIRE_CALLEE);
}

Test(rfc3261_16_11, a_response_goes_to_received_and_the_port_of_the_next_via)
{
	struct wire *wire = wire_open();
	const struct wire_sent *response;

	wire_reply(wire,
		stateless_cancel(wire, "SIP/2.0/UDP 192.0.2.9:5099;branch=z9hG4bK-1", WSIP_UDP),
		481);
	response = wire_last(wire, "481", NULL);
	cr_assert_not_null(response);
	cr_expect_str_eq(response->to, "10.0.0.2:5099");
	cr_expect_eq(wire_header_count(wire, response, "Via"), 1);
	wire_close(wire);
}

Test(rfc3581_4, a_response_goes_to_rport)
{
	struct wire *wire = wire_open();

	wire_reply(wire,
		stateless_cancel(wire, "SIP/2.0/UDP 192.0.2.9;rport;branch=z9hG4bK-1", WSIP_UDP),
		481);
	cr_expect_str_eq(wire_last(wire, "481", NULL)->to, "10.0.0.2:4444");
	wire_close(wire);
}

Test(rfc3261_16_11, a_response_over_tcp_goes_over_tcp)
{
	struct wire *wire = wire_open();

	wire_reply(wire,
		stateless_cancel(wire, "SIP/2.0/TCP 10.0.0.2:4444;branch=z9hG4bK-1", WSIP_TCP),
		481);
	cr_expect_eq(wire_last(wire, "481", NULL)->flow.transport, WSIP_TCP);
	cr_expect_str_eq(wire_last(wire, "481", NULL)->to, "10.0.0.2:4444");
	wire_close(wire);
}

/* Nobody uses us to send anywhere: the branch shows that the request came from that Via. */
Test(rfc3261_16_11, a_response_with_another_next_via_is_dropped)
{
	static const char *const olds[] = { "192.0.2.9:5099", "z9hG4bK-1;", "call-1",
		"received=10.0.0.2", "rport=4444" };
	static const char *const news[] = { "192.0.2.9:5098", "z9hG4bK-2;", "call-2",
		"received=10.0.0.9", "rport=4445" };

	for (size_t i = 0; i < sizeof(olds) / sizeof(olds[0]); i++) {
		struct wire *wire = wire_open();
		const struct wire_sent *cancel = stateless_cancel(wire,
			"SIP/2.0/UDP 192.0.2.9:5099;branch=z9hG4bK-1;x;rport", WSIP_UDP);

		wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
			replaced(wire,
				wire_reply_text(wire, cancel,
					&(struct wire_reply){ .status = 481 }),
				olds[i], news[i]));
		cr_expect_eq(wire_count(wire, "481", NULL), 0, "%s", news[i]);
		cr_expect_eq(wire->core.counters.stray_responses, 1);
		wire_close(wire);
	}
}

/* A branch of a transaction is none of a stateless request, also after its end. */
Test(rfc6026_7_2, a_late_response_is_not_taken_for_a_stateless_one)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 486);
	wire_ack_rejection(wire, &(struct wire_request){ 0 }, wire_last(wire, "486", NULL));
	wire_run_out(wire);
	wire_reply(wire, invite, 200);
	cr_expect_eq(wire_count(wire, "200", NULL), 0);
	cr_expect_eq(wire->core.counters.stray_responses, 1);
	wire_close(wire);
}

/* A proxy beyond us has rejected the call, and then somebody behind it picked up. */
Test(rfc3261_16_7_5, a_2xx_behind_a_rejection_of_the_same_branch_goes_up)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 486);
	wire_reply(wire, invite, 200);
	cr_expect_str_eq(wire_story(wire, 2), "ACK 486 200");
	wire_close(wire);
}

/* RFC 6026 7.3: also a 2xx, which RFC 3261 16.7 would have forwarded without a transaction. */
Test(rfc6026_7_3, a_response_without_a_transaction_is_dropped_and_counted)
{
	static const unsigned int statuses[] = { 180, 200, 486 };
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_run_out(wire);
	for (size_t i = 0; i < 3; i++) {
		size_t before = wire->sent_count;

		wire_reply(wire, invite, statuses[i]);
		cr_expect_eq(wire->sent_count, before, "%u", statuses[i]);
		cr_expect_eq(wire->core.counters.stray_responses, i + 1);
	}
	wire_close(wire);
}
