/* SPDX-License-Identifier: MIT
 * SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012), fed piece by piece. With a
 * secret key nobody outside can make two inputs collide, so an entity is known by its hash alone.
 */
#ifndef WSIP_BASE_SIPHASH_H
#define WSIP_BASE_SIPHASH_H

#include <stdbool.h>
#include <stdint.h>

#include <wiresip/span.h>

struct wsip_secret {
	uint64_t k0, k1;
};

struct wsip_key {
	uint64_t high, low;
};

/* What is small is gathered, and hashed in one go. */
#define WSIP_SIPHASH_BLOCK 192

struct wsip_siphash {
	struct wsip_siphash_words {
		uint64_t v0, v1, v2, v3;
	} words;
	uint64_t size;
	uint32_t gathered;
	char block[WSIP_SIPHASH_BLOCK + 8];
};

void wsip_siphash_init(struct wsip_siphash *hash, const struct wsip_secret *secret);
void wsip_siphash_add(struct wsip_siphash *hash, struct wsip_span bytes);
/* Adds the bytes and their number, so that "ab","c" and "a","bc" differ. */
void wsip_siphash_add_field(struct wsip_siphash *hash, struct wsip_span bytes);
/* The same with ASCII letters taken as lower case. */
void wsip_siphash_add_nocase(struct wsip_siphash *hash, struct wsip_span bytes);
struct wsip_key wsip_siphash_end(struct wsip_siphash *hash);

static inline bool wsip_key_equal(struct wsip_key a, struct wsip_key b)
{
	return a.high == b.high && a.low == b.low;
}

#endif
