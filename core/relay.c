/* SPDX-License-Identifier: MIT
 * The response context (RFC 3261 16.7): which destination is next, and what the caller gets to
 * hear.
 */
#include <string.h>

#include "core/forward.h"
#include "core/request_state.h"
#include "core/text.h"

#define NOTHING_CHOSEN (-1)

void wsip_relay_init(struct wsip_relay *relay, struct wsip_request *request)
{
	relay->request = request;
	relay->chosen = NOTHING_CHOSEN;
	wsip_list_init(&relay->branches);
	wsip_route_init(&relay->route, &request->core->bufs);
}

void wsip_relay_finish(struct wsip_relay *relay)
{
	struct wsip_core *core = relay->request->core;

	while (!wsip_list_empty(&relay->branches)) {
		struct wsip_branch *branch = wsip_container_of(relay->branches.next,
			struct wsip_branch, link);

		wsip_timer_stop(&core->timers, &branch->timer_c);
		wsip_list_remove(&branch->link);
		wsip_pool_free(&core->branches, branch);
	}
	wsip_route_finish(&relay->route);
}

/* RFC 3261 16.4: a strict router before us has put our Record-Route into the Request-URI, and the
 * Request-URI behind the last Route. */
static void undo_strict_router(struct wsip_core *core, struct wsip_msg *request)
{
	struct wsip_values routes = wsip_msg_values(request, WSIP_ROUTE);
	struct wsip_span value, last = { 0 };
	struct wsip_name_addr route;
	struct wsip_uri uri;

	if (wsip_uri_parse(wsip_msg_request_uri(request), &uri) != WSIP_OK || uri.user.size > 0 ||
		!wsip_uri_param(&uri, "lr", NULL) || !wsip_core_is_own_uri(core, &uri))
		return;
	while (wsip_values_next(&routes, &value) == WSIP_OK)
		last = value;
	if (last.size == 0 || wsip_name_addr_parse(last, &route) != WSIP_OK ||
		wsip_uri_parse(route.uri, &uri) != WSIP_OK ||
		wsip_msg_set_request_uri(request, route.uri) != WSIP_OK)
		return;
	(void)!wsip_msg_remove_last_value(request, WSIP_ROUTE);
}

void wsip_relay_take_own_routes(struct wsip_core *core, struct wsip_msg *request)
{
	struct wsip_values values;
	struct wsip_name_addr route;
	struct wsip_span value;
	struct wsip_uri uri;

	undo_strict_router(core, request);
	/* RFC 3261 16.4; both values of a double Record-Route in one pass (RFC 5658 5). */
	for (;;) {
		values = wsip_msg_values(request, WSIP_ROUTE);
		if (wsip_values_next(&values, &value) != WSIP_OK ||
			wsip_name_addr_parse(value, &route) != WSIP_OK ||
			wsip_uri_parse(route.uri, &uri) != WSIP_OK ||
			!wsip_core_is_own_uri(core, &uri) ||
			wsip_msg_remove_first_value(request, WSIP_ROUTE) != WSIP_OK)
			return;
	}
}

/* ---- The route ---- */

static bool is_in_dialog(const struct wsip_msg *request)
{
	struct wsip_name_addr to;

	return wsip_msg_to(request, &to) == WSIP_OK && to.tag.size > 0;
}

static enum wsip_err ask_sources(struct wsip_relay *relay)
{
	struct wsip_core *core = relay->request->core;

	for (size_t i = 0; i < core->options.source_count; i++) {
		const struct wsip_route_source *source = &core->options.sources[i];
		enum wsip_err err = source->find(source->self, core, relay->request->msg,
			&relay->route);

		if (err != WSIP_ERR_NOT_FOUND)
			return err;
	}
	return WSIP_ERR_NOT_FOUND;
}

/* The status that says why there is no route, or 0 when there is one. */
static unsigned int find_route(struct wsip_relay *relay)
{
	struct wsip_msg *request = relay->request->msg;
	struct wsip_core *core = relay->request->core;
	struct wsip_span value;
	struct wsip_uri uri;
	bool own;

	if (wsip_uri_parse(wsip_msg_request_uri(request), &uri) != WSIP_OK)
		return 400;
	if (uri.scheme != WSIP_SCHEME_SIP)
		return 416; /* RFC 3261 16.3 step 2 */
	if (relay->options.destination)
		return wsip_route_add(&relay->route, wsip_span_of(relay->options.destination),
			       WSIP_USE_NEXT_HOP, NULL)
			       ? 500
			       : 0;
	own = wsip_core_is_own_uri(core, &uri);
	if (wsip_msg_header(request, WSIP_ROUTE, &value) || (!own && is_in_dialog(request)))
		return 0; /* where Route or Request-URI say */
	switch (ask_sources(relay)) {
	case WSIP_OK:
		return relay->route.count > 0 ? 0 : 480;
	case WSIP_ERR_NOT_FOUND:
		return own ? 404 : 403; /* not an open relay */
	default:
		return 500;
	}
}

/* ---- Attempts ---- */

static void respond_locally(struct wsip_relay *relay, unsigned int status)
{
	struct wsip_request *request = relay->request;
	struct wsip_msg *response = wsip_request_local_response(request, status);

	if (!response) {
		wsip_request_give_up(request);
		return;
	}
	wsip_relay_response(relay, NULL, response);
	wsip_msg_finish(response);
	wsip_pool_free(&request->core->msgs, response);
}

static void attempt(struct wsip_relay *relay, const struct wsip_destination *destination)
{
	struct wsip_core *core = relay->request->core;
	struct wsip_log_line line;
	enum wsip_err err;

	relay->attempts++;
	err = wsip_branch_start(relay, destination);
	if (!err)
		return;
	core->counters.unroutable++;
	wsip_log_begin(&line, core->options.log, WSIP_LOG_WARN, "attempt failed");
	wsip_tx_log_message(&line, relay->request->msg);
	wsip_log_span(&line, "destination",
		destination ? wsip_route_uri(&relay->route, destination)
			    : wsip_msg_request_uri(relay->request->msg));
	wsip_log_text(&line, "cause",
		err == WSIP_ERR_STATE ? "the next hop is this proxy" : wsip_err_text(err));
	wsip_log_end(&line);
	respond_locally(relay, err == WSIP_ERR_STATE ? 482 : err == WSIP_ERR_MEMORY ? 500 : 503);
}

static bool has_next(const struct wsip_relay *relay)
{
	return relay->route.next < relay->route.count;
}

static void attempt_next(struct wsip_relay *relay)
{
	attempt(relay, has_next(relay) ? &relay->route.destinations[relay->route.next++] : NULL);
}

/* ---- Responses ---- */

/* RFC 3261 16.7 step 6: a 503 would keep the caller away from us, who are well. */
static void soften_503(struct wsip_msg *response)
{
	if (wsip_msg_status(response) == 503 &&
		wsip_msg_set_status(response, 500, wsip_span_of("Server Internal Error")) !=
			WSIP_OK)
		return;
	if (wsip_msg_status(response) == 500)
		wsip_msg_remove_id(response, WSIP_RETRY_AFTER);
}

static void forward(struct wsip_relay *relay, struct wsip_msg *response)
{
	struct wsip_request *request = relay->request;
	unsigned int status;

	if (wsip_msg_status(response) == 503)
		soften_503(response);
	status = wsip_msg_status(response);
	/* RFC 4320 4.1: no provisional response but 100 to anything but INVITE. */
	if (status < 200 && request->msg->method != WSIP_INVITE)
		return;
	/* RFC 4320 4.2: a 408 to anything but INVITE comes too late to be of use. */
	if (status == 408 && request->msg->method != WSIP_INVITE) {
		wsip_request_give_up(request);
		return;
	}
	wsip_request_respond(request, status,
		wsip_forward_add_content_length(response) == WSIP_OK
			? wsip_msg_serialize(response, &request->core->bufs)
			: NULL);
}

static void cancel_branches(struct wsip_relay *relay)
{
	for (struct wsip_list *link = relay->branches.next; link != &relay->branches;
		link = link->next)
		wsip_branch_cancel(wsip_container_of(link, struct wsip_branch, link));
}

void wsip_relay_abandon(struct wsip_relay *relay)
{
	cancel_branches(relay);
}

static void abandon(struct wsip_branch *branch)
{
	if (!branch)
		return;
	branch->abandoned = true;
	wsip_branch_cancel(branch);
}

enum wsip_verdict wsip_verdict_default(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	unsigned int status = wsip_msg_status(response);

	(void)relay;
	(void)user;
	return status == 408 || status == 503 ? WSIP_NEXT : WSIP_FORWARD;
}

static enum wsip_verdict ask_handler(struct wsip_relay *relay, struct wsip_msg *response)
{
	wsip_response_fn *on_response = relay->options.on_response ? relay->options.on_response
								   : wsip_verdict_default;
	enum wsip_verdict verdict;

	relay->replaced = false;
	verdict = on_response(relay, response, relay->options.user);

	if (verdict == WSIP_NEXT && has_next(relay) && wsip_msg_status(response) >= 200 &&
		!relay->cancelled && !relay->request->answered) {
		relay->chosen = (int)relay->route.next++;
		return WSIP_DECIDED;
	}
	if (verdict == WSIP_NEXT)
		return WSIP_FORWARD;
	/* A decision that was not carried out is none. */
	if (verdict == WSIP_DECIDED && relay->chosen == NOTHING_CHOSEN && !relay->replaced)
		return WSIP_FORWARD;
	return verdict;
}

static void follow(struct wsip_relay *relay, struct wsip_branch *branch, struct wsip_msg *response,
	enum wsip_verdict verdict)
{
	struct wsip_request *request = relay->request;
	int chosen = relay->chosen;

	relay->chosen = NOTHING_CHOSEN;
	if (request->answered)
		abandon(branch); /* by wsip_relay_answer or wsip_request_answer */
	else if (chosen != NOTHING_CHOSEN) {
		abandon(branch);
		attempt(relay, &relay->route.destinations[chosen]);
	} else if (verdict == WSIP_FORWARD)
		forward(relay, response);
	else if (wsip_msg_status(response) >= 200) /* dropped, and nothing in its place */
		wsip_request_answer(request, 500, "Handler Gave No Answer");
}

void wsip_relay_response(struct wsip_relay *relay, struct wsip_branch *branch,
	struct wsip_msg *response)
{
	struct wsip_request *request = relay->request;
	unsigned int status = wsip_msg_status(response);
	bool picked_up = status / 100 == 2 && request->msg->method == WSIP_INVITE;
	enum wsip_verdict verdict;

	if (request->answered) {
		/* RFC 3261 16.7 step 5: every 2xx to an INVITE is forwarded, also late ones. */
		if (picked_up)
			forward(relay, response);
		return;
	}
	if (branch && branch->abandoned && !picked_up)
		return;
	request->busy++;
	request->picked_up = picked_up;
	verdict = ask_handler(relay, response);
	request->picked_up = false;
	if (picked_up) {
		relay->chosen = NOTHING_CHOSEN;
		forward(relay, response);
		cancel_branches(relay);
	} else {
		follow(relay, branch, response, verdict);
	}
	request->busy--;
	wsip_request_release(request);
}

void wsip_relay_cancel(struct wsip_relay *relay)
{
	struct wsip_request *request = relay->request;

	if (request->answered)
		return;
	relay->cancelled = true;
	cancel_branches(relay);
	for (struct wsip_list *link = relay->branches.next; link != &relay->branches;
		link = link->next) {
		if (!wsip_container_of(link, struct wsip_branch, link)->final)
			return;
	}
	wsip_request_answer(request, 487, NULL);
}

/* ---- The handler's calls ---- */

/* RFC 3261 13.2.2.4 and 16.11: an ACK for a 2xx has no transaction. */
static enum wsip_err relay_ack(struct wsip_relay *relay)
{
	struct wsip_request *request = relay->request;
	struct wsip_forward_plan plan = { .from = &request->flow };

	if (find_route(relay) != 0) {
		request->core->counters.stray_acks++;
		return WSIP_ERR_UNREACHABLE;
	}
	if (has_next(relay)) {
		plan.destination = &relay->route.destinations[0];
		plan.uri = wsip_route_uri(&relay->route, plan.destination);
	}
	return wsip_forward_request_statelessly(request->core, request->msg, &plan);
}

static enum wsip_err refuse(struct wsip_request *request, unsigned int status)
{
	enum wsip_err err = wsip_request_answer(request, status, NULL);

	return err ? err : WSIP_ERR_UNREACHABLE;
}

static bool is_sound_destination(const struct wsip_relay *relay)
{
	const char *destination = relay->options.destination;
	struct wsip_uri uri;

	return !destination || (wsip_uri_parse(wsip_span_of(destination), &uri) == WSIP_OK &&
				       uri.scheme == WSIP_SCHEME_SIP);
}

/* The handler's mistake, not the caller's. */
static enum wsip_err refuse_destination(struct wsip_request *request)
{
	struct wsip_log_line line;

	wsip_log_begin(&line, request->core->options.log, WSIP_LOG_ERROR, "wrong destination");
	wsip_tx_log_message(&line, request->msg);
	wsip_log_text(&line, "destination", request->relay.options.destination);
	wsip_log_text(&line, "expected", "sip:HOST or sip:HOST:PORT");
	wsip_log_end(&line);
	wsip_request_answer(request, 500, NULL);
	return WSIP_ERR_ARGUMENT;
}

/* RFC 3261 11: an OPTIONS that names nobody behind us asks what we can do. */
static bool is_for_ourselves(const struct wsip_relay *relay)
{
	const struct wsip_msg *request = relay->request->msg;
	struct wsip_span route;
	struct wsip_uri uri;

	return wsip_msg_method(request) == WSIP_OPTIONS && !relay->options.destination &&
	       !wsip_msg_header(request, WSIP_ROUTE, &route) &&
	       wsip_uri_parse(wsip_msg_request_uri(request), &uri) == WSIP_OK &&
	       uri.user.size == 0 && wsip_core_is_own_uri(relay->request->core, &uri);
}

/* RFC 3261 11.2. Bodies are nothing to us, and any method is relayed. */
static enum wsip_err answer_options(struct wsip_request *request)
{
	static const char allowed[] = "ACK, BYE, CANCEL, INFO, INVITE, MESSAGE, NOTIFY, OPTIONS, "
				      "PRACK, PUBLISH, REFER, REGISTER, SUBSCRIBE, UPDATE";
	static const struct wsip_answer_header headers[] = {
		{ "Allow", { allowed, sizeof(allowed) - 1 } },
		{ "Accept", { "*/*", 3 } },
	};

	return wsip_request_answer_with(request,
		&(struct wsip_answer){ .status = 200, .headers = headers, .header_count = 2 });
}

/* All elements of a list header in one line; NULL when memory ran out. */
static struct wsip_buf *list_of(struct wsip_request *request, enum wsip_header_id id)
{
	struct wsip_text text = wsip_text_begin(&request->core->bufs, request->msg->buf->used);
	struct wsip_values values = wsip_msg_values(request->msg, id);
	struct wsip_span value;

	for (int i = 0; wsip_values_next(&values, &value) == WSIP_OK; i++) {
		wsip_text_add(&text, i > 0 ? ", " : "");
		wsip_text_add_span(&text, value);
	}
	return wsip_text_end(&text);
}

/* RFC 3261 16.3 step 5: no extension is known here, so each one that is required of proxies is
 * refused by name. */
static bool refuse_extensions(struct wsip_request *request)
{
	struct wsip_answer_header unsupported = { .name = "Unsupported" };
	struct wsip_buf *list;

	if (!wsip_msg_header(request->msg, WSIP_PROXY_REQUIRE, &unsupported.value))
		return false;
	list = list_of(request, WSIP_PROXY_REQUIRE);
	if (list)
		unsupported.value = (struct wsip_span){ list->data, list->used };
	wsip_request_answer_with(request,
		&(struct wsip_answer){
			.status = 420, .headers = &unsupported, .header_count = list ? 1 : 0 });
	wsip_buf_unref(list);
	return true;
}

enum wsip_err wsip_relay(struct wsip_request *request, const struct wsip_relay_options *options)
{
	struct wsip_relay *relay = &request->relay;
	uint32_t max_forwards;
	unsigned int status;

	if (request->relayed || request->answered)
		return WSIP_ERR_STATE;
	if (options)
		relay->options = *options;
	if (!is_sound_destination(relay))
		return refuse_destination(request);
	if (is_for_ourselves(relay))
		return answer_options(request);
	if (wsip_msg_max_forwards(request->msg, &max_forwards) == WSIP_OK && max_forwards == 0)
		return refuse(request, 483); /* RFC 3261 16.3 step 3 */
	if (request->server && refuse_extensions(request))
		return WSIP_ERR_UNREACHABLE;
	request->relayed = true;
	if (!request->server)
		return relay_ack(relay);
	status = find_route(relay);
	if (status)
		return refuse(request, status);
	/* RFC 3261 17.2.1: 100 at once, since nobody knows how long the others will take. What is
	 * refused here has its answer without it. */
	if (request->msg->method == WSIP_INVITE)
		wsip_request_answer(request, 100, NULL);
	attempt_next(relay);
	return WSIP_OK;
}

enum wsip_verdict wsip_relay_retry(struct wsip_relay *relay, const char *destination)
{
	struct wsip_span text = wsip_span_of(destination);
	struct wsip_uri uri;

	if (relay->cancelled || relay->request->answered || relay->request->picked_up ||
		relay->chosen != NOTHING_CHOSEN || wsip_uri_parse(text, &uri) != WSIP_OK ||
		wsip_route_insert(&relay->route, text, WSIP_USE_NEXT_HOP) != WSIP_OK)
		return WSIP_FORWARD;
	relay->chosen = (int)relay->route.next++;
	return WSIP_DECIDED;
}

enum wsip_verdict wsip_relay_answer(struct wsip_relay *relay, unsigned int status,
	const char *reason)
{
	if (wsip_request_answer(relay->request, status, reason) != WSIP_OK)
		return WSIP_FORWARD;
	relay->replaced = true;
	return WSIP_DECIDED;
}

struct wsip_request *wsip_relay_request(struct wsip_relay *relay)
{
	return relay->request;
}

unsigned int wsip_relay_attempts(const struct wsip_relay *relay)
{
	return relay->attempts;
}
