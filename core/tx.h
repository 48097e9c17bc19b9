/* SPDX-License-Identifier: MIT
 * Transactions (RFC 3261 17, RFC 6026): four machines, each a table of state and event to a small
 * function named after its rule. A machine sends, retransmits and times out; what a message means
 * is its user's business (the relay).
 */
#ifndef WSIP_CORE_TX_H
#define WSIP_CORE_TX_H

#include <wiresip/log.h>

#include "base/buf.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "base/table.h"
#include "base/timer.h"
#include "core/flow.h"
#include "parser/msg.h"

struct wsip_tx;
struct wsip_tx_layer;

enum wsip_tx_event {
	/* To a client transaction. */
	WSIP_TX_1XX,
	WSIP_TX_2XX,
	WSIP_TX_3XX_6XX,
	/* To a server transaction, from the network... */
	WSIP_TX_REQUEST, /* the request again */
	WSIP_TX_ACK,
	/* ...and from its user. */
	WSIP_TX_SEND_1XX,
	WSIP_TX_SEND_2XX,
	WSIP_TX_SEND_3XX_6XX,
	/* To both. */
	WSIP_TX_RETRANSMIT, /* Timer A, E or G */
	WSIP_TX_TIMEOUT,    /* the other timer of the state: B, D, F, H, I, J, K, L, M */
	WSIP_TX_TRANSPORT_ERROR,
	WSIP_TX_EVENTS,
};

struct wsip_tx_input {
	struct wsip_msg *msg; /* what came in */
	struct wsip_buf *out; /* what shall go out */
};

typedef void wsip_tx_fn(struct wsip_tx *tx, const struct wsip_tx_input *input);

enum wsip_tx_kind { WSIP_TX_ICT, WSIP_TX_NICT, WSIP_TX_IST, WSIP_TX_NIST, WSIP_TX_KINDS };

struct wsip_tx_machine {
	enum wsip_tx_kind kind;
	const char *name;
	const char *const *state_names;
	wsip_tx_fn *const (*table)[WSIP_TX_EVENTS];
	/* Enters the first state; a client transaction sends its request. */
	void (*start)(struct wsip_tx *tx);
};

extern const struct wsip_tx_machine wsip_tx_ict;  /* RFC 3261 17.1.1: INVITE client */
extern const struct wsip_tx_machine wsip_tx_nict; /* 17.1.2: non-INVITE client */
extern const struct wsip_tx_machine wsip_tx_ist;  /* 17.2.1: INVITE server */
extern const struct wsip_tx_machine wsip_tx_nist; /* 17.2.2: non-INVITE server */

enum wsip_tx_failure {
	WSIP_TX_TIMED_OUT,   /* Timer B, F or H */
	WSIP_TX_UNREACHABLE, /* transport error, RFC 3261 17.1.4 and 17.2.4 */
};

/* Whoever uses a transaction; every slot may be NULL. A call may end the transaction's request,
 * never the transaction itself. */
struct wsip_tx_user_ops {
	void (*response)(void *user, struct wsip_tx *tx, struct wsip_msg *response);
	void (*failed)(void *user, struct wsip_tx *tx, enum wsip_tx_failure failure);
	/* The request of a server transaction, for the log; NULL: there is none any more. */
	const struct wsip_msg *(*request)(void *user);
	/* The last call: `tx` is freed after it. */
	void (*ended)(void *user, struct wsip_tx *tx);
};

/* Of a call that was answered three of these stay for 32 s: every octet counts. */
struct wsip_tx {
	struct wsip_table_node node;
	struct wsip_tx_layer *layer;
	uint8_t kind; /* enum wsip_tx_kind */
	uint8_t state;
	bool acked;             /* INVITE client: `out` is the ACK */
	bool send_failed;       /* it is in layer->failed */
	uint32_t retransmit_ms; /* Timer A, E or G as it is running */
	struct wsip_timer retransmit;
	struct wsip_timer timeout;
	struct wsip_tx *next_failed;
	struct wsip_buf *out; /* the request, or the response sent last; the ACK once there is one;
				 NULL when nothing can be repeated any more */
	struct wsip_flow flow;
	const struct wsip_tx_user_ops *user_ops;
	void *user;
};

struct wsip_tx_timing {
	uint32_t t1_ms;      /* RFC 3261 17.1.1.1: 500 */
	uint32_t t2_ms;      /* 17.1.2.1: 4000 */
	uint32_t t4_ms;      /* 17.1.2.2: 5000 */
	uint32_t timer_d_ms; /* 17.1.1.2: 32000 or more */
};

struct wsip_tx_layer {
	struct wsip_tx_timing timing;
	struct wsip_timers *timers;
	struct wsip_buf_pool *bufs;
	const struct wsip_sender_ops *sender;
	void *sender_self;
	struct wsip_log *log;
	struct wsip_secret secret;
	struct wsip_pool pool;
	struct wsip_table clients;
	struct wsip_table servers;
	/* Whose send errors wait to be told, in the order of failing. */
	struct wsip_tx *failed;
	struct wsip_tx **last_failed;
	uint32_t failed_count;
	uint64_t retransmissions; /* sent by timers or for repeated requests */
};

WSIP_MUST_CHECK enum wsip_err wsip_tx_layer_init(struct wsip_tx_layer *layer);
void wsip_tx_layer_finish(struct wsip_tx_layer *layer);

/* Ends every transaction without a word to the network or to its user. */
void wsip_tx_layer_clear(struct wsip_tx_layer *layer);

/* A client transaction for `request`, which goes out at once; takes over the reference. `key` is
 * that of its responses (wsip_tx_client_key). NULL when there is no room; the reference is dropped
 * then too. A send that fails at once is told by the next wsip_tx_tell_send_errors. */
struct wsip_tx *wsip_tx_start_client(struct wsip_tx_layer *layer,
	const struct wsip_tx_machine *machine, struct wsip_key key, const struct wsip_flow *flow,
	struct wsip_buf *request, const struct wsip_tx_user_ops *user_ops, void *user);

/* A server transaction; responses go along `flow`. */
struct wsip_tx *wsip_tx_start_server(struct wsip_tx_layer *layer,
	const struct wsip_tx_machine *machine, struct wsip_key key, const struct wsip_flow *flow,
	const struct wsip_tx_user_ops *user_ops, void *user);

/* Sends a response with this status through a server transaction; takes over the reference. */
void wsip_tx_respond(struct wsip_tx *tx, unsigned int status, struct wsip_buf *response);

/* The event that sending a response with this status is. */
enum wsip_tx_event wsip_tx_send_event(unsigned int status);

/* No final response will be sent. A non-INVITE transaction absorbs the repetitions of the request
 * for as long as there may be any (RFC 4320 4.2); an INVITE transaction ends with the next tick. */
void wsip_tx_leave_unanswered(struct wsip_tx *tx);

/* A response for a client transaction. */
void wsip_tx_receive_response(struct wsip_tx *tx, struct wsip_msg *response);

void wsip_tx_input(struct wsip_tx *tx, enum wsip_tx_event event, const struct wsip_tx_input *input);

const struct wsip_tx_machine *wsip_tx_machine_of(const struct wsip_tx *tx);

/* Has the machine a rule for this event in its state? */
bool wsip_tx_takes(const struct wsip_tx *tx, enum wsip_tx_event event);

/* A send with this ticket failed after all. */
void wsip_tx_send_failed(struct wsip_tx_layer *layer, uint64_t ticket);

/* Tells the transactions of the sends that failed. Apart from the sending, so that no call that
 * sends can end the transaction under its caller. */
void wsip_tx_tell_send_errors(struct wsip_tx_layer *layer);
bool wsip_tx_has_send_errors(const struct wsip_tx_layer *layer);

/* Nobody is told of what happens to the transaction from now on. */
void wsip_tx_forget_user(struct wsip_tx *tx);

struct wsip_tx *wsip_tx_find_client(const struct wsip_tx_layer *layer, struct wsip_key key);
struct wsip_tx *wsip_tx_find_server(const struct wsip_tx_layer *layer, struct wsip_key key);

/* ---- Matching (core/tx_key.c) ---- */

/* RFC 3261 17.1.3: branch of the top Via and method of the CSeq; and the Call-ID, so that nobody
 * answers for a call he does not know. */
struct wsip_key wsip_tx_client_key(const struct wsip_secret *secret, struct wsip_span branch,
	struct wsip_span method, struct wsip_span call_id);

/* RFC 3261 17.2.3, also for the branches of RFC 2543. `method` is INVITE for an ACK, and for the
 * transaction that a CANCEL is about (9.2). */
struct wsip_key wsip_tx_server_key(const struct wsip_secret *secret, const struct wsip_msg *request,
	const struct wsip_via *via, struct wsip_span method);

/* Adds call_id and branch, which every line about a transaction has. */
void wsip_tx_log_message(struct wsip_log_line *line, const struct wsip_msg *msg);

/* ---- For the machines ---- */

/* What was sent will not be sent again. */
void wsip_tx_forget_out(struct wsip_tx *tx);

/* Sends tx->out; a failure becomes a WSIP_TX_TRANSPORT_ERROR (wsip_tx_tell_send_errors). */
void wsip_tx_send(struct wsip_tx *tx);
/* Replaces tx->out (taking over the reference) and sends it. */
void wsip_tx_send_new(struct wsip_tx *tx, struct wsip_buf *out);
void wsip_tx_retransmit(struct wsip_tx *tx);
void wsip_tx_enter(struct wsip_tx *tx, uint8_t state);
/* Timer A, E or G; never on a reliable transport. */
void wsip_tx_start_retransmit(struct wsip_tx *tx, uint32_t duration_ms);
void wsip_tx_start_timeout(struct wsip_tx *tx, uint32_t duration_ms);
void wsip_tx_stop_timers(struct wsip_tx *tx);
/* The state's timer on UDP; on a reliable transport it is zero (fires with the next tick). */
void wsip_tx_start_linger(struct wsip_tx *tx, uint32_t duration_ms);
bool wsip_tx_is_reliable(const struct wsip_tx *tx);
void wsip_tx_pass_response(struct wsip_tx *tx, struct wsip_msg *response);
void wsip_tx_tell_failure(struct wsip_tx *tx, enum wsip_tx_failure failure);
/* RFC 3261 18.2.2: a response that its connection lost goes out once more, along a new one. False
 * where that was tried, or is not possible. */
bool wsip_tx_send_elsewhere(struct wsip_tx *tx);
/* The last act of a rule: `tx` is gone afterwards. */
void wsip_tx_terminate(struct wsip_tx *tx);

#endif
