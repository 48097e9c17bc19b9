/* SPDX-License-Identifier: MIT
 * What an agent is asked: RFC 3261 8.2, 9.2, 12.2.2, 13.3, 15.1.2.
 */
#include <stdio.h>
#include <string.h>

#include "core/received.h"
#include "testkit/agent.h"

#define BUSY 486

static void server_ended(void *user, struct wsip_tx *tx);

static const struct wsip_tx_user_ops server_ops = { .ended = server_ended };

/* Of what is answered at once. */
static const struct wsip_tx_user_ops nobody;

static void drop_request(struct wsip_call *call)
{
	if (!call->request)
		return;
	wsip_msg_finish(call->request);
	wsip_pool_free(&call->agent->msgs, call->request);
	call->request = NULL;
}

static void server_ended(void *user, struct wsip_tx *tx)
{
	struct wsip_call *call = user;

	if (call->server != tx)
		return;
	call->server = NULL;
	drop_request(call);
}

/* ---- The answer to an INVITE ---- */

/* RFC 3261 13.3.1.4: at T1, doubling up to T2, until the ACK comes; after 64*T1 the call is over.
 */
static void fire_repeat(struct wsip_timer *timer)
{
	struct wsip_call *call = wsip_container_of(timer, struct wsip_call, repeat);
	struct wsip_agent *agent = call->agent;

	if (call->acked || !call->accepted)
		return;
	if (agent->timers.now_ms >= call->repeat_until_ms) {
		wsip_call_hang_up(call);
		return;
	}
	(void)!wsip_agent_transmit(agent, &call->accepted_flow, call->accepted);
	call->repeat_ms = 2 * call->repeat_ms < WSIP_AGENT_T2_MS ? 2 * call->repeat_ms
								 : WSIP_AGENT_T2_MS;
	wsip_timer_start(&agent->timers, &call->repeat, call->repeat_ms);
}

static void repeat_until_acked(struct wsip_call *call, struct wsip_buf *response)
{
	struct wsip_agent *agent = call->agent;

	wsip_buf_unref(call->accepted);
	call->accepted = wsip_buf_ref(response);
	call->accepted_flow = call->server->flow;
	call->acked = false;
	call->repeat_ms = WSIP_AGENT_T1_MS;
	call->repeat_until_ms = agent->timers.now_ms + 64 * WSIP_AGENT_T1_MS;
	wsip_timer_start(&agent->timers, &call->repeat, call->repeat_ms);
}

static void note_local_tag(struct wsip_call *call, struct wsip_buf *response)
{
	struct wsip_name_addr to;
	struct wsip_msg msg;

	if (wsip_msg_parse(&msg, response) == WSIP_OK && wsip_msg_to(&msg, &to) == WSIP_OK &&
		to.tag.size < sizeof(call->local_tag))
		wsip_agent_copy(call->local_tag, to.tag);
	wsip_msg_finish(&msg);
}

static void note_answer(struct wsip_call *call, unsigned int status, struct wsip_buf *response)
{
	if (status > 100)
		note_local_tag(call, response);
	if (status > 100 && status < 200 && call->state == WSIP_CALL_TRYING)
		call->state = WSIP_CALL_RINGING;
	if (status < 200)
		return;
	call->status = status;
	if (status >= 300) {
		call->state = WSIP_CALL_ENDED;
		return;
	}
	call->state = WSIP_CALL_UP;
	call->was_up = true;
	repeat_until_acked(call, response);
	if (call->agent->options.hang_up_after_ms)
		wsip_timer_start(&call->agent->timers, &call->hang_up,
			call->agent->options.hang_up_after_ms);
}

static struct wsip_buf *with_headers(struct wsip_agent *agent, struct wsip_buf *response)
{
	const char *headers = agent->options.headers;
	struct wsip_buf *longer;
	const char *end;
	size_t head;

	if (!headers || !response)
		return response;
	end = memmem(response->data, response->used, "\r\n\r\n", 4);
	longer = wsip_buf_get(&agent->bufs, response->used + strlen(headers));
	if (!end || !longer)
		return response;
	head = (size_t)(end - response->data) + 2;
	memcpy(longer->data, response->data, head);
	memcpy(longer->data + head, headers, strlen(headers));
	memcpy(longer->data + head + strlen(headers), response->data + head, response->used - head);
	longer->used = response->used + (uint32_t)strlen(headers);
	wsip_buf_unref(response);
	return longer;
}

static void say(struct wsip_call *call, unsigned int status)
{
	struct wsip_agent *agent = call->agent;
	struct wsip_buf *response;

	if (!call->server || !call->request || call->status >= 200)
		return;
	response = wsip_agent_write_response(agent, call->request, status);
	if (status >= 200)
		response = with_headers(agent, response);
	if (!response)
		return;
	note_answer(call, status, response);
	wsip_tx_respond(call->server, status, response);
}

void wsip_call_answer(struct wsip_call *call, unsigned int status)
{
	if (call->incoming)
		say(call, status);
}

/* ---- Manners ---- */

static void fire_ring(struct wsip_timer *timer)
{
	say(wsip_container_of(timer, struct wsip_call, ring), 180);
}

static void fire_answer(struct wsip_timer *timer)
{
	struct wsip_call *call = wsip_container_of(timer, struct wsip_call, answer);
	const struct wsip_agent_options *options = &call->agent->options;

	if (options->manner == WSIP_AGENT_REJECTS)
		say(call, options->status ? options->status : BUSY);
	else
		say(call, 200);
}

static void fire_hang_up(struct wsip_timer *timer)
{
	wsip_call_hang_up(wsip_container_of(timer, struct wsip_call, hang_up));
}

void wsip_agent_init_server(struct wsip_call *call)
{
	wsip_timer_init(&call->ring, fire_ring);
	wsip_timer_init(&call->answer, fire_answer);
	wsip_timer_init(&call->hang_up, fire_hang_up);
	wsip_timer_init(&call->repeat, fire_repeat);
}

void wsip_agent_finish_server(struct wsip_call *call)
{
	drop_request(call);
	wsip_buf_unref(call->accepted);
}

/* RFC 3261 13.3.1. */
static void behave(struct wsip_call *call)
{
	const struct wsip_agent_options *options = &call->agent->options;
	struct wsip_timers *timers = &call->agent->timers;
	bool rings = options->manner != WSIP_AGENT_REJECTS ||
		     options->ring_after_ms < options->answer_after_ms;

	if (options->manner == WSIP_AGENT_MANUAL)
		return;
	if (rings)
		wsip_timer_start(timers, &call->ring, options->ring_after_ms);
	if (options->manner != WSIP_AGENT_RINGS_ON)
		wsip_timer_start(timers, &call->answer, options->answer_after_ms);
}

/* ---- Requests ---- */

static struct wsip_call *find_call(struct wsip_agent *agent, const struct wsip_msg *request)
{
	struct wsip_name_addr to;

	if (wsip_msg_to(request, &to) != WSIP_OK || to.tag.size == 0)
		return NULL;
	for (struct wsip_list *link = agent->calls.next; link != &agent->calls; link = link->next) {
		struct wsip_call *call = wsip_container_of(link, struct wsip_call, link);

		if (wsip_span_is(wsip_msg_call_id(request), call->call_id) &&
			wsip_span_is(to.tag, call->local_tag))
			return call;
	}
	return NULL;
}

static void read_caller(struct wsip_call *call, const struct wsip_msg *request)
{
	struct wsip_name_addr address;

	wsip_agent_copy(call->call_id, wsip_msg_call_id(request));
	wsip_agent_copy(call->method, wsip_msg_method_text(request));
	if (wsip_msg_from(request, &address) == WSIP_OK) {
		wsip_agent_copy(call->remote_uri, address.uri);
		wsip_agent_copy(call->dialog.remote_tag, address.tag);
	}
	if (wsip_msg_to(request, &address) == WSIP_OK)
		wsip_agent_copy(call->local_uri, address.uri);
	wsip_agent_read_dialog(&call->dialog, request);
	call->last = wsip_buf_ref(request->buf);
}

static struct wsip_tx *start_server(struct wsip_agent *agent, const struct wsip_msg *request,
	const struct wsip_flow *back, const struct wsip_tx_user_ops *ops, void *user)
{
	struct wsip_via via;

	if (wsip_msg_top_via(request, &via) != WSIP_OK)
		return NULL;
	return wsip_tx_start_server(&agent->tx,
		request->method == WSIP_INVITE ? &wsip_tx_ist : &wsip_tx_nist,
		wsip_tx_server_key(&agent->tx.secret, request, &via, wsip_msg_method_text(request)),
		back, ops, user);
}

static void answer_at_once(struct wsip_agent *agent, const struct wsip_msg *request,
	const struct wsip_flow *back, unsigned int status)
{
	struct wsip_tx *tx = start_server(agent, request, back, &nobody, NULL);
	struct wsip_buf *response = tx ? wsip_agent_write_response(agent, request, status) : NULL;

	if (response)
		wsip_tx_respond(tx, status, response);
}

/* Keeps a copy of the request for the answers to come. */
static void take_invite(struct wsip_call *call, const struct wsip_msg *request,
	const struct wsip_flow *back)
{
	struct wsip_agent *agent = call->agent;

	drop_request(call);
	call->request = wsip_pool_alloc(&agent->msgs);
	if (!call->request || wsip_msg_copy(call->request, request) != WSIP_OK)
		wsip_sim_misuse("out of memory");
	call->status = 0;
	call->server = start_server(agent, request, back, &server_ops, call);
}

static void take_new_call(struct wsip_agent *agent, const struct wsip_msg *request,
	const struct wsip_flow *back)
{
	struct wsip_call *call = wsip_agent_add_call(agent);

	call->incoming = true;
	read_caller(call, request);
	take_invite(call, request, back);
	behave(call);
}

static void take_within(struct wsip_call *call, const struct wsip_msg *request,
	const struct wsip_flow *back)
{
	struct wsip_agent *agent = call->agent;

	if (request->method == WSIP_BYE) {
		call->state = WSIP_CALL_ENDED;
		call->acked = true; /* whoever hangs up has heard the 2xx */
		answer_at_once(agent, request, back, 200);
	} else if (request->method == WSIP_INVITE && call->state == WSIP_CALL_UP) {
		take_invite(call, request, back);
		say(call, 200);
	} else {
		answer_at_once(agent, request, back, call->state == WSIP_CALL_UP ? 200 : 481);
	}
}

/* RFC 3261 9.2. */
static void take_cancel(struct wsip_agent *agent, const struct wsip_msg *request,
	const struct wsip_flow *back)
{
	struct wsip_via via;
	struct wsip_tx *tx = NULL;

	if (wsip_msg_top_via(request, &via) == WSIP_OK)
		tx = wsip_tx_find_server(&agent->tx, wsip_tx_server_key(&agent->tx.secret, request,
							     &via, wsip_span_of("INVITE")));
	answer_at_once(agent, request, back, tx ? 200 : 481);
	if (tx && tx->user_ops == &server_ops)
		say(tx->user, 487);
}

static void take_ack(struct wsip_agent *agent, const struct wsip_msg *request)
{
	struct wsip_call *call = find_call(agent, request);

	if (!call)
		return;
	call->acked = true;
	wsip_timer_stop(&agent->timers, &call->repeat);
}

static void count(struct wsip_agent *agent, const struct wsip_msg *request)
{
	struct wsip_agent_method *method;

	for (struct wsip_list *link = agent->received.next; link != &agent->received;
		link = link->next) {
		method = wsip_container_of(link, struct wsip_agent_method, link);
		if (wsip_span_is(wsip_msg_method_text(request), method->name)) {
			method->count++;
			return;
		}
	}
	method = wsip_sim_alloc(sizeof(*method));
	snprintf(method->name, sizeof(method->name), "%.*s",
		(int)wsip_msg_method_text(request).size, wsip_msg_method_text(request).data);
	method->count = 1;
	wsip_list_append(&agent->received, &method->link);
}

static void take_new_request(struct wsip_agent *agent, const struct wsip_msg *request,
	const struct wsip_flow *back)
{
	struct wsip_call *call = find_call(agent, request);
	struct wsip_name_addr to;
	bool within = wsip_msg_to(request, &to) == WSIP_OK && to.tag.size > 0;

	count(agent, request);
	if (request->method == WSIP_ACK)
		take_ack(agent, request);
	else if (request->method == WSIP_CANCEL)
		take_cancel(agent, request, back);
	else if (call)
		take_within(call, request, back);
	else if (within)
		answer_at_once(agent, request, back, 481);
	else if (request->method == WSIP_INVITE)
		take_new_call(agent, request, back);
	else
		answer_at_once(agent, request, back, 200);
}

void wsip_agent_take_request(struct wsip_agent *agent, struct wsip_msg *request,
	const struct wsip_flow *flow)
{
	struct wsip_tx *tx;
	struct wsip_flow back;
	struct wsip_via via;

	if (agent->options.manner == WSIP_AGENT_SILENT ||
		wsip_msg_top_via(request, &via) != WSIP_OK)
		return;
	back = wsip_received_flow_back(&via, flow);
	tx = wsip_tx_find_server(&agent->tx,
		wsip_tx_server_key(&agent->tx.secret, request, &via,
			request->method == WSIP_ACK ? wsip_span_of("INVITE")
						    : wsip_msg_method_text(request)));
	if (tx && (request->method != WSIP_ACK || wsip_tx_takes(tx, WSIP_TX_ACK)))
		wsip_tx_input(tx, request->method == WSIP_ACK ? WSIP_TX_ACK : WSIP_TX_REQUEST,
			&(struct wsip_tx_input){ .msg = request });
	else
		take_new_request(agent, request, &back);
}
