/* SPDX-License-Identifier: MIT
 * A run of the generator: what its parts share.
 */
#ifndef WSIP_BENCH_LOAD_H
#define WSIP_BENCH_LOAD_H

#include "base/siphash.h"
#include "bench/load/call.h"
#include "bench/load/clock.h"
#include "bench/load/idle.h"
#include "bench/load/messages.h"
#include "bench/load/options.h"
#include "bench/load/registration.h"
#include "bench/load/tally.h"

/* Timer B, F and the time for an ACK (RFC 3261 17.1.1.2, 17.1.2.2, 13.3.1.4) in units of T1; T2. */
#define WSIP_T1_TO_END 64
#define WSIP_T1_TO_T2  8

struct wsip_load {
	const struct wsip_load_options *options;
	struct wsip_wire *wire;
	struct wsip_idle idle;
	struct wsip_timers timers;
	struct wsip_calls calls;
	struct wsip_messages messages;
	struct wsip_registrations registrations;
	struct wsip_tally tally;
	struct wsip_secret secret; /* for what is known by its hash */
	uint32_t run;              /* in every mark */
	uint64_t now_ns;           /* when what is handled now arrived, or fired */
};

/* The mark of a call, as text. */
void wsip_load_mark(const struct wsip_load *load, const struct wsip_call *call,
	char text[WSIP_MARK_BYTES]);

/* Over TCP nothing is sent again: only the end is waited for. */
#define WSIP_RESEND_NEVER UINT32_MAX

/* Starts to wait: `wait_ms` until the message is sent again, 64*T1 until it is given up. */
void wsip_resend_start(struct wsip_load *load, struct wsip_resend *resend, uint32_t wait_ms);
/* The timer fired. True: send again, the next time comes after twice as long (`longest_ms` at
 * most). False: give up. */
bool wsip_resend_due(struct wsip_load *load, struct wsip_resend *resend, uint32_t longest_ms);
/* The peer has heard: from now on `wait_ms` apart. */
void wsip_resend_slower(struct wsip_load *load, struct wsip_resend *resend, uint32_t wait_ms);

#endif
