/* SPDX-License-Identifier: MIT
 * What is counted in a run.
 */
#ifndef WSIP_BENCH_TALLY_H
#define WSIP_BENCH_TALLY_H

#include "bench/load/histogram.h"

enum wsip_latency {
	WSIP_LATENCY_FINAL, /* from when the call was due to its 200 */
	WSIP_LATENCY_FIRST, /* from when the call was due to the first 1xx */
	WSIP_LATENCY_BYE,   /* from the BYE to its 200 */
	WSIP_LATENCIES,
};

struct wsip_tally {
	uint64_t offered; /* that were due */
	uint64_t started; /* offered - missed */
	uint64_t missed;  /* that the generator could not start in time */
	uint64_t answered;
	uint64_t completed;
	uint64_t rejected;  /* 503 with Retry-After */
	uint64_t failed;    /* started - completed - rejected */
	uint64_t timed_out; /* of those that failed */
	uint64_t caller_retransmissions;
	uint64_t callee_retransmissions;
	uint64_t unexpected;    /* messages that no call of ours explains */
	uint64_t late;          /* messages for a call that had ended */
	uint64_t acks_lost;     /* calls that ended without an ACK at the callee */
	uint64_t statuses[700]; /* final responses other than 2xx */
	uint64_t late_ns_max;   /* the worst delay between due and started */
	struct wsip_histogram latencies[WSIP_LATENCIES];
};

#endif
