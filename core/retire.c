/* SPDX-License-Identifier: MIT
 * What stays of a request that has its answer. For 32 s its transactions absorb what is repeated,
 * and an INVITE's pass on what else picks up; they need their keys for that, not the request.
 */
#include "core/forward.h"
#include "core/request_state.h"

/* What a 2xx that is late needs: the way back is that of the request, never what the response says.
 */
struct wsip_late {
	struct wsip_flow back;
	uint64_t server; /* handle of the server transaction */
};

size_t wsip_late_bytes(void)
{
	return sizeof(struct wsip_late);
}

static struct wsip_core *core_of(const struct wsip_tx *tx)
{
	return wsip_container_of(tx->layer, struct wsip_core, tx);
}

/* RFC 3261 16.7 step 9: the server transaction has ended, or has sent something else. */
static void send_past_transaction(struct wsip_core *core, const struct wsip_late *late,
	struct wsip_buf *bytes)
{
	if (core->options.sender->send(core->options.sender_self, &late->back, bytes, 0) == WSIP_OK)
		core->counters.stateless++;
	else
		core->counters.unroutable++;
	wsip_buf_unref(bytes);
}

static void send_up(struct wsip_core *core, const struct wsip_late *late, struct wsip_msg *response)
{
	struct wsip_tx *server = wsip_pool_find(&core->tx.pool, late->server);
	struct wsip_buf *bytes = wsip_forward_add_content_length(response) == WSIP_OK
					 ? wsip_msg_serialize(response, &core->bufs)
					 : NULL;

	if (!bytes)
		core->counters.refused_memory++;
	else if (server && wsip_tx_takes(server, WSIP_TX_SEND_2XX))
		wsip_tx_respond(server, wsip_msg_status(response), bytes);
	else
		send_past_transaction(core, late, bytes);
}

/* RFC 3261 16.7 step 3 and step 5, RFC 6026 7.1: any 2xx goes up, with our Via off and another one
 * below it. */
static void late_response(void *user, struct wsip_tx *tx, struct wsip_msg *response)
{
	struct wsip_core *core = core_of(tx);
	struct wsip_span via;

	if (wsip_msg_status(response) / 100 != 2)
		return;
	if (wsip_msg_remove_first_value(response, WSIP_VIA) == WSIP_OK &&
		wsip_msg_header(response, WSIP_VIA, &via))
		send_up(core, user, response);
	else
		core->counters.bad_messages++;
}

static void late_ended(void *user, struct wsip_tx *tx)
{
	wsip_pool_free(&core_of(tx)->lates, user);
}

static const struct wsip_tx_user_ops late_ops = { .response = late_response, .ended = late_ended };

static bool is_over(const struct wsip_request *request)
{
	if (!request->answered || request->busy > 0)
		return false;
	for (const struct wsip_list *link = request->relay.branches.next;
		link != &request->relay.branches; link = link->next) {
		if (!wsip_container_of(link, const struct wsip_branch, link)->final)
			return false;
	}
	/* Each line of the debug log names Call-ID and branch, which the request knows. */
	return !wsip_log_wants(request->core->options.log, WSIP_LOG_DEBUG);
}

/* Without memory for what is late it stays, with its request. */
static bool let_go_of_client(struct wsip_request *request, struct wsip_branch *branch)
{
	struct wsip_core *core = request->core;
	struct wsip_tx *client = branch->client;
	struct wsip_late *late;

	if (request->msg->method != WSIP_INVITE) {
		wsip_tx_forget_user(client);
		return true;
	}
	late = wsip_pool_take(&core->lates);
	if (!late)
		return false;
	late->back = request->back;
	late->server = request->server ? wsip_pool_handle(&core->tx.pool, request->server) : 0;
	client->user_ops = &late_ops;
	client->user = late;
	return true;
}

void wsip_request_retire(struct wsip_request *request)
{
	struct wsip_list *branches = &request->relay.branches;

	if (!is_over(request))
		return;
	while (!wsip_list_empty(branches)) {
		struct wsip_branch *branch = wsip_container_of(branches->next, struct wsip_branch,
			link);

		if (!let_go_of_client(request, branch))
			return;
		wsip_timer_stop(&request->core->timers, &branch->timer_c);
		wsip_list_remove(&branch->link);
		wsip_pool_free(&request->core->branches, branch);
	}
	if (request->merged)
		wsip_merged_keep(request->merged, request->server);
	else
		wsip_tx_forget_user(request->server);
	request->merged = NULL;
	wsip_request_destroy(request);
}
