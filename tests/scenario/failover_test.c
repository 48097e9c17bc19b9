/* SPDX-License-Identifier: MIT
 * One target after the other: RFC 3261 16.6, 16.7 steps 4 to 6, 16.8, 16.9.
 */
#include <criterion/criterion.h>
#include <string.h>

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

Test(rfc3261_16_7_4, a_503_leads_to_the_next_target)
{
	struct wire *wire = wire_with_three_targets();

	wire_reply(wire, wire_invite(wire), 503);
	cr_expect_str_eq(wire_story(wire, 2), "ACK INVITE");
	cr_expect_str_eq(last_invite(wire)->to, WIRE_SECOND);
	wire_reply(wire, last_invite(wire), 180);
	wire_reply(wire, last_invite(wire), 200);
	cr_expect_str_eq(wire_story(wire, 4), "180 200");
	wire_close(wire);
}

Test(rfc3261_16_8, a_target_that_does_not_answer_leads_to_the_next)
{
	struct wire *wire = wire_with_three_targets();

	wire_invite(wire);
	wire_run_out(wire);
	cr_expect_eq(wire_find(wire, "INVITE", WIRE_SECOND, 0)->at_ms, 32000);
	cr_expect_eq(wire_find(wire, "INVITE", WIRE_THIRD, 0)->at_ms, 64000);
	cr_expect_eq(wire_find(wire, "408", WIRE_CALLER, 0)->at_ms, 96000);
	cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
	wire_close(wire);
}

Test(rfc3261_16_7_4, a_408_of_the_target_leads_to_the_next)
{
	struct wire *wire = wire_with_three_targets();

	wire_reply(wire, wire_invite(wire), 408);
	cr_expect_str_eq(last_invite(wire)->to, WIRE_SECOND);
	wire_close(wire);
}

Test(rfc3261_16_9, a_target_that_cannot_be_sent_to_leads_to_the_next_at_once)
{
	struct wire *wire = wire_with_three_targets();

	wire_break(wire, WIRE_CALLEE);
	wire_break(wire, WIRE_SECOND);
	wire_request(wire, &(struct wire_request){ 0 });
	wire_advance_to(wire, 0);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_THIRD), "0");
	cr_expect_eq(wire->refused, 2);
	wire_close(wire);
}

Test(rfc3261_16_9, a_send_that_fails_later_leads_to_the_next)
{
	struct wire *wire = wire_with_three_targets();
	const struct wire_sent *invite = wire_invite(wire);

	wire_advance_to(wire, 300);
	wsip_core_send_failed(&wire->core, invite->ticket);
	wire_advance_to(wire, 300);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_SECOND), "300");
	wire_close(wire);
}

/* The beginning of the datagram that the network gave back, as ICMP carries it. */
static void give_back(struct wire *wire, const struct wire_sent *sent, size_t bytes)
{
	struct wsip_buf *buf = wsip_buf_get(&wire->core.bufs, sent->size);

	memcpy(buf->data, sent->text, bytes);
	buf->used = (uint32_t)bytes;
	wsip_core_refused(&wire->core, buf);
	wsip_buf_unref(buf);
	wire_advance_to(wire, wire_now(wire));
}

Test(rfc3261_18_4, a_datagram_given_back_leads_to_the_next)
{
	struct wire *wire = wire_with_three_targets();
	const struct wire_sent *invite = wire_invite(wire);

	give_back(wire, invite, invite->size);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_SECOND), "0");
	cr_expect_eq(wire_count(wire, "503", NULL), 0);
	wire_close(wire);
}

Test(rfc3261_18_4, a_datagram_given_back_at_the_last_target_is_500)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	give_back(wire, invite, invite->size);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 500");
	wire_close(wire);
}

/* Whatever its length; a part that does not show whose it is has no effect. */
Test(rfc3261_18_4, a_datagram_given_back_in_part_does_no_harm)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	for (size_t bytes = 0; bytes < invite->size; bytes++)
		give_back(wire, invite, bytes);
	wire_reply(wire, invite, 200);
	wire_close(wire);
}

Test(rfc3261_18_4, a_response_given_back_has_no_effect)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	give_back(wire, wire_find(wire, "100", NULL, 0), wire_find(wire, "100", NULL, 0)->size);
	wire_reply(wire, invite, 486);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE ACK 486");
	wire_close(wire);
}

Test(rfc3261_16_7_5, any_other_final_response_is_forwarded)
{
	static const unsigned int statuses[] = { 301, 401, 404, 407, 486, 500, 504, 600, 603 };

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct wire *wire = wire_with_three_targets();

		wire_reply(wire, wire_invite(wire), statuses[i]);
		cr_expect_str_eq(wire_story(wire, 0),
			wire_print(wire, "100 INVITE ACK %u", statuses[i]));
		wire_close(wire);
	}
}

Test(rfc3261_16_7_6, a_503_becomes_500_without_retry_after)
{
	struct wire *wire = wire_open();
	const struct wire_sent *response;

	wire_reply_with(wire, wire_invite(wire),
		&(struct wire_reply){ .status = 503, .headers = "Retry-After: 3600\r\n" });
	response = wire_last(wire, "500", WIRE_CALLER);
	cr_assert_not_null(response);
	cr_expect_str_eq(wire_start_line(wire, response), "SIP/2.0 500 Server Internal Error");
	cr_expect_eq(wire_header_count(wire, response, "Retry-After"), 0);
	cr_expect_str_eq(wire_header(wire, response, "To", 0), "<sip:bob@example.org>;tag=callee");
	wire_close(wire);
}

Test(rfc3261_16_6_8, each_attempt_is_made_from_the_request_as_it_came)
{
	struct wire *wire = wire_with_three_targets();
	const struct wire_sent *first = wire_invite(wire), *second;

	wire_reply(wire, first, 503);
	second = last_invite(wire);
	cr_expect_str_neq(wire_branch(wire, first), wire_branch(wire, second));
	cr_expect_eq(wire_header_count(wire, second, "Via"), 2);
	cr_expect_str_eq(wire_header(wire, second, "Max-Forwards", 0), "69");
	cr_expect_eq(wire_header_count(wire, second, "Record-Route"), 1);
	cr_expect_str_eq(wire_start_line(wire, second), "INVITE sip:bob@10.0.0.4:5060 SIP/2.0");
	wire_close(wire);
}

Test(rfc3261_16_7, other_methods_fail_over_too)
{
	struct wire *wire = wire_with_three_targets();

	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	wire_reply(wire, wire_last(wire, "OPTIONS", WIRE_CALLEE), 503);
	wire_reply(wire, wire_last(wire, "OPTIONS", WIRE_SECOND), 200);
	cr_expect_str_eq(wire_story(wire, 0), "OPTIONS OPTIONS 200");
	wire_close(wire);
}
