/* SPDX-License-Identifier: MIT
 * ACK: hop by hop for a rejection (RFC 3261 17.1.1.3), end to end for a 2xx (13.2.2.4, 16.11).
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

/* The ACK of a 2xx: a transaction of its own, along the route of the dialog. */
static const struct wire_request ack_of_2xx = { .method = "ACK",
	.uri = "sip:bob@10.0.0.3:5060",
	.via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-ack",
	.to = "<sip:bob@example.org>;tag=callee",
	.headers = "Route: <sip:10.0.0.1:5060;lr>\r\n" };

Test(rfc3261_17_1_1_3, a_rejection_is_acked_here_before_it_is_forwarded)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire), *ack;

	wire_reply(wire, invite, 486);
	cr_expect_str_eq(wire_story(wire, 2), "ACK 486");
	ack = wire_find(wire, "ACK", WIRE_CALLEE, 0);
	cr_expect_str_eq(wire_start_line(wire, ack), "ACK sip:bob@10.0.0.3:5060 SIP/2.0");
	cr_expect_str_eq(wire_branch(wire, ack), wire_branch(wire, invite));
	cr_expect_str_eq(wire_header(wire, ack, "To", 0), "<sip:bob@example.org>;tag=callee");
	wire_reply(wire, invite, 486);
	cr_expect_str_eq(wire_story(wire, 4), "ACK");
	wire_close(wire);
}

Test(rfc3261_17_2_1, the_callers_ack_of_a_rejection_is_absorbed)
{
	struct wire *wire = wire_open();

	wire_reply(wire, wire_invite(wire), 486);
	wire_advance_to(wire, 700);
	wire_ack_rejection(wire, &(struct wire_request){ 0 }, wire_last(wire, "486", NULL));
	wire_ack_rejection(wire, &(struct wire_request){ 0 }, wire_last(wire, "486", NULL));
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "486", WIRE_CALLER), "0 500");
	cr_expect_eq(wire_count(wire, "ACK", NULL), 1);
	cr_expect_eq(wire->handled, 1);
	wire_close(wire);
}

Test(rfc3261_17_2_1, a_rejection_is_repeated_until_timer_h_without_an_ack)
{
	struct wire *wire = wire_open();

	wire_reply(wire, wire_invite(wire), 486);
	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "486", WIRE_CALLER),
		"0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500");
	wire_close(wire);
}

Test(rfc3261_17_2_1, an_ack_before_any_final_response_is_absorbed)
{
	struct wire *wire = wire_open();

	wire_invite(wire);
	wire_request(wire, &(struct wire_request){ .method = "ACK" });
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE");
	wire_close(wire);
}

Test(rfc3261_17_1_1_3, the_ack_has_the_route_of_the_invite)
{
	struct wire *wire = wire_open();
	const struct wire_sent *ack;

	wire_request(wire, &(struct wire_request){ .uri = "sip:bob@example.org",
				   .headers = "Route: <sip:10.0.0.3;lr>, <sip:10.0.0.8;lr>\r\n"
					      "Route: <sip:10.0.0.9;lr>\r\n" });
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 486);
	ack = wire_find(wire, "ACK", WIRE_CALLEE, 0);
	cr_assert_not_null(ack);
	cr_expect_str_eq(wire_header(wire, ack, "Route", 0),
		"<sip:10.0.0.3;lr>, <sip:10.0.0.8;lr>");
	cr_expect_str_eq(wire_header(wire, ack, "Route", 1), "<sip:10.0.0.9;lr>");
	wire_close(wire);
}

Test(rfc3261_16_11, the_ack_of_a_2xx_is_forwarded_without_a_transaction)
{
	struct wire *wire = wire_open();
	const struct wire_sent *ack;

	wire_reply(wire, wire_invite(wire), 200);
	wire_request(wire, &ack_of_2xx);
	cr_expect_str_eq(wire_story(wire, 2), "200 ACK");
	ack = wire_find(wire, "ACK", WIRE_CALLEE, 0);
	cr_assert_not_null(ack);
	cr_expect_str_eq(wire_start_line(wire, ack), "ACK sip:bob@10.0.0.3:5060 SIP/2.0");
	cr_expect_eq(wire_header_count(wire, ack, "Via"), 2);
	cr_expect_eq(wire_header_count(wire, ack, "Route"), 0);
	cr_expect_eq(wire_header_count(wire, ack, "Record-Route"), 0);
	cr_expect_str_eq(wire_header(wire, ack, "Max-Forwards", 0), "69");
	cr_expect_eq(wire->handled, 2);
	cr_expect_eq(wire->core.counters.stateless, 1);
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "ACK", NULL), 1);
	wire_close(wire);
}

/* RFC 6026 7.1: also one with the branch of the INVITE, as RFC 2543 elements make it. */
Test(rfc6026_7_1, an_ack_of_a_2xx_with_the_branch_of_the_invite_is_forwarded)
{
	struct wire *wire = wire_open();
	struct wire_request ack = ack_of_2xx;

	wire_reply(wire, wire_invite(wire), 200);
	ack.via = NULL;
	wire_request(wire, &ack);
	cr_expect_eq(wire_count(wire, "ACK", WIRE_CALLEE), 1);
	wire_close(wire);
}

Test(rfc3261_16_11, an_ack_repeated_gets_the_same_branch)
{
	struct wire *wire = wire_open();
	struct wire_request other = ack_of_2xx;

	wire_reply(wire, wire_invite(wire), 200);
	wire_request(wire, &ack_of_2xx);
	wire_request(wire, &ack_of_2xx);
	other.via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-ack2";
	wire_request(wire, &other);
	cr_expect_str_eq(wire_branch(wire, wire_find(wire, "ACK", NULL, 0)),
		wire_branch(wire, wire_find(wire, "ACK", NULL, 1)));
	cr_expect_str_neq(wire_branch(wire, wire_find(wire, "ACK", NULL, 0)),
		wire_branch(wire, wire_find(wire, "ACK", NULL, 2)));
	wire_close(wire);
}

Test(rfc3261_16_3_3, an_ack_with_max_forwards_0_goes_nowhere_and_is_not_answered)
{
	struct wire *wire = wire_open();
	struct wire_request ack = ack_of_2xx;

	wire_reply(wire, wire_invite(wire), 200);
	ack.max_forwards = "0";
	wire_request(wire, &ack);
	cr_expect_str_eq(wire_story(wire, 2), "200");
	wire_close(wire);
}

Test(rfc3261_17, a_wrong_ack_is_never_answered)
{
	static const char *const wrong[] = {
		"ACK sip:bob@10.0.0.1 SIP/7.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-1\r\n",
		"ACK bob SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-1\r\n",
		"ACK sip:bob@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-1\r\n"
		"Content-Length: 99\r\n",
		"ACK sip:bob@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-1\r\n"
		"CSeq: 1 INVITE\r\n",
	};
	struct wire *wire = wire_open();

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		wire_receive(wire, WSIP_UDP, WIRE_CALLER,
			wire_print(wire,
				"%s"
				"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: 1\r\n"
				"CSeq: 1 ACK\r\n\r\n",
				wrong[i]));
	cr_expect_eq(wire->sent_count, 0);
	cr_expect_eq(wire->core.counters.bad_messages, 4);
	wire_close(wire);
}

Test(rfc3261_16_11, an_ack_without_a_way_is_counted)
{
	struct wire *wire = wire_open();

	wire->source_err = WSIP_ERR_NOT_FOUND;
	wire_request(wire, &(struct wire_request){ .method = "ACK" });
	cr_expect_eq(wire->sent_count, 0);
	cr_expect_eq(wire->core.counters.stray_acks, 1);
	wire_close(wire);
}

Test(rfc3261_16_11, an_ack_that_cannot_be_sent_is_counted)
{
	struct wire *wire = wire_open();

	wire_reply(wire, wire_invite(wire), 200);
	wire_break(wire, WIRE_CALLEE);
	wire_request(wire, &ack_of_2xx);
	cr_expect_eq(wire->core.counters.unroutable, 1);
	wire_close(wire);
}
