/* SPDX-License-Identifier: MIT */
#include <wiresip/span.h>

#include <string.h>

struct wsip_span wsip_span_of(const char *string)
{
	return (struct wsip_span){ string, string ? strlen(string) : 0 };
}

bool wsip_span_equal(struct wsip_span a, struct wsip_span b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* ASCII only, whatever the locale. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool wsip_span_equal_nocase(struct wsip_span a, struct wsip_span b)
{
	if (a.size != b.size)
		return false;
	if (a.size == 0 || memcmp(a.data, b.data, a.size) == 0) /* most are spelled alike */
		return true;
	for (size_t i = 0; i < a.size; i++) {
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	}
	return true;
}

bool wsip_span_is(struct wsip_span span, const char *string)
{
	return wsip_span_equal(span, wsip_span_of(string));
}

bool wsip_span_is_nocase(struct wsip_span span, const char *string)
{
	return wsip_span_equal_nocase(span, wsip_span_of(string));
}

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct wsip_span wsip_span_trim(struct wsip_span span)
{
	while (span.size > 0 && is_white(span.data[0])) {
		span.data++;
		span.size--;
	}
	while (span.size > 0 && is_white(span.data[span.size - 1]))
		span.size--;
	return span;
}

bool wsip_span_is_one_line(struct wsip_span span)
{
	return span.size == 0 ||
	       (!memchr(span.data, '\r', span.size) && !memchr(span.data, '\n', span.size) &&
		       !memchr(span.data, '\0', span.size));
}

enum wsip_err wsip_span_number(struct wsip_span span, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;
	bool over = false;

	if (span.size == 0)
		return WSIP_ERR_SYNTAX;
	for (size_t i = 0; i < span.size; i++) {
		unsigned int digit = (unsigned char)span.data[i] - (unsigned int)'0';

		if (digit > 9)
			return WSIP_ERR_SYNTAX;
		if (i >= 18)
			over |= value > (UINT64_MAX - digit) / 10;
		value = value * 10 + digit;
	}
	if (over || value > max)
		return WSIP_ERR_LIMIT;
	*number = value;
	return WSIP_OK;
}
