/* SPDX-License-Identifier: MIT
 * The simulation itself: time, seeds, checks, the ladder, what is left at the end.
 */
#include "tests/testkit/world.h"

static char *ladder_of(uint64_t seed)
{
	struct world *world = create_world_over("udp", seed);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	wsip_sim_link(world->sim, NULL, NULL,
		&(struct wsip_link){
			.delay_ms = 10, .jitter_ms = 50, .loss = 200, .duplication = 100 });
	call_bob(world);
	wsip_sim_run_ms(world->sim, 5000);
	wsip_call_hang_up(wsip_agent_call_at(world->alice, 0));
	wsip_sim_run_until_idle(world->sim);
	wsip_sim_print_ladder(world->sim, out);
	fclose(out);
	end_world(world, 0);
	return text;
}

Test(sim, one_seed_is_one_run)
{
	char *first = ladder_of(3), *again = ladder_of(3), *other = ladder_of(4);

	cr_expect_str_eq(first, again);
	cr_expect_str_neq(first, other);
	free(first);
	free(again);
	free(other);
}

Test(sim, the_seed_may_come_from_the_environment)
{
	struct wsip_sim *sim;

	setenv("WIRESIP_SEED", "42", 1);
	sim = wsip_sim_create(NULL);
	cr_expect_eq(wsip_sim_seed(sim), 42);
	wsip_sim_end(sim);
}

Test(sim, time_goes_from_event_to_event)
{
	struct world *world = create_world();

	cr_expect_eq(wsip_sim_now_ms(world->sim), 0);
	cr_expect_not(wsip_sim_step(world->sim), "nothing is to happen");
	call_bob(world);
	cr_expect(wsip_sim_step(world->sim));
	cr_expect_eq(wsip_sim_now_ms(world->sim), 1);
	wsip_sim_run_until(world->sim, 700);
	cr_expect_eq(wsip_sim_now_ms(world->sim), 700);
	wsip_sim_run_until_idle(world->sim);
	cr_expect_not(wsip_sim_step(world->sim));
	wsip_call_hang_up(wsip_agent_call_at(world->alice, 0));
	end_world(world, 0);
}

Test(sim, a_check_that_fails_shows_the_ladder_and_how_to_repeat_it)
{
	struct world *world = create_world();
	struct wsip_call *call;
	const char *told;

	wsip_agent_set_manner(world->bob, WSIP_AGENT_REJECTS, 486);
	call = call_bob(world);
	wsip_sim_run_ms(world->sim, 2000);
	cr_expect_not(wsip_call_expect(call, 200));
	cr_expect_not(wsip_sim_expect(world->sim, false, "the %s", "second"));
	told = end_world(world, 2);
	cr_expect_not_null(strstr(told,
		"failed at 2000 ms: INVITE of alice: expected 200, got 486"));
	cr_expect_not_null(strstr(told, "failed at 2000 ms: the second"));
	cr_expect_not_null(strstr(told, "alice                   proxy                   bob"));
	cr_expect_not_null(strstr(told,
		"        0  |------- INVITE ------->|                       |"));
	cr_expect_not_null(strstr(told,
		"        1  |                       |------- INVITE ------->|"));
	cr_expect_not_null(strstr(told, "<---- 486 INVITE ------"));
	cr_expect_not_null(strstr(told, "again: WIRESIP_SEED=7 ./again"));
	cr_expect_null(strstr(strstr(told, "alice    ") + 1, "alice    "), "one ladder is enough");
}

Test(sim, the_ladder_says_what_was_lost)
{
	struct world *world = create_world();
	const char *told;

	wsip_sim_partition(world->sim, "10.0.0.1", "10.0.0.3");
	call_bob(world);
	wsip_sim_run_ms(world->sim, 100);
	wsip_sim_expect(world->sim, false, "on purpose");
	told = end_world(world, 1);
	cr_expect_not_null(strstr(told, "------- INVITE -------x|  "));
	cr_expect_not_null(strstr(told, "parted"));
}

static void take_and_keep(struct wsip_request *request, void *user)
{
	wsip_msg_method(wsip_request_msg(request));
	*(struct wsip_suspended *)user = wsip_request_suspend(request);
}

/* wsip_resume from outside of the handler, as a thread would. */
static void answer_486(struct wsip_request *request, void *user)
{
	(void)user;
	if (request)
		wsip_request_answer(request, 486, NULL);
}

Test(sim, a_suspended_request_is_gone_on_with)
{
	struct world *world = create_empty_world(1);
	struct wsip_suspended suspended = { 0 };
	struct wsip_agent *alice = wsip_agent_create(world->sim,
		&(struct wsip_agent_options){ .name = "alice", .listen = { "udp:10.0.0.2:5060" } });
	struct wsip_call *call;

	wsip_sim_proxy(world->sim, "proxy",
		&(struct wsip_proxy_options){ .listen = { "udp:10.0.0.1:5060" },
			.on_request = take_and_keep,
			.user = &suspended });
	call = wsip_agent_call(alice, "sip:bob@10.0.0.1");
	wsip_sim_run_ms(world->sim, 5000);
	cr_expect_eq(wsip_call_heard(call, 100), 1);
	cr_expect_eq(wsip_resume(suspended, answer_486, NULL), WSIP_OK);
	wsip_sim_run_ms(world->sim, 100);
	cr_expect(wsip_call_expect(call, 486));
	end_world(world, 0);
}

Test(sim, two_proxies_in_a_row)
{
	struct world *world = create_world();
	struct wsip_agent *anna;
	struct wsip_call *call;

	wsip_sim_proxy(world->sim, "edge",
		&(struct wsip_proxy_options){
			.listen = { "udp:10.0.0.8:5060" }, .targets = { "sip:10.0.0.1" } });
	anna = wsip_agent_create(world->sim, &(struct wsip_agent_options){ .name = "anna",
						     .listen = { "udp:10.0.0.9:5060" },
						     .proxy = "sip:10.0.0.8" });
	call = wsip_agent_call(anna, "sip:bob@10.0.0.8");
	wsip_sim_run_ms(world->sim, 2000);
	cr_expect(wsip_call_expect(call, 200));
	wsip_call_hang_up(wsip_agent_last_call(world->bob));
	wsip_sim_run_ms(world->sim, 100);
	cr_expect_eq(wsip_call_state(call), WSIP_CALL_ENDED);
	end_world(world, 0);
}

Test(sim, a_wrong_address_is_said_plainly, .signal = SIGABRT)
{
	struct wsip_sim *sim = wsip_sim_create(NULL);

	wsip_raw_create(sim, "raw", "udp:nowhere:5060");
}
