/* SPDX-License-Identifier: MIT
 * Comments in brackets, which may nest (RFC 3261 25.1: comment).
 */
#ifndef WSIP_PARSER_COMMENT_H
#define WSIP_PARSER_COMMENT_H

/* Where the comment that starts at `p` ends, behind its bracket. `p` itself when it has no end,
 * holds what no comment may hold, or nests deeper than WSIP_COMMENT_DEPTH_MAX. */
const unsigned char *wsip_comment_end(const unsigned char *p, const unsigned char *end);

#endif
