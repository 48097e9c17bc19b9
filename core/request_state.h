/* SPDX-License-Identifier: MIT
 * The request in work and its response context (RFC 3261 16.7): shared by request.c, relay.c and
 * branch.c.
 */
#ifndef WSIP_CORE_REQUEST_STATE_H
#define WSIP_CORE_REQUEST_STATE_H

#include "core/core.h"

#define WSIP_DESTINATION_NONE (-1) /* where Route or Request-URI say */

/* One attempt: a client transaction towards one destination. */
struct wsip_branch {
	struct wsip_list link; /* in relay->branches, until its transaction has ended */
	struct wsip_relay *relay;
	struct wsip_tx *client;
	int destination; /* index in the route, or WSIP_DESTINATION_NONE */
	/* RFC 3261 16.6 step 11: Timer C; after a CANCEL the 64*T1 of 9.1. */
	struct wsip_timer timer_c;
	uint32_t breadth;   /* its share of Max-Breadth */
	bool pending;       /* counted in relay->pending */
	bool provisional;   /* a 1xx came, so a CANCEL may be sent (9.1) */
	bool final;         /* a final response came, or none will */
	bool cancel_wanted; /* ...as soon as it may be sent */
	bool cancelled;
	bool abandoned; /* another attempt took its place */
	bool by_size;   /* by TCP for its size alone (18.1.1) */
};

struct wsip_relay {
	struct wsip_request *request;
	struct wsip_relay_options options;
	struct wsip_route route;
	struct wsip_list branches;
	unsigned int attempts;
	unsigned int pending;           /* branches that a final response is awaited from */
	uint32_t breadth;               /* Max-Breadth as it came */
	struct wsip_msg *best;          /* of the final responses so far, or NULL (16.7 step 6) */
	struct wsip_buf *cancel_reason; /* Reason of the CANCELs (RFC 3326), or NULL */
	const struct wsip_branch *speaking; /* whose response the handler sees, or NULL */
	int chosen;                         /* destination that wsip_relay_retry asked for, or -1 */
	bool replaced;  /* wsip_relay_answer gave another response in place of this one */
	bool over;      /* nothing more is tried */
	bool cancelled; /* the caller hung up */
};

struct wsip_request {
	struct wsip_core *core;
	struct wsip_msg *msg;
	struct wsip_tx *server; /* NULL for an ACK, and after the transaction ended */
	struct wsip_flow flow;  /* as it came */
	struct wsip_flow back;  /* the way of its responses */
	unsigned int busy;      /* calls that still need the request */
	bool answered;          /* a final response went up */
	bool picked_up;         /* a 2xx to INVITE is being forwarded: nothing else may be said */
	bool relayed;
	bool suspended;
	uint32_t loop_hash; /* RFC 5393 4.2.1 */
	struct wsip_relay relay;
	struct wsip_timer timer_100;  /* RFC 4320 4.1 */
	struct wsip_timer suspension; /* calls `resume`, or gives up where that is NULL */
	wsip_resume_fn *resume;
	void *resume_user;
	struct wsip_merged
		*merged; /* the first of several that were forked on their way, or NULL */
	void *data;
	void (*free_data)(void *data);
};

/* ---- request.c ---- */

/* A new request, whose message it takes over; NULL when there is no room (the message stays the
 * caller's). */
struct wsip_request *wsip_request_create(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_flow *flow);
/* Starts the server transaction. WSIP_ERR_MEMORY when there is no room for it. */
WSIP_MUST_CHECK enum wsip_err wsip_request_start(struct wsip_request *request, struct wsip_key key,
	const struct wsip_flow *response_flow);
/* Calls the handler, and answers if it did not. */
void wsip_request_handle(struct wsip_request *request);
/* RFC 3261 17.2.1: 100 to an INVITE, unless the caller has heard something already. */
void wsip_request_say_trying(struct wsip_request *request);
/* A handler was called: answers if it has not decided anything. */
void wsip_request_expect_decision(struct wsip_request *request);
/* Sends a response up; takes over the reference. */
void wsip_request_respond(struct wsip_request *request, unsigned int status,
	struct wsip_buf *response);
/* Lets the server transaction end without a final response (RFC 4320 4.2). */
void wsip_request_give_up(struct wsip_request *request);
/* Frees it when nothing needs it any more. */
void wsip_request_release(struct wsip_request *request);
void wsip_request_destroy(struct wsip_request *request);
/* The transaction of a CANCEL, or NULL: the request whose server transaction this is. */
struct wsip_request *wsip_request_of(struct wsip_tx *server);
/* An answer of our own to `request` as a parsed message, or NULL when memory ran out. */
struct wsip_msg *wsip_request_local_response(struct wsip_request *request, unsigned int status);

/* ---- retire.c ---- */

/* Frees a request that has its answer and waits for none; its transactions go on alone. */
void wsip_request_retire(struct wsip_request *request);
size_t wsip_late_bytes(void);

/* ---- merged.c ---- */

size_t wsip_merged_bytes(void);
/* NULL is fine. */
void wsip_merged_forget(struct wsip_merged *merged);
/* It lives on with this transaction, whose request is gone. */
void wsip_merged_keep(struct wsip_merged *merged, struct wsip_tx *server);

/* ---- suspend.c ---- */

void wsip_request_init_suspension(struct wsip_request *request);
/* It goes on, or has ended. */
void wsip_request_end_suspension(struct wsip_request *request);

/* ---- admit.c: RFC 3261 16.3, 11 ---- */

/* False when the request was answered instead of being relayed; `err` is what wsip_relay returns
 * then. */
bool wsip_admit(struct wsip_request *request, enum wsip_err *err);

/* ---- target_set.c: RFC 3261 16.5 ---- */

/* The status that says why there is no route, or 0 when there is one. */
unsigned int wsip_target_set_find(struct wsip_relay *relay);
/* RFC 3261 16.7 step 4: takes the contacts of a 3xx into the route, and off the response. How many
 * were taken. */
unsigned int wsip_target_set_recurse(struct wsip_relay *relay, struct wsip_msg *response);

/* ---- best.c: RFC 3261 16.7 step 6 and step 7 ---- */

/* Keeps a copy of the response if it is the best so far, or what it adds to that. */
void wsip_best_consider(struct wsip_relay *relay, struct wsip_msg *response);
/* Gives up what was kept. */
void wsip_best_forget(struct wsip_relay *relay);

/* ---- relay.c ---- */

void wsip_relay_init(struct wsip_relay *relay, struct wsip_request *request);
void wsip_relay_finish(struct wsip_relay *relay);
/* A response, from a branch or made here: asks the handler and does what it says. */
void wsip_relay_response(struct wsip_relay *relay, struct wsip_branch *branch,
	struct wsip_msg *response);
/* Nothing came from the branch: as if this response had come (RFC 3261 16.8, 16.9). */
void wsip_relay_branch_failed(struct wsip_relay *relay, struct wsip_branch *branch,
	unsigned int status);
/* The caller sent this CANCEL. */
void wsip_relay_cancel(struct wsip_relay *relay, const struct wsip_msg *cancel);
/* Cancels all attempts: the request was answered with this status. */
void wsip_relay_abandon(struct wsip_relay *relay, unsigned int status);

/* ---- branch.c ---- */

/* Forwards the request to a destination of the route, or to WSIP_DESTINATION_NONE. */
WSIP_MUST_CHECK enum wsip_err wsip_branch_start(struct wsip_relay *relay, int destination,
	uint32_t breadth);
/* Sends CANCEL now or as soon as a provisional response allows it. */
void wsip_branch_cancel(struct wsip_branch *branch);
/* Its relay does not wait for it any longer. */
void wsip_branch_settle(struct wsip_branch *branch);

#endif
