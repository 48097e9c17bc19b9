/* SPDX-License-Identifier: MIT
 * Responses to where the Via's maddr says: RFC 3261 18.2.2.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/scenario/wire.h"

static void expect_response_at(enum wsip_transport transport, const char *via, const char *to)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .via = via, .transport = transport });
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 486);
	cr_expect_str_eq(wire_last(wire, "486", NULL)->to, to, "%s", via);
	wire_close(wire);
}

Test(rfc3261_18_2_2, over_udp_the_response_goes_to_maddr)
{
	expect_response_at(WSIP_UDP, "SIP/2.0/UDP 10.0.0.2:5070;maddr=10.0.0.9;branch=z9hG4bK-1",
		"10.0.0.9:5070");
	expect_response_at(WSIP_UDP, "SIP/2.0/UDP 10.0.0.2;maddr=10.0.0.9;branch=z9hG4bK-1",
		"10.0.0.9:5060");
	expect_response_at(WSIP_UDP,
		"SIP/2.0/UDP 10.0.0.2:5070;maddr=10.0.0.9;rport;branch=z9hG4bK-1", "10.0.0.9:5070");
}

Test(rfc3261_18_2_2, over_tcp_the_connection_counts)
{
	expect_response_at(WSIP_TCP, "SIP/2.0/TCP 10.0.0.2:5060;maddr=10.0.0.9;branch=z9hG4bK-1",
		WIRE_CALLER);
}

/* Names are not looked up, multicast is not sent to, and nobody outside makes us talk to ourselves.
 */
Test(rfc3261_18_2_2, an_maddr_that_is_no_way_back_is_none)
{
	static const char *const others[] = { "example.org", "224.0.1.75", "127.0.0.1",
		"169.254.0.1", "[2001:db8::1]", "0.0.0.0", "255.255.255.255" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char via[128];

		snprintf(via, sizeof(via), "SIP/2.0/UDP 10.0.0.2:5060;maddr=%s;branch=z9hG4bK-1",
			others[i]);
		expect_response_at(WSIP_UDP, via, WIRE_CALLER);
	}
}

/* RFC 3261 16.11: also where nothing but the Via is left to go by. */
Test(rfc3261_18_2_2, a_response_without_a_transaction_goes_to_maddr)
{
	struct wire *wire = wire_open();

	wire_request(wire,
		&(struct wire_request){ .method = "CANCEL",
			.uri = "sip:bob@" WIRE_CALLEE,
			.via = "SIP/2.0/UDP 10.0.0.2:5070;maddr=10.0.0.9;branch=z9hG4bK-1" });
	wire_reply(wire, wire_last(wire, "CANCEL", WIRE_CALLEE), 481);
	cr_expect_str_eq(wire_last(wire, "481", NULL)->to, "10.0.0.9:5070");
	wire_close(wire);
}
