/* SPDX-License-Identifier: MIT
 * After the answer: the request is gone, and what still comes goes the way that the request came,
 * whatever it says itself (RFC 3261 16.7 step 5 and step 9).
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

#define CALLER_VIA "Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller\r\n"

/* A 200 to this INVITE with something in place of the caller's Via. */
static const char *ok_with(struct wire *wire, const struct wire_sent *invite, const char *via)
{
	const char *text = wire_reply_text(wire, invite, &(struct wire_reply){ .status = 200 });
	const char *at = strstr(text, CALLER_VIA);

	cr_assert_not_null(at);
	return wire_print(wire, "%.*s%s%s", (int)(at - text), text, via, at + strlen(CALLER_VIA));
}

/* ATTACKS 14, 23: who knows our branch does not make us send where he likes. */
static void expect_sent_to_the_caller_only(const char *via)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);
	size_t since;

	wire_reply(wire, invite, 486);
	wire_ack_rejection(wire, &(struct wire_request){ 0 }, wire_last(wire, "486", NULL));
	since = wire->sent_count;
	wire_receive(wire, WSIP_UDP, WIRE_CALLEE, ok_with(wire, invite, via));
	for (size_t i = since; i < wire->sent_count; i++)
		cr_expect_str_eq(wire->sent[i].to, WIRE_CALLER, "sent to %s", wire->sent[i].to);
	wire_close(wire);
}

Test(rfc3261_16_7_9, a_late_2xx_goes_where_the_request_came_from_whatever_it_says)
{
	expect_sent_to_the_caller_only("Via: SIP/2.0/UDP 192.0.2.66:53;branch=z9hG4bK-x\r\n");
	expect_sent_to_the_caller_only("Via: SIP/2.0/UDP 127.0.0.1:9999;branch=z9hG4bK-x\r\n");
	expect_sent_to_the_caller_only("Via: SIP/2.0/TCP 192.0.2.66:25;branch=z9hG4bK-x\r\n");
}

Test(rfc3261_18_2_2, a_late_2xx_goes_along_the_connection_of_the_request)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite, *rejection, *late;

	wire_request(wire, &(struct wire_request){ .transport = WSIP_TCP,
				   .source = "10.0.0.2:40000",
				   .via = "SIP/2.0/TCP 192.168.1.5:5060;branch=z9hG4bK-caller" });
	invite = wire_last(wire, "INVITE", WIRE_CALLEE);
	wire_reply(wire, invite, 486);
	rejection = wire_last(wire, "486", NULL);
	wire_reply(wire, invite, 200);
	late = wire_last(wire, "200", NULL);
	cr_assert(rejection && late);
	cr_expect(rejection->flow.connection != 0);
	cr_expect_eq(rejection->flow.connection, late->flow.connection);
	wire_close(wire);
}

Test(rfc3261_16_7_3, a_late_2xx_without_another_via_goes_nowhere)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);
	size_t since;

	wire_reply(wire, invite, 200);
	since = wire->sent_count;
	wire_receive(wire, WSIP_UDP, WIRE_CALLEE, ok_with(wire, invite, ""));
	cr_expect_eq(wire->sent_count, since);
	cr_expect_eq(wire->core.counters.bad_messages, 1);
	wire_close(wire);
}

/* Every other 2xx of a fork, and what is repeated, is known to be late by its transaction alone. */
Test(rfc3261_16_7_5, every_2xx_goes_up_when_the_request_is_gone)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_reply(wire, invite, 200);
	cr_expect_eq(wire->core.requests.in_use, 0);
	cr_expect_eq(wire->core.msgs.in_use, 0);
	wire_reply(wire, invite, 200);
	wire_reply(wire, invite, 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 3);
	wire_close(wire);
}

Test(retire, a_forked_request_is_gone_when_the_last_branch_is)
{
	struct wire *wire = wire_open();
	const struct wire_sent *first, *second;

	wire->targets[0] = "sip:10.0.0.3";
	wire->targets[1] = "sip:10.0.0.4";
	wire->relay.fork = WSIP_FORK_PARALLEL;
	wire_request(wire, &(struct wire_request){ 0 });
	first = wire_find(wire, "INVITE", WIRE_CALLEE, 0);
	second = wire_find(wire, "INVITE", WIRE_SECOND, 0);
	wire_reply(wire, first, 180);
	wire_reply(wire, second, 180);
	wire_reply(wire, first, 200);
	cr_expect_eq(wire->core.requests.in_use, 1, "the other one still rings");
	wire_reply(wire, second, 487);
	cr_expect_eq(wire->core.requests.in_use, 0);
	wire_close(wire);
}
