/* SPDX-License-Identifier: MIT
 * What was refused without a transaction for lack of room or time, for as long as it may be
 * repeated: a request has one answer, also when room was found meanwhile (RFC 3261 8.2.7). Of fixed
 * size, so that it needs no room itself: under a flood the newer refusals are remembered.
 */
#ifndef WSIP_CORE_REFUSALS_H
#define WSIP_CORE_REFUSALS_H

#include "base/limits.h"
#include "base/siphash.h"

struct wsip_refusals {
	struct {
		struct wsip_key key;
		uint64_t until_ms;
	} entries[WSIP_REFUSALS];
};

static inline void wsip_refusals_note(struct wsip_refusals *refusals, struct wsip_key key,
	uint64_t until_ms)
{
	unsigned int index = key.low & (WSIP_REFUSALS - 1);

	refusals->entries[index].key = key;
	refusals->entries[index].until_ms = until_ms;
}

static inline bool wsip_refusals_has(const struct wsip_refusals *refusals, struct wsip_key key,
	uint64_t now_ms)
{
	unsigned int index = key.low & (WSIP_REFUSALS - 1);

	return now_ms < refusals->entries[index].until_ms &&
	       wsip_key_equal(refusals->entries[index].key, key);
}

#endif
