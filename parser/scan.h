/* SPDX-License-Identifier: MIT
 * Finds the end of a line at memory speed: the first CR, LF or NUL in a stretch of bytes.
 */
#ifndef WSIP_PARSER_SCAN_H
#define WSIP_PARSER_SCAN_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline const unsigned char *wsip_scan_line_tail(const unsigned char *p,
	const unsigned char *end)
{
	while (p < end && *p != '\r' && *p != '\n' && *p != '\0')
		p++;
	return p;
}

#ifdef __SSE2__

/* Returns `end` when there is none. */
static inline const unsigned char *wsip_scan_line(const unsigned char *p, const unsigned char *end)
{
	const __m128i cr = _mm_set1_epi8('\r');
	const __m128i lf = _mm_set1_epi8('\n');
	const __m128i nul = _mm_setzero_si128();

	for (; end - p >= 16; p += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(bytes, cr), _mm_cmpeq_epi8(bytes, lf));
		int mask = _mm_movemask_epi8(_mm_or_si128(hit, _mm_cmpeq_epi8(bytes, nul)));

		if (mask)
			return p + __builtin_ctz((unsigned int)mask);
	}
	return wsip_scan_line_tail(p, end);
}

#else

static inline const unsigned char *wsip_scan_line(const unsigned char *p, const unsigned char *end)
{
	return wsip_scan_line_tail(p, end);
}

#endif
#endif
