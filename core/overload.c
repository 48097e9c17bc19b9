/* SPDX-License-Identifier: MIT */
#include "core/overload.h"

#include <stdlib.h>

#include "core/answer.h"
#include "core/core.h"
#include "core/received.h"

/* So long without shedding, and it has ended. */
#define CALM_MS 1000
/* May wait beyond what could be started lately: the queue shall not run dry. */
#define ROOM_MORE 16

/* ---- Beginning and end ---- */

static void look_whether_over(struct wsip_timer *timer);

enum wsip_err wsip_overload_init(struct wsip_core *core, enum wsip_turn turn)
{
	struct wsip_overload *overload = &core->overload;

	*overload = (struct wsip_overload){ .room = WSIP_WAITING_MAX };
	wsip_timer_init(&overload->timer, look_whether_over);
	if (turn == WSIP_AT_ONCE)
		return WSIP_OK;
	overload->waiting = calloc(WSIP_WAITING_SLOTS, sizeof(*overload->waiting));
	return overload->waiting ? WSIP_OK : WSIP_ERR_MEMORY;
}

static struct wsip_waiting *pop(struct wsip_overload *overload)
{
	struct wsip_waiting *waiting;

	if (overload->count == 0)
		return NULL;
	waiting = &overload->waiting[overload->first];
	overload->first = (overload->first + 1) & (WSIP_WAITING_SLOTS - 1);
	overload->count--;
	return waiting;
}

void wsip_overload_finish(struct wsip_core *core)
{
	struct wsip_waiting *waiting;

	while ((waiting = pop(&core->overload)))
		wsip_core_drop(core, waiting->msg);
	free(core->overload.waiting);
	core->overload.waiting = NULL;
}

/* ---- The log ---- */

static void log_change(struct wsip_core *core, const char *event)
{
	struct wsip_log_line line;

	wsip_log_begin(&line, core->options.log, WSIP_LOG_WARN, event);
	wsip_log_number(&line, "waiting", core->overload.count);
	if (!core->overload.sheds)
		wsip_log_number(&line, "shed",
			(int64_t)(core->counters.shed_overload - core->overload.shed_before));
	wsip_log_end(&line);
}

static void look_whether_over(struct wsip_timer *timer)
{
	struct wsip_overload *overload = wsip_container_of(timer, struct wsip_overload, timer);
	struct wsip_core *core = wsip_container_of(overload, struct wsip_core, overload);

	if (core->timers.now_ms - overload->last_shed_ms < CALM_MS) {
		wsip_timer_start(&core->timers, timer, CALM_MS);
		return;
	}
	overload->sheds = false;
	log_change(core, "overload ends");
}

static void note_shed(struct wsip_core *core)
{
	struct wsip_overload *overload = &core->overload;

	overload->last_shed_ms = core->timers.now_ms;
	if (overload->sheds)
		return;
	overload->sheds = true;
	overload->shed_before = core->counters.shed_overload;
	log_change(core, "overload begins");
	wsip_timer_start(&core->timers, &overload->timer, CALM_MS);
}

/* ---- Shedding ---- */

/* RFC 3261 21.5.4, without a transaction (8.2.7). The time to wait differs from request to request,
 * so that those who were refused together do not come back together, and is the same for one that
 * is repeated. */
static void answer_busy(struct wsip_core *core, const struct wsip_waiting *refused,
	const struct wsip_secret *secret)
{
	char seconds = (char)('1' + refused->key.high % WSIP_RETRY_AFTER_MAX_S);
	struct wsip_answer_header retry_after = { "Retry-After", { &seconds, 1 } };

	wsip_core_answer_statelessly(core, refused->msg, &refused->back,
		&(struct wsip_answer){ .status = 503, .headers = &retry_after, .header_count = 1 },
		secret);
}

/* Takes over refused->msg. */
static void shed(struct wsip_core *core, const struct wsip_waiting *refused)
{
	note_shed(core);
	core->counters.shed_overload++;
	wsip_refusals_note(&core->refusals, refused->key,
		core->timers.now_ms + 64 * core->options.timing.t1_ms);
	answer_busy(core, refused, &core->options.secret);
	wsip_core_drop(core, refused->msg);
}

/* What belongs to one that waits will be repeated, when that one does not wait any more. */
static void drop_for_now(struct wsip_core *core, struct wsip_msg *msg)
{
	core->counters.waiting_dropped++;
	wsip_core_drop(core, msg);
}

/* Which transaction it would have, and where its responses would go. */
static bool identify(struct wsip_waiting *refused, struct wsip_via *via,
	const struct wsip_flow *flow, const struct wsip_secret *secret)
{
	if (wsip_msg_top_via(refused->msg, via) != WSIP_OK)
		return false;
	refused->back = wsip_received_flow_back(via, flow);
	refused->key = wsip_tx_server_key(secret, refused->msg, via,
		wsip_msg_method_text(refused->msg));
	return true;
}

bool wsip_core_refuse_for(struct wsip_core *core, const struct wsip_core *owner,
	struct wsip_msg *msg, const struct wsip_flow *flow)
{
	const struct wsip_secret *secret = &owner->options.secret;
	struct wsip_waiting refused = { .msg = msg };
	struct wsip_via via;

	if (!msg->is_request || msg->method == WSIP_ACK ||
		!identify(&refused, &via, flow, secret) ||
		wsip_received_note(core, msg, &via, flow) != WSIP_OK)
		return false;
	answer_busy(core, &refused, secret);
	return true;
}

static bool is_full(const struct wsip_overload *overload)
{
	return overload->count >= overload->room;
}

/* 32 equal bits are taken for a match: once in four million requests somebody has to repeat his. */
static bool is_waiting(const struct wsip_overload *overload, struct wsip_key key)
{
	for (uint32_t i = 0; i < overload->count; i++) {
		if (overload->tags[(overload->first + i) & (WSIP_WAITING_SLOTS - 1)] ==
			(uint32_t)key.low)
			return true;
	}
	return false;
}

/* Takes over `msg`, unless it has a transaction: then it is none of our business. */
static bool shed_unknown(struct wsip_core *core, struct wsip_msg *msg, const struct wsip_flow *flow)
{
	struct wsip_waiting refused = { .msg = msg };
	struct wsip_via via;

	if (!identify(&refused, &via, flow, &core->options.secret) ||
		wsip_tx_find_server(&core->tx, refused.key))
		return false;
	if (is_waiting(&core->overload, refused.key)) {
		drop_for_now(core, msg);
	} else if (wsip_received_note(core, msg, &via, flow) != WSIP_OK) {
		core->counters.refused_memory++;
		wsip_core_drop(core, msg);
	} else {
		shed(core, &refused);
	}
	return true;
}

bool wsip_overload_sheds(struct wsip_core *core, struct wsip_msg *msg, const struct wsip_flow *flow)
{
	return core->overload.waiting && is_full(&core->overload) &&
	       wsip_core_starts_something(msg) && shed_unknown(core, msg, flow);
}

/* ---- Waiting ---- */

/* A BYE ends something, with or without a tag: there is no need to look for one. */
bool wsip_core_starts_something(const struct wsip_msg *msg)
{
	struct wsip_span tag;

	return msg->is_request && msg->method != WSIP_ACK && msg->method != WSIP_CANCEL &&
	       msg->method != WSIP_BYE && wsip_msg_to_tag(msg, &tag) && tag.size == 0;
}

/* RFC 3261 9.2: a CANCEL waits behind its INVITE, and for nobody else. */
bool wsip_overload_concerns(const struct wsip_core *core, const struct wsip_msg *msg,
	const struct wsip_via *via)
{
	const struct wsip_overload *overload = &core->overload;

	if (!overload->waiting)
		return false;
	if (msg->method != WSIP_CANCEL)
		return wsip_core_starts_something(msg);
	return overload->count > 0 &&
	       is_waiting(overload,
		       wsip_tx_server_key(&core->options.secret, msg, via, wsip_span_of("INVITE")));
}

/* Of one request there is one CANCEL, so there are slots for all. */
void wsip_overload_receive(struct wsip_core *core, const struct wsip_waiting *newcomer)
{
	struct wsip_overload *overload = &core->overload;
	uint32_t last = (overload->first + overload->count) & (WSIP_WAITING_SLOTS - 1);
	bool is_copy = newcomer->msg->method == WSIP_CANCEL && is_waiting(overload, newcomer->key);

	if (is_copy || overload->count == WSIP_WAITING_SLOTS) {
		drop_for_now(core, newcomer->msg);
		return;
	}
	overload->count++;
	overload->tags[last] = (uint32_t)newcomer->key.low;
	overload->waiting[last] = *newcomer;
	overload->waiting[last].since_ms = core->timers.now_ms;
}

static void open_window(struct wsip_overload *overload, uint64_t now_ms)
{
	overload->window_ms = now_ms;
	overload->started = 0;
}

/* As many as can be started while the last of them waits. */
static uint32_t room_for_pace(const struct wsip_overload *overload, uint64_t now_ms)
{
	uint64_t elapsed_ms = now_ms - overload->window_ms;
	uint64_t room = ROOM_MORE +
			overload->started * UINT64_C(5) / 4 * WSIP_WAITING_ROOM_MS / elapsed_ms;

	return room < WSIP_WAITING_MAX ? (uint32_t)room : WSIP_WAITING_MAX;
}

static bool stands_long(const struct wsip_overload *overload, uint64_t now_ms)
{
	return now_ms - overload->stands_since_ms >= WSIP_WAITING_STANDS_MS;
}

void wsip_overload_note_round(struct wsip_core *core, uint64_t now_ms)
{
	struct wsip_overload *overload = &core->overload;

	if (overload->count == 0) {
		overload->stands = false;
		overload->room = WSIP_WAITING_MAX;
	} else if (!overload->stands) {
		overload->stands = true;
		overload->stands_since_ms = now_ms;
		open_window(overload, now_ms);
	} else if (now_ms - overload->window_ms >= WSIP_WAITING_ROOM_MS) {
		if (stands_long(overload, now_ms))
			overload->room = room_for_pace(overload, now_ms);
		open_window(overload, now_ms);
	}
}

bool wsip_core_is_behind(const struct wsip_core *core)
{
	return core->overload.stands;
}

/* Whoever waits since an earlier round has made the queue stand. */
static bool is_late(const struct wsip_core *core, const struct wsip_waiting *waiting)
{
	uint64_t now_ms = core->timers.now_ms;

	return stands_long(&core->overload, now_ms) &&
	       now_ms - waiting->since_ms >= WSIP_WAITING_MAX_MS &&
	       waiting->msg->method != WSIP_CANCEL;
}

bool wsip_core_start_next(struct wsip_core *core)
{
	struct wsip_waiting *waiting = pop(&core->overload);

	if (!waiting)
		return false;
	if (is_late(core, waiting)) {
		shed(core, waiting);
	} else {
		core->overload.started++;
		wsip_core_start_request(core, waiting);
	}
	return core->overload.count > 0;
}

void wsip_overload_abort(struct wsip_core *core)
{
	struct wsip_waiting *waiting;

	while ((waiting = pop(&core->overload)))
		shed(core, waiting);
}
