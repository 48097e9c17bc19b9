/* SPDX-License-Identifier: MIT
 * CANCEL: RFC 3261 9.1, 9.2 and 16.10.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

static const struct wire_request invite_request = { 0 };
static const struct wire_request cancel_request = { .method = "CANCEL" };

/* INVITE, 180 at 1000 ms. */
static const struct wire_sent *ringing_call(struct wire *wire)
{
	const struct wire_sent *invite = wire_invite(wire);

	wire_advance_to(wire, 1000);
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 180);
	return invite;
}

Test(rfc3261_16_10, a_ringing_call_is_cancelled)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = ringing_call(wire);
	size_t before = wire->sent_count;

	wire_request(wire, &cancel_request);
	cr_expect_str_eq(wire_story(wire, before), "200 CANCEL");
	cr_expect_str_eq(wire_header(wire, wire_last(wire, "200", WIRE_CALLER), "CSeq", 0),
		"1 CANCEL");
	wire_reply(wire, wire_last(wire, "CANCEL", WIRE_CALLEE), 200);
	wire_reply(wire, invite, 487);
	cr_expect_str_eq(wire_story(wire, before), "200 CANCEL ACK 487");
	cr_expect_str_eq(wire_last(wire, "487", NULL)->to, WIRE_CALLER);
	wire_ack_rejection(wire, &invite_request, wire_last(wire, "487", NULL));
	wire_run_out(wire);
	cr_expect_str_eq(wire_story(wire, before), "200 CANCEL ACK 487");
	wire_close(wire);
}

Test(rfc3261_9_1, the_cancel_repeats_what_identifies_the_invite)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite, *cancel;

	wire_request(wire,
		&(struct wire_request){ .uri = "sip:bob@example.org",
			.cseq = 77,
			.headers = "Route: <sip:10.0.0.3;lr>\r\nRoute: <sip:10.0.0.9;lr>\r\n"
				   "Require: precondition\r\n" });
	invite = wire_last(wire, "INVITE", WIRE_CALLEE);
	wire_reply(wire, invite, 180);
	wire_request(wire, &(struct wire_request){
				   .uri = "sip:bob@example.org", .cseq = 77, .method = "CANCEL" });
	cancel = wire_last(wire, "CANCEL", WIRE_CALLEE);
	cr_assert_not_null(cancel);
	cr_expect_str_eq(wire_start_line(wire, cancel), "CANCEL sip:bob@example.org SIP/2.0");
	cr_expect_eq(wire_header_count(wire, cancel, "Via"), 1);
	cr_expect_str_eq(wire_header(wire, cancel, "Via", 0), wire_header(wire, invite, "Via", 0));
	cr_expect_str_eq(wire_header(wire, cancel, "From", 0),
		wire_header(wire, invite, "From", 0));
	cr_expect_str_eq(wire_header(wire, cancel, "To", 0), "<sip:bob@example.org>");
	cr_expect_str_eq(wire_header(wire, cancel, "Call-ID", 0), "call-1");
	cr_expect_str_eq(wire_header(wire, cancel, "CSeq", 0), "77 CANCEL");
	cr_expect_str_eq(wire_header(wire, cancel, "Route", 0), "<sip:10.0.0.3;lr>");
	cr_expect_str_eq(wire_header(wire, cancel, "Route", 1), "<sip:10.0.0.9;lr>");
	cr_expect_eq(wire_header_count(wire, cancel, "Require"), 0);
	wire_reply(wire, invite, 487);
	wire_close(wire);
}

Test(rfc3261_16_10, the_487_of_the_callee_is_forwarded_as_it_is)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = ringing_call(wire);

	wire_request(wire, &cancel_request);
	wire_reply_with(wire, invite, &(struct wire_reply){ .status = 487, .to_tag = "phone" });
	cr_expect_str_eq(wire_header(wire, wire_last(wire, "487", WIRE_CALLER), "To", 0),
		"<sip:bob@example.org>;tag=phone");
	wire_close(wire);
}

/* RFC 3261 9.2: what is answered here has one To tag. */
Test(rfc3261_9_2, the_200_has_the_to_tag_of_a_487_made_here)
{
	struct wire *wire = wire_open();

	wire_invite(wire);
	wire_request(wire, &cancel_request);
	wire_run_out(wire);
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "200", WIRE_CALLER, 0), "To", 0),
		wire_header(wire, wire_find(wire, "487", WIRE_CALLER, 0), "To", 0));
	wire_close(wire);
}

Test(rfc3261_9_1, no_cancel_before_a_provisional_response)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_request(wire, &cancel_request);
	cr_expect_str_eq(wire_story(wire, 2), "200");
	wire_advance_to(wire, 700);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	wire_reply(wire, invite, 100);
	cr_expect_str_eq(wire_times(wire, "CANCEL", WIRE_CALLEE), "700");
	wire_reply(wire, wire_last(wire, "CANCEL", NULL), 200);
	wire_reply(wire, invite, 487);
	cr_expect_str_eq(wire_times(wire, "487", WIRE_CALLER), "700");
	wire_close(wire);
}

Test(rfc3261_9_1, a_final_response_before_a_provisional_one_needs_no_cancel)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_request(wire, &cancel_request);
	wire_reply(wire, invite, 486);
	cr_expect_str_eq(wire_story(wire, 2), "200 ACK 486");
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	wire_close(wire);
}

Test(rfc3261_9_2, a_callee_that_never_answers_makes_it_487_with_timer_b)
{
	struct wire *wire = wire_open();

	wire_invite(wire);
	wire_request(wire, &cancel_request);
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	cr_expect_eq(wire_find(wire, "487", WIRE_CALLER, 0)->at_ms, 32000);
	cr_expect_eq(wire_count(wire, "408", NULL), 0);
	wire_close(wire);
}

/* RFC 3261 9.1: 64*T1 after the CANCEL the original transaction is taken for cancelled. */
Test(rfc3261_9_1, a_cancel_without_effect_is_over_after_64_t1)
{
	struct wire *wire = wire_open();

	ringing_call(wire);
	wire_advance_to(wire, 2000);
	wire_request(wire, &cancel_request);
	wire_reply(wire, wire_last(wire, "CANCEL", NULL), 200);
	wire_advance_to(wire, 33999);
	cr_expect_eq(wire_count(wire, "487", NULL), 0);
	wire_advance_to(wire, 34000);
	cr_expect_eq(wire_count(wire, "487", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(rfc3261_9_1, the_cancel_is_repeated_like_any_request)
{
	struct wire *wire = wire_open();

	ringing_call(wire);
	wire_request(wire, &cancel_request);
	wire_advance_to(wire, 5000);
	wire_reply(wire, wire_last(wire, "CANCEL", NULL), 200);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "CANCEL", WIRE_CALLEE), "1000 1500 2500 4500");
	wire_close(wire);
}

Test(rfc3261_16_10, a_200_that_crosses_the_cancel_is_forwarded)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = ringing_call(wire);
	size_t before = wire->sent_count;

	wire_request(wire, &cancel_request);
	wire_reply(wire, invite, 200);
	wire_reply(wire, wire_last(wire, "CANCEL", NULL), 200);
	cr_expect_str_eq(wire_story(wire, before), "200 CANCEL 200");
	cr_expect_str_eq(wire_header(wire, wire_last(wire, "200", WIRE_CALLER), "CSeq", 0),
		"1 INVITE");
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "487", NULL), 0);
	wire_close(wire);
}

Test(rfc3261_9_2, a_cancel_after_the_final_response_has_no_effect)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = ringing_call(wire);

	wire_reply(wire, invite, 200);
	wire_request(wire, &cancel_request);
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	cr_expect_eq(wire_count(wire, "487", NULL), 0);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 2);
	wire_close(wire);
}

Test(rfc3261_16_10, a_cancel_repeated_is_answered_again_and_not_passed_on)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = ringing_call(wire);
	size_t before = wire->sent_count;

	wire_request(wire, &cancel_request);
	wire_request(wire, &cancel_request);
	cr_expect_str_eq(wire_story(wire, before), "200 CANCEL 200");
	wire_reply(wire, invite, 487);
	wire_close(wire);
}

Test(rfc3261_16_10, nothing_new_is_tried_after_a_cancel)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->targets[1] = "sip:" WIRE_SECOND;
	invite = ringing_call(wire);
	wire_request(wire, &cancel_request);
	wire_reply(wire, invite, 503);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_SECOND), 0);
	cr_expect_eq(wire_count(wire, "500", WIRE_CALLER), 1);
	wire_close(wire);
}

/* A CANCEL of this INVITE has its branch; another one may pass through without a transaction. */
static size_t cancels_of(struct wire *wire, const struct wire_sent *request)
{
	const struct wire_sent *cancel;
	size_t count = 0;

	for (size_t i = 0; (cancel = wire_find(wire, "CANCEL", NULL, i)); i++)
		count += strcmp(wire_branch(wire, cancel), wire_branch(wire, request)) == 0;
	return count;
}

static void not_the_same(const struct wire_request *cancel)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = ringing_call(wire);

	wire_request(wire, cancel);
	cr_expect_eq(cancels_of(wire, invite), 0);
	cr_expect_eq(wire_count(wire, "200", NULL), 0);
	wire_reply(wire, invite, 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(rfc3261_9_2, a_cancel_with_another_branch_is_not_about_this_call)
{
	not_the_same(&(struct wire_request){
		.method = "CANCEL", .via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-callers" });
}

Test(rfc3261_9_2, a_cancel_with_another_call_id_is_not_about_this_call)
{
	not_the_same(&(struct wire_request){ .method = "CANCEL", .call_id = "call-2" });
}

Test(rfc3261_9_2, a_cancel_with_another_sent_by_is_not_about_this_call)
{
	not_the_same(&(struct wire_request){
		.method = "CANCEL", .via = "SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK-caller" });
}

Test(rfc3261_16_10, a_cancel_does_not_cancel_other_methods)
{
	struct wire *wire = wire_open();
	const struct wire_sent *options;

	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	options = wire_last(wire, "OPTIONS", WIRE_CALLEE);
	wire_reply(wire, options, 100);
	wire_request(wire, &cancel_request);
	cr_expect_eq(cancels_of(wire, options), 0);
	wire_reply(wire, options, 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	wire_close(wire);
}

/* ---- Unmatched ---- */

static const struct wire_request stray = { .method = "CANCEL", .uri = "sip:bob@10.0.0.3" };

Test(rfc3261_16_10, an_unmatched_cancel_is_forwarded_statelessly)
{
	struct wire *wire = wire_open();
	const struct wire_sent *cancel;

	wire_request(wire, &stray);
	cr_expect_str_eq(wire_story(wire, 0), "CANCEL");
	cancel = wire_find(wire, "CANCEL", WIRE_CALLEE, 0);
	cr_assert_not_null(cancel);
	cr_expect_str_eq(wire_start_line(wire, cancel), "CANCEL sip:bob@10.0.0.3 SIP/2.0");
	cr_expect_eq(wire_header_count(wire, cancel, "Via"), 2);
	cr_expect_str_eq(wire_header(wire, cancel, "Max-Forwards", 0), "69");
	cr_expect_eq(wire->core.counters.stateless, 1);
	cr_expect_eq(wire->core.tx.pool.in_use, 0);
	wire_reply(wire, cancel, 481);
	cr_expect_str_eq(wire_last(wire, "481", NULL)->to, WIRE_CALLER);
	wire_close(wire);
}

Test(rfc3261_16_10, an_unmatched_cancel_goes_along_its_route)
{
	struct wire *wire = wire_open();
	struct wire_request cancel = stray;

	cancel.headers = "Route: <sip:10.0.0.1;lr>, <sip:10.0.0.4;lr>\r\n";
	wire_request(wire, &cancel);
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_SECOND), 1);
	wire_close(wire);
}

Test(rfc3261_16_3_3, an_unmatched_cancel_with_max_forwards_0_goes_no_further)
{
	struct wire *wire = wire_open();
	struct wire_request cancel = stray;

	cancel.max_forwards = "0";
	wire_request(wire, &cancel);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0, "Max-Forwards: %s",
		wire_header(wire, wire_last(wire, "CANCEL", NULL), "Max-Forwards", 0));
	wire_close(wire);
}

/* RFC 3261 9.2: 481 where there is nobody beyond us: the targets are for what we keep state of. */
Test(rfc3261_9_2, an_unmatched_cancel_for_our_own_address_is_481)
{
	struct wire *wire = wire_open();

	wire_request(wire, &cancel_request);
	cr_expect_str_eq(wire_story(wire, 0), "481");
	cr_expect_eq(wire_count(wire, "481", WIRE_CALLER), 1);
	cr_expect_eq(wire->handled, 0);
	wire_close(wire);
}
