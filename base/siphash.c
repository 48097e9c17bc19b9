/* SPDX-License-Identifier: MIT */
#include "base/siphash.h"

#include <string.h>

static inline uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void sip_round(struct wsip_siphash_words *h)
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

static inline void add_word(struct wsip_siphash_words *h, uint64_t word)
{
	h->v3 ^= word;
	sip_round(h);
	sip_round(h);
	h->v0 ^= word;
}

void wsip_siphash_init(struct wsip_siphash *hash, const struct wsip_secret *secret)
{
	hash->words.v0 = secret->k0 ^ 0x736f6d6570736575u;
	hash->words.v1 = secret->k1 ^ 0x646f72616e646f6du ^ 0xee; /* 0xee: 128 bits of output */
	hash->words.v2 = secret->k0 ^ 0x6c7967656e657261u;
	hash->words.v3 = secret->k1 ^ 0x7465646279746573u;
	hash->size = 0;
	hash->gathered = 0;
}

static inline uint64_t load_word(const char *data)
{
	uint64_t word;

	memcpy(&word, data, sizeof(word));
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(word) : word;
}

/* Hashes the whole words that were gathered, in registers, and keeps the rest. */
static void hash_words(struct wsip_siphash *hash)
{
	size_t whole = hash->gathered & ~(size_t)7, rest = hash->gathered & 7;
	struct wsip_siphash_words words = hash->words;

	for (size_t i = 0; i < whole; i += 8)
		add_word(&words, load_word(hash->block + i));
	hash->words = words;
	memcpy(hash->block, hash->block + whole, 8);
	hash->gathered = (uint32_t)rest;
}

static inline void gather(struct wsip_siphash *hash, const char *bytes, size_t size)
{
	memcpy(hash->block + hash->gathered, bytes, size);
	hash->gathered += (uint32_t)size;
	hash->size += size;
}

void wsip_siphash_add(struct wsip_siphash *hash, struct wsip_span bytes)
{
	while (bytes.size > WSIP_SIPHASH_BLOCK - hash->gathered) {
		size_t room = WSIP_SIPHASH_BLOCK - hash->gathered;

		gather(hash, bytes.data, room);
		hash_words(hash);
		bytes.data += room;
		bytes.size -= room;
	}
	if (bytes.size > 0)
		gather(hash, bytes.data, bytes.size);
}

/* Where a field ends is a part of it. */
static inline void add_size(struct wsip_siphash *hash, size_t size)
{
	const char octets[4] = { (char)size, (char)(size >> 8), (char)(size >> 16) };

	if (hash->gathered + 3 > WSIP_SIPHASH_BLOCK)
		hash_words(hash);
	memcpy(hash->block + hash->gathered, octets, 4);
	hash->gathered += 3;
	hash->size += 3;
}

void wsip_siphash_add_field(struct wsip_siphash *hash, struct wsip_span bytes)
{
	wsip_siphash_add(hash, bytes);
	add_size(hash, bytes.size);
}

void wsip_siphash_add_nocase(struct wsip_siphash *hash, struct wsip_span bytes)
{
	for (size_t i = 0; i < bytes.size; i++) {
		char c = bytes.data[i];

		if (hash->gathered == WSIP_SIPHASH_BLOCK)
			hash_words(hash);
		hash->block[hash->gathered++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	hash->size += bytes.size;
	add_size(hash, bytes.size);
}

static inline uint64_t finalize(struct wsip_siphash_words *h)
{
	for (int i = 0; i < 4; i++)
		sip_round(h);
	return h->v0 ^ h->v1 ^ h->v2 ^ h->v3;
}

struct wsip_key wsip_siphash_end(struct wsip_siphash *hash)
{
	struct wsip_siphash_words words;
	struct wsip_key key;

	hash_words(hash);
	memset(hash->block + hash->gathered, 0, 8 - hash->gathered);
	words = hash->words;
	add_word(&words, load_word(hash->block) | hash->size << 56);
	words.v2 ^= 0xee;
	key.high = finalize(&words);
	words.v1 ^= 0xdd;
	key.low = finalize(&words);
	return key;
}
