/* SPDX-License-Identifier: MIT
 * Which requests belong to a server transaction: RFC 3261 17.2.3, also for the branches of RFC
 * 2543.
 */
#include <criterion/criterion.h>

#include "tests/scenario/wire.h"

/* Does `second` belong to the transaction that `first` started? Then nothing new is relayed. */
static void expect_requests(const struct wire_request *first, const struct wire_request *second,
	unsigned int handled)
{
	struct wire *wire = wire_open();

	wire_request(wire, first);
	wire_request(wire, second);
	cr_expect_eq(wire->handled, handled, "handled: %u", wire->handled);
	cr_expect_eq(wire->core.counters.requests, handled);
	wire_close(wire);
}

/* ---- Branches with the cookie ---- */

Test(rfc3261_17_2_3, an_invite_repeated_is_absorbed_and_answered_again)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite = wire_invite(wire);

	wire_request(wire, &(struct wire_request){ 0 });
	wire_reply(wire, invite, 180);
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE 100 180 180");
	cr_expect_eq(wire->handled, 1);
	wire_reply(wire, invite, 200);
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_str_eq(wire_story(wire, 5), "200");
	wire_close(wire);
}

Test(rfc3261_17_2_3, an_options_repeated_is_absorbed)
{
	struct wire *wire = wire_open();
	const struct wire_request options = { .method = "OPTIONS" };

	wire_request(wire, &options);
	wire_request(wire, &options);
	wire_reply(wire, wire_find(wire, "OPTIONS", WIRE_CALLEE, 0), 200);
	wire_request(wire, &options);
	cr_expect_str_eq(wire_story(wire, 0), "OPTIONS 200 200");
	wire_close(wire);
}

Test(rfc3261_17_2_3, another_branch_is_another_transaction)
{
	expect_requests(&(struct wire_request){ 0 },
		&(struct wire_request){ .via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-other" },
		2);
}

Test(rfc3261_17_2_3, another_call_id_is_another_transaction)
{
	expect_requests(&(struct wire_request){ 0 }, &(struct wire_request){ .call_id = "call-2" },
		2);
}

Test(rfc3261_17_2_3, another_sent_by_is_another_transaction)
{
	expect_requests(&(struct wire_request){ 0 },
		&(struct wire_request){ .via = "SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK-caller" },
		2);
}

Test(rfc3261_17_2_3, another_port_of_the_sent_by_is_another_transaction)
{
	expect_requests(&(struct wire_request){ 0 },
		&(struct wire_request){ .via = "SIP/2.0/UDP 10.0.0.2:5061;branch=z9hG4bK-caller" },
		2);
}

Test(rfc3261_17_2_3, another_method_is_another_transaction)
{
	expect_requests(&(struct wire_request){ 0 }, &(struct wire_request){ .method = "OPTIONS" },
		2);
}

Test(rfc3261_17_2_3, the_default_port_and_the_case_of_the_host_make_no_difference)
{
	expect_requests(
		&(struct wire_request){
			.via = "SIP/2.0/UDP pc33.example.com:5060;branch=z9hG4bK-1" },
		&(struct wire_request){ .via = "SIP/2.0/UDP PC33.Example.COM;branch=z9hG4bK-1" },
		1);
}

/* A message through two ways meets here again: another Via, another transaction (16.3 step 4). */
Test(rfc3261_17_2_3, the_same_request_from_two_proxies_is_two_transactions)
{
	expect_requests(&(struct wire_request){ .via = "SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK-p, "
						       "SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-1" },
		&(struct wire_request){ .via = "SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK-q, SIP/2.0/UDP "
					       "10.0.0.2;branch=z9hG4bK-1" },
		2);
}

Test(rfc3261_17_2_3, an_ended_transaction_is_forgotten)
{
	struct wire *wire = wire_open();
	const struct wire_request options = { .method = "OPTIONS" };

	wire_request(wire, &options);
	wire_reply(wire, wire_find(wire, "OPTIONS", WIRE_CALLEE, 0), 200);
	wire_advance_to(wire, 31999);
	wire_request(wire, &options);
	cr_expect_eq(wire->handled, 1);
	wire_advance_to(wire, 32000);
	wire_request(wire, &options);
	cr_expect_eq(wire->handled, 2);
	wire_close(wire);
}

/* ---- Branches without: RFC 2543 ---- */

static const char *const old_vias[] = {
	"SIP/2.0/UDP 10.0.0.2:5060", "SIP/2.0/UDP 10.0.0.2:5060;branch=1",
	"SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK", /* the cookie alone identifies nothing */
};
#define OLD_VIAS (sizeof(old_vias) / sizeof(old_vias[0]))

Test(rfc3261_17_2_3, an_old_request_repeated_is_absorbed)
{
	for (size_t i = 0; i < OLD_VIAS; i++) {
		expect_requests(&(struct wire_request){ .via = old_vias[i] },
			&(struct wire_request){ .via = old_vias[i] }, 1);
		expect_requests(&(struct wire_request){ .via = old_vias[i], .method = "OPTIONS" },
			&(struct wire_request){ .via = old_vias[i], .method = "OPTIONS" }, 1);
	}
}

Test(rfc3261_17_2_3, old_requests_differ_by_cseq_request_uri_call_id_and_via)
{
	for (size_t i = 0; i < OLD_VIAS; i++) {
		const struct wire_request first = { .via = old_vias[i] };

		expect_requests(&first, &(struct wire_request){ .via = old_vias[i], .cseq = 2 }, 2);
		expect_requests(&first,
			&(struct wire_request){ .via = old_vias[i], .uri = "sip:carol@10.0.0.1" },
			2);
		expect_requests(&first,
			&(struct wire_request){ .via = old_vias[i], .call_id = "call-2" }, 2);
		expect_requests(&first,
			&(struct wire_request){ .via = old_vias[i], .method = "OPTIONS" }, 2);
		expect_requests(&first,
			&(struct wire_request){ .via = "SIP/2.0/UDP 10.0.0.2:5099" }, 2);
	}
}

Test(rfc3261_17_2_3, an_old_ack_of_a_rejection_is_absorbed)
{
	for (size_t i = 0; i < OLD_VIAS; i++) {
		struct wire *wire = wire_open();
		const struct wire_request invite = { .via = old_vias[i] };

		wire_request(wire, &invite);
		wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 486);
		wire_ack_rejection(wire, &invite, wire_last(wire, "486", WIRE_CALLER));
		wire_run_out(wire);
		cr_expect_str_eq(wire_story(wire, 0), "100 INVITE ACK 486", "%s", old_vias[i]);
		wire_close(wire);
	}
}

Test(rfc3261_9_2, an_old_cancel_finds_its_invite)
{
	for (size_t i = 0; i < OLD_VIAS; i++) {
		struct wire *wire = wire_open();

		wire_request(wire, &(struct wire_request){ .via = old_vias[i] });
		wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 180);
		wire_request(wire,
			&(struct wire_request){ .via = old_vias[i], .method = "CANCEL" });
		cr_expect_str_eq(wire_story(wire, 3), "200 CANCEL", "%s", old_vias[i]);
		wire_close(wire);
	}
}

/* ATTACKS 13: two calls whose branch is the cookie alone do not end each other. */
Test(rfc3261_17_2_3, calls_with_the_cookie_alone_stay_apart)
{
	struct wire *wire = wire_open();
	const char *via = "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK";

	wire_request(wire, &(struct wire_request){ .via = via });
	wire_request(wire, &(struct wire_request){ .via = via, .call_id = "call-2" });
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 180);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 1), 180);
	wire_request(wire,
		&(struct wire_request){ .via = via, .method = "CANCEL", .call_id = "call-2" });
	cr_expect_eq(wire_count(wire, "CANCEL", WIRE_CALLEE), 1);
	cr_expect_str_eq(wire_header(wire, wire_last(wire, "CANCEL", NULL), "Call-ID", 0),
		"call-2");
	wire_close(wire);
}
