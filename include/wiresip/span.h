/* SPDX-License-Identifier: MIT
 * A span is a stretch of bytes that somebody else owns. It is passed by value, is not terminated
 * by a zero, and may be empty (then `data` may be NULL).
 */
#ifndef WIRESIP_SPAN_H
#define WIRESIP_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wiresip/err.h>

#pragma GCC visibility push(default)

struct wsip_span {
	const char *data;
	size_t size;
};

/* The bytes of a zero-terminated string; NULL gives the empty span. */
struct wsip_span wsip_span_of(const char *string);

/* Byte for byte, and with ASCII letters compared without case (RFC 3261 7.3.1). */
bool wsip_span_equal(struct wsip_span a, struct wsip_span b);
bool wsip_span_equal_nocase(struct wsip_span a, struct wsip_span b);

/* The same against a zero-terminated string. */
bool wsip_span_is(struct wsip_span span, const char *string);
bool wsip_span_is_nocase(struct wsip_span span, const char *string);

/* Without the SP, HT, CR and LF at both ends. */
struct wsip_span wsip_span_trim(struct wsip_span span);

/* Without CR, LF and NUL: nothing that ends or breaks a header line. */
bool wsip_span_is_one_line(struct wsip_span span);

/* A decimal number and nothing else: no sign, no blanks. WSIP_ERR_SYNTAX when it is not one,
 * WSIP_ERR_LIMIT when it is above `max`; it never wraps. */
WSIP_MUST_CHECK enum wsip_err wsip_span_number(struct wsip_span span, uint64_t max,
	uint64_t *number);

#pragma GCC visibility pop
#endif
