/* SPDX-License-Identifier: MIT
 * When there is more to do than can be done: requests that start something new wait their turn
 * behind everything that belongs to what is under way, and those that waited too long are answered
 * 503 before they cost a transaction.
 *
 * Who waits is worked off in the order of coming, as fast as there is time, so what is done stays
 * at what can be done, however much is asked for. A queue that empties is none: only one that has
 * stood for WSIP_WAITING_STANDS_MS sheds, so a burst, or a moment without a processor, costs nobody
 * his call. From then on no more are let in than were lately started in WSIP_WAITING_ROOM_MS, and a
 * few: to refuse those who would wait in vain is cheapest while they are at hand.
 *
 * A request has one answer, also when it was repeated meanwhile: the copy of one that waits is not
 * refused, and the copy of one that was refused is not started (core/refusals.h).
 *
 * Nothing is dropped without an answer, although that would be cheaper: it would be repeated, six
 * times, and was seen to take the time of calls that could have been served.
 */
#ifndef WSIP_CORE_OVERLOAD_H
#define WSIP_CORE_OVERLOAD_H

#include "base/limits.h"
#include "base/siphash.h"
#include "base/timer.h"
#include "core/flow.h"
#include "parser/msg.h"

struct wsip_core;

/* Whether new requests are handled as they come, or by wsip_core_start_next. */
enum wsip_turn {
	WSIP_AT_ONCE,
	WSIP_IN_TURN,
};

struct wsip_waiting {
	struct wsip_msg *msg;
	struct wsip_key key; /* of its server transaction, which it has not yet */
	struct wsip_flow flow;
	struct wsip_flow back; /* where its responses go */
	uint64_t since_ms;
};

struct wsip_overload {
	struct wsip_waiting *waiting;      /* in a circle; NULL with WSIP_AT_ONCE */
	uint32_t tags[WSIP_WAITING_SLOTS]; /* of waiting[].key, to be looked through */
	uint32_t first;
	uint32_t count;
	uint32_t room;    /* so many may wait */
	uint32_t started; /* since window_ms */
	uint64_t window_ms;
	uint64_t stands_since_ms;
	bool stands; /* it was not empty at the end of the last round */
	bool sheds;  /* has been logged */
	uint64_t last_shed_ms;
	uint64_t shed_before; /* when it was logged */
	struct wsip_timer timer;
};

WSIP_MUST_CHECK enum wsip_err wsip_overload_init(struct wsip_core *core, enum wsip_turn turn);
void wsip_overload_finish(struct wsip_core *core);

/* Whether this request, which has no transaction, has to wait. */
bool wsip_overload_concerns(const struct wsip_core *core, const struct wsip_msg *msg,
	const struct wsip_via *via);
/* As cheaply as can be, before it is even checked: refuses what would be refused anyway, and takes
 * over `msg` then. False: it is to be seen to. */
bool wsip_overload_sheds(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_flow *flow);
/* Lets it wait, or sheds it. Takes over newcomer->msg. */
void wsip_overload_receive(struct wsip_core *core, const struct wsip_waiting *newcomer);
/* Time has come to `now_ms`, between two rounds. */
void wsip_overload_note_round(struct wsip_core *core, uint64_t now_ms);
/* Answers all who wait 503. */
void wsip_overload_abort(struct wsip_core *core);

#endif
