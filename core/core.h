/* SPDX-License-Identifier: MIT
 * The proxy core of one worker (RFC 3261 16): messages come in with the flow they came along, time
 * comes in as milliseconds, bytes go out through the sender. It knows no socket, no thread and no
 * clock.
 */
#ifndef WSIP_CORE_CORE_H
#define WSIP_CORE_CORE_H

#include <wiresip/log.h>
#include <wiresip/request.h>

#include "core/counters.h"
#include "core/flow.h"
#include "core/overload.h"
#include "core/refusals.h"
#include "core/route.h"
#include "core/suspend.h"
#include "core/tx.h"

/* A name under which the proxy is known (RFC 3261 16.4, 16.5). */
struct wsip_alias {
	struct wsip_span host;
	uint16_t port; /* 0: any */
};

struct wsip_core_options {
	struct wsip_tx_timing timing;
	uint32_t timer_c_ms; /* RFC 3261 16.6: more than 3 minutes */
	struct wsip_secret secret;
	const struct wsip_sender_ops *sender;
	void *sender_self;
	struct wsip_log *log; /* may be NULL */
	/* The local addresses, the names beside them, and the sources of the default route in the
	 * order in which they are asked. All are borrowed. */
	const struct wsip_listener *listeners;
	size_t listener_count;
	const struct wsip_alias *aliases;
	size_t alias_count;
	const struct wsip_route_source *sources;
	size_t source_count;
	wsip_request_fn *on_request;
	void *user;
	enum wsip_turn turn; /* of requests that start something new */
	/* Brings wsip_resume to this core's thread (core/suspend.h). */
	const struct wsip_post_ops *post;
	void *post_self;
	uint64_t now_ms;
};

struct wsip_core {
	struct wsip_core_options options;
	struct wsip_timers timers;
	struct wsip_buf_pool bufs;
	struct wsip_pool msgs;
	struct wsip_pool requests;
	struct wsip_pool branches;
	struct wsip_table merged; /* requests that are answered here (RFC 3261 8.2.2.2) */
	struct wsip_pool merged_pool;
	struct wsip_pool lates; /* of answered INVITEs (core/retire.c) */
	struct wsip_tx_layer tx;
	struct wsip_counters counters;
	struct wsip_refusals refusals;
	struct wsip_overload overload;
	uint64_t branch_number; /* the last one given out */
	uint32_t unanswered;    /* requests without a final response */
	bool draining;
};

WSIP_MUST_CHECK enum wsip_err wsip_core_init(struct wsip_core *core,
	const struct wsip_core_options *options);
/* Drops everything that is under way, silently. */
void wsip_core_finish(struct wsip_core *core);

/* A message arrived in `buf`, whose reference is taken over. `problem` is what its framing found
 * (NULL: nothing). */
void wsip_core_receive(struct wsip_core *core, struct wsip_buf *buf, const struct wsip_flow *flow,
	const struct wsip_problem *problem);

/* The same in two steps: a message of core->msgs, or NULL when it is none, or there is no room,
 * which was seen to then; and what comes of it. Both take over what they are given. */
struct wsip_msg *wsip_core_slice(struct wsip_core *core, struct wsip_buf *buf,
	const struct wsip_flow *flow);
void wsip_core_receive_msg(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_flow *flow, const struct wsip_problem *problem);
/* The first step for what another worker has sliced (parser/pack.h). */
struct wsip_msg *wsip_core_unpack(struct wsip_core *core, struct wsip_buf *buf);
/* In place of the second step. */
void wsip_core_drop(struct wsip_core *core, struct wsip_msg *msg);

void wsip_core_send_failed(struct wsip_core *core, uint64_t ticket);

/* The network gave a datagram back (RFC 3261 18.4); `buf` is its beginning, and is borrowed. */
void wsip_core_refused(struct wsip_core *core, struct wsip_buf *buf);

/* Says what time it is. To be called before a batch of messages is received. */
void wsip_core_set_now(struct wsip_core *core, uint64_t now_ms);

/* Fires what is due, tells send errors. To be called after every batch of messages and at
 * wsip_core_next_ms at the latest. */
void wsip_core_advance(struct wsip_core *core, uint64_t now_ms);
/* WSIP_TIMER_NEVER when nothing is waiting. */
uint64_t wsip_core_next_ms(struct wsip_core *core);

/* ---- Overload (core/overload.h) ---- */

/* With WSIP_IN_TURN, after every batch of messages, for as long as there is time: handles the
 * request that waited longest. False when no more wait. */
bool wsip_core_start_next(struct wsip_core *core);
/* Whether some have waited since the last batch. */
bool wsip_core_is_behind(const struct wsip_core *core);
/* A request outside of a dialog that is no ACK, BYE or CANCEL. */
bool wsip_core_starts_something(const struct wsip_msg *msg);
/* Answers 503 for another worker, whose ring is full; the ACK will come to that one. False when
 * there is no answer to such a message. Edits `msg`. */
bool wsip_core_refuse_for(struct wsip_core *core, const struct wsip_core *owner,
	struct wsip_msg *msg, const struct wsip_flow *flow);

/* ---- Within core: */

/* Takes over waiting->msg. */
void wsip_core_start_request(struct wsip_core *core, const struct wsip_waiting *waiting);
/* RFC 3261 8.2.7. `secret` makes the To tag. */
void wsip_core_answer_statelessly(struct wsip_core *core, const struct wsip_msg *request,
	const struct wsip_flow *back, const struct wsip_answer *answer,
	const struct wsip_secret *secret);

/* ---- The end ---- */

/* From now on requests that start something new are answered with 503. */
void wsip_core_drain(struct wsip_core *core);
/* Every request without a final answer gets one (503), and what rings is cancelled. */
void wsip_core_abort(struct wsip_core *core);

/* Is this URI one of our own addresses or names? */
bool wsip_core_is_own_uri(const struct wsip_core *core, const struct wsip_uri *uri);
/* Did we write this Via? */
bool wsip_core_is_own_sent_by(const struct wsip_core *core, const struct wsip_via *via);

#endif
