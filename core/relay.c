/* SPDX-License-Identifier: MIT
 * The response context (RFC 3261 16.7): which destinations are next, and what the caller gets to
 * hear.
 */
#include <string.h>

#include "core/forward.h"
#include "core/max_breadth.h"
#include "core/request_state.h"
#include "core/text.h"

#define NOTHING_CHOSEN (-1)

void wsip_relay_init(struct wsip_relay *relay, struct wsip_request *request)
{
	relay->request = request;
	relay->chosen = NOTHING_CHOSEN;
	relay->breadth = WSIP_MAX_BREADTH_DEFAULT;
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
	wsip_best_forget(relay);
	wsip_buf_unref(relay->cancel_reason);
	wsip_route_finish(&relay->route);
}

/* ---- CANCEL ---- */

/* RFC 3326 2: takes over `reason`, which may be NULL; the first one stays. */
static void cancel_branches(struct wsip_relay *relay, struct wsip_buf *reason)
{
	struct wsip_list *link = relay->branches.next;

	relay->over = true;
	if (relay->cancel_reason)
		wsip_buf_unref(reason);
	else
		relay->cancel_reason = reason;
	while (link != &relay->branches) {
		struct wsip_list *next = link->next;

		wsip_branch_cancel(wsip_container_of(link, struct wsip_branch, link));
		link = next;
	}
}

/* RFC 3326 2: why somebody stops ringing. NULL when memory ran out: it stops all the same. */
static struct wsip_buf *reason_of_status(struct wsip_relay *relay, unsigned int status)
{
	struct wsip_text text = wsip_text_begin(&relay->request->core->bufs, 64);

	wsip_text_add(&text, "SIP;cause=");
	wsip_text_add_number(&text, status);
	if (status == 200)
		wsip_text_add(&text, ";text=\"Call completed elsewhere\"");
	return wsip_text_end(&text);
}

static bool is_ringing(const struct wsip_relay *relay)
{
	return relay->pending > 0 && relay->request->msg->method == WSIP_INVITE;
}

void wsip_relay_abandon(struct wsip_relay *relay, unsigned int status)
{
	cancel_branches(relay, is_ringing(relay) ? reason_of_status(relay, status) : NULL);
}

/* RFC 3261 16.10. */
void wsip_relay_cancel(struct wsip_relay *relay, const struct wsip_msg *cancel)
{
	struct wsip_request *request = relay->request;
	struct wsip_span reason;

	if (request->answered)
		return;
	relay->cancelled = true;
	/* RFC 3326 2: the caller's reason goes on. */
	cancel_branches(relay,
		wsip_msg_header(cancel, WSIP_REASON, &reason)
			? wsip_text_join_values(&request->core->bufs, cancel, WSIP_REASON)
			: NULL);
	if (relay->pending == 0)
		wsip_request_answer(request, 487, NULL);
}

/* ---- Attempts ---- */

static void respond_locally(struct wsip_relay *relay, unsigned int status)
{
	struct wsip_request *request = relay->request;
	struct wsip_msg *response = wsip_request_local_response(request, status);

	if (!response) { /* the others may still bring something */
		request->core->counters.refused_memory++;
		return;
	}
	wsip_relay_response(relay, NULL, response);
	wsip_msg_finish(response);
	wsip_pool_free(&request->core->msgs, response);
}

static unsigned int status_of_failure(enum wsip_err err)
{
	switch (err) {
	case WSIP_ERR_STATE:
		return 482; /* the next hop is this proxy */
	case WSIP_ERR_MEMORY:
		return 500;
	default:
		return 503; /* RFC 3261 16.9 */
	}
}

static void attempt(struct wsip_relay *relay, int destination, uint32_t breadth)
{
	struct wsip_core *core = relay->request->core;
	struct wsip_log_line line;
	enum wsip_err err;

	relay->attempts++;
	err = wsip_branch_start(relay, destination, breadth);
	if (!err)
		return;
	core->counters.unroutable++;
	wsip_log_begin(&line, core->options.log, WSIP_LOG_WARN, "attempt failed");
	wsip_tx_log_message(&line, relay->request->msg);
	wsip_log_span(&line, "destination",
		destination == WSIP_DESTINATION_NONE
			? wsip_msg_request_uri(relay->request->msg)
			: wsip_route_uri(&relay->route, wsip_route_at(&relay->route, destination)));
	wsip_log_text(&line, "cause",
		err == WSIP_ERR_STATE ? "the next hop is this proxy" : wsip_err_text(err));
	wsip_log_end(&line);
	respond_locally(relay, status_of_failure(err));
}

static bool has_next(const struct wsip_relay *relay)
{
	return relay->route.next < relay->route.count;
}

/* RFC 3261 16.6: the destinations that are tried at once. */
static unsigned int group_size(const struct wsip_relay *relay)
{
	const struct wsip_route *route = &relay->route;
	unsigned int size = 1;

	if (relay->options.fork == WSIP_FORK_SERIAL)
		return 1;
	while (route->next + size < route->count &&
		(relay->options.fork == WSIP_FORK_PARALLEL ||
			wsip_route_at(route, route->next + size)->together))
		size++;
	return size;
}

/* RFC 5393 5.3.3: what the branches under way leave. */
static uint32_t free_breadth(const struct wsip_relay *relay)
{
	uint32_t used = 0;

	for (struct wsip_list *link = relay->branches.next; link != &relay->branches;
		link = link->next) {
		const struct wsip_branch *branch = wsip_container_of(link, struct wsip_branch,
			link);

		used += branch->final ? 0 : branch->breadth;
	}
	return used < relay->breadth ? relay->breadth - used : 0;
}

/* RFC 5393 5.3.3.1: the shares make up no more than what there is; where that is less than one
 * each, the others wait for their turn. */
static void attempt_group(struct wsip_relay *relay)
{
	uint32_t breadth = free_breadth(relay);
	unsigned int size = group_size(relay);

	if (size > breadth)
		size = breadth > 0 ? breadth : 1;
	relay->pending++; /* nothing is settled before all have begun */
	for (unsigned int i = 0; i < size && !relay->request->answered; i++)
		attempt(relay, has_next(relay) ? relay->route.next++ : WSIP_DESTINATION_NONE,
			breadth / size + (i < breadth % size));
	relay->pending--;
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

/* NULL where Route or Request-URI led. */
static const struct wsip_destination *speaking_destination(const struct wsip_relay *relay)
{
	const struct wsip_branch *branch = relay->speaking;

	return branch && branch->destination != WSIP_DESTINATION_NONE
		       ? wsip_route_at(&relay->route, (unsigned int)branch->destination)
		       : NULL;
}

/* RFC 3261 16.6: a user's contacts are tried until one of them helps; a carrier's answer stands,
 * if it is one. */
enum wsip_verdict wsip_verdict_default(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	unsigned int status = wsip_msg_status(response);
	const struct wsip_destination *destination = speaking_destination(relay);
	bool is_contact = destination && destination->use == WSIP_USE_CONTACT;

	(void)user;
	if (status == 408 || status == 503)
		return WSIP_NEXT;
	return is_contact && status >= 300 && status < 600 ? WSIP_NEXT : WSIP_FORWARD;
}

static enum wsip_verdict ask_handler(struct wsip_relay *relay, const struct wsip_branch *branch,
	struct wsip_msg *response)
{
	wsip_response_fn *on_response = relay->options.on_response ? relay->options.on_response
								   : wsip_verdict_default;
	enum wsip_verdict verdict;

	relay->replaced = false;
	relay->speaking = branch;
	verdict = on_response(relay, response, relay->options.user);
	relay->speaking = NULL;
	/* A decision that was not carried out is none. */
	if (verdict == WSIP_DECIDED && relay->chosen == NOTHING_CHOSEN && !relay->replaced)
		return WSIP_FORWARD;
	return verdict;
}

/* The handler asked for another destination in place of this branch. */
static void attempt_chosen(struct wsip_relay *relay, struct wsip_branch *branch)
{
	int chosen = relay->chosen;
	uint32_t breadth;

	relay->chosen = NOTHING_CHOSEN;
	if (branch) {
		branch->abandoned = true;
		wsip_branch_cancel(branch);
		wsip_branch_settle(branch);
	}
	breadth = free_breadth(relay);
	attempt(relay, chosen, breadth > 0 ? breadth : 1);
}

/* By the handler, or for what it said in place of it. */
static bool is_dropped(enum wsip_verdict verdict)
{
	return verdict == WSIP_DROP || verdict == WSIP_DECIDED;
}

/* RFC 3261 16.7 step 5 and step 6: a 6xx ends the search, and what rings. */
static void consider(struct wsip_relay *relay, struct wsip_msg *response, enum wsip_verdict verdict)
{
	unsigned int status = wsip_msg_status(response);

	if (verdict == WSIP_RECURSE && status / 100 == 3 && !relay->over &&
		wsip_target_set_recurse(relay, response) > 0 &&
		!wsip_msg_header(response, WSIP_CONTACT, &(struct wsip_span){ 0 }))
		return; /* nothing of it is left to tell */
	if (is_dropped(verdict) || verdict == WSIP_FORWARD)
		relay->over = true;
	if (is_dropped(verdict))
		return;
	if (verdict == WSIP_FORWARD && status >= 600)
		cancel_branches(relay, is_ringing(relay) ? reason_of_status(relay, status) : NULL);
	/* What is the only one goes up as it is; else a copy waits for the others. */
	if (relay->pending == 0 && !relay->best && (relay->over || !has_next(relay)))
		forward(relay, response);
	else
		wsip_best_consider(relay, response);
}

/* No final response is awaited: the next ones are tried, or the best so far goes up. */
static void settle(struct wsip_relay *relay)
{
	struct wsip_request *request = relay->request;

	while (relay->pending == 0 && !relay->over && !request->answered && has_next(relay))
		attempt_group(relay);
	if (relay->pending > 0 || request->answered)
		return;
	if (relay->best)
		forward(relay, relay->best);
	else /* dropped, and nothing in its place */
		wsip_request_answer(request, 500, "Handler Gave No Answer");
}

static void follow(struct wsip_relay *relay, struct wsip_branch *branch, struct wsip_msg *response,
	enum wsip_verdict verdict)
{
	struct wsip_request *request = relay->request;
	unsigned int status = wsip_msg_status(response);

	if (request->answered) { /* by wsip_relay_answer or wsip_request_answer */
		relay->chosen = NOTHING_CHOSEN;
		return;
	}
	if (relay->chosen != NOTHING_CHOSEN)
		attempt_chosen(relay, branch);
	else if (status < 200 && !is_dropped(verdict))
		forward(relay, response);
	else if (status / 100 == 2 && verdict == WSIP_FORWARD)
		forward(relay, response); /* RFC 3261 16.7 step 5: at once */
	else if (status >= 200)
		consider(relay, response, verdict);
	if (status >= 200 || relay->pending == 0)
		settle(relay);
}

void wsip_relay_branch_failed(struct wsip_relay *relay, struct wsip_branch *branch,
	unsigned int status)
{
	struct wsip_request *request = relay->request;
	struct wsip_msg *response = wsip_request_local_response(request, status);

	request->busy++;
	if (response) {
		wsip_relay_response(relay, branch, response);
		wsip_msg_finish(response);
		wsip_pool_free(&request->core->msgs, response);
	} else {
		request->core->counters.refused_memory++;
		if (!request->answered)
			settle(relay);
	}
	request->busy--;
	wsip_request_release(request);
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
	verdict = ask_handler(relay, branch, response);
	request->picked_up = false;
	if (picked_up) {
		relay->chosen = NOTHING_CHOSEN;
		forward(relay, response);
		/* RFC 3261 16.7 step 10. */
		wsip_relay_abandon(relay, status);
	} else {
		follow(relay, branch, response, verdict);
	}
	request->busy--;
	wsip_request_release(request);
}

/* ---- The handler's calls ---- */

/* RFC 3261 13.2.2.4 and 16.11: an ACK for a 2xx has no transaction. */
static enum wsip_err relay_ack(struct wsip_relay *relay)
{
	struct wsip_request *request = relay->request;
	struct wsip_forward_plan plan = { .from = &request->flow, .loop_hash = request->loop_hash };

	if (wsip_target_set_find(relay) != 0) {
		request->core->counters.stray_acks++;
		return WSIP_ERR_UNREACHABLE;
	}
	if (has_next(relay)) {
		plan.destination = wsip_route_at(&relay->route, 0);
		plan.uri = wsip_route_uri(&relay->route, plan.destination);
	}
	return wsip_forward_request_statelessly(request->core, request->msg, &plan);
}

static bool is_sip_uri(const char *text)
{
	struct wsip_uri uri;

	return wsip_uri_parse(wsip_span_of(text), &uri) == WSIP_OK && uri.scheme == WSIP_SCHEME_SIP;
}

/* What is wrong with the destinations, or NULL. */
static const char *unsound_destination(const struct wsip_relay_options *options)
{
	if (options->destination && !is_sip_uri(options->destination))
		return options->destination;
	if (options->target_count > WSIP_RELAY_TARGETS_MAX)
		return "too many targets";
	for (size_t i = 0; i < options->target_count; i++) {
		const char *uri = options->targets[i].uri;

		if (!uri || !is_sip_uri(uri))
			return uri ? uri : "a target without URI";
	}
	return NULL;
}

/* The handler's mistake, not the caller's. */
static enum wsip_err refuse_destination(struct wsip_request *request, const char *destination)
{
	struct wsip_log_line line;

	wsip_log_begin(&line, request->core->options.log, WSIP_LOG_ERROR, "wrong destination");
	wsip_tx_log_message(&line, request->msg);
	wsip_log_text(&line, "destination", destination);
	wsip_log_text(&line, "expected", "sip:HOST or sip:HOST:PORT");
	wsip_log_end(&line);
	wsip_request_answer(request, 500, NULL);
	return WSIP_ERR_ARGUMENT;
}

static enum wsip_err start(struct wsip_relay *relay)
{
	struct wsip_request *request = relay->request;
	unsigned int status = wsip_target_set_find(relay);

	relay->options.targets = NULL; /* the route has them */
	if (status) {
		enum wsip_err err = wsip_request_answer(request, status, NULL);

		return err ? err : WSIP_ERR_UNREACHABLE;
	}
	/* RFC 3261 17.2.1: 100 at once, since nobody knows how long the others will take. What is
	 * refused here has its answer without it. */
	wsip_request_say_trying(request);
	attempt_group(relay);
	settle(relay);
	return WSIP_OK;
}

enum wsip_err wsip_relay(struct wsip_request *request, const struct wsip_relay_options *options)
{
	struct wsip_relay *relay = &request->relay;
	const char *unsound;
	enum wsip_err err;

	if (request->relayed || request->answered)
		return WSIP_ERR_STATE;
	if (options)
		relay->options = *options;
	unsound = unsound_destination(&relay->options);
	if (unsound)
		return refuse_destination(request, unsound);
	relay->breadth = wsip_max_breadth(request->msg);
	if (!wsip_admit(request, &err)) {
		request->core->counters.stray_acks += !request->server;
		return err;
	}
	request->relayed = true;
	wsip_request_end_suspension(request);
	return request->server ? start(relay) : relay_ack(relay);
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

struct wsip_span wsip_relay_destination(const struct wsip_relay *relay)
{
	const struct wsip_destination *destination = speaking_destination(relay);

	return destination ? wsip_route_uri(&relay->route, destination) : (struct wsip_span){ 0 };
}
