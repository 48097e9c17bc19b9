/* SPDX-License-Identifier: MIT
 * The life of a request: server transaction, handler, answer, end.
 */
#include <string.h>

#include "core/answer.h"
#include "core/loop.h"
#include "core/request_state.h"

static void server_failed(void *user, struct wsip_tx *tx, enum wsip_tx_failure failure);
static void server_ended(void *user, struct wsip_tx *tx);

static const struct wsip_msg *server_request(void *user)
{
	const struct wsip_request *request = user;

	return request->msg;
}

static const struct wsip_tx_user_ops server_ops = {
	.failed = server_failed,
	.request = server_request,
	.ended = server_ended,
};

static void fire_timer_100(struct wsip_timer *timer)
{
	wsip_request_answer(wsip_container_of(timer, struct wsip_request, timer_100), 100, NULL);
}

struct wsip_request *wsip_request_create(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_flow *flow)
{
	struct wsip_request *request = wsip_pool_alloc(&core->requests);

	if (!request)
		return NULL;
	request->core = core;
	request->msg = msg;
	request->flow = *flow;
	request->loop_hash = wsip_loop_hash(core, msg);
	wsip_timer_init(&request->timer_100, fire_timer_100);
	wsip_request_init_suspension(request);
	wsip_relay_init(&request->relay, request);
	return request;
}

void wsip_request_destroy(struct wsip_request *request)
{
	struct wsip_core *core = request->core;

	wsip_timer_stop(&core->timers, &request->timer_100);
	wsip_request_end_suspension(request);
	wsip_merged_forget(request->merged);
	if (request->free_data)
		request->free_data(request->data);
	wsip_relay_finish(&request->relay);
	wsip_msg_finish(request->msg);
	wsip_pool_free(&core->msgs, request->msg);
	wsip_pool_free(&core->requests, request);
}

void wsip_request_release(struct wsip_request *request)
{
	if (!request->server && !request->busy && wsip_list_empty(&request->relay.branches))
		wsip_request_destroy(request);
	else if (request->server)
		wsip_request_retire(request);
}

enum wsip_err wsip_request_start(struct wsip_request *request, struct wsip_key key,
	const struct wsip_flow *response_flow)
{
	struct wsip_core *core = request->core;
	bool invite = request->msg->method == WSIP_INVITE;

	request->back = *response_flow;
	request->server = wsip_tx_start_server(&core->tx, invite ? &wsip_tx_ist : &wsip_tx_nist,
		key, response_flow, &server_ops, request);
	if (!request->server)
		return WSIP_ERR_MEMORY;
	core->counters.requests++;
	core->unanswered++;
	if (!invite) /* RFC 4320 4.1: not before the client's Timer E has reached T2 */
		wsip_timer_start(&core->timers, &request->timer_100,
			7 * core->options.timing.t1_ms);
	return WSIP_OK;
}

struct wsip_request *wsip_request_of(struct wsip_tx *server)
{
	return server->user_ops == &server_ops ? server->user : NULL;
}

void wsip_request_say_trying(struct wsip_request *request)
{
	if (request->msg->method == WSIP_INVITE && !request->server->out)
		wsip_request_answer(request, 100, NULL);
}

void wsip_request_expect_decision(struct wsip_request *request)
{
	if (!request->answered && !request->relayed && !request->suspended && request->server)
		wsip_request_answer(request, 500, "Handler Gave No Answer");
}

void wsip_request_handle(struct wsip_request *request)
{
	struct wsip_core_options *options = &request->core->options;

	request->busy++;
	options->on_request(request, options->user);
	wsip_request_expect_decision(request);
	request->busy--;
}

/* RFC 3261 17.2.1: Timer H, and 17.2.4. The caller is gone; there is nothing to mend. */
static void server_failed(void *user, struct wsip_tx *tx, enum wsip_tx_failure failure)
{
	struct wsip_request *request = user;
	struct wsip_log_line line;

	wsip_log_begin(&line, request->core->options.log, WSIP_LOG_DEBUG, "response not delivered");
	wsip_tx_log_message(&line, request->msg);
	wsip_log_addr(&line, "remote", &tx->flow.remote);
	wsip_log_text(&line, "cause", failure == WSIP_TX_TIMED_OUT ? "no ACK" : "unreachable");
	wsip_log_end(&line);
}

static void note_answered(struct wsip_request *request)
{
	if (request->answered)
		return;
	request->answered = true;
	request->core->unanswered--;
	wsip_timer_stop(&request->core->timers, &request->timer_100);
	wsip_request_end_suspension(request);
}

static void server_ended(void *user, struct wsip_tx *tx)
{
	struct wsip_request *request = user;

	(void)tx;
	request->server = NULL;
	note_answered(request);
	wsip_request_release(request);
}

/* RFC 3261 16.7 step 9: a 2xx to INVITE goes up even where the transaction has ended, or has sent
 * something else. Takes over the reference. */
static void send_past_transaction(struct wsip_request *request, unsigned int status,
	struct wsip_buf *response)
{
	struct wsip_core *core = request->core;

	if (status / 100 == 2 && request->msg->method == WSIP_INVITE) {
		if (core->options.sender->send(core->options.sender_self, &request->back, response,
			    0) == WSIP_OK)
			core->counters.stateless++;
		else
			core->counters.unroutable++;
	}
	wsip_buf_unref(response);
}

void wsip_request_respond(struct wsip_request *request, unsigned int status,
	struct wsip_buf *response)
{
	if (!response) {
		request->core->counters.refused_memory++;
		if (status >= 200)
			wsip_request_give_up(request);
		return;
	}
	if (status >= 200)
		note_answered(request);
	if (request->server && wsip_tx_takes(request->server, wsip_tx_send_event(status)))
		wsip_tx_respond(request->server, status, response);
	else
		send_past_transaction(request, status, response);
}

void wsip_request_give_up(struct wsip_request *request)
{
	note_answered(request);
	if (request->server)
		wsip_tx_leave_unanswered(request->server);
}

static bool is_sound(const struct wsip_answer *answer)
{
	if (answer->status < 100 || answer->status > 699 ||
		!wsip_span_is_one_line(wsip_span_of(answer->reason)) ||
		!wsip_span_is_one_line(wsip_span_of(answer->content_type)))
		return false;
	for (size_t i = 0; i < answer->header_count; i++) {
		if (!wsip_span_is_one_line(answer->headers[i].value) ||
			!wsip_span_is_one_line(wsip_span_of(answer->headers[i].name)))
			return false;
	}
	return true;
}

enum wsip_err wsip_request_answer_with(struct wsip_request *request,
	const struct wsip_answer *answer)
{
	struct wsip_core *core = request->core;
	struct wsip_buf *response;

	if (!is_sound(answer))
		return WSIP_ERR_ARGUMENT;
	if (!request->server || request->answered || request->picked_up)
		return WSIP_ERR_STATE;
	response = wsip_answer_build(request->msg, answer, &core->options.secret, &core->bufs);
	wsip_request_respond(request, answer->status, response);
	if (answer->status >= 200) /* nobody shall go on ringing for it */
		wsip_relay_abandon(&request->relay, answer->status);
	return response ? WSIP_OK : WSIP_ERR_MEMORY;
}

enum wsip_err wsip_request_answer(struct wsip_request *request, unsigned int status,
	const char *reason)
{
	return wsip_request_answer_with(request,
		&(struct wsip_answer){ .status = status, .reason = reason });
}

struct wsip_msg *wsip_request_local_response(struct wsip_request *request, unsigned int status)
{
	struct wsip_core *core = request->core;
	struct wsip_msg *msg = wsip_pool_take(&core->msgs);
	struct wsip_buf *buf;

	if (!msg)
		return NULL;
	buf = wsip_answer_build(request->msg, &(struct wsip_answer){ .status = status },
		&core->options.secret, &core->bufs);
	if (!buf || wsip_msg_parse(msg, buf) != WSIP_OK) {
		wsip_buf_unref(buf);
		wsip_pool_free(&core->msgs, msg);
		return NULL;
	}
	wsip_buf_unref(buf);
	return msg;
}

struct wsip_msg *wsip_request_msg(struct wsip_request *request)
{
	return request->msg;
}

const struct wsip_addr *wsip_request_source(const struct wsip_request *request)
{
	return &request->flow.remote;
}

enum wsip_transport wsip_request_transport(const struct wsip_request *request)
{
	return (enum wsip_transport)request->flow.transport;
}

void wsip_request_set_data(struct wsip_request *request, void *data, void (*free_data)(void *data))
{
	if (request->free_data)
		request->free_data(request->data);
	request->data = data;
	request->free_data = free_data;
}

void *wsip_request_data(const struct wsip_request *request)
{
	return request->data;
}
