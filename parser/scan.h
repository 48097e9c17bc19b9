/* SPDX-License-Identifier: MIT
 * Passes over stretches of bytes at memory speed, 16 at a time where the machine has vectors.
 */
#ifndef WSIP_PARSER_SCAN_H
#define WSIP_PARSER_SCAN_H

#include <stdbool.h>

#include "parser/char_class.h"
#include "parser/vector.h"

/* The first octet outside of `char_class`, or `end`. */
static inline const unsigned char *wsip_scan_class(const unsigned char *p, const unsigned char *end,
	enum wsip_char_class char_class)
{
	const uint16_t *classes = wsip_char_classes;

	for (; end - p >= 4; p += 4) {
		if (!(classes[p[0]] & char_class))
			return p;
		if (!(classes[p[1]] & char_class))
			return p + 1;
		if (!(classes[p[2]] & char_class))
			return p + 2;
		if (!(classes[p[3]] & char_class))
			return p + 3;
	}
	while (p < end && classes[*p] & char_class)
		p++;
	return p;
}

/* The first colon among the 32 octets from `p` on, or `p` when there is none. */
static inline const unsigned char *wsip_scan_colon(const unsigned char *p)
{
	const unsigned char *start = p;

	for (int i = 0; i < 32 / WSIP_VECTOR_BYTES; i++) {
		wsip_vector bytes = wsip_vector_load(p);
		wsip_vector_mask hits = wsip_vector_mask_of(wsip_vector_is(bytes, ':'));

		if (hits)
			return p + wsip_vector_first(hits);
		p += WSIP_VECTOR_BYTES;
	}
	return start;
}

/* The first octet up to 0x0d, be it CR or another control character, or `end`. */
static inline const unsigned char *wsip_scan_printable(const unsigned char *p,
	const unsigned char *end)
{
	for (; end - p >= WSIP_VECTOR_BYTES; p += WSIP_VECTOR_BYTES) {
		wsip_vector bytes = wsip_vector_load(p);
		wsip_vector_mask hits = wsip_vector_mask_of(wsip_vector_up_to(bytes, '\r'));

		if (hits)
			return p + wsip_vector_first(hits);
	}
	while (p<end && * p> '\r')
		p++;
	return p;
}

/* The first blank or control character, or `end`: WSIP_VISIBLE_CHARS. */
static inline const unsigned char *wsip_scan_visible(const unsigned char *p,
	const unsigned char *end)
{
	for (; end - p >= WSIP_VECTOR_BYTES; p += WSIP_VECTOR_BYTES) {
		wsip_vector bytes = wsip_vector_load(p);
		wsip_vector hit = wsip_vector_or(wsip_vector_up_to(bytes, ' '),
			wsip_vector_is(bytes, 0x7f));
		wsip_vector_mask hits = wsip_vector_mask_of(hit);

		if (hits)
			return p + wsip_vector_first(hits);
	}
	return wsip_scan_class(p, end, WSIP_VISIBLE_CHARS);
}

/* The first octet that ends what stands in angle brackets, or `end`: WSIP_URI_CHARS. */
static inline const unsigned char *wsip_scan_uri(const unsigned char *p, const unsigned char *end)
{
	for (; end - p >= WSIP_VECTOR_BYTES; p += WSIP_VECTOR_BYTES) {
		wsip_vector bytes = wsip_vector_load(p);
		wsip_vector brackets = wsip_vector_or(wsip_vector_is(bytes, '<'),
			wsip_vector_is(bytes, '>'));
		wsip_vector others = wsip_vector_or(wsip_vector_is(bytes, '"'),
			wsip_vector_is(bytes, 0x7f));
		wsip_vector hit = wsip_vector_or(wsip_vector_up_to(bytes, ' '),
			wsip_vector_or(brackets, others));
		wsip_vector_mask hits = wsip_vector_mask_of(hit);

		if (hits)
			return p + wsip_vector_first(hits);
	}
	return wsip_scan_class(p, end, WSIP_URI_CHARS);
}

/* The first octet that is one of three, or `end`. */
static inline const unsigned char *wsip_scan_to(const unsigned char *p, const unsigned char *end,
	unsigned char a, unsigned char b, unsigned char c)
{
	for (; end - p >= WSIP_VECTOR_BYTES; p += WSIP_VECTOR_BYTES) {
		wsip_vector bytes = wsip_vector_load(p);
		wsip_vector hit = wsip_vector_or(wsip_vector_is(bytes, a),
			wsip_vector_or(wsip_vector_is(bytes, b), wsip_vector_is(bytes, c)));
		wsip_vector_mask hits = wsip_vector_mask_of(hit);

		if (hits)
			return p + wsip_vector_first(hits);
	}
	while (p < end && *p != a && *p != b && *p != c)
		p++;
	return p;
}

/* The first CR, LF or NUL, or `end`. */
static inline const unsigned char *wsip_scan_line(const unsigned char *p, const unsigned char *end)
{
	return wsip_scan_to(p, end, '\r', '\n', '\0');
}

#endif
