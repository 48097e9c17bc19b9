/* SPDX-License-Identifier: MIT
 * Where a request came from, and the way back: RFC 3261 18.2.1 and 18.2.2, RFC 3581.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

/* The top Via of the 100 that a request with this Via from this source gets, and where it went. */
static void expect_via(const char *via, const char *source, const char *expected, const char *to)
{
	struct wire *wire = wire_open();
	const struct wire_sent *trying, *invite;

	wire_request(wire, &(struct wire_request){ .via = via, .source = source });
	trying = wire_find(wire, "100", NULL, 0);
	cr_assert_not_null(trying);
	cr_expect_str_eq(wire_header(wire, trying, "Via", 0), expected, "%s",
		wire_header(wire, trying, "Via", 0));
	cr_expect_str_eq(trying->to, to, "went to %s", trying->to);
	invite = wire_find(wire, "INVITE", WIRE_CALLEE, 0);
	cr_expect_str_eq(wire_header(wire, invite, "Via", 1), expected);
	wire_reply(wire, invite, 486);
	cr_expect_str_eq(wire_find(wire, "486", NULL, 0)->to, to);
	wire_close(wire);
}

Test(rfc3261_18_2_1, no_received_where_the_source_is_the_sent_by)
{
	expect_via("SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-1", "10.0.0.2:5060",
		"SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-1", "10.0.0.2:5060");
}

Test(rfc3261_18_2_1, received_where_the_source_is_another_address)
{
	expect_via("SIP/2.0/UDP 192.168.1.7:5062;branch=z9hG4bK-1", "10.0.0.2:4444",
		"SIP/2.0/UDP 192.168.1.7:5062;received=10.0.0.2;branch=z9hG4bK-1", "10.0.0.2:5062");
}

Test(rfc3261_18_2_1, received_where_the_sent_by_is_a_name)
{
	expect_via("SIP/2.0/UDP pc33.example.com;branch=z9hG4bK-1", "10.0.0.2:4444",
		"SIP/2.0/UDP pc33.example.com;received=10.0.0.2;branch=z9hG4bK-1", "10.0.0.2:5060");
}

Test(rfc3261_18_2_2, the_port_is_that_of_the_sent_by)
{
	expect_via("SIP/2.0/UDP 10.0.0.2:5099;branch=z9hG4bK-1", "10.0.0.2:4444",
		"SIP/2.0/UDP 10.0.0.2:5099;branch=z9hG4bK-1", "10.0.0.2:5099");
}

Test(rfc3581_4, rport_is_filled_in_with_received)
{
	expect_via("SIP/2.0/UDP 192.168.1.7:5062;rport;branch=z9hG4bK-1", "10.0.0.2:4444",
		"SIP/2.0/UDP 192.168.1.7:5062;received=10.0.0.2;rport=4444;branch=z9hG4bK-1",
		"10.0.0.2:4444");
}

Test(rfc3581_4, received_is_there_with_rport_even_for_an_equal_address)
{
	expect_via("SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-1;rport", "10.0.0.2:5060",
		"SIP/2.0/UDP 10.0.0.2:5060;received=10.0.0.2;rport=5060;branch=z9hG4bK-1",
		"10.0.0.2:5060");
}

Test(rfc3261_18_2_1, what_the_client_says_of_its_source_is_replaced)
{
	expect_via("SIP/2.0/UDP 10.0.0.2:5060;received=203.0.113.9;rport=99;branch=z9hG4bK-1",
		"10.0.0.2:5060",
		"SIP/2.0/UDP 10.0.0.2:5060;received=10.0.0.2;rport=5060;branch=z9hG4bK-1",
		"10.0.0.2:5060");
	expect_via("SIP/2.0/UDP 10.0.0.2;received=203.0.113.9;branch=z9hG4bK-1", "10.0.0.2:5060",
		"SIP/2.0/UDP 10.0.0.2;received=10.0.0.2;branch=z9hG4bK-1", "10.0.0.2:5060");
}

Test(rfc3261_18_2_1, the_other_parameters_stay)
{
	expect_via("SIP/2.0/UDP 192.0.2.9:5060 ;branch=z9hG4bK-1;x=\"a;b\";alias; ttl=5",
		"10.0.0.2:5060",
		"SIP/2.0/UDP "
		"192.0.2.9:5060;received=10.0.0.2;branch=z9hG4bK-1;x=\"a;b\";alias;ttl=5",
		"10.0.0.2:5060");
}

Test(rfc3261_25_1, received_of_ipv6_has_no_brackets)
{
	expect_via("SIP/2.0/UDP pc33.example.com;branch=z9hG4bK-1", "[2001:db8::7]:4444",
		"SIP/2.0/UDP pc33.example.com;received=2001:db8::7;branch=z9hG4bK-1",
		"[2001:db8::7]:5060");
}

Test(rfc3261_18_2_1, equal_ipv6_addresses_may_be_written_in_two_ways)
{
	expect_via("SIP/2.0/UDP [2001:DB8:0::7]:5060;branch=z9hG4bK-1", "[2001:db8::7]:5060",
		"SIP/2.0/UDP [2001:DB8:0::7]:5060;branch=z9hG4bK-1", "[2001:db8::7]:5060");
}

Test(rfc3261_18_2_1, only_the_first_via_of_a_line_is_changed)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire_request(wire,
		&(struct wire_request){ .via = "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK-1, "
					       "SIP/2.0/TCP 192.0.2.8;branch=z9hG4bK-0" });
	invite = wire_find(wire, "INVITE", WIRE_CALLEE, 0);
	cr_expect_str_eq(wire_header(wire, invite, "Via", 1),
		"SIP/2.0/UDP 192.0.2.9;received=10.0.0.2;branch=z9hG4bK-1");
	cr_expect_str_eq(wire_header(wire, invite, "Via", 2),
		"SIP/2.0/TCP 192.0.2.8;branch=z9hG4bK-0");
	wire_close(wire);
}

/* RFC 3261 18.2.2: on a stream the connection counts; the port is for when it is gone. */
Test(rfc3261_18_2_2, a_stream_keeps_its_connection_whatever_the_via_says)
{
	struct wire *wire = wire_open();
	const struct wire_sent *trying;

	wire_request(wire, &(struct wire_request){ .transport = WSIP_TCP,
				   .source = "10.0.0.2:40001",
				   .via = "SIP/2.0/TCP 192.0.2.9:5070;branch=z9hG4bK-1" });
	trying = wire_find(wire, "100", NULL, 0);
	cr_expect_eq(trying->flow.connection, wire_flow(WSIP_TCP, "10.0.0.2:40001").connection);
	cr_expect_str_eq(trying->to, "10.0.0.2:5070");
	cr_expect_str_eq(wire_header(wire, trying, "Via", 0),
		"SIP/2.0/TCP 192.0.2.9:5070;received=10.0.0.2;branch=z9hG4bK-1");
	wire_close(wire);
}

/* Any token may stand for the transport (RFC 3261 25.1: other-transport), of any length. */
Test(rfc3261_18_2_1, a_very_long_transport_does_no_harm)
{
	for (int bytes = 100; bytes <= 1900; bytes += 100) {
		struct wire *wire = wire_open();
		char transport[2000] = { 0 };

		memset(transport, 'X', (size_t)bytes);
		wire_request(wire,
			&(struct wire_request){
				.via = wire_print(wire,
					"SIP/2.0/%s 192.0.2.9;rport;branch=z9hG4bK-1;x=%.500s",
					transport, transport) });
		wire_close(wire);
	}
}

/* Branches of 260 to 500 octets (CVE-2018-8828), sent twice, through CANCEL and ACK too. */
Test(attacks_1, long_branches_and_tags_do_no_harm)
{
	for (int bytes = 10; bytes <= 1500; bytes += 17) {
		struct wire *wire = wire_open();
		char filling[1600] = { 0 };
		struct wire_request invite = { 0 };

		memset(filling, 'x', (size_t)bytes);
		invite.via = wire_print(wire, "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK%s;rport",
			filling);
		invite.to = wire_print(wire, "<sip:bob@example.org>;x=%s", filling);
		wire_request(wire, &invite);
		wire_request(wire, &invite);
		wire_reply_with(wire, wire_last(wire, "INVITE", NULL),
			&(struct wire_reply){ .status = 180, .to_tag = filling });
		invite.method = "CANCEL";
		wire_request(wire, &invite);
		wire_reply_with(wire, wire_last(wire, "INVITE", NULL),
			&(struct wire_reply){ .status = 487, .to_tag = filling });
		wire_close(wire);
	}
}
