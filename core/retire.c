/* SPDX-License-Identifier: MIT
 * What stays of a request that has its answer. For 32 s its transactions absorb what is repeated,
 * and an INVITE's pass on what else picks up; they need their keys for that, not the request.
 */
#include "core/forward.h"
#include "core/request_state.h"

static struct wsip_core *core_of(const struct wsip_tx *tx)
{
	return wsip_container_of(tx->layer, struct wsip_core, tx);
}

/* RFC 3261 16.7 step 5 and step 9, RFC 6026 7.1: any 2xx goes up, through the server transaction
 * while there is one, else along its Via. */
static void late_response(void *user, struct wsip_tx *tx, struct wsip_msg *response)
{
	struct wsip_core *core = core_of(tx);
	struct wsip_tx *server = wsip_pool_find(&core->tx.pool, tx->server);
	struct wsip_buf *bytes;

	(void)user;
	if (wsip_msg_status(response) / 100 != 2)
		return;
	if (!server || !wsip_tx_takes(server, WSIP_TX_SEND_2XX)) {
		wsip_forward_response_by_via(core, response);
		return;
	}
	bytes = wsip_msg_remove_first_value(response, WSIP_VIA) == WSIP_OK &&
				wsip_forward_add_content_length(response) == WSIP_OK
			? wsip_msg_serialize(response, &core->bufs)
			: NULL;
	if (bytes)
		wsip_tx_respond(server, wsip_msg_status(response), bytes);
	else
		core->counters.refused_memory++;
}

static const struct wsip_tx_user_ops late_ops = { .response = late_response };

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

static void let_go_of_client(struct wsip_request *request, struct wsip_tx *client)
{
	if (request->msg->method == WSIP_INVITE) {
		client->user_ops = &late_ops;
		client->server = request->server ? wsip_pool_handle(&request->core->tx.pool,
							   request->server)
						 : 0;
	} else {
		wsip_tx_forget_user(client);
	}
}

void wsip_request_retire(struct wsip_request *request)
{
	if (!is_over(request))
		return;
	for (struct wsip_list *link = request->relay.branches.next;
		link != &request->relay.branches; link = link->next)
		let_go_of_client(request,
			wsip_container_of(link, struct wsip_branch, link)->client);
	if (request->merged)
		wsip_merged_keep(request->merged, request->server);
	else
		wsip_tx_forget_user(request->server);
	request->merged = NULL;
	wsip_request_destroy(request);
}
