/* SPDX-License-Identifier: MIT
 * Takes a message, checks it, and hands it to whoever is waiting for it: a transaction, a relay, or
 * the handler (RFC 3261 16.3, 17, 18.2).
 */
#include "core/core.h"

#include "core/answer.h"
#include "core/forward.h"
#include "core/preprocess.h"
#include "core/received.h"
#include "core/request_state.h"
#include "parser/pack.h"

/* Timers of handlers (wsip_request_resume_after) may have any duration; those of the RFC stay
 * exact. */
static void reserve_timers(struct wsip_core *core)
{
	const struct wsip_tx_timing *timing = &core->options.timing;

	for (uint32_t duration_ms = timing->t1_ms; duration_ms <= 64 * timing->t1_ms;
		duration_ms *= 2)
		wsip_timers_reserve(&core->timers, duration_ms);
	wsip_timers_reserve(&core->timers, timing->t2_ms);
	wsip_timers_reserve(&core->timers, timing->t4_ms);
	wsip_timers_reserve(&core->timers, timing->timer_d_ms);
	wsip_timers_reserve(&core->timers, 7 * timing->t1_ms);
	wsip_timers_reserve(&core->timers, core->options.timer_c_ms);
}

enum wsip_err wsip_core_init(struct wsip_core *core, const struct wsip_core_options *options)
{
	enum wsip_err err;

	*core = (struct wsip_core){ .options = *options };
	wsip_timers_init(&core->timers, options->now_ms);
	reserve_timers(core);
	wsip_buf_pool_init(&core->bufs);
	wsip_pool_init(&core->msgs, "messages", sizeof(struct wsip_msg), WSIP_TRANSACTIONS_MAX);
	wsip_pool_init(&core->requests, "requests", sizeof(struct wsip_request),
		WSIP_TRANSACTIONS_MAX);
	wsip_pool_init(&core->branches, "branches", sizeof(struct wsip_branch),
		WSIP_TRANSACTIONS_MAX);
	wsip_pool_init(&core->merged_pool, "merged requests", wsip_merged_bytes(),
		WSIP_TRANSACTIONS_MAX);
	wsip_pool_init(&core->lates, "answered INVITEs", wsip_late_bytes(), WSIP_TRANSACTIONS_MAX);
	core->tx = (struct wsip_tx_layer){ .timing = options->timing,
		.timers = &core->timers,
		.bufs = &core->bufs,
		.sender = options->sender,
		.sender_self = options->sender_self,
		.log = options->log,
		.secret = options->secret };
	err = wsip_overload_init(core, options->turn);
	if (!err)
		err = wsip_table_init(&core->merged);
	return err ? err : wsip_tx_layer_init(&core->tx);
}

static void destroy_request(void *object, void *user)
{
	(void)user;
	wsip_request_destroy(object);
}

void wsip_core_finish(struct wsip_core *core)
{
	wsip_overload_finish(core);
	wsip_tx_layer_clear(&core->tx);
	wsip_pool_each(&core->requests, destroy_request, NULL);
	wsip_tx_layer_finish(&core->tx);
	wsip_table_finish(&core->merged);
	wsip_pool_finish(&core->merged_pool);
	wsip_pool_finish(&core->lates);
	wsip_pool_finish(&core->branches);
	wsip_pool_finish(&core->requests);
	wsip_pool_finish(&core->msgs);
	wsip_buf_pool_finish(&core->bufs);
}

void wsip_core_drop(struct wsip_core *core, struct wsip_msg *msg)
{
	wsip_msg_finish(msg);
	wsip_pool_free(&core->msgs, msg);
}

static void log_refusal(struct wsip_core *core, const char *event, const struct wsip_flow *flow,
	const struct wsip_problem *problem, const struct wsip_msg *msg)
{
	struct wsip_log_line line;

	wsip_log_begin(&line, core->options.log, WSIP_LOG_WARN, event);
	wsip_log_addr(&line, "source", &flow->remote);
	wsip_log_number(&line, "status", problem->status);
	wsip_log_text(&line, "reason", problem->reason);
	wsip_log_number(&line, "offset", problem->offset);
	if (msg)
		wsip_log_span(&line, "call_id", wsip_msg_call_id(msg));
	wsip_log_end(&line);
}

void wsip_core_answer_statelessly(struct wsip_core *core, const struct wsip_msg *request,
	const struct wsip_flow *back, const struct wsip_answer *answer,
	const struct wsip_secret *secret)
{
	struct wsip_buf *response = wsip_answer_build(request, answer, secret, &core->bufs);

	if (!response)
		return;
	if (core->options.sender->send(core->options.sender_self, back, response, 0) != WSIP_OK)
		core->counters.unroutable++;
	wsip_buf_unref(response);
}

/* Answers without a transaction (RFC 3261 8.2.7). */
static void answer_statelessly(struct wsip_core *core, const struct wsip_msg *request,
	const struct wsip_flow *back, const struct wsip_answer *answer)
{
	wsip_core_answer_statelessly(core, request, back, answer, &core->options.secret);
}

/* RFC 3261 21.5.4, without a transaction (8.2.7). An ACK has no answer. */
static void answer_503(struct wsip_core *core, const struct wsip_msg *msg,
	const struct wsip_flow *back)
{
	static const struct wsip_answer_header retry_after = { "Retry-After", { "5", 1 } };

	if (msg->method != WSIP_ACK)
		answer_statelessly(core, msg, back,
			&(struct wsip_answer){
				.status = 503, .headers = &retry_after, .header_count = 1 });
}

/* There is no room for a transaction. */
static void refuse_for_room(struct wsip_core *core, const struct wsip_msg *msg, struct wsip_key key,
	const struct wsip_flow *back)
{
	core->counters.refused_memory++;
	if (msg->method != WSIP_ACK)
		wsip_refusals_note(&core->refusals, key,
			core->timers.now_ms + 64 * core->options.timing.t1_ms);
	answer_503(core, msg, back);
}

/* Refused before it costs a request. Takes over `msg`. */
static void refuse_new(struct wsip_core *core, struct wsip_msg *msg, const struct wsip_flow *back)
{
	answer_503(core, msg, back);
	wsip_core_drop(core, msg);
}

/* A wrong request gets its answer if it has a Via to send it by; an ACK gets none (17.1.1.3). */
static void refuse(struct wsip_core *core, struct wsip_msg *msg, const struct wsip_flow *flow,
	const struct wsip_problem *problem)
{
	struct wsip_flow back;
	struct wsip_via via;
	struct wsip_cseq cseq;

	core->counters.bad_messages++;
	log_refusal(core, "message refused", flow, problem, msg);
	if (msg->method == WSIP_ACK || wsip_msg_top_via(msg, &via) != WSIP_OK)
		return;
	if (wsip_msg_cseq(msg, &cseq) == WSIP_OK && wsip_span_is(cseq.method, "ACK"))
		return;
	back = wsip_received_flow_back(&via, flow);
	if (wsip_received_note(core, msg, &via, flow) == WSIP_OK)
		answer_statelessly(core, msg, &back,
			&(struct wsip_answer){
				.status = problem->status, .reason = problem->reason });
}

static void receive_response(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_via *via)
{
	struct wsip_cseq cseq;
	struct wsip_tx *tx = NULL;

	/* RFC 3261 18.1.2: a response whose sent-by is not ours is none of ours. */
	if (!wsip_core_is_own_sent_by(core, via)) {
		core->counters.stray_responses++;
		return;
	}
	if (wsip_msg_cseq(msg, &cseq) == WSIP_OK)
		tx = wsip_tx_find_client(&core->tx,
			wsip_tx_client_key(&core->options.secret, via->branch, cseq.method,
				wsip_msg_call_id(msg)));
	/* RFC 6026 7.3: without a transaction it goes no further, but for what 16.11 let pass. */
	if (!tx) {
		wsip_forward_response_statelessly(core, msg);
		return;
	}
	core->counters.responses++;
	wsip_tx_receive_response(tx, msg);
}

/* RFC 3261 16.10: forwarded without a transaction to where Route or Request-URI say; 9.2: 481 where
 * there is nobody beyond us. Takes over `msg`. */
static void receive_unmatched_cancel(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_flow *flow, const struct wsip_flow *back)
{
	wsip_preprocess(core, msg);
	if (wsip_forward_request_statelessly(core, msg,
		    &(struct wsip_forward_plan){ .from = flow }) != WSIP_OK)
		answer_statelessly(core, msg, back, &(struct wsip_answer){ .status = 481 });
	wsip_core_drop(core, msg);
}

/* RFC 3261 16.10: answered at once; what it is about is cancelled if it is still pending.
 * Takes over `msg`. */
static void receive_cancel(struct wsip_core *core, struct wsip_msg *msg, struct wsip_key key,
	const struct wsip_flow *flow, const struct wsip_flow *back)
{
	struct wsip_tx *invite = NULL;
	struct wsip_request *cancel;
	struct wsip_via via;

	if (wsip_msg_top_via(msg, &via) == WSIP_OK)
		invite = wsip_tx_find_server(&core->tx, wsip_tx_server_key(&core->options.secret,
								msg, &via, wsip_span_of("INVITE")));
	if (!invite) {
		receive_unmatched_cancel(core, msg, flow, back);
		return;
	}
	cancel = wsip_request_create(core, msg, flow);
	if (!cancel) {
		refuse_for_room(core, msg, key, back);
		wsip_core_drop(core, msg);
		return;
	}
	if (wsip_request_start(cancel, key, back) != WSIP_OK) {
		refuse_for_room(core, msg, key, back);
	} else {
		struct wsip_request *request = wsip_request_of(invite);

		wsip_request_answer(cancel, 200, NULL);
		if (request)
			wsip_relay_cancel(&request->relay, wsip_request_msg(cancel));
	}
	wsip_request_release(cancel);
}

/* Takes over `msg`. */
static void receive_new_request(struct wsip_core *core, struct wsip_msg *msg, struct wsip_key key,
	const struct wsip_flow *flow, const struct wsip_flow *back)
{
	struct wsip_request *request;

	if (core->draining && wsip_core_starts_something(msg)) {
		core->counters.refused_draining++;
		refuse_new(core, msg, back);
		return;
	}
	wsip_preprocess(core, msg);
	request = wsip_request_create(core, msg, flow);
	if (!request) {
		refuse_for_room(core, msg, key, back);
		wsip_core_drop(core, msg);
		return;
	}
	if (msg->method == WSIP_ACK || wsip_request_start(request, key, back) == WSIP_OK)
		wsip_request_handle(request);
	else
		refuse_for_room(core, msg, key, back);
	wsip_request_release(request);
}

/* Takes over `msg`, which belongs to no transaction. */
static void start_request(struct wsip_core *core, struct wsip_msg *msg, struct wsip_key key,
	const struct wsip_flow *flow, const struct wsip_flow *back)
{
	if (msg->method != WSIP_ACK &&
		wsip_refusals_has(&core->refusals, key, core->timers.now_ms)) {
		core->counters.refused_again++;
		refuse_new(core, msg, back);
	} else if (msg->method == WSIP_CANCEL)
		receive_cancel(core, msg, key, flow, back);
	else
		receive_new_request(core, msg, key, flow, back);
}

/* Meanwhile it may have got a transaction, by its copy. */
void wsip_core_start_request(struct wsip_core *core, const struct wsip_waiting *waiting)
{
	struct wsip_tx *tx = wsip_tx_find_server(&core->tx, waiting->key);

	if (!tx) {
		start_request(core, waiting->msg, waiting->key, &waiting->flow, &waiting->back);
		return;
	}
	wsip_tx_input(tx, WSIP_TX_REQUEST, &(struct wsip_tx_input){ .msg = waiting->msg });
	wsip_core_drop(core, waiting->msg);
}

/* Takes over `msg`. */
static void receive_request(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_via *via, const struct wsip_flow *flow)
{
	struct wsip_span method = wsip_msg_method_text(msg);
	struct wsip_flow back = wsip_received_flow_back(via, flow);
	struct wsip_key key = wsip_tx_server_key(&core->options.secret, msg, via,
		msg->method == WSIP_ACK ? wsip_span_of("INVITE") : method);
	struct wsip_tx *tx = wsip_tx_find_server(&core->tx, key);

	if (tx && (msg->method != WSIP_ACK || wsip_tx_takes(tx, WSIP_TX_ACK))) {
		wsip_tx_input(tx, msg->method == WSIP_ACK ? WSIP_TX_ACK : WSIP_TX_REQUEST,
			&(struct wsip_tx_input){ .msg = msg });
		wsip_core_drop(core, msg);
		return;
	}
	if (msg->method == WSIP_ACK && wsip_answer_is_acked_by(msg, &core->options.secret)) {
		core->counters.stray_acks++; /* of a refusal without a transaction */
		wsip_core_drop(core, msg);
		return;
	}
	if (wsip_received_note(core, msg, via, flow) != WSIP_OK) {
		core->counters.refused_memory++;
		wsip_core_drop(core, msg);
		return;
	}
	if (wsip_overload_concerns(core, msg, via))
		wsip_overload_receive(core,
			&(struct wsip_waiting){
				.msg = msg, .key = key, .flow = *flow, .back = back });
	else
		start_request(core, msg, key, flow, &back);
}

void wsip_core_receive_msg(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_flow *flow, const struct wsip_problem *problem)
{
	struct wsip_problem found;
	struct wsip_via via;

	if (wsip_overload_sheds(core, msg, flow))
		return;
	found = problem && problem->status ? *problem : wsip_msg_check_via(msg, &via);
	if (found.status == 0 && msg->is_request) {
		receive_request(core, msg, &via, flow);
		return;
	}
	if (found.status == 0)
		receive_response(core, msg, &via);
	else if (!wsip_msg_is_response(msg))
		refuse(core, msg, flow, &found);
	else {
		core->counters.bad_messages++;
		log_refusal(core, "response dropped", flow, &found, msg);
	}
	wsip_core_drop(core, msg);
}

struct wsip_msg *wsip_core_slice(struct wsip_core *core, struct wsip_buf *buf,
	const struct wsip_flow *flow)
{
	struct wsip_msg *msg = wsip_pool_take(&core->msgs);
	static const struct wsip_problem no_message = { 400, "Not A SIP Message", 0 };
	enum wsip_err err;

	if (!msg) {
		core->counters.refused_memory++;
		wsip_buf_unref(buf);
		return NULL;
	}
	err = wsip_msg_parse(msg, buf);
	wsip_buf_unref(buf);
	if (!err)
		return msg;
	core->counters.bad_messages++;
	log_refusal(core, "message dropped", flow, &no_message, NULL);
	wsip_core_drop(core, msg);
	return NULL;
}

struct wsip_msg *wsip_core_unpack(struct wsip_core *core, struct wsip_buf *buf)
{
	struct wsip_msg *msg = wsip_pool_take(&core->msgs);

	if (msg) {
		wsip_msg_unpack(msg, buf);
		return msg;
	}
	core->counters.refused_memory++;
	wsip_buf_unref(buf);
	return NULL;
}

void wsip_core_receive(struct wsip_core *core, struct wsip_buf *buf, const struct wsip_flow *flow,
	const struct wsip_problem *problem)
{
	struct wsip_msg *msg = wsip_core_slice(core, buf, flow);

	if (msg)
		wsip_core_receive_msg(core, msg, flow, problem);
}

void wsip_core_send_failed(struct wsip_core *core, uint64_t ticket)
{
	wsip_tx_send_failed(&core->tx, ticket);
}

void wsip_core_refused(struct wsip_core *core, struct wsip_buf *buf)
{
	struct wsip_msg *msg = wsip_pool_take(&core->msgs);
	struct wsip_tx *tx = NULL;
	struct wsip_cseq cseq;
	struct wsip_via via;

	if (!msg)
		return;
	if (wsip_msg_parse(msg, buf) == WSIP_OK && msg->is_request &&
		wsip_msg_top_via(msg, &via) == WSIP_OK && wsip_msg_cseq(msg, &cseq) == WSIP_OK)
		tx = wsip_tx_find_client(&core->tx,
			wsip_tx_client_key(&core->options.secret, via.branch, cseq.method,
				wsip_msg_call_id(msg)));
	if (tx)
		wsip_tx_send_failed(&core->tx, wsip_pool_handle(&core->tx.pool, tx));
	wsip_core_drop(core, msg);
}

void wsip_core_set_now(struct wsip_core *core, uint64_t now_ms)
{
	wsip_timers_set_now(&core->timers, now_ms);
	wsip_overload_note_round(core, now_ms);
}

void wsip_core_advance(struct wsip_core *core, uint64_t now_ms)
{
	wsip_timers_advance(&core->timers, now_ms);
	wsip_tx_tell_send_errors(&core->tx);
}

uint64_t wsip_core_next_ms(struct wsip_core *core)
{
	if (wsip_tx_has_send_errors(&core->tx) || core->overload.count > 0)
		return core->timers.now_ms;
	return wsip_timers_next(&core->timers);
}

void wsip_core_drain(struct wsip_core *core)
{
	core->draining = true;
}

static void abort_request(void *object, void *user)
{
	struct wsip_request *request = object;

	(void)user;
	if (request->answered || !request->server)
		return;
	wsip_request_answer(request, 503, NULL);
}

void wsip_core_abort(struct wsip_core *core)
{
	wsip_overload_abort(core);
	wsip_pool_each(&core->requests, abort_request, NULL);
}
