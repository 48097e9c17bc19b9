/* SPDX-License-Identifier: MIT
 * Requests that come round, and how wide they may fork: RFC 3261 16.3 step 4, RFC 5393; requests
 * that come twice: RFC 3261 8.2.2.2.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/wire.h"

/* What the callee makes of the request and sends back to us: a Via of his own on top, and the rest
 * as it is. */
static void send_back(struct wire *wire, const struct wire_sent *sent, const char *request_line)
{
	const char *headers = strstr(sent->text, "\r\n");

	cr_assert_not_null(headers);
	wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
		wire_print(wire, "%s\r\nVia: SIP/2.0/UDP " WIRE_CALLEE ";branch=z9hG4bK-%zu%s",
			request_line, wire->sent_count, headers));
}

static const char *line_of(struct wire *wire, const struct wire_sent *sent)
{
	return wire_start_line(wire, sent);
}

Test(rfc5393_4_2, a_request_that_comes_round_is_482)
{
	struct wire *wire = wire_open();

	send_back(wire, wire_invite(wire), "INVITE sip:bob@10.0.0.1 SIP/2.0");
	cr_expect_eq(wire_count(wire, "482", WIRE_CALLEE), 1);
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 1);
	wire_close(wire);
}

Test(rfc3261_16_3_4, a_request_that_comes_round_is_482)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .method = "MESSAGE" });
	send_back(wire, wire_last(wire, "MESSAGE", NULL), "MESSAGE sip:bob@10.0.0.1 SIP/2.0");
	cr_expect_eq(wire_count(wire, "482", WIRE_CALLEE), 1);
	wire_close(wire);
}

Test(rfc5393_4_2, a_spiral_is_no_loop)
{
	struct wire *wire = wire_open();

	send_back(wire, wire_invite(wire), "INVITE sip:carol@10.0.0.1 SIP/2.0");
	cr_expect_eq(wire_count(wire, "482", NULL), 0);
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 2);
	wire_close(wire);
}

Test(rfc5393_4_2, another_route_is_no_loop)
{
	struct wire *wire = wire_open();

	send_back(wire, wire_invite(wire),
		"INVITE sip:bob@10.0.0.1 SIP/2.0\r\nRoute: <sip:" WIRE_SECOND ";lr>");
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_SECOND), 1);
	wire_close(wire);
}

Test(rfc5393_4_2, a_branch_that_looks_like_ours_but_is_anothers_is_no_loop)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_request(wire, &(struct wire_request){
				   .via = wire_print(wire, "SIP/2.0/UDP 10.0.0.2:5060;branch=%s",
					   wire_branch(wire, invite)) });
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 2);
	wire_close(wire);
}

Test(rfc5393_4_2, the_next_request_of_a_call_is_no_loop)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_request(wire, &(struct wire_request){ .cseq = 2,
				   .via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-2",
				   .headers = wire_print(wire, "Via: %s\r\n",
					   wire_header(wire, invite, "Via", 0)) });
	cr_expect_eq(wire_count(wire, "482", NULL), 0);
	wire_close(wire);
}

/* It cannot be answered. */
Test(rfc5393_4_2, an_ack_that_comes_round_goes_no_further)
{
	struct wire *wire = wire_open();
	const struct wire_sent *ack;

	wire_request(wire, &(struct wire_request){ .method = "ACK",
				   .uri = "sip:bob@" WIRE_CALLEE,
				   .to = "<sip:bob@example.org>;tag=callee" });
	ack = wire_last(wire, "ACK", WIRE_CALLEE);
	cr_assert_not_null(ack);
	send_back(wire, ack, line_of(wire, ack));
	cr_expect_eq(wire_count(wire, "ACK", NULL), 1);
	cr_expect_eq(wire->core.counters.stray_acks, 1);
	wire_close(wire);
}

/* ---- Max-Breadth ---- */

static struct wire *wire_with_three_targets(void)
{
	struct wire *wire = wire_open();

	wire->targets[1] = "sip:" WIRE_SECOND;
	wire->targets[2] = "sip:" WIRE_THIRD;
	wire->relay.fork = WSIP_FORK_PARALLEL;
	return wire;
}

/* "20 20 20": the shares of the branches so far. */
static const char *breadths(struct wire *wire)
{
	const struct wire_sent *invite;
	const char *list = "";

	for (size_t i = 0; (invite = wire_find(wire, "INVITE", NULL, i)); i++)
		list = wire_print(wire, "%s%s ", list, wire_header(wire, invite, "Max-Breadth", 0));
	return list;
}

Test(rfc5393_5_3, a_request_without_max_breadth_has_60_to_share)
{
	struct wire *wire = wire_with_three_targets();

	wire_invite(wire);
	cr_expect_str_eq(breadths(wire), "20 20 20 ");
	wire_close(wire);
}

Test(rfc5393_5_3, the_shares_make_up_the_whole)
{
	struct wire *wire = wire_with_three_targets();

	wire_request(wire, &(struct wire_request){ .headers = "Max-Breadth: 5\r\n" });
	cr_expect_str_eq(breadths(wire), "2 2 1 ");
	cr_expect_eq(wire_header_count(wire, wire_last(wire, "INVITE", NULL), "Max-Breadth"), 1);
	wire_close(wire);
}

Test(rfc5393_5_3, a_single_branch_has_it_all)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .headers = "Max-Breadth: 7\r\n" });
	cr_expect_str_eq(breadths(wire), "7 ");
	wire_close(wire);
}

Test(rfc5393_5_3, where_it_is_too_little_the_others_wait)
{
	struct wire *wire = wire_with_three_targets();

	wire->use = WSIP_USE_CONTACT;
	wire_request(wire, &(struct wire_request){ .headers = "Max-Breadth: 2\r\n" });
	cr_expect_str_eq(breadths(wire), "1 1 ");
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 486);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0), 486);
	cr_expect_str_eq(breadths(wire), "1 1 2 ");
	wire_close(wire);
}

Test(rfc5393_5_3, without_any_left_it_is_440)
{
	struct wire *wire = wire_with_three_targets();

	wire_request(wire, &(struct wire_request){ .headers = "Max-Breadth: 0\r\n" });
	cr_expect_str_eq(wire_start_line(wire, wire_last(wire, "440", WIRE_CALLER)),
		"SIP/2.0 440 Max-Breadth Exceeded");
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 0);
	wire_close(wire);
}

/* ---- Merged requests ---- */

static void send_options(struct wire *wire, const char *uri, const char *branch, const char *to)
{
	wire_request(wire,
		&(struct wire_request){ .method = "OPTIONS",
			.uri = uri,
			.to = to,
			.via = wire_print(wire, "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-%s",
				branch) });
}

Test(rfc3261_8_2_2_2, what_comes_twice_by_different_ways_is_answered_once)
{
	struct wire *wire = wire_open();

	send_options(wire, "sip:10.0.0.1", "one", NULL);
	send_options(wire, "sip:10.0.0.1", "two", NULL);
	cr_expect_str_eq(wire_story(wire, 0), "200 482");
	send_options(wire, "sip:10.0.0.1", "one", NULL);
	cr_expect_str_eq(wire_story(wire, 2), "200", "the same again is a retransmission");
	wire_close(wire);
}

Test(rfc3261_8_2_2_2, within_a_dialog_nothing_is_merged)
{
	struct wire *wire = wire_open();

	send_options(wire, "sip:10.0.0.1", "one", "<sip:bob@example.org>;tag=callee");
	send_options(wire, "sip:10.0.0.1", "two", "<sip:bob@example.org>;tag=callee");
	cr_expect_str_eq(wire_story(wire, 0), "200 200");
	wire_close(wire);
}

Test(rfc3261_8_2_2_2, after_the_transaction_it_is_a_new_request)
{
	struct wire *wire = wire_open();

	send_options(wire, "sip:10.0.0.1", "one", NULL);
	wire_advance_to(wire, 32000);
	send_options(wire, "sip:10.0.0.1", "two", NULL);
	cr_expect_str_eq(wire_story(wire, 0), "200 200");
	wire_close(wire);
}

/* A proxy before us has forked to two users, both of whom are reached by us. */
Test(rfc3261_8_2_2_2, what_is_relayed_is_relayed_twice)
{
	struct wire *wire = wire_open();

	send_options(wire, "sip:bob@10.0.0.1", "one", NULL);
	send_options(wire, "sip:bob@10.0.0.1", "two", NULL);
	cr_expect_str_eq(wire_story(wire, 0), "OPTIONS OPTIONS");
	wire_close(wire);
}
