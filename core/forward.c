/* SPDX-License-Identifier: MIT
 * RFC 3261 16.6, step by step.
 */
#include "core/forward.h"

#include <stdio.h>
#include <string.h>

#include "core/forward_write.h"
#include "core/max_breadth.h"
#include "core/uri_text.h"

#define VIA_BYTES          (WSIP_ADDR_TEXT_BYTES + WSIP_BRANCH_BYTES + 32)
#define RECORD_ROUTE_BYTES (WSIP_ADDR_TEXT_BYTES + 32)

static enum wsip_err parse_uri(struct wsip_span text, struct wsip_uri *uri)
{
	return wsip_uri_parse(text, uri) == WSIP_OK ? WSIP_OK : WSIP_ERR_UNREACHABLE;
}

struct own_values {
	char via[VIA_BYTES];
	char record_route[2][RECORD_ROUTE_BYTES];
};

/* What becomes of a request on its way (16.6). */
struct building {
	struct wsip_core *core;
	const struct wsip_msg *request;
	const struct wsip_forward_plan *plan;
	struct wsip_forward *forward;
	struct wsip_forward_edits edits;
	struct wsip_uri next_hop;
	struct wsip_buf *request_uri; /* where it was made here */
	struct own_values *own;
};

/* `uri` is the Request-URI, with this user part. */
static enum wsip_err put_request_uri(struct building *building, const struct wsip_uri *uri,
	struct wsip_span user)
{
	/* RFC 3261 19.1.1: `method` and headers have no place in a Request-URI. */
	static const char *const misplaced[] = { "method", NULL };
	struct wsip_uri target = *uri;

	target.user = user;
	target.password.size = 0;
	building->request_uri = wsip_uri_text(&building->core->bufs, &target, misplaced);
	if (!building->request_uri)
		return WSIP_ERR_MEMORY;
	building->edits.request_uri = (struct wsip_span){ building->request_uri->data,
		building->request_uri->used };
	return WSIP_OK;
}

/* RFC 3261 16.6 step 2, Request-URI. */
static enum wsip_err set_request_uri(struct building *building)
{
	const struct wsip_destination *destination = building->plan->destination;
	const struct wsip_uri *next_hop = &building->next_hop;
	struct wsip_uri current;
	enum wsip_err err;

	building->edits.request_uri = wsip_msg_request_uri(building->request);
	if (!destination)
		return WSIP_OK;
	if (destination->use == WSIP_USE_CONTACT)
		return put_request_uri(building, next_hop, next_hop->user);
	err = parse_uri(building->edits.request_uri, &current);
	if (err || !wsip_core_is_own_uri(building->core, &current))
		return err;
	/* sip:alice@ours becomes sip:alice@carrier. */
	return put_request_uri(building, next_hop,
		next_hop->user.size ? next_hop->user : current.user);
}

/* RFC 3261 16.6 step 3, Max-Forwards. Where zero has an answer it was given before (16.3 step 3).
 */
static enum wsip_err set_max_forwards(struct building *building)
{
	uint32_t *max_forwards = &building->edits.max_forwards;

	if (wsip_msg_max_forwards(building->request, max_forwards) == WSIP_ERR_NOT_FOUND)
		*max_forwards = 70 + 1;
	return (*max_forwards)-- > 0 ? WSIP_OK : WSIP_ERR_LIMIT;
}

/* RFC 5393 5.3.3. */
static void set_max_breadth(struct building *building)
{
	uint32_t breadth = building->plan->breadth;
	struct wsip_span before;

	if (breadth > 0 && !(wsip_msg_header(building->request, WSIP_MAX_BREADTH, &before) &&
				   wsip_max_breadth(building->request) == breadth))
		building->edits.max_breadth = breadth;
}

/* RFC 3261 16.6 step 6 and step 7: the URI that the request is sent to. A next hop that is a strict
 * router gets its URI as Request-URI, and the Request-URI goes to the end of the route. */
static enum wsip_err find_next_hop(struct building *building)
{
	struct wsip_values routes = wsip_msg_values(building->request, WSIP_ROUTE);
	struct wsip_span request_uri = wsip_msg_request_uri(building->request);
	struct wsip_forward_edits *edits = &building->edits;
	struct wsip_name_addr route;
	struct wsip_span value;
	enum wsip_err err;

	if (building->plan->destination)
		return parse_uri(building->plan->uri, &building->next_hop);
	if (wsip_values_next(&routes, &value) != WSIP_OK)
		return parse_uri(request_uri, &building->next_hop);
	if (wsip_name_addr_parse(value, &route) != WSIP_OK)
		return WSIP_ERR_UNREACHABLE;
	err = parse_uri(route.uri, &building->next_hop);
	if (err || wsip_uri_param(&building->next_hop, "lr", NULL))
		return err;
	if (request_uri.size > WSIP_URI_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	edits->last_route = request_uri;
	edits->request_uri = route.uri;
	return WSIP_OK;
}

static struct wsip_span write_record_route(const struct wsip_core *core,
	char value[RECORD_ROUTE_BYTES], uint16_t listener_index, uint8_t transport)
{
	const struct wsip_listener *listener = &core->options.listeners[listener_index];
	char *end = stpcpy(stpcpy(value, "<sip:"), listener->text);

	end = stpcpy(end, transport == WSIP_TCP ? ";transport=tcp;lr>" : ";lr>");
	return (struct wsip_span){ value, (size_t)(end - value) };
}

static bool starts_dialog(const struct wsip_msg *msg)
{
	struct wsip_span tag;

	switch (wsip_msg_method(msg)) {
	case WSIP_INVITE:
	case WSIP_SUBSCRIBE:
	case WSIP_REFER:
	case WSIP_NOTIFY:
		return wsip_msg_to_tag(msg, &tag) && tag.size == 0;
	default:
		return false;
	}
}

/* RFC 3261 16.6 step 4, Record-Route; two of them where the request leaves by another transport or
 * address than it came by (RFC 5658 5), so that either side finds the one it can reach. */
static void set_record_route(struct building *building)
{
	const struct wsip_flow *from = building->plan->from, *to = &building->forward->flow;
	struct wsip_span *values = building->edits.record_route;

	if (building->plan->record_route == WSIP_RECORD_ROUTE_NEVER ||
		!starts_dialog(building->request))
		return;
	values[0] = write_record_route(building->core, building->own->record_route[0], to->listener,
		to->transport);
	if (from->listener != to->listener || from->transport != to->transport)
		values[1] = write_record_route(building->core, building->own->record_route[1],
			from->listener, from->transport);
}

/* RFC 3261 16.6 step 8, Via. */
static void set_via(struct building *building)
{
	const struct wsip_forward *forward = building->forward;
	const struct wsip_listener *listener =
		&building->core->options.listeners[forward->flow.listener];
	char *end = stpcpy(building->own->via, "SIP/2.0/");

	end = stpcpy(end, wsip_transport_name((enum wsip_transport)forward->flow.transport));
	end = stpcpy(stpcpy(stpcpy(end, " "), listener->text), ";branch=");
	end = mempcpy(end, forward->branch, WSIP_BRANCH_BYTES);
	building->edits.via = (struct wsip_span){ building->own->via,
		(size_t)(end - building->own->via) };
}

/* RFC 3261 16.6 step 9, 16.7 step 9. */
enum wsip_err wsip_forward_add_content_length(struct wsip_msg *msg)
{
	struct wsip_span value;
	char text[12];

	if (wsip_msg_header(msg, WSIP_CONTENT_LENGTH, &value))
		return WSIP_OK;
	snprintf(text, sizeof(text), "%zu", wsip_msg_body(msg).size);
	return wsip_msg_add(msg, "Content-Length", wsip_span_of(text));
}

/* RFC 3261 16.6 step 8: unique across space and time, and not to be guessed. */
static void new_branch(struct wsip_core *core, uint32_t loop_hash, char branch[WSIP_BRANCH_BYTES])
{
	uint64_t number = ++core->branch_number;
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, &core->options.secret);
	wsip_siphash_add(&hash, (struct wsip_span){ (const char *)&number, sizeof(number) });
	wsip_branch_write(branch, WSIP_BRANCH_STATEFUL, wsip_siphash_end(&hash).high, loop_hash);
}

/* Targets and what a handler chose are ours to know; Route, Request-URI and Contact come from
 * peers. */
static bool is_chosen_by_us(const struct wsip_forward_plan *plan)
{
	return plan->destination && plan->destination->use == WSIP_USE_NEXT_HOP;
}

static enum wsip_err find_flow(struct wsip_core *core, const struct wsip_uri *uri,
	const struct wsip_forward_plan *plan, struct wsip_flow *flow)
{
	enum wsip_err err = wsip_forward_resolve(core, uri, plan->from, flow);

	if (!err && !is_chosen_by_us(plan) &&
		wsip_flow_reaches_inside(&plan->from->remote, &flow->remote))
		err = WSIP_ERR_UNREACHABLE;
	if (!err && plan->destination) {
		flow->worker = plan->destination->worker;
		flow->connection = plan->destination->connection;
	}
	return err;
}

static enum wsip_err edit(struct building *building)
{
	enum wsip_err err = find_next_hop(building);

	if (!err && building->edits.last_route.size == 0)
		err = set_request_uri(building);
	if (!err)
		err = find_flow(building->core, &building->next_hop, building->plan,
			&building->forward->flow);
	if (!err)
		err = set_max_forwards(building);
	if (err)
		return err;
	set_max_breadth(building);
	set_record_route(building);
	set_via(building);
	return WSIP_OK;
}

static enum wsip_err write_request(struct building *building)
{
	struct wsip_forward *forward = building->forward;

	forward->bytes = wsip_forward_write(building->request, &building->edits,
		&building->core->bufs);
	return forward->bytes ? WSIP_OK : WSIP_ERR_MEMORY;
}

/* RFC 3261 18.1.1. Without a transaction nobody would hear that TCP was refused, so what goes
 * without one stays on UDP. */
static bool is_too_large(const struct wsip_core *core, const struct wsip_forward_plan *plan,
	const struct wsip_forward *forward)
{
	uint32_t mtu = core->options.listeners[forward->flow.listener].mtu_bytes;
	uint32_t most = WSIP_DATAGRAM_MAX_BYTES;

	if (mtu > 0 && mtu < WSIP_DATAGRAM_MAX_BYTES + WSIP_DATAGRAM_MARGIN)
		most = mtu > WSIP_DATAGRAM_MARGIN ? mtu - WSIP_DATAGRAM_MARGIN : 0;
	return forward->bytes->used > most && forward->flow.transport == WSIP_UDP &&
	       plan->size_rule == WSIP_LARGE_BY_TCP && forward->branch[7] == WSIP_BRANCH_STATEFUL;
}

/* RFC 3261 18.1.1: the Via says which transport it went by. The Record-Route stays: what follows
 * in the dialog may be small. */
static enum wsip_err go_by_tcp(struct building *building)
{
	struct wsip_forward *forward = building->forward;
	struct wsip_flow flow = forward->flow;

	flow.transport = WSIP_TCP;
	if (wsip_forward_choose_listener(building->core, &forward->flow, &flow) != WSIP_OK)
		return WSIP_OK; /* as it is */
	forward->flow = flow;
	forward->by_size = true;
	wsip_buf_unref(forward->bytes);
	forward->bytes = NULL;
	set_via(building);
	return write_request(building);
}

/* RFC 3261 16.6 step 1: the request stays as it came, for other branches; what goes on is written
 * anew, with all that is not changed. */
static enum wsip_err build(struct wsip_core *core, const struct wsip_msg *request,
	const struct wsip_forward_plan *plan, struct wsip_forward *forward)
{
	struct own_values own;
	struct building building = {
		.core = core, .request = request, .plan = plan, .forward = forward, .own = &own
	};
	enum wsip_err err = edit(&building);

	if (!err)
		err = write_request(&building);
	if (!err && is_too_large(core, plan, forward))
		err = go_by_tcp(&building);
	wsip_buf_unref(building.request_uri);
	return err;
}

enum wsip_err wsip_forward_build(struct wsip_core *core, const struct wsip_msg *request,
	const struct wsip_forward_plan *plan, struct wsip_forward *forward)
{
	*forward = (struct wsip_forward){ 0 };
	new_branch(core, plan->loop_hash, forward->branch);
	return build(core, request, plan, forward);
}

/* RFC 3261 16.11: the same request gets the same branch, and its response is recognised by it.
 * `via` is the top Via that the request came with. */
static uint64_t stateless_id(const struct wsip_core *core, const struct wsip_via *via,
	struct wsip_span call_id)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, &core->options.secret);
	wsip_siphash_add_field(&hash, via->branch);
	wsip_siphash_add_nocase(&hash, via->sent_by);
	/* Where the response goes: nobody shall use our branch to send elsewhere. */
	wsip_siphash_add_field(&hash, via->received);
	wsip_siphash_add_field(&hash, via->rport);
	wsip_siphash_add_field(&hash, via->maddr);
	wsip_siphash_add_field(&hash, call_id);
	return wsip_siphash_end(&hash).high;
}

enum wsip_err wsip_forward_request_statelessly(struct wsip_core *core, struct wsip_msg *request,
	const struct wsip_forward_plan *plan)
{
	struct wsip_forward forward = { 0 };
	struct wsip_via via;
	enum wsip_err err = wsip_msg_top_via(request, &via);

	if (!err) {
		wsip_branch_write(forward.branch, WSIP_BRANCH_STATELESS,
			stateless_id(core, &via, wsip_msg_call_id(request)), plan->loop_hash);
		err = build(core, request, plan, &forward);
	}
	if (!err) {
		err = core->options.sender->send(core->options.sender_self, &forward.flow,
			forward.bytes, 0);
		wsip_buf_unref(forward.bytes);
	}
	if (err)
		core->counters.unroutable++;
	else
		core->counters.stateless++;
	return err;
}

/* RFC 3261 18.2.2, for a response that has nothing but its Via to go by. */
static enum wsip_err flow_of_via(struct wsip_core *core, const struct wsip_via *via,
	struct wsip_flow *flow)
{
	char text[WSIP_ADDR_TEXT_BYTES * 2 + 40];
	struct wsip_span host = via->maddr.size      ? via->maddr
				: via->received.size ? via->received
						     : via->host;
	struct wsip_uri uri;
	uint64_t rport = 0;
	bool bare_ipv6 = memchr(host.data, ':', host.size) && host.data[0] != '[';

	if (wsip_span_number(via->rport, UINT16_MAX, &rport) != WSIP_OK)
		rport = via->port;
	if (host.size > WSIP_ADDR_TEXT_BYTES || via->transport.size > 8)
		return WSIP_ERR_UNREACHABLE;
	snprintf(text, sizeof(text), "sip:%s%.*s%s:%u;transport=%.*s", bare_ipv6 ? "[" : "",
		(int)host.size, host.data, bare_ipv6 ? "]" : "",
		(unsigned int)(rport ? rport : 5060), (int)via->transport.size,
		via->transport.data);
	if (parse_uri(wsip_span_of(text), &uri) != WSIP_OK)
		return WSIP_ERR_UNREACHABLE;
	return wsip_forward_resolve(core, &uri, NULL, flow);
}

/* Our own Via is off; `next` is the one below it. */
static void send_by_via(struct wsip_core *core, struct wsip_msg *response,
	const struct wsip_via *next)
{
	struct wsip_buf *bytes;
	struct wsip_flow flow;

	if (flow_of_via(core, next, &flow) != WSIP_OK ||
		wsip_forward_add_content_length(response) != WSIP_OK) {
		core->counters.stray_responses++;
		return;
	}
	bytes = wsip_msg_serialize(response, &core->bufs);
	if (!bytes) {
		core->counters.refused_memory++;
		return;
	}
	if (core->options.sender->send(core->options.sender_self, &flow, bytes, 0) == WSIP_OK)
		core->counters.stateless++;
	else
		core->counters.unroutable++;
	wsip_buf_unref(bytes);
}

static bool take_own_via(struct wsip_msg *response, struct wsip_via *next)
{
	return wsip_msg_remove_first_value(response, WSIP_VIA) == WSIP_OK &&
	       wsip_msg_top_via(response, next) == WSIP_OK;
}

/* RFC 3261 16.11; only for what we forwarded ourselves, which its branch shows. */
void wsip_forward_response_statelessly(struct wsip_core *core, struct wsip_msg *response)
{
	struct wsip_via own, next;
	char branch[WSIP_BRANCH_BYTES];

	if (wsip_msg_top_via(response, &own) != WSIP_OK || !take_own_via(response, &next)) {
		core->counters.stray_responses++;
		return;
	}
	wsip_branch_write(branch, WSIP_BRANCH_STATELESS,
		stateless_id(core, &next, wsip_msg_call_id(response)), 0);
	if (own.branch.size == WSIP_BRANCH_BYTES &&
		memcmp(own.branch.data, branch, WSIP_BRANCH_ID_BYTES) == 0)
		send_by_via(core, response, &next);
	else
		core->counters.stray_responses++;
}
