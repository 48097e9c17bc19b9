/* SPDX-License-Identifier: MIT
 * SipHash-2-4-128 against the vectors published with it, however the input is cut; fields and case.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "base/siphash.h"

/* The vectors' key, 00 01 .. 0f, read as two little-endian words. */
static const struct wsip_secret secret = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };

static struct wsip_span span(const void *bytes, size_t size)
{
	return (struct wsip_span){ bytes, size };
}

static struct wsip_key hash_cut_at(const uint8_t *input, size_t size, size_t cut)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, &secret);
	wsip_siphash_add(&hash, span(input, cut));
	wsip_siphash_add(&hash, span(input + cut, size - cut));
	return wsip_siphash_end(&hash);
}

/* The published output: the first word, then the second, each with its lowest octet first. */
static void to_bytes(struct wsip_key key, uint8_t bytes[16])
{
	for (int i = 0; i < 8; i++) {
		bytes[i] = (uint8_t)(key.high >> 8 * i);
		bytes[8 + i] = (uint8_t)(key.low >> 8 * i);
	}
}

static const struct {
	size_t size;
	uint8_t output[16];
} vectors[] = {
	{ 0, { 0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55,
		     0x02, 0x93 } },
	{ 1, { 0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22,
		     0xfc, 0x45 } },
	{ 2, { 0x81, 0x77, 0x22, 0x8d, 0xa4, 0xa4, 0x5d, 0xc7, 0xfc, 0xa3, 0x8b, 0xde, 0xf6, 0x0a,
		     0xff, 0xe4 } },
	{ 7, { 0xa1, 0xf1, 0xeb, 0xbe, 0xd8, 0xdb, 0xc1, 0x53, 0xc0, 0xb8, 0x4a, 0xa6, 0x1f, 0xf0,
		     0x82, 0x39 } },
	{ 8, { 0x3b, 0x62, 0xa9, 0xba, 0x62, 0x58, 0xf5, 0x61, 0x0f, 0x83, 0xe2, 0x64, 0xf3, 0x14,
		     0x97, 0xb4 } },
	{ 9, { 0x26, 0x44, 0x99, 0x06, 0x0a, 0xd9, 0xba, 0xab, 0xc4, 0x7f, 0x8b, 0x02, 0xbb, 0x6d,
		     0x71, 0xed } },
	{ 15, { 0x54, 0x93, 0xe9, 0x99, 0x33, 0xb0, 0xa8, 0x11, 0x7e, 0x08, 0xec, 0x0f, 0x97, 0xcf,
		      0xc3, 0xd9 } },
	{ 16, { 0x6e, 0xe2, 0xa4, 0xca, 0x67, 0xb0, 0x54, 0xbb, 0xfd, 0x33, 0x15, 0xbf, 0x85, 0x23,
		      0x05, 0x77 } },
	{ 63, { 0x51, 0x50, 0xd1, 0x77, 0x2f, 0x50, 0x83, 0x4a, 0x50, 0x3e, 0x06, 0x9a, 0x97, 0x3f,
		      0xbd, 0x7c } },
};

Test(siphash, agrees_with_the_published_vectors_at_every_cut)
{
	uint8_t input[64], output[16];

	for (int i = 0; i < 64; i++)
		input[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		for (size_t cut = 0; cut <= vectors[i].size; cut++) {
			to_bytes(hash_cut_at(input, vectors[i].size, cut), output);
			cr_expect(memcmp(output, vectors[i].output, 16) == 0,
				"%zu octets cut at %zu", vectors[i].size, cut);
		}
	}
}

enum how { PLAIN, NOCASE };

static struct wsip_key hash_fields(enum how how, const char *first, const char *second)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, &secret);
	if (how == NOCASE) {
		wsip_siphash_add_nocase(&hash, wsip_span_of(first));
		wsip_siphash_add_nocase(&hash, wsip_span_of(second));
	} else {
		wsip_siphash_add_field(&hash, wsip_span_of(first));
		wsip_siphash_add_field(&hash, wsip_span_of(second));
	}
	return wsip_siphash_end(&hash);
}

Test(siphash, fields_do_not_run_into_each_other)
{
	for (int how = PLAIN; how <= NOCASE; how++) {
		struct wsip_key key = hash_fields((enum how)how, "ab", "c");

		cr_expect(wsip_key_equal(key, hash_fields((enum how)how, "ab", "c")));
		cr_expect(!wsip_key_equal(key, hash_fields((enum how)how, "a", "bc")));
		cr_expect(!wsip_key_equal(key, hash_fields((enum how)how, "abc", "")));
		cr_expect(!wsip_key_equal(key, hash_fields((enum how)how, "", "abc")));
	}
}

Test(siphash, case_counts_only_where_it_is_asked_for)
{
	cr_expect(wsip_key_equal(hash_fields(NOCASE, "Example.COM", "Z9HG4BK"),
		hash_fields(NOCASE, "example.com", "z9hG4bK")));
	cr_expect(!wsip_key_equal(hash_fields(PLAIN, "Example.COM", ""),
		hash_fields(PLAIN, "example.com", "")));
	cr_expect(!wsip_key_equal(hash_fields(NOCASE, "[", ""), hash_fields(NOCASE, "{", "")));
	cr_expect(!wsip_key_equal(hash_fields(NOCASE, "@", ""), hash_fields(NOCASE, "`", "")));
}

Test(siphash, both_halves_of_the_secret_count)
{
	static const struct wsip_secret others[] = {
		{ 0x0706050403020101, 0x0f0e0d0c0b0a0908 },
		{ 0x0706050403020100, 0x0f0e0d0c0b0a0909 },
	};
	struct wsip_siphash hash;

	for (int i = 0; i < 2; i++) {
		wsip_siphash_init(&hash, &others[i]);
		cr_expect(!wsip_key_equal(wsip_siphash_end(&hash),
			hash_cut_at((const uint8_t *)"", 0, 0)));
	}
}

Test(siphash, equal_keys_are_equal_in_both_halves)
{
	cr_expect(wsip_key_equal((struct wsip_key){ 1, 2 }, (struct wsip_key){ 1, 2 }));
	cr_expect(!wsip_key_equal((struct wsip_key){ 1, 2 }, (struct wsip_key){ 1, 3 }));
	cr_expect(!wsip_key_equal((struct wsip_key){ 1, 2 }, (struct wsip_key){ 3, 2 }));
}
