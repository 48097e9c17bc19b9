/* SPDX-License-Identifier: MIT
 * Redirection followed here: RFC 3261 16.7 step 4.
 */
#include <criterion/criterion.h>

#include "tests/scenario/wire.h"

static enum wsip_verdict follow(struct wsip_relay *relay, struct wsip_msg *response, void *user)
{
	(void)relay;
	(void)user;
	return wsip_msg_status(response) / 100 == 3 ? WSIP_RECURSE : WSIP_NEXT;
}

static void redirect(struct wire *wire, const char *who, const char *contacts)
{
	wire_reply_with(wire, wire_last(wire, "INVITE", who),
		&(struct wire_reply){
			.status = 302, .headers = wire_print(wire, "Contact: %s\r\n", contacts) });
}

static struct wire *wire_that_follows(const char *contacts)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = follow;
	wire_invite(wire);
	redirect(wire, WIRE_CALLEE, contacts);
	return wire;
}

Test(rfc3261_16_7_4, the_contacts_of_a_3xx_are_tried_by_q)
{
	struct wire *wire = wire_that_follows("<sip:bob@" WIRE_THIRD
					      ">;q=0.2, <sip:bob@" WIRE_SECOND ">;q=0.9");

	cr_expect_eq(wire_count(wire, "302", NULL), 0);
	cr_expect_str_eq(wire_start_line(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0)),
		"INVITE sip:bob@" WIRE_SECOND " SIP/2.0");
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 0);
	wire_reply(wire, wire_last(wire, "INVITE", WIRE_SECOND), 486);
	wire_reply(wire, wire_last(wire, "INVITE", WIRE_THIRD), 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(rfc3261_16_7_4, contacts_of_equal_q_are_tried_together)
{
	struct wire *wire = wire_that_follows("<sip:bob@" WIRE_THIRD ">,<sip:bob@" WIRE_SECOND ">");

	cr_expect_eq(wire_count(wire, "INVITE", WIRE_SECOND), 1);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 1);
	wire_close(wire);
}

Test(rfc3261_16_7_4, what_cannot_be_tried_stays_in_the_3xx)
{
	struct wire *wire = wire_that_follows("<mailto:bob@example.org>, <sip:bob@" WIRE_SECOND
					      ">, <sips:bob@example.org>;q=0.4");

	wire_reply(wire, wire_last(wire, "INVITE", WIRE_SECOND), 486);
	cr_assert_not_null(wire_last(wire, "302", WIRE_CALLER));
	cr_expect_str_eq(wire_header(wire, wire_last(wire, "302", WIRE_CALLER), "Contact", 0),
		"<mailto:bob@example.org>, <sips:bob@example.org>;q=0.4");
	wire_close(wire);
}

Test(rfc3261_16_7_4, a_3xx_of_which_nothing_is_left_is_not_told)
{
	struct wire *wire = wire_that_follows("<sip:bob@" WIRE_SECOND ">");

	wire_reply(wire, wire_last(wire, "INVITE", WIRE_SECOND), 486);
	cr_expect_not_null(wire_last(wire, "486", WIRE_CALLER));
	wire_close(wire);
}

/* RFC 3261 16.5: no target twice, so two that point to each other end. */
Test(rfc3261_16_7_4, those_that_point_to_each_other_end)
{
	struct wire *wire = wire_that_follows("<sip:bob@" WIRE_SECOND ">");

	redirect(wire, WIRE_SECOND, "<sip:bob@" WIRE_THIRD ">");
	redirect(wire, WIRE_THIRD, "<sip:bob@" WIRE_SECOND ">, <sip:bob@" WIRE_THIRD ">");
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 3);
	cr_expect_eq(wire_count(wire, "302", WIRE_CALLER), 1);
	cr_expect_str_eq(wire_header(wire, wire_last(wire, "302", WIRE_CALLER), "Contact", 0),
		"<sip:bob@" WIRE_SECOND ">, <sip:bob@" WIRE_THIRD ">", "what was tried stays");
	wire_close(wire);
}

Test(rfc3261_16_7_4, a_chain_of_redirections_has_16_links_at_most)
{
	struct wire *wire = wire_that_follows("<sip:bob@10.0.0.9:6000>");

	for (int i = 0; i < 30; i++)
		redirect(wire, NULL, wire_print(wire, "<sip:bob@10.0.0.9:%d>", 6001 + i));
	cr_expect_eq(wire_count(wire, "INVITE", NULL), WSIP_BRANCHES_MAX);
	cr_expect_eq(wire_count(wire, "302", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(rfc3261_16_7_4, they_come_before_what_was_to_be_tried_anyway)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = follow;
	wire->targets[1] = "sip:" WIRE_THIRD;
	wire_invite(wire);
	redirect(wire, WIRE_CALLEE, "<sip:bob@" WIRE_SECOND ">");
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_SECOND), 1);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 0);
	wire_reply(wire, wire_last(wire, "INVITE", WIRE_SECOND), 486);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 1);
	wire_close(wire);
}

Test(rfc3261_16_7_4, without_being_asked_for_a_3xx_goes_up)
{
	struct wire *wire = wire_open();

	wire_invite(wire);
	redirect(wire, WIRE_CALLEE, "<sip:bob@" WIRE_SECOND ">");
	cr_expect_not_null(wire_last(wire, "302", WIRE_CALLER));
	wire_close(wire);
}

Test(rfc3261_16_7_4, nothing_is_followed_after_a_cancel)
{
	struct wire *wire = wire_open();

	wire->relay.on_response = follow;
	wire_reply(wire, wire_invite(wire), 180);
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	redirect(wire, WIRE_CALLEE, "<sip:bob@" WIRE_SECOND ">");
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 1);
	cr_expect_not_null(wire_last(wire, "302", WIRE_CALLER));
	wire_close(wire);
}
