/* SPDX-License-Identifier: MIT */
#include "base/siphash.h"

#include <string.h>

static inline uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void sip_round(struct wsip_siphash *h)
{
	h->v0 += h->v1;
	h->v1 = rotate(h->v1, 13) ^ h->v0;
	h->v0 = rotate(h->v0, 32);
	h->v2 += h->v3;
	h->v3 = rotate(h->v3, 16) ^ h->v2;
	h->v0 += h->v3;
	h->v3 = rotate(h->v3, 21) ^ h->v0;
	h->v2 += h->v1;
	h->v1 = rotate(h->v1, 17) ^ h->v2;
	h->v2 = rotate(h->v2, 32);
}

static inline void add_word(struct wsip_siphash *h, uint64_t word)
{
	h->v3 ^= word;
	sip_round(h);
	sip_round(h);
	h->v0 ^= word;
}

void wsip_siphash_init(struct wsip_siphash *hash, const struct wsip_secret *secret)
{
	hash->v0 = secret->k0 ^ 0x736f6d6570736575u;
	hash->v1 = secret->k1 ^ 0x646f72616e646f6du ^ 0xee; /* 0xee: 128 bits of output */
	hash->v2 = secret->k0 ^ 0x6c7967656e657261u;
	hash->v3 = secret->k1 ^ 0x7465646279746573u;
	hash->tail = 0;
	hash->size = 0;
}

static inline void add_byte(struct wsip_siphash *hash, uint8_t byte)
{
	hash->tail |= (uint64_t)byte << 8 * (hash->size & 7);
	hash->size++;
	if ((hash->size & 7) == 0) {
		add_word(hash, hash->tail);
		hash->tail = 0;
	}
}

static inline uint64_t load_word(const char *data)
{
	uint64_t word;

	memcpy(&word, data, sizeof(word));
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(word) : word;
}

void wsip_siphash_add(struct wsip_siphash *hash, struct wsip_span bytes)
{
	size_t i = 0;
	int shift = 8 * (int)(hash->size & 7);

	for (; i + 8 <= bytes.size; i += 8) {
		uint64_t word = load_word(bytes.data + i);

		add_word(hash, hash->tail | word << shift);
		hash->tail = shift ? word >> (64 - shift) : 0;
	}
	hash->size += i;
	for (; i < bytes.size; i++)
		add_byte(hash, (uint8_t)bytes.data[i]);
}

static void add_size(struct wsip_siphash *hash, size_t size)
{
	add_byte(hash, (uint8_t)size);
	add_byte(hash, (uint8_t)(size >> 8));
	add_byte(hash, (uint8_t)(size >> 16));
}

void wsip_siphash_add_field(struct wsip_siphash *hash, struct wsip_span bytes)
{
	wsip_siphash_add(hash, bytes);
	add_size(hash, bytes.size);
}

void wsip_siphash_add_nocase(struct wsip_siphash *hash, struct wsip_span bytes)
{
	for (size_t i = 0; i < bytes.size; i++) {
		uint8_t c = (uint8_t)bytes.data[i];

		add_byte(hash, c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	add_size(hash, bytes.size);
}

static uint64_t finalize(struct wsip_siphash *h)
{
	for (int i = 0; i < 4; i++)
		sip_round(h);
	return h->v0 ^ h->v1 ^ h->v2 ^ h->v3;
}

struct wsip_key wsip_siphash_end(struct wsip_siphash *hash)
{
	struct wsip_key key;

	add_word(hash, hash->tail | hash->size << 56);
	hash->v2 ^= 0xee;
	key.high = finalize(hash);
	hash->v1 ^= 0xdd;
	key.low = finalize(hash);
	return key;
}
