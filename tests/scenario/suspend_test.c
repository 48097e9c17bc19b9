/* SPDX-License-Identifier: MIT
 * Requests that a handler puts aside: wsip_request_suspend, wsip_resume.
 */
#include <criterion/criterion.h>

#include "tests/scenario/wire.h"

/* What the handler of the test keeps; one per process. */
static struct {
	struct wsip_suspended suspended;
	struct wsip_request *resumed;
	int calls;
} kept;

static void put_aside(struct wsip_request *request, void *user)
{
	(void)user;
	kept.suspended = wsip_request_suspend(request);
}

static void relay_now(struct wsip_request *request, void *user)
{
	kept.calls++;
	kept.resumed = request;
	if (request)
		wsip_relay(request, &((struct wire *)user)->relay);
}

static struct wire *wire_that_puts_aside(const char *method)
{
	struct wire *wire = wire_open();

	wire->on_request = put_aside;
	wire_request(wire, &(struct wire_request){ .method = method });
	return wire;
}

Test(suspend, an_invite_waits_with_100)
{
	struct wire *wire = wire_that_puts_aside("INVITE");

	cr_expect_str_eq(wire_story(wire, 0), "100");
	cr_expect_eq(wsip_resume(kept.suspended, relay_now, wire), WSIP_OK);
	cr_expect_eq(kept.calls, 0, "not on this thread");
	wire_advance_to(wire, 3000);
	wire_resume(wire);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_CALLEE), "3000");
	wire_reply(wire, wire_last(wire, "INVITE", NULL), 200);
	cr_expect_eq(wire_count(wire, "200", WIRE_CALLER), 1);
	wire_close(wire);
}

Test(suspend, another_request_waits_in_silence)
{
	struct wire *wire = wire_that_puts_aside("MESSAGE");

	cr_expect_str_eq(wire_story(wire, 0), "");
	wire_advance_to(wire, 3000);
	cr_expect_eq(wsip_resume(kept.suspended, relay_now, wire), WSIP_OK);
	wire_resume(wire);
	cr_expect_str_eq(wire_story(wire, 0), "MESSAGE");
	wire_reply(wire, wire_last(wire, "MESSAGE", NULL), 200);
	wire_close(wire);
}

Test(suspend, after_a_cancel_the_handle_leads_nowhere)
{
	struct wire *wire = wire_that_puts_aside("INVITE");

	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	cr_expect_str_eq(wire_story(wire, 0), "100 200 487");
	cr_expect_eq(wsip_resume(kept.suspended, relay_now, wire), WSIP_OK);
	wire_resume(wire);
	cr_expect_eq(kept.calls, 1);
	cr_expect_null(kept.resumed);
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 0);
	wire_close(wire);
}

Test(suspend, when_the_request_is_gone_the_handle_leads_nowhere)
{
	struct wire *wire = wire_that_puts_aside("INVITE");

	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	wire_run_out(wire);
	wire_request(wire, &(struct wire_request){ .call_id = "another" });
	cr_expect_eq(wsip_resume((struct wsip_suspended){ kept.suspended.ops, kept.suspended.self,
					 kept.suspended.request - ((uint64_t)1 << 32) },
			     relay_now, wire),
		WSIP_OK);
	wire_resume(wire);
	cr_expect_eq(kept.calls, 1);
	cr_expect_null(kept.resumed);
	wire_close(wire);
}

Test(suspend, it_is_gone_on_with_once)
{
	struct wire *wire = wire_that_puts_aside("INVITE");

	cr_expect_eq(wsip_resume(kept.suspended, relay_now, wire), WSIP_OK);
	wire_resume(wire);
	cr_expect_not_null(kept.resumed);
	cr_expect_eq(wsip_resume(kept.suspended, relay_now, wire), WSIP_OK);
	wire_resume(wire);
	cr_expect_null(kept.resumed, "it is being relayed");
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 1);
	wire_close(wire);
}

static void do_nothing(struct wsip_request *request, void *user)
{
	(void)request;
	(void)user;
}

Test(suspend, who_goes_on_without_a_decision_answers_500)
{
	struct wire *wire = wire_that_puts_aside("INVITE");

	cr_expect_eq(wsip_resume(kept.suspended, do_nothing, wire), WSIP_OK);
	wire_resume(wire);
	cr_expect_str_eq(wire_story(wire, 0), "100 500");
	wire_close(wire);
}

static void put_aside_again(struct wsip_request *request, void *user)
{
	(void)user;
	kept.suspended = wsip_request_suspend(request);
}

Test(suspend, it_may_be_put_aside_again)
{
	struct wire *wire = wire_that_puts_aside("INVITE");

	cr_expect_eq(wsip_resume(kept.suspended, put_aside_again, wire), WSIP_OK);
	wire_resume(wire);
	cr_expect_str_eq(wire_story(wire, 0), "100");
	cr_expect_eq(wsip_resume(kept.suspended, relay_now, wire), WSIP_OK);
	wire_resume(wire);
	cr_expect_str_eq(wire_story(wire, 0), "100 INVITE");
	wire_close(wire);
}

Test(suspend, an_invite_that_nobody_comes_back_to_is_504)
{
	struct wire *wire = wire_that_puts_aside("INVITE");

	wire_run_out(wire);
	cr_expect_str_eq(wire_times(wire, "100", NULL), "0");
	cr_expect_eq(wire_find(wire, "504", WIRE_CALLER, 0)->at_ms, 181000);
	wire_close(wire);
}

Test(suspend, another_request_that_nobody_comes_back_to_ends_in_silence)
{
	struct wire *wire = wire_that_puts_aside("MESSAGE");

	wire_run_out(wire);
	cr_expect_str_eq(wire_story(wire, 0), "100");
	wire_close(wire);
}

/* ---- By a timer ---- */

static void relay_in_2_s(struct wsip_request *request, void *user)
{
	cr_expect_eq(wsip_request_resume_after(request, 2000, relay_now, user), WSIP_OK);
}

Test(suspend, a_timer_goes_on_with_it)
{
	struct wire *wire = wire_open();

	wire->on_request = relay_in_2_s;
	wire_request(wire, &(struct wire_request){ 0 });
	wire_advance_to(wire, 1999);
	cr_expect_eq(kept.calls, 0);
	wire_advance_to(wire, 2000);
	cr_expect_str_eq(wire_times(wire, "INVITE", WIRE_CALLEE), "2000");
	wire_close(wire);
}

Test(suspend, a_timer_of_a_request_that_has_ended_does_not_fire)
{
	struct wire *wire = wire_open();

	wire->on_request = relay_in_2_s;
	wire_request(wire, &(struct wire_request){ 0 });
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	wire_advance_to(wire, 3000);
	cr_expect_eq(kept.calls, 0);
	wire_close(wire);
}

static void relay_and_put_aside(struct wsip_request *request, void *user)
{
	(void)user;
	wsip_request_answer(request, 486, NULL);
	kept.suspended = wsip_request_suspend(request);
	cr_expect_eq(wsip_request_resume_after(request, 1, relay_now, user), WSIP_ERR_STATE);
}

Test(suspend, what_has_its_answer_is_not_put_aside)
{
	struct wire *wire = wire_open();

	wire->on_request = relay_and_put_aside;
	wire_request(wire, &(struct wire_request){ 0 });
	cr_expect_eq(wsip_resume(kept.suspended, relay_now, wire), WSIP_ERR_STATE);
	cr_expect_str_eq(wire_story(wire, 0), "486");
	wire_close(wire);
}

/* Timers of handlers do not make those of the RFC inexact. */
static void resume_at_odd_times(struct wsip_request *request, void *user)
{
	struct wire *wire = user;

	cr_expect_eq(wsip_request_resume_after(request, 10 + wire->seen++, do_nothing, wire),
		WSIP_OK);
}

Test(suspend, many_different_delays_leave_timer_b_exact)
{
	struct wire *wire = wire_open();

	wire->on_request = resume_at_odd_times;
	for (int i = 0; i < 100; i++)
		wire_request(wire, &(struct wire_request){ .call_id = wire_print(wire, "%d", i) });
	wire->on_request = NULL;
	wire_request(wire, &(struct wire_request){ .call_id = "last" });
	wire_run_out(wire);
	cr_expect_eq(wire_find(wire, "408", WIRE_CALLER, 0)->at_ms, 32000);
	wire_close(wire);
}
