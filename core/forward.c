/* SPDX-License-Identifier: MIT
 * RFC 3261 16.6, step by step.
 */
#include "core/forward.h"

#include <stdio.h>
#include <string.h>

#include "core/max_breadth.h"
#include "core/uri_text.h"

static enum wsip_err parse_uri(struct wsip_span text, struct wsip_uri *uri)
{
	return wsip_uri_parse(text, uri) == WSIP_OK ? WSIP_OK : WSIP_ERR_UNREACHABLE;
}

/* Makes `uri` the Request-URI, with this user part. */
static enum wsip_err put_request_uri(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_uri *uri, struct wsip_span user)
{
	/* RFC 3261 19.1.1: `method` and headers have no place in a Request-URI. */
	static const char *const misplaced[] = { "method", NULL };
	struct wsip_uri target = *uri;
	struct wsip_buf *text;
	enum wsip_err err;

	target.user = user;
	target.password.size = 0;
	text = wsip_uri_text(&core->bufs, &target, misplaced);
	if (!text)
		return WSIP_ERR_MEMORY;
	err = wsip_msg_set_request_uri(msg, (struct wsip_span){ text->data, text->used });
	wsip_buf_unref(text);
	return err;
}

/* RFC 3261 16.6 step 2, Request-URI. */
static enum wsip_err set_request_uri(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_forward_plan *plan)
{
	struct wsip_uri current, destination;
	enum wsip_err err;

	if (!plan->destination)
		return WSIP_OK;
	err = parse_uri(plan->uri, &destination);
	if (!err && plan->destination->use == WSIP_USE_CONTACT)
		return put_request_uri(core, msg, &destination, destination.user);
	if (!err)
		err = parse_uri(wsip_msg_request_uri(msg), &current);
	if (err || !wsip_core_is_own_uri(core, &current))
		return err;
	/* sip:alice@ours becomes sip:alice@carrier. */
	return put_request_uri(core, msg, &destination,
		destination.user.size ? destination.user : current.user);
}

/* RFC 3261 16.6 step 3, Max-Forwards. Where zero has an answer it was given before (16.3 step 3).
 */
static enum wsip_err set_max_forwards(struct wsip_msg *msg)
{
	uint32_t max_forwards;
	char text[12];

	if (wsip_msg_max_forwards(msg, &max_forwards) == WSIP_ERR_NOT_FOUND)
		return wsip_msg_add(msg, "Max-Forwards", wsip_span_of("70"));
	if (max_forwards == 0)
		return WSIP_ERR_LIMIT;
	snprintf(text, sizeof(text), "%u", max_forwards - 1);
	return wsip_msg_set_id(msg, WSIP_MAX_FORWARDS, wsip_span_of(text));
}

/* RFC 3261 16.6 step 6, a next hop that is a strict router gets its URI as Request-URI, and the
 * Request-URI goes to the end of the route. */
static enum wsip_err give_way_to_strict_router(struct wsip_msg *msg, struct wsip_span route_uri)
{
	struct wsip_span request_uri = wsip_msg_request_uri(msg);
	char last[WSIP_URI_MAX_BYTES + 2];
	enum wsip_err err;

	if (request_uri.size > WSIP_URI_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	last[0] = '<';
	memcpy(last + 1, request_uri.data, request_uri.size);
	last[request_uri.size + 1] = '>';
	err = wsip_msg_add(msg, "Route", (struct wsip_span){ last, request_uri.size + 2 });
	if (!err)
		err = wsip_msg_set_request_uri(msg, route_uri);
	return err ? err : wsip_msg_remove_first_value(msg, WSIP_ROUTE);
}

/* RFC 3261 16.6 step 6 and step 7: the URI that the request is sent to. */
static enum wsip_err next_hop(struct wsip_msg *msg, const struct wsip_forward_plan *plan,
	struct wsip_uri *uri)
{
	struct wsip_values routes = wsip_msg_values(msg, WSIP_ROUTE);
	struct wsip_name_addr route;
	struct wsip_span value;
	enum wsip_err err;

	if (plan->destination)
		return parse_uri(plan->uri, uri);
	if (wsip_values_next(&routes, &value) != WSIP_OK)
		return parse_uri(wsip_msg_request_uri(msg), uri);
	if (wsip_name_addr_parse(value, &route) != WSIP_OK)
		return WSIP_ERR_UNREACHABLE;
	err = parse_uri(route.uri, uri);
	if (err || wsip_uri_param(uri, "lr", NULL))
		return err;
	return give_way_to_strict_router(msg, route.uri);
}

static enum wsip_err prepend_record_route(struct wsip_core *core, struct wsip_msg *msg,
	uint16_t listener_index, uint8_t transport)
{
	const struct wsip_listener *listener = &core->options.listeners[listener_index];
	char value[WSIP_ADDR_TEXT_BYTES + 32];

	snprintf(value, sizeof(value), "<sip:%s%s;lr>", listener->text,
		transport == WSIP_TCP ? ";transport=tcp" : "");
	return wsip_msg_prepend_id(msg, WSIP_RECORD_ROUTE, wsip_span_of(value));
}

static bool starts_dialog(const struct wsip_msg *msg)
{
	struct wsip_name_addr to;

	switch (wsip_msg_method(msg)) {
	case WSIP_INVITE:
	case WSIP_SUBSCRIBE:
	case WSIP_REFER:
	case WSIP_NOTIFY:
		return wsip_msg_to(msg, &to) == WSIP_OK && to.tag.size == 0;
	default:
		return false;
	}
}

/* RFC 3261 16.6 step 4, Record-Route; two of them where the request leaves by another transport or
 * address than it came by (RFC 5658 5), so that either side finds the one it can reach. */
static enum wsip_err add_record_route(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_forward_plan *plan, const struct wsip_flow *flow)
{
	const struct wsip_flow *from = plan->from;
	enum wsip_err err = WSIP_OK;

	if (plan->record_route == WSIP_RECORD_ROUTE_NEVER || !starts_dialog(msg))
		return WSIP_OK;
	if (from->listener != flow->listener || from->transport != flow->transport)
		err = prepend_record_route(core, msg, from->listener, from->transport);
	return err ? err : prepend_record_route(core, msg, flow->listener, flow->transport);
}

#define VIA_BYTES (WSIP_ADDR_TEXT_BYTES + WSIP_BRANCH_BYTES + 32)

static struct wsip_span write_via(const struct wsip_core *core, const struct wsip_forward *forward,
	char via[VIA_BYTES])
{
	const struct wsip_listener *listener = &core->options.listeners[forward->flow.listener];
	int size = snprintf(via, VIA_BYTES, "SIP/2.0/%s %s;branch=%.*s",
		wsip_transport_name((enum wsip_transport)forward->flow.transport), listener->text,
		WSIP_BRANCH_BYTES, forward->branch);

	return (struct wsip_span){ via, (size_t)size };
}

/* RFC 3261 16.6 step 8, Via. */
static enum wsip_err add_via(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_forward *forward)
{
	char via[VIA_BYTES];

	return wsip_msg_prepend_id(msg, WSIP_VIA, write_via(core, forward, via));
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

static enum wsip_err edit(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_forward_plan *plan, struct wsip_forward *forward)
{
	struct wsip_uri uri;
	enum wsip_err err = set_request_uri(core, msg, plan);

	if (!err)
		err = next_hop(msg, plan, &uri);
	if (!err)
		err = find_flow(core, &uri, plan, &forward->flow);
	if (!err)
		err = set_max_forwards(msg);
	if (!err && plan->breadth)
		err = wsip_max_breadth_set(msg, plan->breadth);
	if (!err)
		err = add_record_route(core, msg, plan, &forward->flow);
	if (!err)
		err = add_via(core, msg, forward);
	return err ? err : wsip_forward_add_content_length(msg);
}

static enum wsip_err serialize(struct wsip_core *core, const struct wsip_msg *msg,
	struct wsip_forward *forward)
{
	forward->bytes = wsip_msg_serialize(msg, &core->bufs);
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
static enum wsip_err go_by_tcp(struct wsip_core *core, struct wsip_msg *msg,
	struct wsip_forward *forward)
{
	struct wsip_flow flow = forward->flow;
	char via[VIA_BYTES];
	enum wsip_err err;

	flow.transport = WSIP_TCP;
	if (wsip_forward_choose_listener(core, &forward->flow, &flow) != WSIP_OK)
		return WSIP_OK; /* as it is */
	forward->flow = flow;
	forward->by_size = true;
	wsip_buf_unref(forward->bytes);
	forward->bytes = NULL;
	err = wsip_msg_set_first_value(msg, WSIP_VIA, write_via(core, forward, via));
	return err ? err : serialize(core, msg, forward);
}

/* RFC 3261 16.6 step 1: a copy, which keeps all that is not edited. */
static enum wsip_err build(struct wsip_core *core, const struct wsip_msg *request,
	const struct wsip_forward_plan *plan, struct wsip_forward *forward)
{
	struct wsip_msg *msg = wsip_pool_take(&core->msgs);
	enum wsip_err err;

	if (!msg)
		return WSIP_ERR_MEMORY;
	err = wsip_msg_copy(msg, request);
	if (!err)
		err = edit(core, msg, plan, forward);
	if (!err)
		err = serialize(core, msg, forward);
	if (!err && is_too_large(core, plan, forward))
		err = go_by_tcp(core, msg, forward);
	wsip_msg_finish(msg);
	wsip_pool_free(&core->msgs, msg);
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

void wsip_forward_response_by_via(struct wsip_core *core, struct wsip_msg *response)
{
	struct wsip_via next;

	if (take_own_via(response, &next))
		send_by_via(core, response, &next);
	else
		core->counters.stray_responses++;
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
