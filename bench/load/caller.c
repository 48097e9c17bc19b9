/* SPDX-License-Identifier: MIT */
#include "bench/load/caller.h"

#include "bench/load/callee.h"
#include "bench/load/dialog.h"

static struct wsip_call *call_of(struct wsip_timer *timer)
{
	struct wsip_resend *resend = wsip_container_of(timer, struct wsip_resend, timer);

	return wsip_container_of(resend, struct wsip_call, caller);
}

static const struct wsip_pair_texts *texts_of(const struct wsip_call *call)
{
	return &call->load->messages.pairs[call->pair];
}

static struct wsip_path proxy_path(const struct wsip_load *load, uint32_t pair)
{
	bool direct = load->options->route == WSIP_WIRE_DIRECT;

	return (struct wsip_path){ .port = pair,
		.peer = direct ? load->wire->callees[pair] : load->options->proxy };
}

static uint32_t first_wait_ms(const struct wsip_load *load)
{
	return load->options->transport == WSIP_UDP ? load->options->t1_ms : WSIP_RESEND_NEVER;
}

/* What all requests have in common: a writer, the mark, the path. */
static void send_first(struct wsip_call *call)
{
	struct wsip_load *load = call->load;
	struct wsip_writer writer = wsip_wire_room(load->wire);
	struct wsip_path path = proxy_path(load, call->pair);
	char mark[WSIP_MARK_BYTES];

	if (call->method == WSIP_LOAD_REGISTER) {
		wsip_write(&writer, wsip_registration_text(load, call));
	} else {
		wsip_load_mark(load, call, mark);
		wsip_template_write(&texts_of(call)->first, &writer, mark);
	}
	wsip_wire_send(load->wire, &path, &writer);
}

static void send_inside(struct wsip_call *call, enum wsip_load_method method)
{
	struct wsip_load *load = call->load;
	const struct wsip_pair_texts *texts = texts_of(call);
	const struct wsip_dialog *dialog =
		&load->calls.dialogs[wsip_calls_slot(&load->calls, call)];
	struct wsip_writer writer = wsip_wire_room(load->wire);
	char mark[WSIP_MARK_BYTES];

	wsip_load_mark(load, call, mark);
	if (method == WSIP_LOAD_ACK)
		wsip_dialog_write(dialog, &writer, "ACK ",
			(const struct wsip_template *const[]){ &texts->ack_via, &texts->ack_rest },
			mark);
	else
		wsip_dialog_write(dialog, &writer, "BYE ",
			(const struct wsip_template *const[]){ &texts->bye_via, &texts->bye_rest },
			mark);
	wsip_wire_send(load->wire, &call->dialog_path, &writer);
}

/* ---- The end of a call --------------------------------------------------------------------------
 */

static void end(struct wsip_call *call)
{
	struct wsip_load *load = call->load;

	wsip_timer_stop(&load->timers, &call->caller.timer);
	wsip_callee_end(load, call);
	wsip_calls_free(&load->calls, call);
}

static void end_failed(struct wsip_call *call)
{
	call->load->tally.failed++;
	end(call);
}

static void end_timed_out(struct wsip_call *call)
{
	call->load->tally.timed_out++;
	end_failed(call);
}

static void end_completed(struct wsip_call *call)
{
	struct wsip_tally *tally = &call->load->tally;

	tally->completed++;
	if (call->method == WSIP_LOAD_BYE && call->callee_state == WSIP_CALLEE_ANSWERED)
		tally->acks_lost++;
	end(call);
}

static void end_refused(struct wsip_call *call, const struct wsip_scanned *response)
{
	struct wsip_tally *tally = &call->load->tally;

	tally->statuses[response->status]++;
	if (response->status == 503 && response->retry_after.whole.data) {
		tally->rejected++;
		end(call);
	} else {
		end_failed(call);
	}
}

/* ---- Timers -------------------------------------------------------------------------------------
 */

static void leave(struct wsip_call *call)
{
	call->state = WSIP_CALLER_LEAVING;
	call->method = WSIP_LOAD_BYE;
	call->cseq = 2;
	call->bye_ns = call->load->now_ns;
	send_inside(call, WSIP_LOAD_BYE);
	wsip_resend_start(call->load, &call->caller, first_wait_ms(call->load));
}

static void send_again(struct wsip_call *call)
{
	call->load->tally.caller_retransmissions++;
	if (call->state == WSIP_CALLER_LEAVING)
		send_inside(call, WSIP_LOAD_BYE);
	else
		send_first(call);
}

/* Timer A doubles until Timer B; Timer E doubles up to T2. */
static void fire(struct wsip_timer *timer)
{
	struct wsip_call *call = call_of(timer);
	struct wsip_load *load = call->load;
	uint32_t longest = call->method == WSIP_LOAD_INVITE ? WSIP_T1_TO_END : WSIP_T1_TO_T2;

	if (call->state == WSIP_CALLER_TALKING)
		leave(call);
	else if (call->caller.wait_ms == WSIP_RESEND_NEVER ||
		 !wsip_resend_due(load, &call->caller, longest * load->options->t1_ms))
		end_timed_out(call);
	else
		send_again(call);
}

/* ---- The start of a call ------------------------------------------------------------------------
 */

static enum wsip_load_method first_method(const struct wsip_load *load)
{
	static const enum wsip_load_method methods[] = { [WSIP_LOAD_CALLS] = WSIP_LOAD_INVITE,
		[WSIP_LOAD_REGISTERS] = WSIP_LOAD_REGISTER,
		[WSIP_LOAD_OPTIONS_PINGS] = WSIP_LOAD_OPTIONS };

	return methods[load->options->mode];
}

void wsip_caller_start(struct wsip_load *load, uint64_t due_ns)
{
	struct wsip_call *call = wsip_calls_take(&load->calls);

	if (!call) {
		load->tally.missed++;
		return;
	}
	call->load = load;
	call->pair = (uint32_t)(load->tally.started++ % load->options->sockets);
	call->state = WSIP_CALLER_CALLING;
	call->method = first_method(load);
	call->cseq = 1;
	call->due_ns = due_ns;
	wsip_timer_init(&call->caller.timer, fire);
	wsip_callee_reset(call);
	if (call->method == WSIP_LOAD_REGISTER) {
		call->user = (uint32_t)((load->tally.started - 1) % load->options->users);
		wsip_registration_write(load, call);
	}
	send_first(call);
	wsip_resend_start(load, &call->caller, first_wait_ms(load));
}

/* ---- Responses ----------------------------------------------------------------------------------
 */

static void record(struct wsip_load *load, enum wsip_latency latency, uint64_t since_ns)
{
	uint64_t now_ns = load->now_ns;

	wsip_histogram_record(&load->tally.latencies[latency],
		now_ns > since_ns ? now_ns - since_ns : 0);
}

/* RFC 3261 17.1.1.2: nothing is sent again once a provisional response came; 17.1.2.2: less often.
 * The end is waited for all the same: a proxy that rings for ever is of no use here. */
static void provisional(struct wsip_call *call)
{
	struct wsip_load *load = call->load;
	uint32_t end_ms = WSIP_T1_TO_END * load->options->t1_ms;

	if (call->state == WSIP_CALLER_LEAVING) {
		wsip_resend_slower(load, &call->caller, WSIP_T1_TO_T2 * load->options->t1_ms);
		return;
	}
	if (call->state != WSIP_CALLER_CALLING)
		return;
	call->state = WSIP_CALLER_PROCEEDING;
	record(load, WSIP_LATENCY_FIRST, call->due_ns);
	if (call->method == WSIP_LOAD_INVITE)
		wsip_resend_slower(load, &call->caller, end_ms);
	else
		wsip_resend_slower(load, &call->caller, WSIP_T1_TO_T2 * load->options->t1_ms);
}

static void hold(struct wsip_call *call)
{
	struct wsip_load *load = call->load;

	call->state = WSIP_CALLER_TALKING;
	if (load->options->hold_ms == 0)
		leave(call);
	else
		wsip_timer_start(&load->timers, &call->caller.timer, load->options->hold_ms);
}

/* RFC 3261 13.2.2.4: the dialog is made of the first 2xx, each one is acknowledged. */
static void answered(struct wsip_call *call, const struct wsip_scanned *response)
{
	struct wsip_load *load = call->load;
	struct wsip_dialog *dialog = &load->calls.dialogs[wsip_calls_slot(&load->calls, call)];
	struct wsip_span next_hop;
	struct wsip_addr addr;
	union wsip_peer peer;

	if (wsip_dialog_keep(dialog, response, &next_hop) != WSIP_OK) {
		load->tally.unexpected++;
		end_failed(call);
		return;
	}
	load->tally.answered++;
	record(load, WSIP_LATENCY_FINAL, call->due_ns);
	call->dialog_path = proxy_path(load, call->pair);
	if (wsip_dialog_hop(next_hop, &addr)) {
		peer = wsip_peer_of(&addr);
		if (!wsip_peer_equal(&peer, &call->dialog_path.peer) &&
			load->wire->ops->path(load->wire, call->pair, &peer, &call->dialog_path)) {
			end_failed(call);
			return;
		}
	}
	send_inside(call, WSIP_LOAD_ACK);
	hold(call);
}

/* RFC 3261 17.1.1.3; to a repeated response too, when the call is long gone: all that the ACK needs
 * is in the response. */
static void acknowledge_refusal(struct wsip_load *load, const struct wsip_path *from,
	const struct wsip_scanned *response)
{
	struct wsip_writer writer = wsip_wire_room(load->wire);
	struct wsip_path path;
	char mark[WSIP_MARK_BYTES];

	if (from->port >= load->options->sockets)
		return;
	path = proxy_path(load, from->port);
	wsip_mark_write(mark, response->mark);
	wsip_template_write(&load->messages.pairs[from->port].reject_ack, &writer, mark);
	wsip_write(&writer, response->to.value);
	wsip_write_literal(&writer, "\r\n" WSIP_EMPTY_END);
	wsip_wire_send(load->wire, &path, &writer);
}

static void to_invite(struct wsip_call *call, const struct wsip_path *from,
	const struct wsip_scanned *response)
{
	bool waiting = call->state == WSIP_CALLER_CALLING || call->state == WSIP_CALLER_PROCEEDING;

	if (response->status < 200) {
		provisional(call);
	} else if (response->status >= 300) {
		acknowledge_refusal(call->load, from, response);
		if (waiting)
			end_refused(call, response);
	} else if (waiting) {
		answered(call, response);
	} else {
		call->load->tally.caller_retransmissions++;
		send_inside(call, WSIP_LOAD_ACK);
	}
}

/* RFC 3261 22.2: the same request again, with credentials, as a new transaction. */
static bool answers_challenge(struct wsip_call *call, const struct wsip_scanned *response)
{
	struct wsip_load *load = call->load;

	if (call->method != WSIP_LOAD_REGISTER ||
		(response->status != 401 && response->status != 407) ||
		wsip_registration_challenged(load, call, response) != WSIP_OK)
		return false;
	call->cseq++;
	call->state = WSIP_CALLER_CALLING;
	wsip_registration_write(load, call);
	send_first(call);
	wsip_resend_start(load, &call->caller, first_wait_ms(load));
	return true;
}

static void to_other(struct wsip_call *call, const struct wsip_scanned *response)
{
	struct wsip_load *load = call->load;

	if (response->status < 200) {
		provisional(call);
		return;
	}
	if (response->status >= 300) {
		if (!answers_challenge(call, response))
			end_refused(call, response);
		return;
	}
	if (call->method == WSIP_LOAD_BYE) {
		record(load, WSIP_LATENCY_BYE, call->bye_ns);
	} else {
		load->tally.answered++;
		record(load, WSIP_LATENCY_FINAL, call->due_ns);
	}
	end_completed(call);
}

/* RFC 3261 17.1.3: a response comes with the one Via that we wrote, and nothing above it. */
static bool is_ours(const struct wsip_load *load, const struct wsip_path *from,
	const struct wsip_scanned *response)
{
	static const char cookie[] = "branch=z9hG4bK-";
	struct wsip_span via = response->via[0].value;
	const char *branch = memmem(via.data, via.size, cookie, sizeof(cookie) - 1);
	char mark[WSIP_MARK_BYTES];

	(void)from;
	wsip_mark_write(mark, response->mark);
	if (response->via_count != 1 || !branch || response->mark.run != load->run)
		return false;
	branch += sizeof(cookie) - 1;
	return (size_t)(via.data + via.size - branch) >= WSIP_MARK_BYTES &&
	       memcmp(branch, mark, WSIP_MARK_BYTES) == 0;
}

static void to_ended(struct wsip_load *load, const struct wsip_path *from,
	const struct wsip_scanned *response)
{
	load->tally.late++;
	if (response->method == WSIP_LOAD_INVITE && response->status >= 300)
		acknowledge_refusal(load, from, response);
}

void wsip_caller_receive(struct wsip_load *load, const struct wsip_path *from,
	const struct wsip_scanned *response)
{
	struct wsip_call *call;

	if (!is_ours(load, from, response)) {
		load->tally.unexpected++;
		return;
	}
	call = wsip_calls_find(&load->calls, response->mark);
	if (!call)
		to_ended(load, from, response);
	else if (response->method == WSIP_LOAD_INVITE)
		to_invite(call, from, response);
	else if (response->method == call->method && response->cseq == call->cseq)
		to_other(call, response);
	else if (response->cseq < call->cseq)
		load->tally.late++;
	else
		load->tally.unexpected++;
}

void wsip_caller_give_up(struct wsip_load *load)
{
	for (uint32_t i = 0; i < load->calls.fresh; i++) {
		if (load->calls.calls[i].state != WSIP_CALLER_FREE)
			end_timed_out(&load->calls.calls[i]);
	}
}
