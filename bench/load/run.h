/* SPDX-License-Identifier: MIT
 * A run: offers calls at their times, handles what comes, waits for the last one.
 */
#ifndef WSIP_BENCH_RUN_H
#define WSIP_BENCH_RUN_H

#include "bench/load/result.h"

/* Runs, fills in `result` (which borrows `load`) and returns the exit status. */
int wsip_run(struct wsip_load *load, struct wsip_result *result);

#endif
