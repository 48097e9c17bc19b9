/* SPDX-License-Identifier: MIT
 * The calling end: INVITE, ACK, BYE with the client transactions of RFC 3261 17.1, or one request
 * without a dialog.
 */
#ifndef WSIP_BENCH_CALLER_H
#define WSIP_BENCH_CALLER_H

#include "bench/load/load.h"

/* Starts the call that was due at `due_ns`; counts it as missed when there is no place for it. */
void wsip_caller_start(struct wsip_load *load, uint64_t due_ns);

void wsip_caller_receive(struct wsip_load *load, const struct wsip_path *from,
	const struct wsip_scanned *response);

/* The run is over: what is still under way has failed. */
void wsip_caller_give_up(struct wsip_load *load);

#endif
