/* SPDX-License-Identifier: MIT
 * Requests that are too large for a datagram: RFC 3261 18.1.1.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

static const struct wire_sent *invite_with_body(struct wire *wire, size_t body_bytes)
{
	char body[1000];

	cr_assert(body_bytes >= 100 && body_bytes < sizeof(body), "%zu has not 3 digits",
		body_bytes);
	memset(body, 'x', body_bytes);
	body[body_bytes] = '\0';
	wire->seen++;
	wire_request(wire,
		&(struct wire_request){ .call_id = wire_print(wire, "%u", wire->seen),
			.via = wire_print(wire, "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-%u",
				wire->seen),
			.body = body });
	return wire_last(wire, "INVITE", NULL);
}

/* An INVITE that is forwarded in exactly this many bytes. */
static const struct wire_sent *invite_of(struct wire *wire, size_t bytes)
{
	return invite_with_body(wire, 100 + bytes - invite_with_body(wire, 100)->size);
}

static const char *top_via_transport(struct wire *wire, const struct wire_sent *sent)
{
	return wire_print(wire, "%.11s", wire_header(wire, sent, "Via", 0));
}

Test(rfc3261_18_1_1, up_to_1300_bytes_it_stays_on_udp)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = invite_of(wire, 1300);

	cr_expect_eq(invite->size, 1300);
	cr_expect_eq(invite->flow.transport, WSIP_UDP);
	wire_close(wire);
}

Test(rfc3261_18_1_1, beyond_1300_bytes_it_goes_by_tcp_and_its_via_says_so)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = invite_of(wire, 1301);

	cr_expect_eq(invite->size, 1301);
	cr_expect_eq(invite->flow.transport, WSIP_TCP);
	cr_expect_str_eq(invite->to, WIRE_CALLEE);
	cr_expect_str_eq(top_via_transport(wire, invite), "SIP/2.0/TCP");
	cr_expect_str_eq(wire_header(wire, invite, "Record-Route", 0), "<sip:10.0.0.1:5060;lr>",
		"what follows may be small");
	wire_reply(wire, invite, 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(rfc3261_18_1_1, within_200_bytes_of_the_mtu_it_goes_by_tcp)
{
	struct wire *wire = wire_open();

	for (int i = 0; i < WIRE_LISTENERS; i++)
		wire->listeners[i].mtu_bytes = 1280;
	cr_expect_eq(invite_of(wire, 1080)->flow.transport, WSIP_UDP);
	wire_close(wire);
	wire = wire_open();
	for (int i = 0; i < WIRE_LISTENERS; i++)
		wire->listeners[i].mtu_bytes = 1280;
	cr_expect_eq(invite_of(wire, 1081)->flow.transport, WSIP_TCP);
	wire_close(wire);
}

Test(rfc3261_18_1_1, a_larger_mtu_changes_nothing)
{
	struct wire *wire = wire_open();

	for (int i = 0; i < WIRE_LISTENERS; i++)
		wire->listeners[i].mtu_bytes = 65536;
	cr_expect_eq(invite_of(wire, 1301)->flow.transport, WSIP_TCP);
	wire_close(wire);
}

static enum wsip_verdict count(struct wsip_relay *relay, struct wsip_msg *response, void *user)
{
	struct wire *wire = user;

	(void)relay;
	(void)response;
	wire->seen++;
	return WSIP_FORWARD;
}

Test(rfc3261_18_1_1, where_tcp_is_refused_it_goes_back_to_udp)
{
	struct wire *wire = wire_open();
	const struct wire_sent *by_tcp, *by_udp;

	wire->relay.on_response = count;
	by_tcp = invite_of(wire, 1390);
	wire->seen = 0;
	wsip_core_send_failed(&wire->core, by_tcp->ticket);
	wire_advance_to(wire, 0);
	by_udp = wire_last(wire, "INVITE", NULL);
	cr_expect_eq(by_udp->flow.transport, WSIP_UDP);
	cr_expect_str_eq(by_udp->to, WIRE_CALLEE);
	cr_expect_str_eq(top_via_transport(wire, by_udp), "SIP/2.0/UDP");
	cr_expect_str_neq(wire_branch(wire, by_udp), wire_branch(wire, by_tcp));
	cr_expect_eq(wire->seen, 0, "the handler hears nothing of it");
	wire_reply(wire, by_udp, 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	cr_expect_eq(wire_count(wire, "503", NULL), 0);
	wire_close(wire);
}

Test(rfc3261_18_1_1, when_udp_fails_too_it_is_an_error)
{
	struct wire *wire = wire_open();
	const struct wire_sent *by_tcp = invite_of(wire, 1390);

	wire_break(wire, WIRE_CALLEE);
	wsip_core_send_failed(&wire->core, by_tcp->ticket);
	wire_advance_to(wire, 0);
	cr_expect_eq(wire_count(wire, "500", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(rfc3261_18_1_1, a_connection_that_breaks_after_a_response_is_an_error)
{
	struct wire *wire = wire_open();
	const struct wire_sent *by_tcp = invite_of(wire, 1390);

	wire_reply(wire, by_tcp, 183);
	wsip_core_send_failed(&wire->core, by_tcp->ticket);
	wire_advance_to(wire, 0);
	cr_expect_eq(wire_last(wire, "INVITE", NULL), by_tcp);
	wire_close(wire);
}

Test(rfc3261_18_1_1, what_was_answered_by_tcp_is_not_sent_again_by_udp)
{
	struct wire *wire = wire_open();
	char body[1400];

	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	wire_request(wire, &(struct wire_request){ .method = "MESSAGE", .body = body });
	wire_reply(wire, wire_last(wire, "MESSAGE", NULL), 100);
	wsip_core_send_failed(&wire->core, wire_last(wire, "MESSAGE", NULL)->ticket);
	wire_advance_to(wire, 0);
	cr_expect_eq(wire_count(wire, "MESSAGE", NULL), 1);
	cr_expect_eq(wire_count(wire, "500", WIRE_CALLER), 1);
	wire_close(wire);
}

/* Nobody would hear that TCP was refused. */
Test(rfc3261_18_1_1, what_has_no_transaction_stays_on_udp)
{
	struct wire *wire = wire_open();
	char body[1500];

	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	wire_request(wire, &(struct wire_request){ .method = "ACK",
				   .uri = "sip:bob@" WIRE_CALLEE,
				   .to = "<sip:bob@example.org>;tag=callee",
				   .body = body });
	cr_expect_eq(wire_last(wire, "ACK", WIRE_CALLEE)->flow.transport, WSIP_UDP);
	wire_close(wire);
}
