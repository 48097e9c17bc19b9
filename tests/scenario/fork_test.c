/* SPDX-License-Identifier: MIT
 * Several branches at once: RFC 3261 16.6, 16.7 steps 5 to 10, RFC 3326.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

static struct wire *wire_with_fork(enum wsip_fork fork)
{
	struct wire *wire = wire_open();

	wire->targets[1] = "sip:" WIRE_SECOND;
	wire->targets[2] = "sip:" WIRE_THIRD;
	wire->relay.fork = fork;
	return wire;
}

/* Three phones ring. */
static struct wire *wire_with_three_phones(void)
{
	struct wire *wire = wire_with_fork(WSIP_FORK_PARALLEL);

	wire->use = WSIP_USE_CONTACT;
	wire_request(wire, &(struct wire_request){ 0 });
	return wire;
}

static void answer(struct wire *wire, const char *who, unsigned int status)
{
	wire_reply_with(wire, wire_find(wire, "INVITE", who, 0),
		&(struct wire_reply){ .status = status, .to_tag = who + sizeof("10.0.0") });
}

/* The final responses that the caller heard. */
static const char *heard(struct wire *wire)
{
	const char *finals = "";

	for (size_t i = 0; i < wire->sent_count; i++) {
		const char *text = wire->sent[i].text;

		if (strncmp(text, "SIP/2.0 ", 8) == 0 && text[8] >= '2')
			finals = wire_print(wire, "%s%.3s ", finals, text + 8);
	}
	return finals;
}

Test(rfc3261_16_6, in_parallel_all_ring_at_once)
{
	struct wire *wire = wire_with_three_phones();

	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE INVITE INVITE");
	cr_expect_str_eq(wire_times(wire, "INVITE", NULL), "0 0 0");
	cr_expect_str_neq(wire_branch(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0)),
		wire_branch(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0)));
	wire_close(wire);
}

Test(rfc3261_16_6, in_series_one_rings_after_the_other)
{
	struct wire *wire = wire_with_fork(WSIP_FORK_SERIAL);

	wire->use = WSIP_USE_CONTACT;
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 1);
	answer(wire, WIRE_CALLEE, 486);
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 2);
	answer(wire, WIRE_SECOND, 404);
	answer(wire, WIRE_THIRD, 200);
	cr_expect_str_eq(heard(wire), "200 ");
	wire_close(wire);
}

/* The handler's targets, in the order of q whatever their order in the list. */
static void relay_by_q(struct wsip_request *request, void *user)
{
	static const struct wsip_relay_target targets[] = {
		{ "sip:" WIRE_THIRD, 300 },
		{ "sip:" WIRE_CALLEE, 700 },
		{ "sip:" WIRE_SECOND, 700 },
	};
	struct wire *wire = user;

	wsip_relay(request, &(struct wsip_relay_options){ .targets = targets,
				    .target_count = 3,
				    .on_response = wire->relay.on_response,
				    .user = wire });
}

static enum wsip_verdict always_next(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	(void)relay;
	(void)response;
	(void)user;
	return WSIP_NEXT;
}

Test(rfc3261_16_6, those_of_equal_q_ring_together_and_the_others_when_these_have_ended)
{
	struct wire *wire = wire_open();

	wire->on_request = relay_by_q;
	wire->relay.on_response = always_next;
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_CALLEE), 1);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_SECOND), 1);
	answer(wire, WIRE_CALLEE, 486);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 0, "the second still rings");
	answer(wire, WIRE_SECOND, 480);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 1);
	answer(wire, WIRE_THIRD, 200);
	cr_expect_str_eq(heard(wire), "200 ");
	wire_close(wire);
}

Test(rfc3261_16_6, a_carriers_refusal_ends_the_search)
{
	struct wire *wire = wire_open();

	wire->on_request = relay_by_q;
	wire_request(wire, &(struct wire_request){ 0 });
	answer(wire, WIRE_CALLEE, 404);
	answer(wire, WIRE_SECOND, 503);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 0);
	cr_expect_str_eq(heard(wire), "404 ");
	wire_close(wire);
}

Test(rfc3261_16_7_10, when_one_picks_up_the_others_are_cancelled)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 180);
	answer(wire, WIRE_SECOND, 180);
	answer(wire, WIRE_THIRD, 180);
	answer(wire, WIRE_SECOND, 200);
	cr_expect_str_eq(heard(wire), "200 ");
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_CALLEE), 1);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_SECOND), 0);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_THIRD), 1);
	answer(wire, WIRE_CALLEE, 487);
	answer(wire, WIRE_THIRD, 487);
	cr_expect_str_eq(heard(wire), "200 ", "the losers' 487 goes no further");
	wire_close(wire);
}

Test(rfc3326_2, the_losers_hear_that_somebody_else_picked_up)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 180);
	answer(wire, WIRE_SECOND, 200);
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "CANCEL", WIRE_CALLEE, 0), "Reason", 0),
		"SIP;cause=200;text=\"Call completed elsewhere\"");
	wire_close(wire);
}

Test(rfc3326_2, the_losers_hear_of_a_refusal_for_all)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 180);
	answer(wire, WIRE_SECOND, 603);
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "CANCEL", WIRE_CALLEE, 0), "Reason", 0),
		"SIP;cause=603");
	wire_close(wire);
}

Test(rfc3326_2, the_callers_reason_goes_on)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 180);
	answer(wire, WIRE_SECOND, 180);
	wire_request(wire, &(struct wire_request){ .method = "CANCEL",
				   .headers = "Reason: Q.850;cause=16\r\nReason: X;cause=1\r\n" });
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "CANCEL", WIRE_SECOND, 0), "Reason", 0),
		"Q.850;cause=16, X;cause=1");
	wire_close(wire);
}

Test(rfc3261_9_1, a_loser_that_has_not_answered_is_cancelled_with_its_first_provisional)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 200);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	answer(wire, WIRE_SECOND, 100);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_SECOND), 1);
	cr_expect_not_null(wire_header(wire, wire_find(wire, "CANCEL", WIRE_SECOND, 0), "Reason",
		0));
	answer(wire, WIRE_SECOND, 487);
	wire_close(wire);
}

Test(rfc3261_16_10, only_pending_branches_are_cancelled)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 486);
	answer(wire, WIRE_SECOND, 180);
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_CALLEE), 0, "it has ended");
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_SECOND), 1);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_THIRD), 0, "nothing came from it yet");
	answer(wire, WIRE_THIRD, 180);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_THIRD), 1);
	answer(wire, WIRE_SECOND, 487);
	cr_expect_str_eq(heard(wire), "200 ", "of the CANCEL; the third has not ended");
	answer(wire, WIRE_THIRD, 487);
	cr_expect_str_eq(heard(wire), "200 486 ");
	wire_close(wire);
}

Test(rfc3261_16_10, a_2xx_that_crosses_the_cancel_goes_up)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 180);
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	answer(wire, WIRE_CALLEE, 200);
	cr_expect_str_eq(heard(wire), "200 200 ");
	wire_close(wire);
}

Test(rfc3261_16_7_5, a_late_branch_that_picks_up_after_the_verdict_is_heard)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 180);
	answer(wire, WIRE_SECOND, 603);
	answer(wire, WIRE_THIRD, 480);
	wire_advance_to(wire, 32000);
	answer(wire, WIRE_CALLEE, 487);
	cr_expect_str_eq(heard(wire), "603 ");
	wire_close(wire);

	wire = wire_with_three_phones();
	answer(wire, WIRE_CALLEE, 200);
	answer(wire, WIRE_SECOND, 200);
	cr_expect_str_eq(heard(wire), "200 200 ", "both reach the caller, who hangs up on one");
	wire_close(wire);
}

Test(rfc3261_16_7_5, a_603_cancels_the_others_and_waits_for_them)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 180);
	answer(wire, WIRE_SECOND, 180);
	answer(wire, WIRE_THIRD, 603);
	cr_expect_str_eq(heard(wire), "");
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 2);
	answer(wire, WIRE_CALLEE, 487);
	cr_expect_str_eq(heard(wire), "");
	answer(wire, WIRE_SECOND, 200);
	cr_expect_str_eq(heard(wire), "200 ", "it picked up before the CANCEL came");
	wire_close(wire);
}

Test(rfc3261_16_7_5, provisional_responses_of_all_branches_go_up)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 180);
	answer(wire, WIRE_SECOND, 183);
	answer(wire, WIRE_THIRD, 180);
	cr_expect_str_eq(wire_story(wire, 4), "180 183 180");
	wire_close(wire);
}

static enum wsip_verdict always_forward(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	(void)relay;
	(void)response;
	(void)user;
	return WSIP_FORWARD;
}

Test(rfc3261_16_6, a_branch_that_fails_at_once_does_not_keep_the_others_of_its_group)
{
	struct wire *wire = wire_with_fork(WSIP_FORK_PARALLEL);

	wire->targets[0] = "sip:no.address.example.org";
	wire->relay.on_response = always_forward;
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 2);
	answer(wire, WIRE_SECOND, 486);
	answer(wire, WIRE_THIRD, 200);
	cr_expect_str_eq(heard(wire), "200 ");
	wire_close(wire);
}

/* What three phones say, and what the caller hears. */
static const struct {
	unsigned int said[3];
	const char *heard;
} verdicts[] = {
	{ { 486, 404, 480 }, "486 " },                                /* the first among equals */
	{ { 503, 500, 486 }, "486 " },                                /* the lowest class */
	{ { 486, 302, 404 }, "302 " }, { { 486, 603, 302 }, "603 " }, /* 6xx before all */
	{ { 404, 401, 486 }, "401 " }, /* what tells the caller how to ask again */
	{ { 404, 486, 407 }, "407 " }, { { 404, 415, 486 }, "415 " }, { { 486, 484, 404 }, "484 " },
	{ { 404, 420, 486 }, "420 " }, { { 484, 407, 420 }, "407 " }, { { 408, 404, 503 }, "404 " },
	{ { 503, 500, 503 }, "500 " }, { { 503, 501, 500 }, "501 " },
	{ { 503, 503, 503 }, "500 " }, /* a 503 is ours to suffer */
};

Test(rfc3261_16_7_6, the_best_response_is_chosen)
{
	static const char *const who[] = { WIRE_CALLEE, WIRE_SECOND, WIRE_THIRD };

	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		struct wire *wire = wire_with_three_phones();

		wire->context = wire_print(wire, "row %zu", i);
		for (size_t j = 0; j < 3; j++) {
			cr_expect_str_eq(heard(wire), "", "row %zu: too early", i);
			answer(wire, who[j], verdicts[i].said[j]);
		}
		cr_expect_str_eq(heard(wire), verdicts[i].heard, "row %zu: %s", i, heard(wire));
		wire_close(wire);
	}
}

Test(rfc3261_16_7_6, without_any_answer_it_is_408)
{
	struct wire *wire = wire_with_three_phones();

	wire_advance_to(wire, 32000);
	cr_expect_str_eq(heard(wire), "408 ");
	wire_close(wire);
}

static void challenge(struct wire *wire, const char *who, unsigned int status, const char *headers)
{
	wire_reply_with(wire, wire_find(wire, "INVITE", who, 0),
		&(struct wire_reply){ .status = status, .headers = headers });
}

Test(rfc3261_16_7_7, the_challenges_of_all_branches_go_up)
{
	struct wire *wire = wire_with_three_phones();
	const struct wire_sent *response;

	challenge(wire, WIRE_CALLEE, 407,
		"Proxy-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n");
	challenge(wire, WIRE_SECOND, 401,
		"WWW-Authenticate: Digest realm=\"b\", nonce=\"2\"\r\n"
		"WWW-Authenticate: Digest realm=\"c\", nonce=\"3\"\r\n");
	challenge(wire, WIRE_THIRD, 407, "Proxy-Authenticate: Digest realm=\"d\", nonce=\"4\"\r\n");
	response = wire_last(wire, "407", WIRE_CALLER);
	cr_assert_not_null(response);
	cr_expect_str_eq(wire_header(wire, response, "Proxy-Authenticate", 0),
		"Digest realm=\"a\", nonce=\"1\"");
	cr_expect_str_eq(wire_header(wire, response, "Proxy-Authenticate", 1),
		"Digest realm=\"d\", nonce=\"4\"");
	cr_expect_eq(wire_header_count(wire, response, "WWW-Authenticate"), 2);
	wire_close(wire);
}

/* RFC 3261 22.3: the fields are not made one by commas, and come back untouched. */
Test(rfc3261_22_3, credentials_and_challenges_pass_as_they_are)
{
	static const char credentials[] =
		"Proxy-Authorization: Digest username=\"a\", realm=\"a\", nonce=\"1\", uri=\"x\", "
		"response=\"0\"\r\n"
		"Proxy-Authorization: Digest username=\"a\", realm=\"d\", nonce=\"4\", uri=\"x\", "
		"response=\"1\"\r\n";
	static const char challenge_407[] =
		"Proxy-Authenticate: Digest realm=\"d\", nonce=\"5\"\r\n";
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire_request(wire, &(struct wire_request){ .headers = credentials });
	invite = wire_find(wire, "INVITE", WIRE_CALLEE, 0);
	cr_assert_not_null(invite);
	cr_expect_not_null(strstr(invite->text, credentials));
	challenge(wire, WIRE_CALLEE, 407, challenge_407);
	cr_expect_not_null(strstr(wire_last(wire, "407", WIRE_CALLER)->text, challenge_407));
	wire_close(wire);
}

Test(rfc3261_16_8, timer_c_is_each_branch_s_own)
{
	struct wire *wire = wire_with_three_phones();

	answer(wire, WIRE_CALLEE, 180);
	answer(wire, WIRE_SECOND, 180);
	answer(wire, WIRE_THIRD, 486);
	wire_advance_to(wire, 100000);
	answer(wire, WIRE_SECOND, 183);
	wire_advance_to(wire, 181000);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_CALLEE), 1);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_SECOND), 0, "its 183 started it again");
	answer(wire, WIRE_CALLEE, 487);
	answer(wire, WIRE_SECOND, 200);
	cr_expect_str_eq(heard(wire), "200 ");
	wire_close(wire);
}

Test(rfc3261_16_9, a_branch_that_cannot_be_sent_counts_as_503)
{
	struct wire *wire = wire_with_fork(WSIP_FORK_PARALLEL);

	wire_break(wire, WIRE_SECOND);
	wire_request(wire, &(struct wire_request){ 0 });
	answer(wire, WIRE_CALLEE, 486);
	answer(wire, WIRE_THIRD, 480);
	cr_expect_str_eq(heard(wire), "486 ");
	wire_close(wire);
}

Test(rfc3261_16_7_5, a_2xx_to_another_request_ends_its_fork_at_once)
{
	struct wire *wire = wire_with_fork(WSIP_FORK_PARALLEL);

	wire_request(wire, &(struct wire_request){ .method = "MESSAGE" });
	cr_expect_eq(wire_count(wire, "MESSAGE", NULL), 3);
	wire_reply(wire, wire_find(wire, "MESSAGE", WIRE_SECOND, 0), 200);
	wire_reply(wire, wire_find(wire, "MESSAGE", WIRE_THIRD, 0), 200);
	wire_reply(wire, wire_find(wire, "MESSAGE", WIRE_CALLEE, 0), 404);
	cr_expect_str_eq(heard(wire), "200 ");
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0, "RFC 3261 9.1");
	wire_close(wire);
}

Test(rfc3261_16_5, one_destination_is_tried_once)
{
	struct wire *wire = wire_with_fork(WSIP_FORK_PARALLEL);

	wire->targets[2] = "sip:10.0.0.4:5060;x=y";
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 2);
	wire_close(wire);
}

/* ---- The handler ---- */

static enum wsip_verdict second_is_dropped(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	struct wire *wire = user;

	(void)response;
	wire->context = wire_print(wire, "%s%.*s ", wire->context,
		(int)wsip_relay_destination(relay).size, wsip_relay_destination(relay).data);
	return wsip_span_is(wsip_relay_destination(relay), "sip:" WIRE_SECOND) ? WSIP_DROP
									       : WSIP_FORWARD;
}

Test(fork, the_handler_sees_whose_response_it_is)
{
	struct wire *wire = wire_with_fork(WSIP_FORK_PARALLEL);

	wire->relay.on_response = second_is_dropped;
	wire_request(wire, &(struct wire_request){ 0 });
	answer(wire, WIRE_SECOND, 404);
	answer(wire, WIRE_CALLEE, 486);
	answer(wire, WIRE_THIRD, 487);
	cr_expect_str_eq(heard(wire), "486 ");
	cr_expect_str_eq(wire->context,
		"sip:" WIRE_SECOND " sip:" WIRE_CALLEE " sip:" WIRE_THIRD " ");
	wire_close(wire);
}

static enum wsip_verdict one_more_for_each_busy(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	struct wire *wire = user;

	if (wsip_msg_status(response) != 486)
		return WSIP_FORWARD;
	return wsip_relay_retry(relay, wire_print(wire, "sip:10.0.0.9:%u", 6000 + wire->seen++));
}

Test(fork, a_retry_goes_beside_the_branches_that_ring)
{
	struct wire *wire = wire_with_fork(WSIP_FORK_PARALLEL);

	wire->relay.on_response = one_more_for_each_busy;
	wire_request(wire, &(struct wire_request){ 0 });
	answer(wire, WIRE_CALLEE, 486);
	cr_expect_eq(wire_count(wire, "INVITE", "10.0.0.9:6000"), 1);
	answer(wire, WIRE_SECOND, 404);
	answer(wire, WIRE_THIRD, 404);
	cr_expect_str_eq(heard(wire), "");
	wire_reply(wire, wire_find(wire, "INVITE", "10.0.0.9:6000", 0), 200);
	cr_expect_str_eq(heard(wire), "200 ");
	wire_close(wire);
}

static void relay_too_many(struct wsip_request *request, void *user)
{
	struct wsip_relay_target targets[WSIP_RELAY_TARGETS_MAX + 1] = { { "sip:10.0.0.9", 0 } };

	(void)user;
	cr_expect_eq(wsip_relay(request, &(struct wsip_relay_options){ .targets = targets,
						 .target_count = WSIP_RELAY_TARGETS_MAX + 1 }),
		WSIP_ERR_ARGUMENT);
}

Test(fork, too_many_or_unsound_targets_are_500)
{
	struct wire *wire = wire_open();

	wire->on_request = relay_too_many;
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_str_eq(heard(wire), "500 ");
	wire_close(wire);
}
