/* SPDX-License-Identifier: MIT */
#include "core/suspend.h"

#include "core/request_state.h"

/* RFC 3261 16.6 step 11 for INVITE; RFC 4320 4.1: beyond 64*T1 nobody waits for the answer to
 * anything else. */
static uint32_t longest_ms(const struct wsip_request *request)
{
	const struct wsip_core_options *options = &request->core->options;

	return request->msg->method == WSIP_INVITE ? options->timer_c_ms
						   : 64 * options->timing.t1_ms;
}

/* Nobody came back to it in time. */
static void give_up(struct wsip_request *request)
{
	if (request->msg->method == WSIP_INVITE)
		wsip_request_answer(request, 504, "Handler Gave No Answer");
	else
		wsip_request_give_up(request);
}

static void go_on(struct wsip_request *request, wsip_resume_fn *resume, void *user)
{
	wsip_request_end_suspension(request);
	request->busy++;
	resume(request, user);
	wsip_request_expect_decision(request);
	request->busy--;
	wsip_request_release(request);
}

static void fire(struct wsip_timer *timer)
{
	struct wsip_request *request = wsip_container_of(timer, struct wsip_request, suspension);

	if (request->resume) {
		go_on(request, request->resume, request->resume_user);
		return;
	}
	wsip_request_end_suspension(request);
	give_up(request);
}

void wsip_request_init_suspension(struct wsip_request *request)
{
	wsip_timer_init(&request->suspension, fire);
}

void wsip_request_end_suspension(struct wsip_request *request)
{
	request->suspended = false;
	request->resume = NULL;
	wsip_timer_stop(&request->core->timers, &request->suspension);
}

static bool may_be_suspended(const struct wsip_request *request)
{
	return request->server && !request->answered && !request->relayed;
}

static void suspend(struct wsip_request *request, uint32_t duration_ms)
{
	/* RFC 3261 17.2.1: whoever waits hears of it within 200 ms. */
	wsip_request_say_trying(request);
	request->suspended = true;
	wsip_timer_start(&request->core->timers, &request->suspension, duration_ms);
}

struct wsip_suspended wsip_request_suspend(struct wsip_request *request)
{
	struct wsip_core *core = request->core;

	if (!may_be_suspended(request))
		return (struct wsip_suspended){ 0 };
	suspend(request, longest_ms(request));
	return (struct wsip_suspended){ core->options.post, core->options.post_self,
		wsip_pool_handle(&core->requests, request) };
}

enum wsip_err wsip_request_resume_after(struct wsip_request *request, uint32_t delay_ms,
	wsip_resume_fn *resume, void *user)
{
	uint32_t longest = longest_ms(request);

	if (!may_be_suspended(request))
		return WSIP_ERR_STATE;
	suspend(request, delay_ms < longest ? delay_ms : longest);
	request->resume = resume;
	request->resume_user = user;
	return WSIP_OK;
}

enum wsip_err wsip_resume(struct wsip_suspended suspended, wsip_resume_fn *resume, void *user)
{
	const struct wsip_post_ops *ops = suspended.ops;

	if (!ops)
		return WSIP_ERR_STATE;
	return ops->post(suspended.self,
		&(struct wsip_resumption){ suspended.request, resume, user });
}

void wsip_core_resume(struct wsip_core *core, const struct wsip_resumption *resumption)
{
	struct wsip_request *request = wsip_pool_find(&core->requests, resumption->request);

	if (request && request->suspended)
		go_on(request, resumption->resume, resumption->user);
	else
		resumption->resume(NULL, resumption->user);
}
