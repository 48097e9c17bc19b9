/* SPDX-License-Identifier: MIT
 * Comments (RFC 3261 25.1): where one ends, however it nests, and which ones have no end.
 */
#include "parser/comment.h"

#include "tests/unit/value.h"

/* How many octets the comment at the start of `text` has; 0 when it has no end. */
static size_t comment_bytes(const char *text, size_t size)
{
	struct wsip_span span = exact_span(text, size);
	const unsigned char *start = (const unsigned char *)span.data;
	size_t bytes = (size_t)(wsip_comment_end(start, start + size) - start);

	exact_span_free(span);
	return bytes;
}

static const struct {
	const char *text;
	size_t bytes;
} rows[] = {
	{ "()", 2 },
	{ "(x)", 3 },
	{ "(x) y", 3 },
	{ "(x)(y)", 3 },
	{ "(x))", 3 },
	{ "(a(b)c)d", 7 },
	{ "((((((((x))))))))y", 17 },
	{ "(()()()()()()()()()())y", 22 },
	{ "(\\))y", 4 },
	{ "(\\()y", 4 },
	{ "(\\\\)y", 4 },
	{ "(\\\\\\))y", 6 },
	{ "(\"(\")\")y", 7 },
	{ "(a\r\n b\r\n\tc)", 11 },
	{ "(\t \303\274)", 6 },
	{ "(", 0 },
	{ "(x", 0 },
	{ "(x(y)", 0 },
	{ "(\\)", 0 },
	{ "(\\", 0 },
	{ "(x\\\\\\)", 0 },
	{ "(((((((((x)))))))))", 0 },
	/* quoted-pair is not of a line break. */
	{ "(\\\r)", 0 },
	{ "(\\\n)", 0 },
};

Test(comment, it_ends_behind_the_bracket_that_closes_it)
{
	for (size_t i = 0; i < ROWS(rows); i++) {
		size_t bytes = comment_bytes(rows[i].text, strlen(rows[i].text));

		cr_expect(bytes == rows[i].bytes, "%s: %zu", rows[i].text, bytes);
	}
}

Test(comment, cut_before_its_end_it_has_none)
{
	for (size_t i = 0; i < ROWS(rows); i++) {
		for (size_t size = 1; size <= strlen(rows[i].text); size++) {
			size_t expected = size < rows[i].bytes ? 0 : rows[i].bytes;

			cr_expect(comment_bytes(rows[i].text, size) == expected, "%.*s", (int)size,
				rows[i].text);
		}
	}
}

/* RFC 3261 25.1: ctext, LWS of which SP and HT are a part, quoted-pair. */
Test(comment, a_control_character_stands_in_none)
{
	for (int c = 0; c < 0x80; c++) {
		char plain[] = { '(', 'a', (char)c, 'b', ')' };
		char escaped[] = { '(', 'a', '\\', (char)c, 'b', ')' };
		bool is_text = c == '\t' || (c >= ' ' && c != 0x7f && !strchr("()\\", c));
		bool is_pair = c != '\r' && c != '\n';

		if (!(c >= ' ' && strchr("()\\", c)))
			cr_expect(comment_bytes(plain, 5) == (is_text ? 5 : 0), "octet %#x", c);
		cr_expect(comment_bytes(escaped, 6) == (is_pair ? 6 : 0), "escaped octet %#x", c);
	}
}

/* RFC 3261 25.1: LWS breaks a line only in front of a blank. */
Test(comment, a_line_break_that_is_no_fold_stands_in_none)
{
	static const char *const texts[] = { "(a\rb)", "(a\nb)", "(a\r\nb)", "(a\r\n)", "(a\n b)",
		"(a\r b)", "(a\r\n\r\n b)" };

	for (size_t i = 0; i < ROWS(texts); i++)
		cr_expect(comment_bytes(texts[i], strlen(texts[i])) == 0, "row %zu", i);
}
