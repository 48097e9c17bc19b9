/* SPDX-License-Identifier: MIT
 * What a worker counts. Nothing is dropped without one of these moving.
 */
#ifndef WSIP_CORE_COUNTERS_H
#define WSIP_CORE_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

struct wsip_counters {
	uint64_t requests;         /* started a transaction */
	uint64_t responses;        /* that belong to a transaction */
	uint64_t bad_messages;     /* refused by the check of 16.3 */
	uint64_t stray_responses;  /* dropped: no such transaction (RFC 6026 8.9) */
	uint64_t stray_acks;       /* dropped: nowhere to go */
	uint64_t stateless;        /* forwarded without a transaction */
	uint64_t refused_draining; /* answered 503 while stopping */
	uint64_t refused_memory;   /* answered 503, or dropped, for lack of room */
	uint64_t refused_again;    /* repeats one that was answered 503 */
	uint64_t waiting_dropped;  /* repeats or cancels one that waits, and will come again */
	uint64_t shed_overload;    /* answered 503 because too much was waiting */
	uint64_t unroutable;       /* attempts that found no way */
};

/* For printing all of them. */
struct wsip_counter_name {
	const char *name;
	size_t offset;
};
extern const struct wsip_counter_name wsip_counter_names[];
extern const size_t wsip_counter_name_count;

#endif
