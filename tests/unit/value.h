/* SPDX-License-Identifier: MIT
 * What the tests of header values share: a value in an allocation of exactly its size, read whole,
 * cut at every offset, and with every octet changed to every other one.
 */
#ifndef WSIP_TESTS_UNIT_VALUE_H
#define WSIP_TESTS_UNIT_VALUE_H

#include <stdio.h>

#include "tests/unit/exact.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static inline void expect_text(const char *value, struct wsip_span part, const char *expected)
{
	cr_expect(wsip_span_is(part, expected), "%s: \"%.*s\", expected \"%s\"", value,
		(int)part.size, part.data, expected);
}

/* A part is either absent or octets of the value that was read. */
static inline void expect_within(struct wsip_span value, struct wsip_span part)
{
	if (!part.data)
		cr_expect(part.size == 0);
	else
		cr_expect(part.data >= value.data &&
			  part.data + part.size <= value.data + value.size);
}

/* `read` parses the span and looks at what came out. */
static inline void cut_value(const char *text, void (*read)(struct wsip_span value))
{
	for (size_t size = 0; size <= strlen(text); size++) {
		struct wsip_span span = exact_span(text, size);

		read(span);
		exact_span_free(span);
	}
}

static inline void change_value(const char *text, void (*read)(struct wsip_span value))
{
	size_t size = strlen(text);

	for (size_t at = 0; at < size; at++) {
		struct wsip_span span = exact_span(text, size);

		for (int c = 0; c < 256; c++) {
			((char *)(uintptr_t)span.data)[at] = (char)c;
			read(span);
		}
		exact_span_free(span);
	}
}

/* `start` with so many parameters behind it that nobody knows. */
static inline const char *with_params(const char *start, size_t count)
{
	static char text[4000];
	size_t used = (size_t)snprintf(text, sizeof(text), "%s", start);

	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, ";p%zu=v", i);
	cr_assert(used < sizeof(text));
	return text;
}

#endif
