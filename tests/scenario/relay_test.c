/* SPDX-License-Identifier: MIT
 * The relay in ordinary calls: RFC 3261 16.6 and 16.7, and what the handler may do instead.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

/* ---- The request on its way ---- */

Test(rfc3261_17_2_1, an_invite_is_answered_with_100_at_once)
{
	struct wire *wire = wire_open();
	const struct wire_sent *trying;

	wire_invite(wire);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE");
	trying = wire_find(wire, "100", WIRE_CALLER, 0);
	cr_assert_not_null(trying);
	cr_expect_eq(trying->at_ms, 0);
	cr_expect_str_eq(wire_header(wire, trying, "To", 0), "<sip:bob@example.org>");
	cr_expect_str_eq(wire_header(wire, trying, "Via", 0),
		"SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller");
	cr_expect_str_eq(wire_header(wire, trying, "CSeq", 0), "1 INVITE");
	wire_close(wire);
}

Test(rfc3261_8_2_6_1, a_100_repeats_the_timestamp)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .headers = "Timestamp: 54.1\r\n" });
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "100", NULL, 0), "Timestamp", 0),
		"54.1");
	wire_close(wire);
}

Test(rfc3261_17_2_2, no_100_at_once_for_other_methods)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	cr_expect_str_eq(wire_story(wire, 0), "OPTIONS");
	wire_close(wire);
}

Test(rfc3261_16_6_3, max_forwards_is_decremented)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire_request(wire, &(struct wire_request){ .max_forwards = "10" });
	invite = wire_find(wire, "INVITE", WIRE_CALLEE, 0);
	cr_expect_str_eq(wire_header(wire, invite, "Max-Forwards", 0), "9");
	cr_expect_eq(wire_header_count(wire, invite, "Max-Forwards"), 1);
	wire_close(wire);
}

Test(rfc3261_16_6_3, max_forwards_of_one_becomes_zero)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .max_forwards = "1" });
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0),
				 "Max-Forwards", 0),
		"0");
	wire_close(wire);
}

Test(rfc3261_16_6_3, max_forwards_is_70_when_absent)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .max_forwards = "" });
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0),
				 "Max-Forwards", 0),
		"70");
	wire_close(wire);
}

Test(rfc3261_16_6_8, our_via_comes_first_with_a_branch_of_its_own)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire), *other;
	const char *via = wire_header(wire, invite, "Via", 0);

	cr_expect_eq(strncmp(via, "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK", 40), 0, "%s", via);
	cr_expect_gt(strlen(wire_branch(wire, invite)), 7);
	cr_expect_str_eq(wire_header(wire, invite, "Via", 1),
		"SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller");
	cr_expect_eq(wire_header_count(wire, invite, "Via"), 2);
	wire_request(wire, &(struct wire_request){ .call_id = "call-2",
				   .via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-other" });
	other = wire_last(wire, "INVITE", WIRE_CALLEE);
	cr_expect_str_neq(wire_branch(wire, invite), wire_branch(wire, other));
	wire_close(wire);
}

Test(rfc3261_16_6_9, content_length_is_added_where_it_is_missing)
{
	struct wire *wire = wire_open();
	const struct wire_sent *message;

	wire_receive(wire, WSIP_UDP, WIRE_CALLER,
		"MESSAGE sip:bob@10.0.0.1 SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-1\r\n"
		"From: <sip:alice@example.com>;tag=caller\r\nTo: <sip:bob@example.org>\r\n"
		"Call-ID: call-1\r\nCSeq: 1 MESSAGE\r\n\r\nhello");
	message = wire_find(wire, "MESSAGE", WIRE_CALLEE, 0);
	cr_assert_not_null(message);
	cr_expect_str_eq(wire_header(wire, message, "Content-Length", 0), "5");
	cr_expect_str_eq(message->text + message->size - 9, "\r\n\r\nhello");
	wire_close(wire);
}

/* RFC 3261 16.6 step 1: the copy has all headers, known or not, in their order, and the body. */
Test(rfc3261_16_6_1, headers_and_body_go_on_as_they_came)
{
	static const char headers[] =
		"X-Unknown: \"a,b\" ; c=1\r\nSubject: one\r\n two\r\n"
		"x-UNKNOWN: again\r\nRequire: precondition\r\nSupported: 100rel, timer\r\n";
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire_request(wire,
		&(struct wire_request){ .headers = headers, .body = "v=0\r\no=- 1\r\n" });
	invite = wire_find(wire, "INVITE", WIRE_CALLEE, 0);
	cr_assert_not_null(invite);
	cr_expect_not_null(strstr(invite->text, headers));
	cr_expect_not_null(strstr(invite->text, "\r\nContent-Length: 12\r\n"));
	cr_expect_not_null(strstr(invite->text, "\r\n\r\nv=0\r\no=- 1\r\n"));
	cr_expect_str_eq(wire_header(wire, invite, "From", 0),
		"\"Alice\" <sip:alice@example.com>;tag=caller");
	wire_close(wire);
}

Test(rfc3261_16_5, a_next_hop_keeps_the_user_of_a_request_uri_that_named_us)
{
	struct wire *wire = wire_open();

	cr_expect_str_eq(wire_start_line(wire, wire_invite(wire)),
		"INVITE sip:bob@10.0.0.3:5060 SIP/2.0");
	wire_close(wire);
}

Test(rfc3261_16_6_2, a_next_hop_leaves_the_request_uri_of_another_domain)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .uri = "sip:bob@example.org;user=phone" });
	cr_expect_str_eq(wire_start_line(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0)),
		"INVITE sip:bob@example.org;user=phone SIP/2.0");
	wire_close(wire);
}

Test(rfc3261_16_5, a_contact_becomes_the_request_uri)
{
	struct wire *wire = wire_open();

	wire->use = WSIP_USE_CONTACT;
	wire->targets[0] = "sip:phone7@" WIRE_SECOND ";ob";
	wire_invite(wire);
	cr_expect_str_eq(wire_start_line(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0)),
		"INVITE sip:phone7@10.0.0.4:5060;ob SIP/2.0");
	wire_close(wire);
}

/* RFC 3261 19.1.1: `method` and headers have no place in a Request-URI. */
Test(rfc3261_19_1_1, a_contact_leaves_its_method_and_headers_behind)
{
	struct wire *wire = wire_open();

	wire->use = WSIP_USE_CONTACT;
	wire->targets[0] = "sip:phone7@" WIRE_SECOND ";method=BYE;ob;x=1?Subject=a&Route=b";
	wire_invite(wire);
	cr_expect_str_eq(wire_start_line(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0)),
		"INVITE sip:phone7@10.0.0.4:5060;ob;x=1 SIP/2.0");
	wire_close(wire);
}

Test(rfc3261_16_6_7, a_destination_of_the_handler_comes_before_the_route_sources)
{
	struct wire *wire = wire_open();

	wire->relay.destination = "sip:carrier@" WIRE_SECOND;
	wire_invite(wire);
	cr_expect_str_eq(wire_start_line(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0)),
		"INVITE sip:carrier@10.0.0.4:5060 SIP/2.0");
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_CALLEE), 0);
	wire_close(wire);
}

Test(rfc3261_16_6_10, a_tcp_target_is_sent_to_over_tcp)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->targets[0] = "sip:" WIRE_CALLEE ";transport=tcp";
	invite = wire_invite(wire);
	cr_expect_eq(invite->flow.transport, WSIP_TCP);
	cr_expect_eq(invite->flow.listener, WIRE_LISTENER_TCP);
	cr_expect_eq(strncmp(wire_header(wire, invite, "Via", 0), "SIP/2.0/TCP 10.0.0.1:5060;", 26),
		0);
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 1);
	wire_close(wire);
}

/* ---- The responses on their way back ---- */

Test(rfc3261_16_7_5, a_100_is_never_forwarded)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 100);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE");
	wire_reply(wire, invite, 486);
	wire_close(wire);
}

Test(rfc3261_16_7_5, every_other_provisional_response_is_forwarded)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 180);
	wire_reply(wire, invite, 183);
	wire_reply(wire, invite, 183);
	wire_reply(wire, invite, 199);
	cr_expect_str_eq(wire_story(wire, 2), "180 183 183 199");
	wire_reply(wire, invite, 486);
	wire_close(wire);
}

Test(rfc3261_16_7_3, our_via_comes_off_and_nothing_else_changes)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire), *ringing;
	const char *reply = wire_reply_text(wire, invite,
		&(struct wire_reply){
			.status = 180, .headers = "X-Unknown: a;b , c\r\nServer: x\r\n" });

	wire_receive(wire, WSIP_UDP, WIRE_CALLEE, reply);
	ringing = wire_find(wire, "180", WIRE_CALLER, 0);
	cr_assert_not_null(ringing);
	cr_expect_eq(wire_header_count(wire, ringing, "Via"), 1);
	cr_expect_str_eq(wire_header(wire, ringing, "Via", 0),
		"SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller");
	cr_expect_str_eq(strstr(ringing->text, "Record-Route:"), strstr(reply, "Record-Route:"));
	cr_expect_str_eq(wire_start_line(wire, ringing), "SIP/2.0 180 Whatever");
	wire_reply(wire, invite, 486);
	wire_close(wire);
}

Test(rfc3261_16_7_3, both_vias_in_one_line_are_taken_apart)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
		wire_print(wire,
			"SIP/2.0 486 Busy\r\n"
			"v: %s ,\t%s\r\nf: %s\r\nt: %s;tag=1\r\ni: call-1\r\nCSeq: 1 INVITE\r\nl: "
			"0\r\n\r\n",
			wire_header(wire, invite, "Via", 0), wire_header(wire, invite, "Via", 1),
			wire_header(wire, invite, "From", 0), wire_header(wire, invite, "To", 0)));
	cr_expect_not_null(strstr(wire_find(wire, "486", WIRE_CALLER, 0)->text,
		": SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller\r\n"));
	cr_expect_null(strstr(wire_find(wire, "486", WIRE_CALLER, 0)->text,
		"10.0.0.1:5060;branch"));
	wire_close(wire);
}

Test(rfc3261_16_7_9, content_length_is_added_where_it_is_missing)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire), *busy;

	wire_receive(wire, WSIP_UDP, WIRE_CALLEE,
		wire_print(wire,
			"SIP/2.0 486 Busy\r\nVia: %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s;tag=1\r\n"
			"Call-ID: call-1\r\nCSeq: 1 INVITE\r\n\r\nbody",
			wire_header(wire, invite, "Via", 0), wire_header(wire, invite, "Via", 1),
			wire_header(wire, invite, "From", 0), wire_header(wire, invite, "To", 0)));
	busy = wire_find(wire, "486", WIRE_CALLER, 0);
	cr_assert_not_null(busy);
	cr_expect_str_eq(wire_header(wire, busy, "Content-Length", 0), "4");
	wire_close(wire);
}

Test(rfc3261_16_7_5, every_2xx_is_forwarded_the_repeated_ones_too)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_advance_to(wire, 1000);
	wire_reply(wire, invite, 200);
	wire_advance_to(wire, 1500);
	wire_reply(wire, invite, 200);
	wire_reply_with(wire, invite, &(struct wire_reply){ .status = 202, .to_tag = "fork" });
	wire_advance_to(wire, 32999);
	wire_reply(wire, invite, 200);
	cr_expect_str_eq(wire_times(wire, "200", WIRE_CALLER), "1000 1500 32999");
	cr_expect_str_eq(wire_times(wire, "202", WIRE_CALLER), "1500");
	wire_close(wire);
}

Test(rfc3261_16_7_6, a_final_response_goes_up_once)
{
	struct wire *wire = wire_open();
	const struct wire_sent *options;

	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	options = wire_find(wire, "OPTIONS", WIRE_CALLEE, 0);
	wire_reply(wire, options, 404);
	wire_reply(wire, options, 404);
	wire_reply(wire, options, 200);
	cr_expect_str_eq(wire_story(wire, 0), "OPTIONS 404");
	wire_close(wire);
}

Test(rfc3261_18_2_2, the_response_goes_along_the_connection_of_the_request)
{
	struct wire *wire = wire_open();
	const struct wire_sent *response;

	wire_request(wire,
		&(struct wire_request){ .transport = WSIP_TCP, .source = "10.0.0.2:40001" });
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 486);
	response = wire_find(wire, "486", NULL, 0);
	cr_assert_not_null(response);
	cr_expect_eq(response->flow.transport, WSIP_TCP);
	cr_expect_eq(response->flow.connection, wire_flow(WSIP_TCP, "10.0.0.2:40001").connection);
	cr_expect_eq(response->flow.listener, WIRE_LISTENER_TCP);
	wire_close(wire);
}

/* ---- What the handler may do ---- */

static void do_nothing(struct wsip_request *request, void *user)
{
	(void)request;
	(void)user;
}

Test(handler, one_that_does_nothing_gives_500)
{
	struct wire *wire = wire_open();

	wire->on_request = do_nothing;
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_str_eq(wire_story(wire, 0), "500");
	wire_ack_rejection(wire, &(struct wire_request){ 0 }, wire_last(wire, "500", WIRE_CALLER));
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	cr_expect_str_eq(wire_story(wire, 0), "500 500");
	wire_close(wire);
}

static void answer_here(struct wsip_request *request, void *user)
{
	struct wire *wire = user;

	cr_expect_eq(wsip_request_answer(request, 180, NULL), WSIP_OK);
	cr_expect_eq(wsip_request_answer(request, 603, "Go Away"), WSIP_OK);
	cr_expect_eq(wsip_request_answer(request, 200, NULL), WSIP_ERR_STATE);
	cr_expect_eq(wsip_relay(request, &wire->relay), WSIP_ERR_STATE);
}

Test(handler, an_answer_of_its_own_has_a_to_tag_and_is_the_only_one)
{
	struct wire *wire = wire_open();
	const struct wire_sent *response;

	wire->on_request = answer_here;
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_str_eq(wire_story(wire, 0), "180 603");
	response = wire_find(wire, "603", WIRE_CALLER, 0);
	cr_expect_str_eq(wire_start_line(wire, response), "SIP/2.0 603 Go Away");
	cr_expect_not_null(strstr(wire_header(wire, response, "To", 0), ";tag="));
	cr_expect_str_eq(wire_header(wire, response, "To", 0),
		wire_header(wire, wire_find(wire, "180", NULL, 0), "To", 0));
	wire_close(wire);
}

static void relay_twice(struct wsip_request *request, void *user)
{
	struct wire *wire = user;

	cr_expect_eq(wsip_relay(request, &wire->relay), WSIP_OK);
	cr_expect_eq(wsip_relay(request, &wire->relay), WSIP_ERR_STATE);
}

Test(handler, a_request_is_relayed_once)
{
	struct wire *wire = wire_open();

	wire->on_request = relay_twice;
	wire_invite(wire);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE");
	wire_close(wire);
}

static void edit_and_relay(struct wsip_request *request, void *user)
{
	struct wire *wire = user;

	cr_expect_eq(wsip_msg_set(wsip_request_msg(request), "Subject", wsip_span_of("edited")),
		WSIP_OK);
	wsip_relay(request, &wire->relay);
}

Test(handler, its_edits_of_the_request_go_to_every_attempt)
{
	struct wire *wire = wire_open();

	wire->on_request = edit_and_relay;
	wire->targets[1] = "sip:" WIRE_SECOND;
	wire_reply(wire, wire_invite(wire), 503);
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), "Subject", 0),
		"edited");
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0), "Subject", 0),
		"edited");
	wire_close(wire);
}

static enum wsip_verdict edit_response(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	(void)relay;
	(void)user;
	cr_expect_eq(wsip_msg_set(response, "Server", wsip_span_of("edited")), WSIP_OK);
	return WSIP_FORWARD;
}

Test(handler, its_edits_of_a_response_are_forwarded)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = edit_response;
	wire_reply(wire, wire_invite(wire), 486);
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "486", WIRE_CALLER, 0), "Server", 0),
		"edited");
	wire_close(wire);
}

static unsigned int freed;

static void count_free(void *data)
{
	(void)data;
	freed++;
}

static void keep_data(struct wsip_request *request, void *user)
{
	struct wire *wire = user;

	wsip_request_set_data(request, wire, count_free);
	wsip_relay(request, &wire->relay);
}

Test(handler, its_data_is_freed_once_when_the_request_ends)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->on_request = keep_data;
	invite = wire_invite(wire);
	wire_reply(wire, invite, 180);
	cr_expect_eq(freed, 0);
	wire_reply(wire, invite, 486);
	cr_expect_eq(freed, 1);
	wire_close(wire);
	cr_expect_eq(freed, 1);
}

/* RFC 3261 16.3 step 1: nothing is refused for a method or a header that is not known. */
Test(rfc3261_16_3_1, an_unknown_method_is_relayed)
{
	struct wire *wire = wire_open();

	wire_request(wire,
		&(struct wire_request){ .method = "UNHEARD-OF", .headers = "X-Unheard: of\r\n" });
	cr_assert_not_null(wire_find(wire, "UNHEARD-OF", WIRE_CALLEE, 0));
	cr_expect_str_eq(wire_header(wire, wire_find(wire, "UNHEARD-OF", WIRE_CALLEE, 0),
				 "X-Unheard", 0),
		"of");
	wire_reply(wire, wire_last(wire, "UNHEARD-OF", NULL), 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	wire_close(wire);
}
