/* SPDX-License-Identifier: MIT
 * Route and Record-Route: RFC 3261 16.4 and 16.6 steps 4, 6 and 7, RFC 5658.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

static const struct wire_sent *sent_with(struct wire *wire, const struct wire_request *request)
{
	wire_request(wire, request);
	return wire_last(wire, request->method ? request->method : "INVITE", NULL);
}

/* ---- Record-Route ---- */

Test(rfc3261_16_6_4, an_invite_gets_our_record_route)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	cr_expect_str_eq(wire_header(wire, invite, "Record-Route", 0), "<sip:10.0.0.1:5060;lr>");
	cr_expect_eq(wire_header_count(wire, invite, "Record-Route"), 1);
	wire_close(wire);
}

Test(rfc3261_16_6_4, ours_comes_before_those_that_are_there)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = sent_with(wire,
		&(struct wire_request){ .headers = "Record-Route: <sip:p2.example.com;lr>, "
						   "<sip:p1.example.com;lr>\r\n" });

	cr_expect_str_eq(wire_header(wire, invite, "Record-Route", 0), "<sip:10.0.0.1:5060;lr>");
	cr_expect_str_eq(wire_header(wire, invite, "Record-Route", 1),
		"<sip:p2.example.com;lr>, <sip:p1.example.com;lr>");
	wire_close(wire);
}

Test(rfc3261_16_6_4, requests_that_start_a_dialog_get_it)
{
	static const char *const methods[] = { "INVITE", "SUBSCRIBE", "REFER", "NOTIFY" };

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		struct wire *wire = wire_open();

		cr_expect_eq(wire_header_count(wire,
				     sent_with(wire,
					     &(struct wire_request){ .method = methods[i] }),
				     "Record-Route"),
			1, "%s", methods[i]);
		wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
		wire_close(wire);
	}
}

Test(rfc3261_16_6_4, other_requests_do_not)
{
	static const char *const methods[] = { "OPTIONS", "MESSAGE", "REGISTER", "PUBLISH",
		"INFO" };

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		struct wire *wire = wire_open();

		cr_expect_eq(wire_header_count(wire,
				     sent_with(wire,
					     &(struct wire_request){ .method = methods[i] }),
				     "Record-Route"),
			0, "%s", methods[i]);
		wire_close(wire);
	}
}

Test(rfc3261_16_6_4, a_request_within_a_dialog_does_not)
{
	struct wire *wire = wire_open();

	cr_expect_eq(wire_header_count(wire,
			     sent_with(wire,
				     &(struct wire_request){
					     .to = "<sip:bob@example.org>;tag=callee" }),
			     "Record-Route"),
		0);
	wire_close(wire);
}

Test(rfc3261_16_6_4, none_where_the_handler_does_not_want_it)
{
	struct wire *wire = wire_open();

	wire->relay.record_route = WSIP_RECORD_ROUTE_NEVER;
	cr_expect_eq(wire_header_count(wire, wire_invite(wire), "Record-Route"), 0);
	wire_close(wire);
}

/* The parameters may stand in any order. */
static void expect_tcp_record_route(const char *value)
{
	cr_expect_eq(strncmp(value, "<sip:10.0.0.1:5060;", 19), 0, "%s", value);
	cr_expect_not_null(strstr(value, ";transport=tcp"), "%s", value);
	cr_expect_not_null(strstr(value, ";lr"), "%s", value);
}

/* RFC 5658 5: the callee's side on top, so that each side finds the address it can reach. */
Test(rfc5658_5, two_of_them_from_udp_to_tcp)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->targets[0] = "sip:" WIRE_CALLEE ";transport=tcp";
	invite = wire_invite(wire);
	expect_tcp_record_route(wire_header(wire, invite, "Record-Route", 0));
	cr_expect_str_eq(wire_header(wire, invite, "Record-Route", 1), "<sip:10.0.0.1:5060;lr>");
	cr_expect_eq(wire_header_count(wire, invite, "Record-Route"), 2);
	wire_close(wire);
}

Test(rfc5658_5, two_of_them_from_tcp_to_udp)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = sent_with(wire,
		&(struct wire_request){ .transport = WSIP_TCP });

	cr_expect_str_eq(wire_header(wire, invite, "Record-Route", 0), "<sip:10.0.0.1:5060;lr>");
	expect_tcp_record_route(wire_header(wire, invite, "Record-Route", 1));
	wire_close(wire);
}

Test(rfc5658_5, two_of_them_from_one_address_to_another)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = sent_with(wire,
		&(struct wire_request){ .source = "127.0.0.1:5070" });

	cr_expect_eq(invite->flow.listener, WIRE_LISTENER_UDP);
	cr_expect_str_eq(wire_header(wire, invite, "Record-Route", 0), "<sip:10.0.0.1:5060;lr>");
	cr_expect_str_eq(wire_header(wire, invite, "Record-Route", 1), "<sip:127.0.0.1:5060;lr>");
	wire_close(wire);
}

/* ---- Route ---- */

static const struct wire_request bye = {
	.method = "BYE", .uri = "sip:bob@10.0.0.3:5060", .to = "<sip:bob@example.org>;tag=callee"
};

Test(rfc3261_16_4, our_own_route_is_taken_off)
{
	struct wire *wire = wire_open();
	struct wire_request request = bye;
	const struct wire_sent *sent;

	request.headers = "Route: <sip:10.0.0.1:5060;lr>\r\n";
	sent = sent_with(wire, &request);
	cr_expect_str_eq(sent->to, WIRE_CALLEE);
	cr_expect_eq(wire_header_count(wire, sent, "Route"), 0);
	cr_expect_str_eq(wire_start_line(wire, sent), "BYE sip:bob@10.0.0.3:5060 SIP/2.0");
	wire_close(wire);
}

Test(rfc5658_5, both_of_a_double_record_route_are_taken_off_in_one_pass)
{
	static const char *const headers[] = {
		"Route: <sip:10.0.0.1:5060;lr;transport=tcp>, <sip:10.0.0.1:5060;lr>, "
		"<sip:10.0.0.4;lr>\r\n",
		"Route: <sip:127.0.0.1:5060;lr>\r\nRoute: <sip:10.0.0.1;lr>\r\n"
		"Route: <sip:10.0.0.4;lr>\r\n",
	};

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct wire *wire = wire_open();
		struct wire_request request = bye;
		const struct wire_sent *sent;

		request.headers = headers[i];
		sent = sent_with(wire, &request);
		cr_assert_not_null(sent);
		cr_expect_str_eq(sent->to, WIRE_SECOND);
		cr_expect_eq(wire_header_count(wire, sent, "Route"), 1);
		cr_expect_str_eq(wire_header(wire, sent, "Route", 0), "<sip:10.0.0.4;lr>");
		wire_close(wire);
	}
}

Test(rfc3261_16_4, our_own_route_behind_that_of_another_stays)
{
	struct wire *wire = wire_open();
	struct wire_request request = bye;
	const struct wire_sent *sent;

	request.headers = "Route: <sip:10.0.0.4;lr>, <sip:10.0.0.1;lr>\r\n";
	sent = sent_with(wire, &request);
	cr_expect_str_eq(sent->to, WIRE_SECOND);
	cr_expect_str_eq(wire_header(wire, sent, "Route", 0),
		"<sip:10.0.0.4;lr>, <sip:10.0.0.1;lr>");
	wire_close(wire);
}

Test(rfc3261_16_6_7, a_loose_router_is_the_next_hop_and_keeps_its_route)
{
	struct wire *wire = wire_open();
	struct wire_request request = bye;
	const struct wire_sent *sent;

	request.headers = "Route: <sip:10.0.0.4:5060;lr>\r\nRoute: <sip:p9.example.com;lr>\r\n";
	sent = sent_with(wire, &request);
	cr_expect_str_eq(sent->to, WIRE_SECOND);
	cr_expect_str_eq(wire_start_line(wire, sent), "BYE sip:bob@10.0.0.3:5060 SIP/2.0");
	cr_expect_str_eq(wire_header(wire, sent, "Route", 0), "<sip:10.0.0.4:5060;lr>");
	cr_expect_str_eq(wire_header(wire, sent, "Route", 1), "<sip:p9.example.com;lr>");
	wire_close(wire);
}

Test(rfc3261_16_6_6, a_strict_router_gets_its_uri_as_request_uri)
{
	struct wire *wire = wire_open();
	struct wire_request request = bye;
	const struct wire_sent *sent;

	request.headers = "Route: <sip:10.0.0.4:5060;x=y>\r\nRoute: <sip:p9.example.com;lr>\r\n";
	sent = sent_with(wire, &request);
	cr_expect_str_eq(sent->to, WIRE_SECOND);
	cr_expect_str_eq(wire_start_line(wire, sent), "BYE sip:10.0.0.4:5060;x=y SIP/2.0");
	cr_expect_str_eq(wire_header(wire, sent, "Route", 0), "<sip:p9.example.com;lr>");
	cr_expect_str_eq(wire_header(wire, sent, "Route", 1), "<sip:bob@10.0.0.3:5060>");
	cr_expect_eq(wire_header_count(wire, sent, "Route"), 2);
	wire_close(wire);
}

/* RFC 3261 16.4: a strict router before us put our Record-Route where the Request-URI belongs, and
 * the Request-URI at the end of the route (16.12.1.2). */
Test(rfc3261_16_4, the_request_uri_comes_back_from_a_strict_router)
{
	struct wire *wire = wire_open();
	struct wire_request request = bye;
	const struct wire_sent *sent;

	request.uri = "sip:10.0.0.1:5060;lr";
	request.headers = "Route: <sip:10.0.0.4;lr>, <sip:bob@10.0.0.3:5060>\r\n";
	sent = sent_with(wire, &request);
	cr_assert_not_null(sent);
	cr_expect_str_eq(wire_start_line(wire, sent), "BYE sip:bob@10.0.0.3:5060 SIP/2.0");
	cr_expect_str_eq(wire_header(wire, sent, "Route", 0), "<sip:10.0.0.4;lr>");
	cr_expect_str_eq(sent->to, WIRE_SECOND);
	wire_close(wire);
}

Test(rfc3261_16_4, the_last_route_becomes_the_request_uri_and_the_next_hop)
{
	struct wire *wire = wire_open();
	struct wire_request request = bye;
	const struct wire_sent *sent;

	request.uri = "sip:10.0.0.1:5060;lr";
	request.headers = "Route: <sip:bob@10.0.0.3:5060>\r\n";
	sent = sent_with(wire, &request);
	cr_assert_not_null(sent);
	cr_expect_str_eq(wire_start_line(wire, sent), "BYE sip:bob@10.0.0.3:5060 SIP/2.0");
	cr_expect_eq(wire_header_count(wire, sent, "Route"), 0);
	cr_expect_str_eq(sent->to, WIRE_CALLEE);
	wire_close(wire);
}

/* Only what we put into a Record-Route: a request to the proxy itself keeps its Request-URI. */
Test(rfc3261_16_4, a_request_uri_of_ours_that_was_no_record_route_stays)
{
	static const char *const uris[] = { "sip:10.0.0.1:5060", "sip:bob@10.0.0.1;lr" };

	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		struct wire *wire = wire_open();
		const struct wire_sent *sent = sent_with(wire,
			&(struct wire_request){ .method = "OPTIONS",
				.uri = uris[i],
				.headers = "Route: <sip:10.0.0.4;lr>\r\n" });

		cr_expect_str_eq(wire_start_line(wire, sent),
			wire_print(wire, "OPTIONS %s SIP/2.0", uris[i]));
		cr_expect_str_eq(sent->to, WIRE_SECOND);
		wire_close(wire);
	}
}

Test(rfc3261_16_5, a_request_of_a_dialog_goes_to_its_request_uri)
{
	struct wire *wire = wire_open();
	struct wire_request request = bye;
	const struct wire_sent *sent;

	wire->source_err = WSIP_ERR_NOT_FOUND;
	request.uri = "sip:bob@10.0.0.5";
	sent = sent_with(wire, &request);
	cr_expect_str_eq(sent->to, WIRE_THIRD);
	cr_expect_str_eq(wire_start_line(wire, sent), "BYE sip:bob@10.0.0.5 SIP/2.0");
	wire_close(wire);
}

/* RFC 3261 19.1.1: maddr is where it is sent to. */
Test(rfc3261_16_6_7, maddr_and_port_say_where_it_is_sent)
{
	struct wire *wire = wire_open();
	struct wire_request request = bye;

	request.uri = "sip:bob@example.org:5075;maddr=10.0.0.5";
	cr_expect_str_eq(sent_with(wire, &request)->to, "10.0.0.5:5075");
	wire_close(wire);
}

/* A whole dialog over a double Record-Route, in both directions. */
Test(rfc5658_5, a_dialog_finds_its_way_in_both_directions)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite, *ok, *sent;

	wire->targets[0] = "sip:" WIRE_CALLEE ";transport=tcp";
	invite = wire_invite(wire);
	wire_reply(wire, invite, 200);
	ok = wire_last(wire, "200", WIRE_CALLER);
	cr_expect_eq(wire_header_count(wire, ok, "Record-Route"), 2);
	sent = sent_with(wire, &(struct wire_request){ .method = "BYE",
				       .uri = "sip:bob@10.0.0.3;transport=tcp",
				       .to = "<sip:bob@example.org>;tag=callee",
				       .headers = wire_print(wire, "Route: %s\r\nRoute: %s\r\n",
					       wire_header(wire, ok, "Record-Route", 1),
					       wire_header(wire, ok, "Record-Route", 0)) });
	cr_expect_eq(sent->flow.transport, WSIP_TCP);
	cr_expect_str_eq(sent->to, WIRE_CALLEE);
	sent = sent_with(wire, &(struct wire_request){ .method = "BYE",
				       .transport = WSIP_TCP,
				       .source = WIRE_CALLEE,
				       .uri = "sip:alice@10.0.0.2",
				       .call_id = "call-2",
				       .to = "<sip:alice@example.com>;tag=caller",
				       .headers = wire_print(wire, "Route: %s, %s\r\n",
					       wire_header(wire, ok, "Record-Route", 0),
					       wire_header(wire, ok, "Record-Route", 1)) });
	cr_expect_eq(sent->flow.transport, WSIP_UDP);
	cr_expect_str_eq(sent->to, WIRE_CALLER);
	cr_expect_eq(wire_header_count(wire, sent, "Route"), 0);
	wire_close(wire);
}
