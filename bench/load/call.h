/* SPDX-License-Identifier: MIT
 * Calls: both ends of one are in one slot, since both are here. The slots are there from the start;
 * memory that no call has used yet is not resident.
 */
#ifndef WSIP_BENCH_CALL_H
#define WSIP_BENCH_CALL_H

#include "base/timer.h"
#include "bench/load/mark.h"
#include "bench/load/scan.h"
#include "bench/load/wire.h"

#define WSIP_CALLS_MAX (1024 * 1024)

enum wsip_caller_state {
	WSIP_CALLER_FREE,
	WSIP_CALLER_CALLING, /* RFC 3261 17.1.1.2, or Trying of 17.1.2.2 */
	WSIP_CALLER_PROCEEDING,
	WSIP_CALLER_TALKING, /* answered, acknowledged, held */
	WSIP_CALLER_LEAVING, /* BYE sent */
};

enum wsip_callee_state {
	WSIP_CALLEE_NONE,
	WSIP_CALLEE_ANSWERED, /* RFC 3261 13.3.1.4: repeats the 200 until the ACK comes */
	WSIP_CALLEE_ACKNOWLEDGED,
	WSIP_CALLEE_LEFT,
};

struct wsip_load;

/* When a message is sent again, and when it is given up. */
struct wsip_resend {
	struct wsip_timer timer;
	uint64_t until_ms;
	uint32_t wait_ms; /* UINT32_MAX: not again, only the end is waited for */
};

struct wsip_call {
	struct wsip_load *load;
	uint32_t next_free;
	uint32_t generation;
	uint32_t pair;
	uint32_t user; /* of a REGISTER */
	uint32_t cseq; /* of the transaction under way */
	enum wsip_caller_state state;
	enum wsip_callee_state callee_state;
	enum wsip_load_method method; /* of the transaction under way */
	uint64_t due_ns;
	uint64_t bye_ns;
	struct wsip_resend caller, callee;
	struct wsip_path dialog_path; /* where ACK and BYE go */
	struct wsip_path callee_path; /* where the INVITE came from, as responses go */
	uint64_t callee_branch;       /* hash of the INVITE's topmost Via */
};

/* What ACK and BYE are made of (RFC 3261 12.2.1.1): the remote target, then the Route header fields
 * and the To, as they go into the request. */
struct wsip_dialog {
	uint16_t target_bytes, rest_bytes;
	char text[1020];
};

/* What the callee's responses have in common, from the first Via to the CSeq; of a REGISTER, which
 * has no callee, the whole request. */
struct wsip_answer {
	uint16_t bytes;
	char text[2046];
};

struct wsip_calls {
	struct wsip_call *calls;
	struct wsip_dialog *dialogs;
	struct wsip_answer *answers;
	uint32_t fresh; /* slots from here on were never used */
	uint32_t free;  /* the one freed last, or WSIP_CALLS_MAX */
	uint32_t in_use;
};

WSIP_MUST_CHECK enum wsip_err wsip_calls_init(struct wsip_calls *calls);
void wsip_calls_finish(struct wsip_calls *calls);

/* NULL when all are in use. The generation is never one that the slot has had. */
struct wsip_call *wsip_calls_take(struct wsip_calls *calls);
void wsip_calls_free(struct wsip_calls *calls, struct wsip_call *call);

/* The call that has this mark, or NULL when it has ended. */
struct wsip_call *wsip_calls_find(struct wsip_calls *calls, struct wsip_mark mark);

uint32_t wsip_calls_slot(const struct wsip_calls *calls, const struct wsip_call *call);

#endif
