/* SPDX-License-Identifier: MIT
 * What on_response decides: retry, answer, drop, next; and what it cannot prevent (RFC 3261 16.7).
 */
#include <criterion/criterion.h>

#include "tests/scenario/wire.h"

static struct wire *wire_with_three_targets(void)
{
	struct wire *wire = wire_open();

	wire->targets[1] = "sip:" WIRE_SECOND;
	wire->targets[2] = "sip:" WIRE_THIRD;
	return wire;
}

static const struct wire_sent *last_invite(const struct wire *wire)
{
	return wire_last(wire, "INVITE", NULL);
}

/* ---- Retry ---- */

/* The example of request.h: the next carrier. */
static enum wsip_verdict retry_failures(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	struct wire *wire = user;

	wire->seen = wsip_msg_status(response);
	return wire->seen >= 400 ? wsip_relay_retry(relay, "sip:" WIRE_THIRD) : WSIP_FORWARD;
}

Test(relay_retry, a_final_response_can_lead_to_another_destination)
{
	static const unsigned int statuses[] = { 401, 403, 486, 505, 600 };

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct wire *wire = wire_open();

		wire->relay.on_response = retry_failures;
		wire_reply(wire, wire_invite(wire), statuses[i]);
		cr_expect_str_eq(wire_story(wire, 0), "100 INVITE ACK INVITE");
		cr_expect_str_eq(last_invite(wire)->to, WIRE_THIRD);
		wire_reply(wire, last_invite(wire), 200);
		cr_expect_str_eq(wire_story(wire, 4), "200");
		wire_close(wire);
	}
}

Test(relay_retry, on_response_sees_the_timeout_as_408)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = retry_failures;
	wire_invite(wire);
	wire_advance_to(wire, 32000);
	cr_expect_eq(wire->seen, 408);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_THIRD), "32000");
	wire_close(wire);
}

Test(relay_retry, on_response_sees_the_transport_error_as_503)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = retry_failures;
	wire_break(wire, WIRE_CALLEE);
	wire_invite(wire);
	cr_expect_eq(wire->seen, 503);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 1);
	wire_close(wire);
}

Test(relay_retry, there_are_16_attempts_at_most)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = retry_failures;
	wire_invite(wire);
	for (int i = 0; i < 20; i++)
		wire_reply(wire, last_invite(wire), 486);
	cr_expect_eq(wire_count(wire, "INVITE", NULL), WSIP_BRANCHES_MAX);
	cr_expect_eq(wire_count(wire, "486", WIRE_CALLER), 1);
	wire_close(wire);
}

/* Without end if each attempt that fails at once could start another. */
Test(relay_retry, destinations_that_fail_at_once_end_too)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = retry_failures;
	wire->targets[0] = "sip:unresolved.example.org";
	wire_break(wire, WIRE_THIRD);
	wire_request(wire, &(struct wire_request){ 0 });
	wire_advance_to(wire, 0);
	cr_expect_str_eq(wire_story(wire, 0), "100 500");
	cr_expect_eq(wire->refused, WSIP_BRANCHES_MAX - 1);
	wire_close(wire);
}

static enum wsip_verdict retry_by_hand_once(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	struct wire *wire = user;

	(void)response;
	cr_expect_eq(wsip_relay_attempts(relay), ++wire->seen);
	return wire->seen == 1 ? wsip_relay_retry(relay, "sip:" WIRE_THIRD) : WSIP_NEXT;
}

/* RFC 3261 16.5: no target twice. */
Test(rfc3261_16_5, a_destination_chosen_by_hand_is_not_tried_again_with_the_route)
{
	struct wire *wire = wire_open();

	wire->targets[1] = "sip:" WIRE_SECOND;
	wire->relay.on_response = retry_by_hand_once;
	wire_invite(wire);
	for (int i = 0; i < 5; i++)
		wire_reply(wire, last_invite(wire), 503);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_CALLEE), 1);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_SECOND), 1);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 1);
	wire_close(wire);
}

static enum wsip_verdict retry_nonsense(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	(void)response;
	(void)user;
	return wsip_relay_retry(relay, "not a uri");
}

Test(relay_retry, a_destination_that_is_no_uri_forwards_the_response)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = retry_nonsense;
	wire_reply(wire, wire_invite(wire), 486);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE ACK 486");
	wire_close(wire);
}

static enum wsip_verdict retry_twice(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	struct wire *wire = user;

	(void)response;
	if (wire->seen++ > 0)
		return WSIP_FORWARD;
	cr_expect_eq(wsip_relay_retry(relay, "sip:" WIRE_THIRD), WSIP_DECIDED);
	cr_expect_eq(wsip_relay_retry(relay, "sip:" WIRE_SECOND), WSIP_FORWARD);
	return WSIP_DECIDED;
}

Test(relay_retry, one_response_leads_to_one_destination)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = retry_twice;
	wire_reply(wire, wire_invite(wire), 486);
	cr_expect_str_eq(last_invite(wire)->to, WIRE_THIRD);
	wire_reply(wire, last_invite(wire), 486);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_SECOND), 0);
	cr_expect_eq(wire_count(wire, "486", WIRE_CALLER), 1);
	wire_close(wire);
}

/* ---- Retry while it rings ---- */

static enum wsip_verdict retry_183(struct wsip_relay *relay, struct wsip_msg *response, void *user)
{
	(void)user;
	return wsip_msg_status(response) == 183 ? wsip_relay_retry(relay, "sip:" WIRE_THIRD)
						: WSIP_FORWARD;
}

/* INVITE to the callee, 183, and so INVITE to the third. */
static struct wire *wire_with_a_retried_183(void)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = retry_183;
	wire_reply(wire, wire_invite(wire), 183);
	cr_assert_str_eq(wire_story(wire, 0), "100 INVITE CANCEL INVITE");
	cr_assert_eq(wire_count(wire, "CANCEL", WIRE_CALLEE), 1);
	cr_assert_eq(wire_count(wire, "INVITE", WIRE_THIRD), 1);
	return wire;
}

Test(relay_retry, a_provisional_response_can_lead_to_another_destination)
{
	struct wire *wire = wire_with_a_retried_183();

	wire_reply(wire, wire_find(wire, "CANCEL", NULL, 0), 200);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 487);
	cr_expect_str_eq(wire_story(wire, 4), "ACK");
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0), 180);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0), 200);
	cr_expect_str_eq(wire_story(wire, 5), "180 200");
	wire_close(wire);
}

Test(rfc3261_16_7_5, an_abandoned_destination_that_picks_up_has_picked_up)
{
	struct wire *wire = wire_with_a_retried_183();

	wire_reply(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0), 180);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 200);
	cr_expect_str_eq(wire_story(wire, 4), "180 200 CANCEL");
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_THIRD), 1);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0), 487);
	cr_expect_str_eq(wire_story(wire, 7), "ACK");
	wire_close(wire);
}

Test(rfc3261_16_7_5, if_both_pick_up_the_caller_hears_both)
{
	struct wire *wire = wire_with_a_retried_183();

	wire_reply_with(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0),
		&(struct wire_reply){ .status = 200, .to_tag = "first" });
	wire_reply_with(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0),
		&(struct wire_reply){ .status = 200, .to_tag = "second" });
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 2);
	wire_close(wire);
}

Test(relay_retry, the_caller_hangs_up_while_two_attempts_are_under_way)
{
	struct wire *wire = wire_with_a_retried_183();

	wire_reply(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0), 180);
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_THIRD), 1);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 487);
	cr_expect_eq(wire_count(wire, "487", WIRE_CALLER), 0);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0), 487);
	cr_expect_eq(wire_count(wire, "487", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(relay_retry, nothing_is_retried_after_a_cancel)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = retry_183;
	wire_invite(wire);
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	wire_reply(wire, last_invite(wire), 183);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 0);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_CALLEE), 1);
	wire_close(wire);
}

/* ---- Answers and silence ---- */

static enum wsip_verdict answer_instead(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	struct wire *wire = user;

	(void)response;
	return wsip_relay_answer(relay, wire->seen, "Decided Here");
}

Test(relay_answer, the_caller_hears_it_instead_of_the_response)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = answer_instead;
	wire->seen = 480;
	wire_reply(wire, wire_invite(wire), 486);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE ACK 480");
	cr_expect_str_eq(wire_start_line(wire, wire_last(wire, "480", WIRE_CALLER)),
		"SIP/2.0 480 Decided Here");
	wire_close(wire);
}

Test(relay_answer, while_it_rings_it_cancels_the_attempt)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = answer_instead;
	wire->seen = 480;
	wire_reply(wire, wire_invite(wire), 180);
	cr_expect_eq(wire_count(wire, "480", WIRE_CALLER), 1);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_CALLEE), 1);
	cr_expect_eq(wire_count(wire, "180", NULL), 0);
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 487);
	cr_expect_eq(wire_count(wire, "ACK", WIRE_CALLEE), 1);
	cr_expect_eq(wire_count(wire, "487", NULL), 0);
	wire_close(wire);
}

Test(relay_answer, a_provisional_answer_replaces_a_provisional_response)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = answer_instead;
	wire->seen = 183;
	wire_reply(wire, wire_invite(wire), 180);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 183");
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	wire_close(wire);
}

/* request.h: the verdict on a 2xx to INVITE is WSIP_FORWARD, whatever the handler says. */
Test(rfc3261_16_7_5, a_2xx_is_forwarded_whatever_the_handler_answers)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = answer_instead;
	wire->seen = 603;
	wire_reply(wire, wire_invite(wire), 200);
	cr_expect_str_eq(wire_story(wire, 2), "200", "got: %s", wire_story(wire, 2));
	wire_close(wire);
}

static enum wsip_verdict retry_all(struct wsip_relay *relay, struct wsip_msg *response, void *user)
{
	(void)response;
	(void)user;
	cr_expect_eq(wsip_relay_retry(relay, "sip:" WIRE_THIRD), WSIP_FORWARD);
	return WSIP_DECIDED;
}

Test(rfc3261_16_7_5, a_2xx_is_forwarded_whatever_the_handler_retries)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = retry_all;
	wire_reply(wire, wire_invite(wire), 200);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 200");
	wire_close(wire);
}

static enum wsip_verdict drop_all(struct wsip_relay *relay, struct wsip_msg *response, void *user)
{
	(void)relay;
	(void)response;
	(void)user;
	return WSIP_DROP;
}

Test(verdict, a_dropped_provisional_response_goes_no_further)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = drop_all;
	wire_reply(wire, wire_invite(wire), 180);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE");
	wire_reply(wire, last_invite(wire), 200);
	cr_expect_str_eq(wire_story(wire, 2), "200");
	wire_close(wire);
}

Test(verdict, a_dropped_final_response_gives_500)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = drop_all;
	wire_reply(wire, wire_invite(wire), 486);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE ACK 500");
	wire_close(wire);
}

static enum wsip_verdict always_next(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	(void)relay;
	(void)response;
	(void)user;
	return WSIP_NEXT;
}

Test(verdict, next_without_a_next_target_forwards)
{
	struct wire *wire = wire_with_three_targets();

	wire->relay.on_response = always_next;
	wire_reply(wire, wire_invite(wire), 180);
	for (int i = 0; i < 3; i++)
		wire_reply(wire, last_invite(wire), 486);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 180 ACK INVITE ACK INVITE ACK 486");
	wire_close(wire);
}

static enum wsip_verdict decide_nothing(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	(void)relay;
	(void)response;
	(void)user;
	return WSIP_DECIDED;
}

Test(verdict, a_decision_that_was_not_made_forwards)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = decide_nothing;
	wire_reply(wire, wire_invite(wire), 486);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE ACK 486");
	wire_close(wire);
}

static enum wsip_verdict decide_once(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	struct wire *wire = user;

	(void)response;
	return wire->seen++ == 0 ? wsip_relay_answer(relay, 183, NULL) : WSIP_DECIDED;
}

/* The decision on one response says nothing about the next. */
Test(verdict, a_decision_counts_for_its_response_only)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = decide_once;
	wire_reply(wire, wire_invite(wire), 180);
	wire_reply(wire, last_invite(wire), 486);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 183 ACK 486");
	wire_close(wire);
}

static void relay_then_answer(struct wsip_request *request, void *user)
{
	(void)user;
	wsip_relay(request, NULL);
	wsip_request_answer(request, 486, NULL);
}

/* The caller has his answer: what was tried for him is cancelled as soon as it may be (9.1). */
Test(rfc3261_16_10, an_answer_after_relaying_cancels_the_attempt)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->on_request = relay_then_answer;
	invite = wire_invite(wire);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 486");
	wire_reply(wire, invite, 180);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 486 CANCEL");
	wire_reply(wire, invite, 487);
	wire_close(wire);
}
