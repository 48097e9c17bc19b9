/* SPDX-License-Identifier: MIT
 * What is not relayed, and what its sender hears: RFC 3261 16.3, 8.2, 21; and never an answer to
 * what must not be answered.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/scenario/wire.h"

/* OPTIONS like this gets this answer, and nothing is forwarded. */
static const struct wire_sent *refused(struct wire *wire, const struct wire_request *request,
	const char *status)
{
	struct wire_request options = *request;
	const struct wire_sent *response;

	if (!options.method)
		options.method = "OPTIONS";
	wire_request(wire, &options);
	response = wire_find(wire, status, WIRE_CALLER, 0);
	cr_assert_not_null(response, "got: %s", wire_story(wire, 0));
	cr_expect_str_eq(wire_story(wire, 0), status);
	return response;
}

Test(rfc3261_16_3_3, max_forwards_0_is_483)
{
	struct wire *wire = wire_open();

	refused(wire, &(struct wire_request){ .max_forwards = "0" }, "483");
	wire_close(wire);
}

Test(rfc3261_16_3_3, max_forwards_0_of_an_invite_is_483_and_acked)
{
	struct wire *wire = wire_open();
	const struct wire_request invite = { .max_forwards = "0" };

	wire_request(wire, &invite);
	cr_expect_str_eq(wire_story(wire, 0), "483");
	wire_advance_to(wire, 100);
	wire_ack_rejection(wire, &invite, wire_last(wire, "483", NULL));
	wire_run_out(wire);
	cr_expect_str_eq(wire_story(wire, 0), "483");
	wire_close(wire);
}

Test(rfc3261_16_3_2, another_scheme_is_416)
{
	static const char *const uris[] = { "tel:+358-555-1234567", "http://example.org",
		"sips:bob@10.0.0.1", "x-unknown:anything" };

	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		struct wire *wire = wire_open();

		refused(wire, &(struct wire_request){ .uri = uris[i] }, "416");
		wire_close(wire);
	}
}

/* RFC 3261 16.3 step 5 and 8.2.2.3: each tag is named, in one header field or several. */
static void expect_unsupported(const char *headers, const char *expected)
{
	struct wire *wire = wire_open();
	const struct wire_sent *response = refused(wire,
		&(struct wire_request){ .headers = headers }, "420");
	const char *tags = "", *value;

	for (size_t i = 0; (value = wire_header(wire, response, "Unsupported", i)); i++)
		tags = wire_print(wire, "%s%s%s", tags, i > 0 ? ", " : "", value);
	cr_expect_str_eq(tags, expected, "%s", tags);
	wire_close(wire);
}

Test(rfc3261_16_3_5, an_unknown_proxy_require_is_420)
{
	expect_unsupported("Proxy-Require: foo\r\n", "foo");
	expect_unsupported("Proxy-Require: foo, bar\r\n", "foo, bar");
}

Test(rfc3261_8_2_2_3, the_proxy_require_of_every_header_field_is_named)
{
	expect_unsupported("Proxy-Require: foo, bar\r\nProxy-Require: x\r\n", "foo, bar, x");
}

Test(rfc3261_8_2_2_3, a_folded_proxy_require_is_named_too)
{
	struct wire *wire = wire_open();
	const struct wire_sent *response = refused(wire,
		&(struct wire_request){ .headers = "Proxy-Require: foo,\r\n bar\r\n" }, "420");

	cr_expect_not_null(wire_header(wire, response, "Unsupported", 0));
	wire_close(wire);
}

/* Not so for ACK, which has no answer (RFC 3261 8.2.2.3). */
Test(rfc3261_16_3_5, an_ack_is_forwarded_whatever_it_requires)
{
	struct wire *wire = wire_open();

	wire_request(wire,
		&(struct wire_request){ .method = "ACK", .headers = "Proxy-Require: foo\r\n" });
	cr_expect_str_eq(wire_story(wire, 0), "ACK");
	wire_close(wire);
}

Test(rfc3261_16_3_4, a_request_whose_next_hop_is_this_proxy_is_482)
{
	struct wire *wire = wire_open();

	wire->targets[0] = "sip:bob@10.0.0.1";
	refused(wire, &(struct wire_request){ 0 }, "482");
	wire_close(wire);
}

Test(rfc3261_16_3_4, our_other_addresses_are_ours_too)
{
	struct wire *wire = wire_open();

	wire->targets[0] = "sip:127.0.0.1:5060;transport=tcp";
	refused(wire, &(struct wire_request){ 0 }, "482");
	wire_close(wire);
}

Test(rfc3261_16_5, nobody_of_that_name_here_is_404)
{
	struct wire *wire = wire_open();

	wire->source_err = WSIP_ERR_NOT_FOUND;
	refused(wire, &(struct wire_request){ .uri = "sip:nobody@10.0.0.1" }, "404");
	wire_close(wire);
}

Test(rfc3261_16_5, nobody_there_now_is_480)
{
	struct wire *wire = wire_open();

	wire->targets[0] = NULL;
	refused(wire, &(struct wire_request){ 0 }, "480");
	wire_close(wire);
}

/* ATTACKS 23: no open relay. */
Test(rfc3261_21_4_4, another_domain_that_no_route_knows_is_403)
{
	struct wire *wire = wire_open();

	wire->source_err = WSIP_ERR_NOT_FOUND;
	refused(wire, &(struct wire_request){ .uri = "sip:bob@198.51.100.7" }, "403");
	wire_close(wire);
}

Test(rfc3261_21_5_1, a_route_source_in_trouble_is_500)
{
	struct wire *wire = wire_open();

	wire->source_err = WSIP_ERR_SYSTEM;
	refused(wire, &(struct wire_request){ 0 }, "500");
	wire_close(wire);
}

/* ATTACKS 23: a Route must not lead to where nobody may be sent to. */
Test(rfc3261_16_9, an_address_that_cannot_be_sent_to_is_500)
{
	static const char *const uris[] = { "sip:224.0.0.1", "sip:255.255.255.255", "sip:0.0.0.0",
		"sip:unresolved.example.org", "sip:10.0.0.3;transport=carrier-pigeon",
		"sip:[2001:db8::1]" };

	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		struct wire *wire = wire_open();

		wire->targets[0] = uris[i];
		refused(wire, &(struct wire_request){ 0 }, "500");
		cr_expect_eq(wire->core.counters.unroutable, 1);
		wire_close(wire);
	}
}

/* ATTACKS 23: a Route or Request-URI of a peer does not lead into this machine or its link. */
Test(attacks_23, nobody_outside_reaches_loopback_or_link_local_addresses)
{
	static const char *const routes[] = { "Route: <sip:127.0.0.1:5070;lr>\r\n",
		"Route: <sip:127.8.8.8;lr>\r\n", "Route: <sip:169.254.169.254;lr>\r\n" };

	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		struct wire *wire = wire_open();

		refused(wire, &(struct wire_request){ .headers = routes[i] }, "500");
		wire_request(wire, &(struct wire_request){ .method = "ACK", .headers = routes[i] });
		wire_request(wire,
			&(struct wire_request){
				.method = "CANCEL", .headers = routes[i], .call_id = "call-2" });
		cr_expect_eq(wire_count(wire, "ACK", NULL), 0);
		cr_expect_eq(wire_count(wire, "CANCEL", NULL), 0);
		wire_close(wire);
	}
}

/* A target is ours to know, a contact is what somebody registered. */
Test(attacks_23, a_target_may_be_on_this_machine_but_not_a_contact)
{
	struct wire *wire = wire_open();

	wire->targets[0] = "sip:127.0.0.1:5070";
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	cr_expect_eq(wire_count(wire, "OPTIONS", "127.0.0.1:5070"), 1);
	wire->use = WSIP_USE_CONTACT;
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS", .call_id = "call-2" });
	cr_expect_eq(wire_count(wire, "OPTIONS", NULL), 1);
	cr_expect_eq(wire_count(wire, "500", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(attacks_23, what_comes_from_this_machine_may_go_to_it)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .method = "OPTIONS",
				   .source = "127.0.0.1:5080",
				   .headers = "Route: <sip:127.0.0.1:5070;lr>\r\n" });
	cr_expect_eq(wire_count(wire, "OPTIONS", "127.0.0.1:5070"), 1);
	wire_close(wire);
}

/* ---- Wrong messages ---- */

static void wrong(const char *text, const char *status, const char *reason)
{
	struct wire *wire = wire_open();
	const struct wire_sent *response;

	wire_receive(wire, WSIP_UDP, WIRE_CALLER, text);
	cr_expect_str_eq(wire_story(wire, 0), status);
	response = wire_last(wire, status, WIRE_CALLER);
	cr_assert_not_null(response);
	cr_expect_not_null(strstr(wire_start_line(wire, response), reason), "%s",
		wire_start_line(wire, response));
	cr_expect_eq(wire->core.counters.bad_messages, 1);
	cr_expect_eq(wire->handled, 0);
	wire_close(wire);
}

#define VIA  "Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-1\r\n"
#define FROM "From: <sip:a@b>;tag=1\r\n"
#define TO   "To: <sip:c@d>\r\n"
#define REST "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\n"

Test(rfc3261_16_3_1, what_cannot_be_read_is_400)
{
	wrong("OPTIONS sip:c@10.0.0.1 SIP/2.0\r\n" VIA FROM TO REST "To: <sip:e@f>\r\n\r\n", "400",
		"Repeated To");
	wrong("OPTIONS sip:c@10.0.0.1 SIP/2.0\r\n" VIA FROM TO REST "Max-Forwards: x\r\n\r\n",
		"400", "Max-Forwards");
	wrong("OPTIONS sip:c@10.0.0.1 SIP/2.0\r\n" VIA FROM TO
	      "Call-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n",
		"400", "CSeq");
	wrong("OPTIONS sip:c@10.0.0.1 SIP/2.0\r\n" VIA FROM TO REST "Content-Length: 4\r\n\r\nabc",
		"400", "Content-Length");
	wrong("OPTIONS sip:c@10.0.0.1 SIP/2.0\r\n" VIA FROM TO REST "Route: <sip:x\r\n\r\n", "400",
		"Route");
}

Test(rfc3261_21_5_6, another_version_is_505)
{
	wrong("OPTIONS sip:c@10.0.0.1 SIP/3.0\r\n" VIA FROM TO REST "\r\n", "505", "Version");
}

Test(rfc3261_21_4_11, a_request_uri_of_many_kilobytes_is_414)
{
	static char text[8000];
	char user[3000];

	memset(user, 'u', sizeof(user));
	snprintf(text, sizeof(text),
		"OPTIONS sip:%.*s@10.0.0.1 SIP/2.0\r\n" VIA FROM TO REST "\r\n", (int)sizeof(user),
		user);
	wrong(text, "414", "Too Long");
}

Test(rfc3261_18_3, what_is_not_a_message_is_dropped_and_counted)
{
	static const char *const texts[] = { "", "\r\n\r\n", "hello", "SIP/2.0 200 OK\r\n\r\n",
		"OPTIONS sip:c@10.0.0.1 SIP/2.0\r\n" FROM TO REST "\r\n" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct wire *wire = wire_open();

		wire_receive(wire, WSIP_UDP, WIRE_CALLER, texts[i]);
		cr_expect_eq(wire->sent_count, 0, "%s", texts[i]);
		cr_expect_eq(wire->core.counters.bad_messages, 1, "%s", texts[i]);
		wire_close(wire);
	}
}

/* RFC 3261 8.2.7: the same wrong request gets the same answer, and no memory is spent on it. */
Test(rfc3261_8_2_7, an_answer_without_a_transaction_has_the_same_to_tag_each_time)
{
	struct wire *wire = wire_open();

	for (int i = 0; i < 2; i++)
		wire_request(wire,
			&(struct wire_request){ .method = "OPTIONS", .max_forwards = "999" });
	cr_expect_str_eq(wire_story(wire, 0), "400 400");
	cr_expect_str_eq(wire->sent[0].text, wire->sent[1].text);
	cr_expect_eq(wire->core.tx.pool.in_use, 0);
	wire_close(wire);
}

/* RFC 3261 8.2.7: who answers without a transaction ignores the ACK; it is not for the callee. Our
 * own To tag shows whose it is. */
Test(rfc3261_8_2_7, the_ack_of_an_answer_without_a_transaction_is_ignored)
{
	struct wire *wire = wire_open();
	const struct wire_request invite = { 0 };

	wsip_core_drain(&wire->core);
	wire_request(wire, &invite);
	wire_ack_rejection(wire, &invite, wire_last(wire, "503", WIRE_CALLER));
	cr_expect_str_eq(wire_story(wire, 0), "503");
	wire_close(wire);
}

/* ---- Draining ---- */

Test(draining, what_starts_something_new_is_503_with_retry_after)
{
	struct wire *wire = wire_open();

	wsip_core_drain(&wire->core);
	cr_expect_str_eq(wire_header(wire, refused(wire, &(struct wire_request){ 0 }, "503"),
				 "Retry-After", 0),
		"5");
	cr_expect_eq(wire->core.counters.refused_draining, 1);
	cr_expect_eq(wire->core.tx.pool.in_use, 0);
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_str_eq(wire_story(wire, 1), "503");
	wire_close(wire);
}

Test(draining, calls_under_way_go_on)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wsip_core_drain(&wire->core);
	wire_request(wire, &(struct wire_request){ 0 });
	wire_reply(wire, invite, 180);
	wire_request(wire, &(struct wire_request){ .method = "BYE",
				   .uri = "sip:bob@10.0.0.3",
				   .to = "<sip:bob@example.org>;tag=callee" });
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	cr_expect_str_eq(wire_story(wire, 2), "100 180 BYE 200 CANCEL");
	cr_expect_eq(wire->core.counters.refused_draining, 0);
	wire_close(wire);
}

/* ---- No room ---- */

/* base/limits.h, WSIP_TRANSACTIONS_MAX: beyond it, 503 with Retry-After. */
Test(rfc3261_21_5_4, no_room_for_a_transaction_is_503_with_retry_after)
{
	struct wire *wire = wire_open();
	const struct wire_sent *response;

	wire->core.tx.pool.limit = 0;
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	response = wire_find(wire, "503", WIRE_CALLER, 0);
	cr_assert_not_null(response, "got: %s", wire_story(wire, 0));
	cr_expect_not_null(wire_header(wire, response, "Retry-After", 0));
	cr_expect_eq(wire->core.counters.refused_memory, 1);
	wire_close(wire);
}

Test(rfc3261_21_5_4, no_room_for_a_request_is_503_with_retry_after)
{
	struct wire *wire = wire_open();
	const struct wire_sent *response;

	wire->core.requests.limit = 0;
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	response = wire_find(wire, "503", WIRE_CALLER, 0);
	cr_assert_not_null(response, "got: %s", wire_story(wire, 0));
	cr_expect_not_null(wire_header(wire, response, "Retry-After", 0));
	wire_close(wire);
}

/* What the network doubled, or the caller repeated before he heard of it. */
Test(rfc3261_8_2_7, what_was_refused_for_lack_of_room_stays_refused)
{
	struct wire *wire = wire_open();

	wire->core.requests.limit = 0;
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	wire->core.requests.limit = 100;
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	cr_expect_str_eq(wire_story(wire, 0), "503 503");
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS",
				   .via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-2" });
	cr_expect_str_eq(wire_story(wire, 2), "OPTIONS", "another one is not");
	wire_advance_to(wire, 32000);
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	cr_expect_str_eq(wire_story(wire, wire->sent_count - 1), "OPTIONS", "it is forgotten");
	wire_close(wire);
}

Test(rfc3261_17, an_ack_that_finds_no_room_is_not_answered)
{
	struct wire *wire = wire_open();

	wire->core.requests.limit = 0;
	wire_request(wire, &(struct wire_request){ .method = "ACK" });
	cr_expect_eq(wire->sent_count, 0);
	cr_expect_eq(wire->core.counters.refused_memory, 1);
	wire_close(wire);
}

/* The handler's mistake is told to the handler, and the caller has an answer. */
Test(handler, a_destination_that_is_no_sip_uri_is_500)
{
	static const char *const destinations[] = { "127.0.0.1:5071", "tel:+1", "" };

	for (size_t i = 0; i < sizeof(destinations) / sizeof(destinations[0]); i++) {
		struct wire *wire = wire_open();

		wire->relay.destination = destinations[i];
		refused(wire, &(struct wire_request){ 0 }, "500");
		wire_close(wire);
	}
}
