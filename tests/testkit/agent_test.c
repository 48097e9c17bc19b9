/* SPDX-License-Identifier: MIT
 * What the agents can do.
 */
#include "tests/testkit/world.h"

Test(agent, calls_rings_answers_and_hangs_up)
{
	struct world *world = create_world();
	struct wsip_call *call = call_bob(world);

	cr_expect_eq(wsip_call_state(call), WSIP_CALL_TRYING);
	wsip_sim_run_until(world->sim, 500);
	cr_expect_eq(wsip_call_state(call), WSIP_CALL_RINGING);
	wsip_sim_run_until(world->sim, 1500);
	cr_expect_eq(wsip_call_state(call), WSIP_CALL_UP);
	cr_expect_eq(wsip_call_status(call), 200);
	cr_expect_eq(wsip_agent_received(world->bob, "ACK"), 1);
	wsip_call_hang_up(call);
	wsip_sim_run_ms(world->sim, 100);
	cr_expect_eq(wsip_call_state(wsip_agent_last_call(world->bob)), WSIP_CALL_ENDED);
	cr_expect(wsip_call_was_up(wsip_agent_last_call(world->bob)));
	end_world(world, 0);
}

Test(agent, the_callee_hangs_up)
{
	struct world *world = create_world();
	struct wsip_call *call = call_bob(world);

	wsip_sim_run_until(world->sim, 1500);
	wsip_call_hang_up(wsip_agent_last_call(world->bob));
	wsip_sim_run_ms(world->sim, 100);
	cr_expect_eq(wsip_call_state(call), WSIP_CALL_ENDED);
	cr_expect_eq(wsip_agent_received(world->alice, "BYE"), 1);
	end_world(world, 0);
}

Test(agent, rejects)
{
	struct world *world = create_world();
	struct wsip_call *call;

	wsip_agent_set_manner(world->bob, WSIP_AGENT_REJECTS, 603);
	call = call_bob(world);
	wsip_sim_run_until_idle(world->sim);
	cr_expect(wsip_call_expect(call, 603));
	cr_expect_eq(wsip_call_heard(call, 180), 1);
	cr_expect_eq(wsip_call_state(call), WSIP_CALL_ENDED);
	end_world(world, 0);
}

Test(agent, cancels_what_rings)
{
	struct world *world = create_world();
	struct wsip_call *call;

	wsip_agent_set_manner(world->bob, WSIP_AGENT_RINGS_ON, 0);
	call = call_bob(world);
	wsip_call_cancel(call); /* not before a provisional response came */
	wsip_sim_run_until(world->sim, 2000);
	cr_expect(wsip_call_expect(call, 487));
	cr_expect_eq(wsip_agent_received(world->bob, "CANCEL"), 1);
	cr_expect_eq(wsip_call_state(wsip_agent_last_call(world->bob)), WSIP_CALL_ENDED);
	end_world(world, 0);
}

Test(agent, stays_silent)
{
	struct world *world = create_world();
	struct wsip_call *call;

	wsip_agent_set_manner(world->bob, WSIP_AGENT_SILENT, 0);
	call = call_bob(world);
	wsip_sim_run_until_idle(world->sim);
	cr_expect(wsip_call_expect(call, 408));
	cr_expect_null(wsip_agent_last_call(world->bob));
	end_world(world, 0);
}

Test(agent, says_what_it_is_told_to)
{
	struct world *world = create_world();
	struct wsip_call *call;

	wsip_agent_set_manner(world->bob, WSIP_AGENT_MANUAL, 0);
	call = call_bob(world);
	wsip_sim_run_ms(world->sim, 100);
	wsip_call_answer(wsip_agent_last_call(world->bob), 183);
	wsip_sim_run_ms(world->sim, 100);
	cr_expect_eq(wsip_call_heard(call, 183), 1);
	wsip_call_answer(wsip_agent_last_call(world->bob), 404);
	wsip_sim_run_ms(world->sim, 100);
	cr_expect(wsip_call_expect(call, 404));
	end_world(world, 0);
}

Test(agent, reinvites_along_its_route)
{
	struct world *world = create_world();
	struct wsip_call *call = call_bob(world);

	wsip_sim_run_until(world->sim, 1500);
	wsip_call_reinvite(call);
	wsip_sim_run_ms(world->sim, 100);
	cr_expect_eq(wsip_call_heard(call, 200), 2);
	cr_expect_eq(wsip_agent_received(world->bob, "INVITE"), 2);
	cr_expect_eq(wsip_agent_received(world->bob, "ACK"), 2);
	cr_expect_eq(wsip_call_state(call), WSIP_CALL_UP);
	wsip_call_reinvite(wsip_agent_last_call(world->bob));
	wsip_sim_run_ms(world->sim, 100);
	cr_expect_eq(wsip_agent_received(world->alice, "INVITE"), 1);
	wsip_call_hang_up(call);
	end_world(world, 0);
}

Test(agent, registers_and_is_found)
{
	struct world *world = create_world();
	struct wsip_agent *carol = wsip_agent_create(world->sim,
		&(struct wsip_agent_options){ .name = "carol", .listen = { "udp:10.0.0.4:5060" } });
	struct wsip_call *registration = wsip_agent_register(carol, "sip:10.0.0.1", 600);
	struct wsip_call *call;

	wsip_sim_run_ms(world->sim, 100);
	cr_expect(wsip_call_expect(registration, 200));
	cr_expect_str_eq(wsip_call_header(registration, "Contact"),
		"<sip:carol@10.0.0.4:5060>;expires=600;q=1.000");
	call = wsip_agent_call(world->alice, "sip:carol@10.0.0.1");
	wsip_sim_run_ms(world->sim, 2000);
	cr_expect(wsip_call_expect(call, 200));
	cr_expect_not_null(wsip_agent_last_call(carol));
	wsip_call_hang_up(call);
	wsip_agent_register(carol, "sip:10.0.0.1", 0);
	wsip_sim_run_ms(world->sim, 1000);
	wsip_agent_call(world->alice, "sip:carol@10.0.0.1");
	wsip_sim_run_ms(world->sim, 3000);
	cr_expect_not_null(wsip_agent_last_call(world->bob), "the targets are asked now");
	wsip_call_hang_up(wsip_agent_last_call(world->bob));
	end_world(world, 0);
}

Test(agent, sends_any_method)
{
	struct world *world = create_world();
	struct wsip_call *call = wsip_agent_send_with(world->alice, "UNHEARD-OF",
		"sip:bob@10.0.0.1", "Subject: hello\r\n", 20);

	wsip_sim_run_ms(world->sim, 100);
	cr_expect(wsip_call_expect(call, 200));
	cr_expect_eq(wsip_agent_received(world->bob, "UNHEARD-OF"), 1);
	end_world(world, 0);
}

Test(agent, repeats_its_2xx_until_the_ack_comes)
{
	struct world *world = create_world();
	struct wsip_call *call = call_bob(world);

	wsip_sim_run_until(world->sim, 500);
	wsip_sim_partition(world->sim, "10.0.0.1", "10.0.0.2");
	wsip_sim_run_until(world->sim, 4000);
	cr_expect_eq(wsip_call_state(call), WSIP_CALL_RINGING);
	wsip_sim_heal(world->sim);
	wsip_sim_run_until(world->sim, 10000);
	cr_expect_eq(wsip_call_state(call), WSIP_CALL_UP);
	cr_expect_eq(wsip_agent_received(world->bob, "ACK"), 1);
	wsip_call_hang_up(call);
	end_world(world, 0);
}

Test(agent, hangs_up_when_no_ack_comes)
{
	struct world *world = create_world();
	struct wsip_call *call = call_bob(world);

	wsip_sim_run_until(world->sim, 500);
	wsip_sim_partition(world->sim, "10.0.0.1", "10.0.0.2");
	wsip_sim_run_until(world->sim, 60000);
	cr_expect_eq(wsip_call_state(wsip_agent_last_call(world->bob)), WSIP_CALL_ENDED);
	(void)call;
	end_world(world, 0);
}

static void fork_to_two(struct wsip_request *request, void *user)
{
	static const struct wsip_relay_target both[] = { { "sip:10.0.0.3", 0 },
		{ "sip:10.0.0.4", 0 } };
	struct wsip_name_addr to;

	(void)user;
	if (wsip_msg_to(wsip_request_msg(request), &to) == WSIP_OK && to.tag.size > 0)
		wsip_relay(request, NULL);
	else
		wsip_relay(request,
			&(struct wsip_relay_options){ .targets = both, .target_count = 2 });
}

/* RFC 3261 13.2.2.4. */
Test(agent, acknowledges_a_second_callee_and_hangs_up_on_it)
{
	struct world *world = create_empty_world(1);
	struct wsip_agent *alice, *bob, *carol;

	wsip_sim_proxy(world->sim, "proxy",
		&(struct wsip_proxy_options){
			.listen = { "udp:10.0.0.1:5060" }, .on_request = fork_to_two });
	alice = wsip_agent_create(world->sim, &(struct wsip_agent_options){ .name = "alice",
						      .listen = { "udp:10.0.0.2:5060" },
						      .proxy = "sip:10.0.0.1" });
	bob = wsip_agent_create(world->sim,
		&(struct wsip_agent_options){ .name = "bob", .listen = { "udp:10.0.0.3:5060" } });
	carol = wsip_agent_create(world->sim,
		&(struct wsip_agent_options){ .name = "carol", .listen = { "udp:10.0.0.4:5060" } });
	wsip_agent_call(alice, "sip:bob@10.0.0.1");
	wsip_sim_run_ms(world->sim, 1000);
	cr_expect_eq(wsip_agent_received(bob, "ACK") + wsip_agent_received(carol, "ACK"), 2);
	cr_expect_eq(wsip_agent_received(bob, "BYE") + wsip_agent_received(carol, "BYE"), 1);
	wsip_call_hang_up(wsip_agent_call_at(alice, 0));
	end_world(world, 0);
}

Test(agent, sees_a_response_that_is_not_its_own)
{
	struct world *world = create_world();
	struct wsip_raw *raw = wsip_raw_create(world->sim, "raw", "udp:10.0.0.9:5060");
	static const char bytes[] =
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-1\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\n"
		"CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";

	wsip_raw_send(raw, "10.0.0.2:5060", bytes, strlen(bytes));
	wsip_sim_run_ms(world->sim, 10);
	cr_expect_str_eq(wsip_agent_violation(world->alice), "a 200 to nothing it sent");
	cr_expect_not_null(strstr(end_world(world, 1), "alice got a 200 to nothing it sent"));
}
