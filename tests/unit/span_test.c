/* SPDX-License-Identifier: MIT
 * Spans: comparing with and without case, trimming, and numbers that are read whole or refused.
 * The bytes lie in buffers of exactly their size, so that a sanitizer sees a read beyond them.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include <wiresip/span.h>

static struct wsip_span span(const char *bytes, size_t size)
{
	return (struct wsip_span){ bytes, size };
}

Test(span, null_is_the_empty_span)
{
	struct wsip_span empty = wsip_span_of(NULL);

	cr_expect(empty.size == 0);
	cr_expect(wsip_span_equal(empty, wsip_span_of("")));
	cr_expect(wsip_span_equal_nocase(empty, span(NULL, 0)));
	cr_expect(wsip_span_is(empty, ""));
	cr_expect(!wsip_span_is(empty, "a"));
}

Test(span, comparing_needs_the_same_size_and_the_same_bytes)
{
	static const struct {
		const char *a, *b;
		bool equal, equal_nocase;
	} rows[] = {
		{ "Call-ID", "Call-ID", true, true },
		{ "Call-ID", "cALL-id", false, true },
		{ "Call-ID", "Call-I", false, false },
		{ "Call-I", "Call-ID", false, false },
		{ "tag", "tab", false, false },
		{ "[", "{", false, false },
		{ "@", "`", false, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wsip_span a = wsip_span_of(rows[i].a), b = wsip_span_of(rows[i].b);

		cr_expect(wsip_span_equal(a, b) == rows[i].equal, "%s %s", rows[i].a, rows[i].b);
		cr_expect(wsip_span_equal_nocase(a, b) == rows[i].equal_nocase, "%s %s", rows[i].a,
			rows[i].b);
		cr_expect(wsip_span_is(a, rows[i].b) == rows[i].equal);
		cr_expect(wsip_span_is_nocase(a, rows[i].b) == rows[i].equal_nocase);
	}
}

Test(span, a_nul_inside_does_not_end_the_comparison)
{
	cr_expect(!wsip_span_equal(span("a\0b", 3), span("a\0c", 3)));
	cr_expect(wsip_span_equal(span("a\0b", 3), span("a\0b", 3)));
	cr_expect(!wsip_span_is(span("a\0b", 3), "a"));
}

Test(span, without_case_bytes_behind_a_nul_are_compared_too)
{
	cr_expect(!wsip_span_equal_nocase(span("a\0b", 3), span("A\0c", 3)));
}

Test(span, trim_takes_blanks_and_line_breaks_off_both_ends_and_none_inside)
{
	static const struct {
		const char *text, *trimmed;
	} rows[] = {
		{ "", "" },
		{ " ", "" },
		{ " \t\r\n \t", "" },
		{ "a", "a" },
		{ "  a b\t", "a b" },
		{ "\r\n a\r\n b\r\n", "a\r\n b" },
		{ "\va\f", "\va\f" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t size = strlen(rows[i].text);
		char *exact = malloc(size + !size);

		memcpy(exact, rows[i].text, size);
		cr_expect(wsip_span_is(wsip_span_trim(span(exact, size)), rows[i].trimmed),
			"row %zu", i);
		free(exact);
	}
}

static const struct {
	const char *text;
	uint64_t max;
	enum wsip_err err;
	uint64_t number;
} numbers[] = {
	{ "0", 0, WSIP_OK, 0 },
	{ "1", 0, WSIP_ERR_LIMIT, 0 },
	{ "7", 5, WSIP_ERR_LIMIT, 0 },
	{ "5", 5, WSIP_OK, 5 },
	{ "0000000000000000000000000000042", 42, WSIP_OK, 42 },
	{ "255", 255, WSIP_OK, 255 },
	{ "256", 255, WSIP_ERR_LIMIT, 0 },
	{ "2147483647", 2147483647, WSIP_OK, 2147483647 },
	{ "2147483648", 2147483647, WSIP_ERR_LIMIT, 0 },
	{ "4294967295", UINT32_MAX, WSIP_OK, UINT32_MAX },
	{ "4294967296", UINT32_MAX, WSIP_ERR_LIMIT, 0 },
	{ "4294967328", UINT32_MAX, WSIP_ERR_LIMIT, 0 }, /* 2^32 + 32 */
	{ "18446744073709551615", UINT64_MAX, WSIP_OK, UINT64_MAX },
	{ "18446744073709551616", UINT64_MAX, WSIP_ERR_LIMIT, 0 },
	{ "18446744073709551620", UINT64_MAX, WSIP_ERR_LIMIT, 0 },
	{ "18446744073709551625", 65535, WSIP_ERR_LIMIT, 0 },
	{ "99999999999999999999999999999999", UINT64_MAX, WSIP_ERR_LIMIT, 0 },
	{ "", 9, WSIP_ERR_SYNTAX, 0 },
	{ "+5", 9, WSIP_ERR_SYNTAX, 0 },
	{ "-1", 9, WSIP_ERR_SYNTAX, 0 },
	{ " 5", 9, WSIP_ERR_SYNTAX, 0 },
	{ "5 ", 9, WSIP_ERR_SYNTAX, 0 },
	{ "5 5", 99, WSIP_ERR_SYNTAX, 0 },
	{ "0x5", 9, WSIP_ERR_SYNTAX, 0 },
	{ "5a", 9, WSIP_ERR_SYNTAX, 0 },
	{ "9999999999999999999999999x", 9, WSIP_ERR_SYNTAX, 0 },
	{ "1.0", 99, WSIP_ERR_SYNTAX, 0 },
	{ "1e3", 9999, WSIP_ERR_SYNTAX, 0 },
	{ "/", 99, WSIP_ERR_SYNTAX, 0 },
	{ ":", 99, WSIP_ERR_SYNTAX, 0 },
};

Test(span, a_number_is_read_whole_or_refused_and_never_wraps)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		size_t size = strlen(numbers[i].text);
		char *exact = malloc(size + !size);
		uint64_t number = 77;
		enum wsip_err err;

		memcpy(exact, numbers[i].text, size);
		err = wsip_span_number(span(exact, size), numbers[i].max, &number);
		cr_expect(err == numbers[i].err, "\"%s\": %s", numbers[i].text, wsip_err_text(err));
		if (!err)
			cr_expect(number == numbers[i].number, "\"%s\"", numbers[i].text);
		free(exact);
	}
}

Test(span, a_number_ends_where_the_span_ends)
{
	uint64_t number;

	cr_assert(wsip_span_number(span("12345", 3), 999, &number) == WSIP_OK);
	cr_expect(number == 123);
}
