/* SPDX-License-Identifier: MIT
 * The called end: rings and answers at once, repeats its 200 until the ACK comes, agrees to a BYE.
 * What it says to a BYE or OPTIONS follows from the request alone, so it is said again to whoever
 * asks again (RFC 3261 8.2.7).
 */
#ifndef WSIP_BENCH_CALLEE_H
#define WSIP_BENCH_CALLEE_H

#include "bench/load/load.h"

void wsip_callee_receive(struct wsip_load *load, const struct wsip_path *from,
	const struct wsip_scanned *request);

/* A new call in this slot: nobody has heard of it yet. */
void wsip_callee_reset(struct wsip_call *call);

/* The caller's end has ended, and with it the call. */
void wsip_callee_end(struct wsip_load *load, struct wsip_call *call);

#endif
