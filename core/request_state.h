/* SPDX-License-Identifier: MIT
 * The request in work and its response context (RFC 3261 16.7): shared by request.c, relay.c and
 * branch.c.
 */
#ifndef WSIP_CORE_REQUEST_STATE_H
#define WSIP_CORE_REQUEST_STATE_H

#include "core/core.h"

/* One attempt: a client transaction towards one destination. */
struct wsip_branch {
	struct wsip_list link; /* in relay->branches, until its transaction has ended */
	struct wsip_relay *relay;
	struct wsip_tx *client;
	/* RFC 3261 16.6 step 11: Timer C; after a CANCEL the 64*T1 of 9.1. */
	struct wsip_timer timer_c;
	bool provisional;   /* a 1xx came, so a CANCEL may be sent (9.1) */
	bool final;         /* a final response came, or none will */
	bool cancel_wanted; /* ...as soon as it may be sent */
	bool cancelled;
	bool abandoned; /* another attempt took its place */
};

struct wsip_relay {
	struct wsip_request *request;
	struct wsip_relay_options options;
	struct wsip_route route;
	struct wsip_list branches;
	unsigned int attempts;
	int chosen;     /* destination that wsip_relay_retry asked for, or -1 */
	bool replaced;  /* wsip_relay_answer gave another response in place of this one */
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
	struct wsip_relay relay;
	struct wsip_timer timer_100; /* RFC 4320 4.1 */
	void *data;
	void (*free_data)(void *data);
};

/* ---- request.c ---- */

/* A new request, whose message it takes over; NULL when there is no room (the message stays the
 * caller's). */
struct wsip_request *wsip_request_create(struct wsip_core *core, struct wsip_msg *msg,
	const struct wsip_flow *flow);
/* Starts the server transaction. */
/* WSIP_ERR_MEMORY when there is no room for it. */
WSIP_MUST_CHECK enum wsip_err wsip_request_start(struct wsip_request *request, struct wsip_key key,
	const struct wsip_flow *response_flow);
/* Calls the handler, and answers if it did not. */
void wsip_request_handle(struct wsip_request *request);
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

/* ---- relay.c ---- */

void wsip_relay_init(struct wsip_relay *relay, struct wsip_request *request);
void wsip_relay_finish(struct wsip_relay *relay);
/* A response, from a branch or made here: asks the handler and does what it says. */
void wsip_relay_response(struct wsip_relay *relay, struct wsip_branch *branch,
	struct wsip_msg *response);
/* The caller sent CANCEL. */
void wsip_relay_cancel(struct wsip_relay *relay);
/* Cancels all attempts. */
void wsip_relay_abandon(struct wsip_relay *relay);
/* RFC 3261 16.4: takes our own Route values off. */
void wsip_relay_take_own_routes(struct wsip_core *core, struct wsip_msg *request);

/* ---- branch.c ---- */

/* Forwards the request to a destination of the route; NULL: where Route or Request-URI say. */
WSIP_MUST_CHECK enum wsip_err wsip_branch_start(struct wsip_relay *relay,
	const struct wsip_destination *destination);
/* Sends CANCEL now or as soon as a provisional response allows it. */
void wsip_branch_cancel(struct wsip_branch *branch);

#endif
