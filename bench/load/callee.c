/* SPDX-License-Identifier: MIT */
#include "bench/load/callee.h"

#include "bench/load/response.h"

static struct wsip_call *call_of(struct wsip_timer *timer)
{
	struct wsip_resend *resend = wsip_container_of(timer, struct wsip_resend, timer);

	return wsip_container_of(resend, struct wsip_call, callee);
}

static struct wsip_answer *answer_of(struct wsip_call *call)
{
	struct wsip_calls *calls = &call->load->calls;

	return &calls->answers[wsip_calls_slot(calls, call)];
}

static void send_to_invite(struct wsip_call *call, struct wsip_span start_line,
	const struct wsip_template *rest)
{
	struct wsip_writer writer = wsip_wire_room(call->load->wire);
	const struct wsip_answer *answer = answer_of(call);

	wsip_write(&writer, start_line);
	wsip_write(&writer, (struct wsip_span){ answer->text, answer->bytes });
	wsip_template_write(rest, &writer, NULL);
	wsip_wire_send(call->load->wire, &call->callee_path, &writer);
}

#define START_LINE(text) ((struct wsip_span){ text, sizeof(text) - 1 })

static void send_ringing(struct wsip_call *call)
{
	send_to_invite(call, START_LINE("SIP/2.0 180 Ringing\r\n"),
		&call->load->messages.pairs[call->pair].ringing_rest);
}

static void send_answer(struct wsip_call *call)
{
	send_to_invite(call, START_LINE("SIP/2.0 200 OK\r\n"),
		&call->load->messages.pairs[call->pair].answer_rest);
}

static void send_answer_again(struct wsip_call *call)
{
	call->load->tally.callee_retransmissions++;
	send_answer(call);
}

/* RFC 3261 13.3.1.4: whatever the transport, T1 doubling up to T2, until the ACK or 64*T1. */
static void fire(struct wsip_timer *timer)
{
	struct wsip_call *call = call_of(timer);

	if (wsip_resend_due(call->load, &call->callee, WSIP_T1_TO_T2 * call->load->options->t1_ms))
		send_answer_again(call);
}

static uint64_t branch_of(struct wsip_load *load, const struct wsip_scanned *request)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, &load->secret);
	wsip_siphash_add(&hash, request->via[0].value);
	return wsip_siphash_end(&hash).low;
}

/* A response that follows from its request. */
static void send_response(struct wsip_load *load, const struct wsip_path *from,
	const struct wsip_scanned *request, struct wsip_span start_line)
{
	enum wsip_transport transport = load->options->transport;
	struct wsip_writer writer = wsip_wire_room(load->wire);
	struct wsip_path path = wsip_response_path(from, request, transport);
	char mark[WSIP_MARK_BYTES];

	wsip_mark_write(mark, request->mark);
	wsip_write(&writer, start_line);
	wsip_response_write_head(&writer, request, from, transport, mark);
	wsip_write_literal(&writer, WSIP_EMPTY_END);
	wsip_wire_send(load->wire, &path, &writer);
}

static void ring_and_answer(struct wsip_call *call, const struct wsip_path *from,
	const struct wsip_scanned *request)
{
	struct wsip_load *load = call->load;
	enum wsip_transport transport = load->options->transport;
	struct wsip_answer *answer = answer_of(call);
	struct wsip_writer writer = wsip_writer_of(answer->text, sizeof(answer->text));
	char mark[WSIP_MARK_BYTES];

	wsip_mark_write(mark, request->mark);
	wsip_response_write_head(&writer, request, from, transport, mark);
	if (writer.full) {
		load->tally.unexpected++;
		return;
	}
	answer->bytes = (uint16_t)wsip_writer_size(&writer);
	call->callee_path = wsip_response_path(from, request, transport);
	call->callee_branch = branch_of(load, request);
	call->callee_state = WSIP_CALLEE_ANSWERED;
	send_ringing(call);
	send_answer(call);
	wsip_resend_start(load, &call->callee, load->options->t1_ms);
}

/* RFC 3261 17.2.1, 8.2.2.2: the same INVITE again gets the same answer; the same call by another
 * way is a loop or a fork, which a proxy has no reason for here. */
static void invite(struct wsip_load *load, struct wsip_call *call, const struct wsip_path *from,
	const struct wsip_scanned *request)
{
	if (!call) {
		load->tally.late++;
	} else if (call->callee_state == WSIP_CALLEE_NONE) {
		ring_and_answer(call, from, request);
	} else if (call->callee_branch == branch_of(load, request)) {
		if (call->callee_state == WSIP_CALLEE_ANSWERED)
			send_answer_again(call);
	} else {
		load->tally.unexpected++;
		send_response(load, from, request, START_LINE("SIP/2.0 482 Loop Detected\r\n"));
	}
}

/* Our tag, as it has to come back: "b-" and the mark of the Call-ID. It nearly always ends the
 * line. */
static bool has_our_tag(const struct wsip_scanned *request)
{
	struct wsip_span to = request->to.value, tag;
	char ours[] = ";tag=" WSIP_CALLEE_TAG WSIP_TEMPLATE_MARK;
	size_t size = sizeof(ours) - 1;

	wsip_mark_write(ours + size - WSIP_MARK_BYTES, request->mark);
	if (to.size > size && memcmp(to.data + to.size - size, ours, size) == 0)
		return true;
	tag = wsip_scan_tag(to);
	return wsip_span_is(tag, ours + sizeof(";tag=") - 1);
}

static void ack(struct wsip_load *load, struct wsip_call *call)
{
	if (!call) {
		load->tally.late++;
	} else if (call->callee_state == WSIP_CALLEE_ANSWERED) {
		call->callee_state = WSIP_CALLEE_ACKNOWLEDGED;
		wsip_timer_stop(&load->timers, &call->callee.timer);
	}
}

static void bye(struct wsip_load *load, struct wsip_call *call, const struct wsip_path *from,
	const struct wsip_scanned *request)
{
	if (!call)
		load->tally.late++;
	if (!call || call->callee_state == WSIP_CALLEE_LEFT)
		load->tally.callee_retransmissions++;
	send_response(load, from, request, START_LINE("SIP/2.0 200 OK\r\n"));
	if (call && call->callee_state == WSIP_CALLEE_ACKNOWLEDGED)
		call->callee_state = WSIP_CALLEE_LEFT;
	if (call)
		wsip_timer_stop(&load->timers, &call->callee.timer);
}

static void inside(struct wsip_load *load, struct wsip_call *call, const struct wsip_path *from,
	const struct wsip_scanned *request)
{
	if (!has_our_tag(request))
		load->tally.unexpected++;
	else if (request->method == WSIP_LOAD_ACK)
		ack(load, call);
	else
		bye(load, call, from, request);
}

void wsip_callee_receive(struct wsip_load *load, const struct wsip_path *from,
	const struct wsip_scanned *request)
{
	struct wsip_call *call = wsip_calls_find(&load->calls, request->mark);

	if (request->mark.run != load->run) {
		load->tally.unexpected++;
		return;
	}
	switch (request->method) {
	case WSIP_LOAD_INVITE:
		invite(load, call, from, request);
		break;
	case WSIP_LOAD_ACK:
	case WSIP_LOAD_BYE:
		inside(load, call, from, request);
		break;
	case WSIP_LOAD_OPTIONS:
		send_response(load, from, request, START_LINE("SIP/2.0 200 OK\r\n"));
		break;
	default:
		load->tally.unexpected++;
		send_response(load, from, request, START_LINE("SIP/2.0 501 Not Implemented\r\n"));
		break;
	}
}

void wsip_callee_reset(struct wsip_call *call)
{
	call->callee_state = WSIP_CALLEE_NONE;
	wsip_timer_init(&call->callee.timer, fire);
}

void wsip_callee_end(struct wsip_load *load, struct wsip_call *call)
{
	wsip_timer_stop(&load->timers, &call->callee.timer);
}
