/* SPDX-License-Identifier: MIT
 * What the four machines share: starting, matching, sending, timers, ending.
 */
#include "core/tx.h"

#include <wiresip/log.h>

#include "base/limits.h"

enum wsip_err wsip_tx_layer_init(struct wsip_tx_layer *layer)
{
	enum wsip_err err = wsip_table_init(&layer->clients);

	if (!err)
		err = wsip_table_init(&layer->servers);
	layer->failed = NULL;
	layer->last_failed = &layer->failed;
	wsip_pool_init(&layer->pool, "transactions", sizeof(struct wsip_tx), WSIP_TRANSACTIONS_MAX);
	return err;
}

void wsip_tx_layer_finish(struct wsip_tx_layer *layer)
{
	wsip_table_finish(&layer->clients);
	wsip_table_finish(&layer->servers);
	wsip_pool_finish(&layer->pool);
}

const struct wsip_tx_machine *wsip_tx_machine_of(const struct wsip_tx *tx)
{
	static const struct wsip_tx_machine *const machines[WSIP_TX_KINDS] = {
		[WSIP_TX_ICT] = &wsip_tx_ict,
		[WSIP_TX_NICT] = &wsip_tx_nict,
		[WSIP_TX_IST] = &wsip_tx_ist,
		[WSIP_TX_NIST] = &wsip_tx_nist,
	};

	return machines[tx->kind];
}

static struct wsip_table *table_of(struct wsip_tx *tx)
{
	bool is_client = tx->kind == WSIP_TX_ICT || tx->kind == WSIP_TX_NICT;

	return is_client ? &tx->layer->clients : &tx->layer->servers;
}

void wsip_tx_log_message(struct wsip_log_line *line, const struct wsip_msg *msg)
{
	struct wsip_via via;

	wsip_log_span(line, "call_id", wsip_msg_call_id(msg));
	if (wsip_msg_top_via(msg, &via) == WSIP_OK)
		wsip_log_span(line, "branch", via.branch);
}

/* Call-ID and branch: from the request where the user has it, else from what was sent. */
static void log_identity(struct wsip_log_line *line, const struct wsip_tx *tx)
{
	const struct wsip_msg *request = tx->user_ops->request ? tx->user_ops->request(tx->user)
							       : NULL;
	struct wsip_msg sent;

	if (request) {
		wsip_tx_log_message(line, request);
	} else if (tx->out) {
		if (wsip_msg_parse(&sent, tx->out) == WSIP_OK)
			wsip_tx_log_message(line, &sent);
		wsip_msg_finish(&sent);
	}
}

static void log_state(const struct wsip_tx *tx, const char *event)
{
	struct wsip_log_line line;

	if (!wsip_log_wants(tx->layer->log, WSIP_LOG_DEBUG))
		return;
	wsip_log_begin(&line, tx->layer->log, WSIP_LOG_DEBUG, event);
	wsip_log_text(&line, "machine", wsip_tx_machine_of(tx)->name);
	wsip_log_text(&line, "state", wsip_tx_machine_of(tx)->state_names[tx->state]);
	log_identity(&line, tx);
	wsip_log_addr(&line, "remote", &tx->flow.remote);
	wsip_log_end(&line);
}

static void fire_retransmit(struct wsip_timer *timer)
{
	struct wsip_tx *tx = wsip_container_of(timer, struct wsip_tx, retransmit);

	wsip_tx_input(tx, WSIP_TX_RETRANSMIT, &(struct wsip_tx_input){ 0 });
}

static void fire_timeout(struct wsip_timer *timer)
{
	struct wsip_tx *tx = wsip_container_of(timer, struct wsip_tx, timeout);

	wsip_tx_input(tx, WSIP_TX_TIMEOUT, &(struct wsip_tx_input){ 0 });
}

static struct wsip_tx *start(struct wsip_tx_layer *layer, const struct wsip_tx_machine *machine,
	struct wsip_key key, const struct wsip_tx *model)
{
	struct wsip_tx *tx = wsip_pool_take(&layer->pool);

	if (!tx) {
		wsip_buf_unref(model->out);
		return NULL;
	}
	*tx = *model;
	tx->layer = layer;
	tx->kind = (uint8_t)machine->kind;
	wsip_timer_init(&tx->retransmit, fire_retransmit);
	wsip_timer_init(&tx->timeout, fire_timeout);
	wsip_table_insert(table_of(tx), &tx->node, key);
	machine->start(tx);
	return tx;
}

struct wsip_tx *wsip_tx_start_client(struct wsip_tx_layer *layer,
	const struct wsip_tx_machine *machine, struct wsip_key key, const struct wsip_flow *flow,
	struct wsip_buf *request, const struct wsip_tx_user_ops *user_ops, void *user)
{
	return start(layer, machine, key,
		&(struct wsip_tx){
			.flow = *flow, .out = request, .user_ops = user_ops, .user = user });
}

struct wsip_tx *wsip_tx_start_server(struct wsip_tx_layer *layer,
	const struct wsip_tx_machine *machine, struct wsip_key key, const struct wsip_flow *flow,
	const struct wsip_tx_user_ops *user_ops, void *user)
{
	return start(layer, machine, key,
		&(struct wsip_tx){ .flow = *flow, .user_ops = user_ops, .user = user });
}

void wsip_tx_input(struct wsip_tx *tx, enum wsip_tx_event event, const struct wsip_tx_input *input)
{
	wsip_tx_fn *rule = wsip_tx_machine_of(tx)->table[tx->state][event];

	if (rule)
		rule(tx, input);
	else if (input->out)
		wsip_buf_unref(input->out);
}

bool wsip_tx_takes(const struct wsip_tx *tx, enum wsip_tx_event event)
{
	return wsip_tx_machine_of(tx)->table[tx->state][event] != NULL;
}

enum wsip_tx_event wsip_tx_send_event(unsigned int status)
{
	if (status < 200)
		return WSIP_TX_SEND_1XX;
	return status < 300 ? WSIP_TX_SEND_2XX : WSIP_TX_SEND_3XX_6XX;
}

void wsip_tx_respond(struct wsip_tx *tx, unsigned int status, struct wsip_buf *response)
{
	wsip_tx_input(tx, wsip_tx_send_event(status), &(struct wsip_tx_input){ .out = response });
}

void wsip_tx_leave_unanswered(struct wsip_tx *tx)
{
	if (tx->kind == WSIP_TX_IST)
		wsip_tx_start_timeout(tx, 0);
	else
		wsip_tx_start_linger(tx, 64 * tx->layer->timing.t1_ms);
}

void wsip_tx_receive_response(struct wsip_tx *tx, struct wsip_msg *response)
{
	unsigned int status = wsip_msg_status(response);
	enum wsip_tx_event event = status < 200   ? WSIP_TX_1XX
				   : status < 300 ? WSIP_TX_2XX
						  : WSIP_TX_3XX_6XX;

	wsip_tx_input(tx, event, &(struct wsip_tx_input){ .msg = response });
}

static void note_send_error(struct wsip_tx *tx)
{
	struct wsip_tx_layer *layer = tx->layer;

	if (tx->send_failed)
		return;
	tx->send_failed = true;
	tx->next_failed = NULL;
	*layer->last_failed = tx;
	layer->last_failed = &tx->next_failed;
	layer->failed_count++;
}

/* It ends before it was told. */
static void forget_send_error(struct wsip_tx *tx)
{
	struct wsip_tx_layer *layer = tx->layer;
	struct wsip_tx **link = &layer->failed;

	if (!tx->send_failed)
		return;
	while (*link != tx)
		link = &(*link)->next_failed;
	*link = tx->next_failed;
	if (layer->last_failed == &tx->next_failed)
		layer->last_failed = link;
	tx->send_failed = false;
	layer->failed_count--;
}

void wsip_tx_send_failed(struct wsip_tx_layer *layer, uint64_t ticket)
{
	struct wsip_tx *tx = wsip_pool_find(&layer->pool, ticket);

	if (tx)
		note_send_error(tx);
}

bool wsip_tx_has_send_errors(const struct wsip_tx_layer *layer)
{
	return layer->failed != NULL;
}

/* No more than there are now: what fails meanwhile may wait. */
void wsip_tx_tell_send_errors(struct wsip_tx_layer *layer)
{
	for (uint32_t count = layer->failed_count; count > 0 && layer->failed; count--) {
		struct wsip_tx *tx = layer->failed;

		forget_send_error(tx);
		wsip_tx_input(tx, WSIP_TX_TRANSPORT_ERROR, &(struct wsip_tx_input){ 0 });
	}
}

void wsip_tx_forget_user(struct wsip_tx *tx)
{
	static const struct wsip_tx_user_ops nobody;

	tx->user_ops = &nobody;
	tx->user = NULL;
}

static struct wsip_tx *find(const struct wsip_table *table, struct wsip_key key)
{
	struct wsip_table_node *node = wsip_table_find(table, key);

	return node ? wsip_container_of(node, struct wsip_tx, node) : NULL;
}

struct wsip_tx *wsip_tx_find_client(const struct wsip_tx_layer *layer, struct wsip_key key)
{
	return find(&layer->clients, key);
}

struct wsip_tx *wsip_tx_find_server(const struct wsip_tx_layer *layer, struct wsip_key key)
{
	return find(&layer->servers, key);
}

void wsip_tx_send(struct wsip_tx *tx)
{
	struct wsip_tx_layer *layer = tx->layer;
	uint64_t ticket = wsip_pool_handle(&layer->pool, tx);

	if (layer->sender->send(layer->sender_self, &tx->flow, tx->out, ticket) != WSIP_OK)
		note_send_error(tx);
}

void wsip_tx_send_new(struct wsip_tx *tx, struct wsip_buf *out)
{
	wsip_buf_unref(tx->out);
	tx->out = out;
	wsip_tx_send(tx);
}

void wsip_tx_forget_out(struct wsip_tx *tx)
{
	/* The debug log takes Call-ID and branch from it. */
	if (wsip_log_wants(tx->layer->log, WSIP_LOG_DEBUG))
		return;
	wsip_buf_unref(tx->out);
	tx->out = NULL;
}

void wsip_tx_retransmit(struct wsip_tx *tx)
{
	tx->layer->retransmissions++;
	wsip_tx_send(tx);
}

bool wsip_tx_send_elsewhere(struct wsip_tx *tx)
{
	if (!wsip_tx_is_reliable(tx) || !tx->flow.connection || !tx->out)
		return false;
	tx->flow.connection = 0;
	wsip_tx_send(tx);
	return true;
}

void wsip_tx_enter(struct wsip_tx *tx, uint8_t state)
{
	wsip_tx_stop_timers(tx);
	tx->state = state;
	log_state(tx, "transaction");
}

void wsip_tx_start_retransmit(struct wsip_tx *tx, uint32_t duration_ms)
{
	if (wsip_tx_is_reliable(tx))
		return;
	tx->retransmit_ms = duration_ms;
	wsip_timer_start(tx->layer->timers, &tx->retransmit, duration_ms);
}

void wsip_tx_start_timeout(struct wsip_tx *tx, uint32_t duration_ms)
{
	wsip_timer_start(tx->layer->timers, &tx->timeout, duration_ms);
}

void wsip_tx_start_linger(struct wsip_tx *tx, uint32_t duration_ms)
{
	wsip_tx_start_timeout(tx, wsip_tx_is_reliable(tx) ? 0 : duration_ms);
}

void wsip_tx_stop_timers(struct wsip_tx *tx)
{
	wsip_timer_stop(tx->layer->timers, &tx->retransmit);
	wsip_timer_stop(tx->layer->timers, &tx->timeout);
}

bool wsip_tx_is_reliable(const struct wsip_tx *tx)
{
	return wsip_transport_is_reliable(tx->flow.transport);
}

void wsip_tx_pass_response(struct wsip_tx *tx, struct wsip_msg *response)
{
	if (tx->user_ops->response)
		tx->user_ops->response(tx->user, tx, response);
}

void wsip_tx_tell_failure(struct wsip_tx *tx, enum wsip_tx_failure failure)
{
	if (tx->user_ops->failed)
		tx->user_ops->failed(tx->user, tx, failure);
}

static void release(struct wsip_tx *tx)
{
	struct wsip_tx_layer *layer = tx->layer;

	wsip_tx_stop_timers(tx);
	forget_send_error(tx);
	wsip_table_remove(table_of(tx), &tx->node);
	wsip_buf_unref(tx->out);
	wsip_pool_free(&layer->pool, tx);
}

void wsip_tx_terminate(struct wsip_tx *tx)
{
	log_state(tx, "transaction ended");
	if (tx->user_ops->ended)
		tx->user_ops->ended(tx->user, tx);
	release(tx);
}

static void release_one(void *object, void *user)
{
	(void)user;
	release(object);
}

void wsip_tx_layer_clear(struct wsip_tx_layer *layer)
{
	wsip_pool_each(&layer->pool, release_one, NULL);
}
