/* SPDX-License-Identifier: MIT
 * What an agent asks: RFC 3261 8.1, 9.1, 12.2.1, 13.2, 15.1.1.
 */
#include <stdio.h>
#include <string.h>

#include "core/ack.h"
#include "testkit/agent.h"

/* ---- Sending ---- */

static void heard(void *user, struct wsip_tx *tx, struct wsip_msg *response);
static void failed(void *user, struct wsip_tx *tx, enum wsip_tx_failure failure);
static void ended(void *user, struct wsip_tx *tx);

static const struct wsip_tx_user_ops exchange_ops = {
	.response = heard,
	.failed = failed,
	.ended = ended,
};

static struct wsip_exchange *add_exchange(struct wsip_call *call,
	const struct wsip_agent_request *request)
{
	struct wsip_exchange *exchange = wsip_sim_alloc(sizeof(*exchange));

	exchange->agent = call->agent;
	exchange->call = call;
	exchange->cseq = request->cseq;
	snprintf(exchange->method, sizeof(exchange->method), "%s", request->method);
	snprintf(exchange->branch, sizeof(exchange->branch), "%s", request->branch);
	wsip_list_append(&call->agent->exchanges, &exchange->link);
	return exchange;
}

static void note_status(struct wsip_call *call, unsigned int status)
{
	call->heard[status]++;
	if (status >= 200 && call->status / 100 != 2)
		call->status = status;
}

/* Nothing can be sent there: as if 503 had come (8.1.3.1). */
static void fail(struct wsip_exchange *exchange, unsigned int status)
{
	struct wsip_call *call = exchange->call;

	if (exchange == call->invite && !call->was_up) {
		note_status(call, status);
		call->state = WSIP_CALL_ENDED;
	}
}

static void start(struct wsip_exchange *exchange, const struct wsip_flow *flow,
	struct wsip_buf *bytes)
{
	struct wsip_agent *agent = exchange->agent;
	bool invite = strcmp(exchange->method, "INVITE") == 0;

	exchange->tx = wsip_tx_start_client(&agent->tx, invite ? &wsip_tx_ict : &wsip_tx_nict,
		wsip_tx_client_key(&agent->tx.secret, wsip_span_of(exchange->branch),
			wsip_span_of(exchange->method), wsip_span_of(exchange->call->call_id)),
		flow, bytes, &exchange_ops, exchange);
}

static void new_branch(struct wsip_agent *agent, char branch[40])
{
	char token[32];

	wsip_agent_token(agent, token);
	snprintf(branch, 40, WSIP_BRANCH_COOKIE "%s", token);
}

/* The next hop: the first Route, or `fallback` (8.1.2, 12.2.1.1). */
static enum wsip_err flow_of(const struct wsip_call *call, const struct wsip_dialog *dialog,
	const char *fallback, struct wsip_flow *flow)
{
	char uri[WSIP_AGENT_TEXT_BYTES];
	struct wsip_name_addr route;

	if (!dialog || dialog->route_count == 0)
		return wsip_agent_flow_to(call->agent, fallback, flow);
	if (wsip_name_addr_parse(wsip_span_of(dialog->routes[0]), &route) != WSIP_OK)
		return WSIP_ERR_UNREACHABLE;
	wsip_agent_copy(uri, route.uri);
	return wsip_agent_flow_to(call->agent, uri, flow);
}

static struct wsip_exchange *send_request(struct wsip_call *call,
	struct wsip_agent_request *request, const char *next_hop)
{
	struct wsip_exchange *exchange;
	struct wsip_flow flow;
	char branch[40];
	enum wsip_err err;

	new_branch(call->agent, branch);
	request->branch = branch;
	request->cseq = ++call->cseq;
	exchange = add_exchange(call, request);
	if (!request->dialog)
		call->invite = exchange;
	err = flow_of(call, request->dialog, next_hop, &flow);
	request->by_tcp = !err && flow.transport == WSIP_TCP;
	if (err)
		fail(exchange, 503);
	else
		start(exchange, &flow, wsip_agent_write_request(call, request));
	return exchange;
}

void wsip_agent_request_within(struct wsip_call *call, const struct wsip_dialog *dialog,
	const char *method)
{
	struct wsip_agent_request request = {
		.method = method, .uri = dialog->target, .dialog = dialog
	};
	struct wsip_exchange *exchange = send_request(call, &request, dialog->target);

	if (strcmp(method, "INVITE") == 0)
		call->invite = exchange;
}

/* ---- Answers ---- */

/* RFC 3261 13.2.2.4: each 2xx has its ACK, and the same one when it is repeated. */
static void acknowledge(struct wsip_call *call, struct wsip_dialog *dialog, uint32_t cseq)
{
	struct wsip_agent *agent = call->agent;
	char branch[40];
	struct wsip_agent_request request = { .method = "ACK",
		.uri = dialog->target,
		.branch = branch,
		.cseq = cseq,
		.dialog = dialog };

	if (flow_of(call, dialog, dialog->target, &dialog->ack_flow) != WSIP_OK)
		return;
	new_branch(agent, branch);
	request.by_tcp = dialog->ack_flow.transport == WSIP_TCP;
	wsip_buf_unref(dialog->ack);
	dialog->ack_cseq = cseq;
	dialog->ack = wsip_agent_write_request(call, &request);
	if (dialog->ack)
		(void)!wsip_agent_transmit(agent, &dialog->ack_flow, dialog->ack);
}

static struct wsip_dialog *dialog_with(struct wsip_call *call, const char *tag)
{
	if (strcmp(call->dialog.remote_tag, tag) == 0)
		return &call->dialog;
	for (size_t i = 0; i < call->fork_count; i++) {
		if (strcmp(call->forks[i].remote_tag, tag) == 0)
			return &call->forks[i];
	}
	return NULL;
}

/* A second one picked up: it hears that nobody wants it (13.2.2.4). */
static void refuse_fork(struct wsip_call *call, const char *tag, const struct wsip_msg *response,
	uint32_t cseq)
{
	struct wsip_dialog *fork = &call->forks[call->fork_count];

	if (call->fork_count == WSIP_CALL_FORKS_MAX)
		wsip_sim_misuse("more than %d callees picked up", WSIP_CALL_FORKS_MAX + 1);
	call->fork_count++;
	snprintf(fork->remote_tag, sizeof(fork->remote_tag), "%s", tag);
	wsip_agent_read_dialog(fork, response);
	acknowledge(call, fork, cseq);
	wsip_agent_request_within(call, fork, "BYE");
}

static void take_accepted(struct wsip_exchange *exchange, const struct wsip_msg *response)
{
	struct wsip_call *call = exchange->call;
	struct wsip_dialog *dialog;
	struct wsip_name_addr to;
	char tag[WSIP_AGENT_TEXT_BYTES];

	if (wsip_msg_to(response, &to) != WSIP_OK || to.tag.size == 0) {
		wsip_agent_violated(call->agent, "a 2xx without a To tag");
		return;
	}
	wsip_agent_copy(tag, to.tag);
	dialog = dialog_with(call, tag);
	if (dialog && dialog->ack && dialog->ack_cseq == exchange->cseq) {
		(void)!wsip_agent_transmit(call->agent, &dialog->ack_flow, dialog->ack);
		return;
	}
	if (!dialog && call->was_up) {
		refuse_fork(call, tag, response, exchange->cseq);
		return;
	}
	if (!dialog || dialog->route_count == 0) {
		wsip_agent_copy(call->dialog.remote_tag, to.tag);
		wsip_agent_read_dialog(&call->dialog, response);
	}
	acknowledge(call, &call->dialog, exchange->cseq);
	if (call->state == WSIP_CALL_ENDED && call->was_up)
		return;
	call->was_up = true;
	call->state = WSIP_CALL_UP;
	if (call->cancel_wanted) /* it crossed the CANCEL */
		wsip_call_hang_up(call);
	else if (call->agent->options.hang_up_after_ms)
		wsip_timer_start(&call->agent->timers, &call->hang_up,
			call->agent->options.hang_up_after_ms);
}

static void send_cancel(struct wsip_call *call)
{
	struct wsip_agent *agent = call->agent;
	struct wsip_agent_request request = {
		.method = "CANCEL", .branch = call->invite->branch, .cseq = call->invite->cseq
	};
	struct wsip_buf *cancel;

	if (call->cancelled || !call->invite->tx)
		return;
	call->cancelled = true;
	cancel = wsip_cancel_build(call->invite->tx->out, NULL, &agent->bufs);
	if (cancel)
		start(add_exchange(call, &request), &call->invite->tx->flow, cancel);
}

static void take_provisional(struct wsip_call *call, unsigned int status)
{
	call->provisional = true;
	if (status > 100 && call->state == WSIP_CALL_TRYING)
		call->state = WSIP_CALL_RINGING;
	if (call->cancel_wanted)
		send_cancel(call);
}

/* To the request that the call is about. */
static void take_own(struct wsip_exchange *exchange, const struct wsip_msg *response)
{
	struct wsip_call *call = exchange->call;
	unsigned int status = wsip_msg_status(response);
	bool invite = strcmp(exchange->method, "INVITE") == 0;

	note_status(call, status);
	wsip_buf_unref(call->last);
	call->last = wsip_buf_ref(response->buf);
	if (status < 200)
		take_provisional(call, status);
	else if (invite && status < 300)
		take_accepted(exchange, response);
	else if (!call->was_up)
		call->state = WSIP_CALL_ENDED;
}

static void heard(void *user, struct wsip_tx *tx, struct wsip_msg *response)
{
	struct wsip_exchange *exchange = user;

	(void)tx;
	if (exchange == exchange->call->invite)
		take_own(exchange, response);
	else if (strcmp(exchange->method, "INVITE") == 0 && wsip_msg_status(response) / 100 == 2)
		take_accepted(exchange, response); /* of a fork, after a re-INVITE */
	else if (strcmp(exchange->method, "CANCEL") == 0 && wsip_msg_status(response) == 200)
		exchange->call->cancel_answered = true;
}

static void failed(void *user, struct wsip_tx *tx, enum wsip_tx_failure failure)
{
	(void)tx;
	fail(user, failure == WSIP_TX_TIMED_OUT ? 408 : 503);
}

static void ended(void *user, struct wsip_tx *tx)
{
	struct wsip_exchange *exchange = user;

	(void)tx;
	exchange->tx = NULL;
}

/* ---- What the other side may not do ---- */

/* RFC 3261 16.7 step 5: one final response; of an INVITE one beside any number of 2xx, which may
 * have crossed it. */
static void check_final(struct wsip_exchange *exchange, unsigned int status)
{
	if (status < 200 || (status < 300 && strcmp(exchange->method, "INVITE") == 0))
		return;
	if (exchange->final && exchange->final != status)
		wsip_agent_violated(exchange->agent, "%u to a %s that had %u already", status,
			exchange->method, exchange->final);
	exchange->final = status;
}

static void check_identity(struct wsip_exchange *exchange, const struct wsip_msg *response)
{
	const struct wsip_call *call = exchange->call;
	struct wsip_name_addr from;
	struct wsip_cseq cseq;

	if (!wsip_span_is(wsip_msg_call_id(response), call->call_id) ||
		wsip_msg_from(response, &from) != WSIP_OK ||
		!wsip_span_is(from.tag, call->local_tag) ||
		wsip_msg_cseq(response, &cseq) != WSIP_OK || cseq.number != exchange->cseq ||
		!wsip_span_is(cseq.method, exchange->method))
		wsip_agent_violated(exchange->agent, "a response of another dialog to a %s",
			exchange->method);
}

static struct wsip_exchange *find_exchange(struct wsip_agent *agent,
	const struct wsip_msg *response)
{
	struct wsip_cseq cseq;
	struct wsip_via via;

	if (wsip_msg_top_via(response, &via) != WSIP_OK ||
		wsip_msg_cseq(response, &cseq) != WSIP_OK)
		return NULL;
	for (struct wsip_list *link = agent->exchanges.next; link != &agent->exchanges;
		link = link->next) {
		struct wsip_exchange *exchange = wsip_container_of(link, struct wsip_exchange,
			link);

		if (wsip_span_is(via.branch, exchange->branch) &&
			wsip_span_is(cseq.method, exchange->method))
			return exchange;
	}
	return NULL;
}

void wsip_agent_take_response(struct wsip_agent *agent, struct wsip_msg *response)
{
	struct wsip_exchange *exchange = find_exchange(agent, response);

	if (!exchange) {
		wsip_agent_violated(agent, "a %u to nothing it sent", wsip_msg_status(response));
		return;
	}
	check_final(exchange, wsip_msg_status(response));
	check_identity(exchange, response);
	if (exchange->tx)
		wsip_tx_receive_response(exchange->tx, response);
	else if (wsip_msg_status(response) / 100 == 2 && strcmp(exchange->method, "INVITE") == 0)
		heard(exchange, NULL, response); /* a late 2xx */
}

/* ---- What a test asks for ---- */

static struct wsip_call *new_call(struct wsip_agent *agent, const char *method, const char *remote)
{
	struct wsip_call *call = wsip_agent_add_call(agent);
	char token[32];

	wsip_agent_token(agent, token);
	snprintf(call->method, sizeof(call->method), "%s", method);
	snprintf(call->call_id, sizeof(call->call_id), "%s@%s", token, agent->options.name);
	wsip_agent_token(agent, call->local_tag);
	snprintf(call->local_uri, sizeof(call->local_uri), "sip:%s@example.org",
		agent->options.name);
	snprintf(call->remote_uri, sizeof(call->remote_uri), "%s", remote);
	return call;
}

struct wsip_call *wsip_agent_send_with(struct wsip_agent *agent, const char *method,
	const char *uri, const char *headers, size_t body_bytes)
{
	struct wsip_call *call = new_call(agent, method, uri);

	send_request(call,
		&(struct wsip_agent_request){ .method = method,
			.uri = uri,
			.headers = headers,
			.body_bytes = body_bytes },
		agent->options.proxy ? agent->options.proxy : uri);
	return call;
}

struct wsip_call *wsip_agent_send(struct wsip_agent *agent, const char *method, const char *uri)
{
	return wsip_agent_send_with(agent, method, uri, NULL, 0);
}

struct wsip_call *wsip_agent_call(struct wsip_agent *agent, const char *uri)
{
	return wsip_agent_send(agent, "INVITE", uri);
}

/* RFC 3261 10.2. */
struct wsip_call *wsip_agent_register(struct wsip_agent *agent, const char *registrar,
	uint32_t expires_s)
{
	struct wsip_call *call;
	char headers[WSIP_AGENT_TEXT_BYTES];
	struct wsip_uri uri;

	if (wsip_uri_parse(wsip_span_of(registrar), &uri) != WSIP_OK)
		wsip_sim_misuse("registrar '%s': expected a SIP URI", registrar);
	call = new_call(agent, "REGISTER", registrar);
	snprintf(call->remote_uri, sizeof(call->remote_uri), "sip:%s@%.*s", agent->options.name,
		(int)uri.host.size, uri.host.data);
	memcpy(call->local_uri, call->remote_uri, sizeof(call->local_uri));
	snprintf(headers, sizeof(headers), "Expires: %u\r\n", expires_s);
	send_request(call,
		&(struct wsip_agent_request){
			.method = "REGISTER", .uri = registrar, .headers = headers },
		agent->options.proxy ? agent->options.proxy : registrar);
	return call;
}

void wsip_call_cancel(struct wsip_call *call)
{
	if (call->incoming || call->was_up || call->state == WSIP_CALL_ENDED)
		return;
	call->cancel_wanted = true;
	if (call->provisional) /* RFC 3261 9.1 */
		send_cancel(call);
}

void wsip_call_hang_up(struct wsip_call *call)
{
	if (call->state != WSIP_CALL_UP)
		return;
	call->state = WSIP_CALL_ENDED;
	wsip_agent_request_within(call, &call->dialog, "BYE");
}

void wsip_call_reinvite(struct wsip_call *call)
{
	if (call->state == WSIP_CALL_UP)
		wsip_agent_request_within(call, &call->dialog, "INVITE");
}
