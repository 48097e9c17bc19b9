/* SPDX-License-Identifier: MIT */
#include "parser/comment.h"

#include <stdbool.h>

#include "base/limits.h"

/* Is `p` at a line break that a blank follows (LWS)? */
static bool is_fold(const unsigned char *p, const unsigned char *end)
{
	return end - p >= 3 && p[0] == '\r' && p[1] == '\n' && (p[2] == ' ' || p[2] == '\t');
}

/* quoted-pair: a backslash and whatever, but CR and LF. */
static bool is_quoted_pair(const unsigned char *p, const unsigned char *end)
{
	return end - p >= 2 && p[0] == '\\' && p[1] != '\r' && p[1] != '\n' && p[1] < 0x80;
}

const unsigned char *wsip_comment_end(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *start = p;
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '(' && ++depth > WSIP_COMMENT_DEPTH_MAX)
			return start;
		if (*p == ')' && --depth == 0)
			return p + 1;
		if (is_fold(p, end))
			p += 2;
		else if (is_quoted_pair(p, end))
			p++;
		else if ((*p < ' ' && *p != '\t') || *p == 0x7f || *p == '\\')
			return start;
	}
	return start;
}
