/* SPDX-License-Identifier: MIT
 * One attempt to reach somebody: a client transaction, Timer C, CANCEL.
 */
#include "core/ack.h"
#include "core/forward.h"
#include "core/request_state.h"

static void branch_response(void *user, struct wsip_tx *tx, struct wsip_msg *response);
static void branch_failed(void *user, struct wsip_tx *tx, enum wsip_tx_failure failure);
static void branch_ended(void *user, struct wsip_tx *tx);

/* RFC 3261 16.7 step 1: the transaction leads to the branch, and that to the response context. */
static const struct wsip_tx_user_ops branch_ops = {
	.response = branch_response,
	.failed = branch_failed,
	.ended = branch_ended,
};

static const struct wsip_tx_user_ops nobody;

static bool is_invite(const struct wsip_branch *branch)
{
	return branch->relay->request->msg->method == WSIP_INVITE;
}

static struct wsip_core *core_of(const struct wsip_branch *branch)
{
	return branch->relay->request->core;
}

static void log_branch(const struct wsip_branch *branch, const char *event,
	const struct wsip_forward *forward)
{
	struct wsip_core *core = core_of(branch);
	struct wsip_log_line line;

	if (!wsip_log_wants(core->options.log, WSIP_LOG_DEBUG))
		return;
	wsip_log_begin(&line, core->options.log, WSIP_LOG_DEBUG, event);
	wsip_log_span(&line, "call_id", wsip_msg_call_id(branch->relay->request->msg));
	wsip_log_span(&line, "branch",
		(struct wsip_span){ forward->branch, sizeof(forward->branch) });
	wsip_log_addr(&line, "remote", &forward->flow.remote);
	wsip_log_end(&line);
}

/* No response is waited for any longer: as if this one had come (RFC 3261 16.8, 16.9). After a
 * CANCEL it is the one that the caller expects (9.1). */
static void give_up(struct wsip_branch *branch, unsigned int status)
{
	if (branch->final)
		return;
	branch->final = true;
	wsip_branch_settle(branch);
	wsip_timer_stop(&core_of(branch)->timers, &branch->timer_c);
	wsip_relay_branch_failed(branch->relay, branch, branch->relay->cancelled ? 487 : status);
}

/* RFC 3261 16.8: with a provisional response it is cancelled, without one it is over. After a
 * CANCEL that brought nothing it is over too (9.1). */
static void fire_timer_c(struct wsip_timer *timer)
{
	struct wsip_branch *branch = wsip_container_of(timer, struct wsip_branch, timer_c);
	struct wsip_request *request = branch->relay->request;
	struct wsip_tx *client = branch->client;

	if (branch->provisional && !branch->cancelled) {
		wsip_branch_cancel(branch);
		return;
	}
	request->busy++;
	give_up(branch, 408);
	wsip_tx_terminate(client);
	request->busy--;
	wsip_request_release(request);
}

void wsip_branch_settle(struct wsip_branch *branch)
{
	if (!branch->pending)
		return;
	branch->pending = false;
	branch->relay->pending--;
}

static struct wsip_forward_plan plan_of(const struct wsip_branch *branch, enum wsip_size_rule rule)
{
	const struct wsip_relay *relay = branch->relay;
	const struct wsip_destination *destination =
		branch->destination == WSIP_DESTINATION_NONE
			? NULL
			: wsip_route_at(&relay->route, (unsigned int)branch->destination);

	return (struct wsip_forward_plan){
		.from = &relay->request->flow,
		.destination = destination,
		.uri = destination ? wsip_route_uri(&relay->route, destination)
				   : (struct wsip_span){ 0 },
		.record_route = relay->options.record_route,
		.size_rule = rule,
		.loop_hash = relay->request->loop_hash,
		.breadth = branch->breadth,
	};
}

/* RFC 3261 16.6 step 10. */
static enum wsip_err start_client(struct wsip_branch *branch, const struct wsip_forward *forward)
{
	struct wsip_core *core = core_of(branch);
	struct wsip_msg *request = branch->relay->request->msg;
	struct wsip_key key = wsip_tx_client_key(&core->options.secret,
		(struct wsip_span){ forward->branch, sizeof(forward->branch) },
		wsip_msg_method_text(request), wsip_msg_call_id(request));

	branch->client = wsip_tx_start_client(&core->tx,
		is_invite(branch) ? &wsip_tx_ict : &wsip_tx_nict, key, &forward->flow,
		forward->bytes, &branch_ops, branch);
	return branch->client ? WSIP_OK : WSIP_ERR_MEMORY;
}

static enum wsip_err begin(struct wsip_branch *branch, enum wsip_size_rule rule)
{
	struct wsip_core *core = core_of(branch);
	struct wsip_forward_plan plan = plan_of(branch, rule);
	struct wsip_forward forward;
	enum wsip_err err = wsip_forward_build(core, branch->relay->request->msg, &plan, &forward);

	if (err)
		return err;
	branch->by_size = forward.by_size;
	err = start_client(branch, &forward);
	if (err)
		return err;
	wsip_list_append(&branch->relay->branches, &branch->link);
	branch->pending = true;
	branch->relay->pending++;
	if (is_invite(branch)) /* RFC 3261 16.6 step 11 */
		wsip_timer_start(&core->timers, &branch->timer_c, core->options.timer_c_ms);
	log_branch(branch, "forwarded", &forward);
	return WSIP_OK;
}

static enum wsip_err start_by(const struct wsip_branch *model, enum wsip_size_rule rule)
{
	struct wsip_core *core = core_of(model);
	struct wsip_branch *branch = wsip_pool_alloc(&core->branches);
	enum wsip_err err;

	if (!branch)
		return WSIP_ERR_MEMORY;
	*branch = *model;
	wsip_timer_init(&branch->timer_c, fire_timer_c);
	err = begin(branch, rule);
	if (err)
		wsip_pool_free(&core->branches, branch);
	return err;
}

enum wsip_err wsip_branch_start(struct wsip_relay *relay, int destination, uint32_t breadth)
{
	return start_by(&(struct wsip_branch){ .relay = relay,
				.destination = destination,
				.breadth = breadth },
		WSIP_LARGE_BY_TCP);
}

/* RFC 3261 18.1.1: what went by TCP for its size alone goes by UDP where TCP is refused. The
 * handler hears nothing of it. */
static bool go_back_to_udp(struct wsip_branch *branch)
{
	struct wsip_branch model = { .relay = branch->relay,
		.destination = branch->destination,
		.breadth = branch->breadth };

	if (!branch->by_size || branch->provisional || branch->final || branch->abandoned ||
		branch->cancel_wanted || start_by(&model, WSIP_LARGE_BY_UDP) != WSIP_OK)
		return false;
	branch->final = true;
	wsip_branch_settle(branch);
	wsip_timer_stop(&core_of(branch)->timers, &branch->timer_c);
	return true;
}

/* RFC 3261 9.1: same branch, same way; what becomes of it interests nobody. */
static void send_cancel(struct wsip_branch *branch)
{
	struct wsip_core *core = core_of(branch);
	struct wsip_buf *cancel = wsip_cancel_build(branch->client->out,
		branch->relay->cancel_reason, &core->bufs);
	struct wsip_msg msg;
	struct wsip_via via;

	branch->cancelled = true;
	wsip_timer_start(&core->timers, &branch->timer_c, 64 * core->options.timing.t1_ms);
	if (!cancel) {
		core->counters.refused_memory++;
		return;
	}
	if (wsip_msg_parse(&msg, cancel) == WSIP_OK && wsip_msg_top_via(&msg, &via) == WSIP_OK) {
		struct wsip_key key = wsip_tx_client_key(&core->options.secret, via.branch,
			wsip_span_of("CANCEL"), wsip_msg_call_id(&msg));

		wsip_tx_start_client(&core->tx, &wsip_tx_nict, key, &branch->client->flow,
			wsip_buf_ref(cancel), &nobody, NULL);
	}
	wsip_msg_finish(&msg);
	wsip_buf_unref(cancel);
}

void wsip_branch_cancel(struct wsip_branch *branch)
{
	if (branch->final || branch->cancelled || !is_invite(branch))
		return;
	if (branch->provisional)
		send_cancel(branch);
	else
		branch->cancel_wanted = true;
}

/* RFC 3261 16.7 step 2: each provisional response but 100 starts Timer C again. */
static void note_provisional(struct wsip_branch *branch, unsigned int status)
{
	struct wsip_core *core = core_of(branch);

	branch->provisional = true;
	if (branch->cancel_wanted && !branch->cancelled)
		send_cancel(branch);
	else if (status > 100 && is_invite(branch) && !branch->cancelled)
		wsip_timer_start(&core->timers, &branch->timer_c, core->options.timer_c_ms);
}

static void branch_response(void *user, struct wsip_tx *tx, struct wsip_msg *response)
{
	struct wsip_branch *branch = user;
	struct wsip_request *request = branch->relay->request;
	unsigned int status = wsip_msg_status(response);
	struct wsip_span via;

	(void)tx;
	if (status < 200)
		note_provisional(branch, status);
	/* RFC 3261 16.7 step 5: 100 is never forwarded. */
	if (status == 100)
		return;
	/* RFC 3261 16.7 step 3: our Via comes off. A response without another one has lost its way
	 * back; if it is final, nothing better will come. */
	if (wsip_msg_remove_first_value(response, WSIP_VIA) != WSIP_OK ||
		!wsip_msg_header(response, WSIP_VIA, &via)) {
		request->core->counters.bad_messages++;
		if (status >= 200)
			give_up(branch, 502);
		return;
	}
	if (status >= 200) {
		branch->final = true;
		wsip_branch_settle(branch);
		wsip_timer_stop(&request->core->timers, &branch->timer_c);
	}
	request->busy++;
	wsip_relay_response(branch->relay, branch, response);
	request->busy--;
	wsip_request_release(
		request); /* also where the caller has his answer from another branch */
}

static void branch_failed(void *user, struct wsip_tx *tx, enum wsip_tx_failure failure)
{
	(void)tx;
	if (failure == WSIP_TX_UNREACHABLE && go_back_to_udp(user))
		return;
	/* RFC 3261 16.9: a transport error counts as 503. */
	give_up(user, failure == WSIP_TX_TIMED_OUT ? 408 : 503);
}

static void branch_ended(void *user, struct wsip_tx *tx)
{
	struct wsip_branch *branch = user;
	struct wsip_request *request = branch->relay->request;

	(void)tx;
	wsip_timer_stop(&request->core->timers, &branch->timer_c);
	wsip_list_remove(&branch->link);
	wsip_pool_free(&request->core->branches, branch);
	wsip_request_release(request);
}
