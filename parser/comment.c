/* SPDX-License-Identifier: MIT */
#include "parser/comment.h"

#include "base/limits.h"

const unsigned char *wsip_comment_end(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *start = p;
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '(' && ++depth > WSIP_COMMENT_DEPTH_MAX)
			return start;
		if (*p == ')' && --depth == 0)
			return p + 1;
		/* quoted-pair: not of a line break. */
		if (*p == '\\' && ++p < end && (*p == '\r' || *p == '\n'))
			return start;
	}
	return start;
}
