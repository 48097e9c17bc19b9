/* SPDX-License-Identifier: MIT
 * A handful of operations on a vector of octets, in the words of the machine that the library is
 * built for: AVX2, SSE2 (every x86-64), NEON (every AArch64), or plain C on a word of one octet.
 */
#ifndef WSIP_PARSER_VECTOR_H
#define WSIP_PARSER_VECTOR_H

#include <stdint.h>

#if defined(__AVX2__)

#include <immintrin.h>

#define WSIP_VECTOR_BYTES 32
typedef __m256i wsip_vector;
typedef uint32_t wsip_vector_mask;

static inline wsip_vector wsip_vector_load(const unsigned char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* Which octets are `octet`. */
static inline wsip_vector wsip_vector_is(wsip_vector bytes, unsigned char octet)
{
	return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8((char)octet));
}

/* Which octets are not above `octet`. */
static inline wsip_vector wsip_vector_up_to(wsip_vector bytes, unsigned char octet)
{
	return _mm256_cmpeq_epi8(bytes, _mm256_min_epu8(bytes, _mm256_set1_epi8((char)octet)));
}

static inline wsip_vector wsip_vector_or(wsip_vector a, wsip_vector b)
{
	return _mm256_or_si256(a, b);
}

/* Not 0 when there is one. */
static inline wsip_vector_mask wsip_vector_mask_of(wsip_vector hits)
{
	return (wsip_vector_mask)_mm256_movemask_epi8(hits);
}

static inline int wsip_vector_first(wsip_vector_mask mask)
{
	return __builtin_ctz(mask);
}

#elif defined(__SSE2__)

#include <emmintrin.h>

#define WSIP_VECTOR_BYTES 16
typedef __m128i wsip_vector;
typedef uint32_t wsip_vector_mask;

static inline wsip_vector wsip_vector_load(const unsigned char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline wsip_vector wsip_vector_is(wsip_vector bytes, unsigned char octet)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)octet));
}

static inline wsip_vector wsip_vector_up_to(wsip_vector bytes, unsigned char octet)
{
	return _mm_cmpeq_epi8(bytes, _mm_min_epu8(bytes, _mm_set1_epi8((char)octet)));
}

static inline wsip_vector wsip_vector_or(wsip_vector a, wsip_vector b)
{
	return _mm_or_si128(a, b);
}

static inline wsip_vector_mask wsip_vector_mask_of(wsip_vector hits)
{
	return (wsip_vector_mask)_mm_movemask_epi8(hits);
}

static inline int wsip_vector_first(wsip_vector_mask mask)
{
	return __builtin_ctz(mask);
}

#elif defined(__aarch64__) && defined(__ARM_NEON)

#include <arm_neon.h>

#define WSIP_VECTOR_BYTES 16
typedef uint8x16_t wsip_vector;
typedef uint64_t wsip_vector_mask; /* four bits for each octet: NEON has no movemask */

static inline wsip_vector wsip_vector_load(const unsigned char *p)
{
	return vld1q_u8(p);
}

static inline wsip_vector wsip_vector_is(wsip_vector bytes, unsigned char octet)
{
	return vceqq_u8(bytes, vdupq_n_u8(octet));
}

static inline wsip_vector wsip_vector_up_to(wsip_vector bytes, unsigned char octet)
{
	return vcleq_u8(bytes, vdupq_n_u8(octet));
}

static inline wsip_vector wsip_vector_or(wsip_vector a, wsip_vector b)
{
	return vorrq_u8(a, b);
}

static inline wsip_vector_mask wsip_vector_mask_of(wsip_vector hits)
{
	return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(hits), 4)), 0);
}

static inline int wsip_vector_first(wsip_vector_mask mask)
{
	return __builtin_ctzll(mask) / 4;
}

#else

#define WSIP_VECTOR_BYTES 1
typedef uint8_t wsip_vector;
typedef uint8_t wsip_vector_mask;

static inline wsip_vector wsip_vector_load(const unsigned char *p)
{
	return *p;
}

static inline wsip_vector wsip_vector_is(wsip_vector bytes, unsigned char octet)
{
	return bytes == octet;
}

static inline wsip_vector wsip_vector_up_to(wsip_vector bytes, unsigned char octet)
{
	return bytes <= octet;
}

static inline wsip_vector wsip_vector_or(wsip_vector a, wsip_vector b)
{
	return a | b;
}

static inline wsip_vector_mask wsip_vector_mask_of(wsip_vector hits)
{
	return hits;
}

static inline int wsip_vector_first(wsip_vector_mask mask)
{
	(void)mask;
	return 0;
}

#endif
#endif
