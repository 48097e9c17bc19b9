/* SPDX-License-Identifier: MIT
 * What every Call-ID, branch and tag of the generator starts with: which run, which call slot, and
 * how often the slot had been used. One look at it finds the call, in place of a hash table.
 */
#ifndef WSIP_BENCH_MARK_H
#define WSIP_BENCH_MARK_H

#include <stdint.h>

#include <wiresip/span.h>

struct wsip_mark {
	uint32_t run; /* random, so that what is left of an earlier run is not taken for ours */
	uint32_t slot;
	uint32_t generation;
};

/* "0123abcd-0123abcd-0123abcd", without a final zero. */
#define WSIP_MARK_BYTES 26

void wsip_mark_write(char *text, struct wsip_mark mark);

/* WSIP_ERR_SYNTAX when `text` does not start with a mark. */
WSIP_MUST_CHECK enum wsip_err wsip_mark_read(struct wsip_span text, struct wsip_mark *mark);

#endif
