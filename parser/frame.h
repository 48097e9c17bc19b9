/* SPDX-License-Identifier: MIT
 * Finds where messages end in a stream (RFC 3261 18.3, RFC 5626 3.5.1). Works on what has arrived
 * so far and goes on where it stopped, at any split.
 */
#ifndef WSIP_PARSER_FRAME_H
#define WSIP_PARSER_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "parser/msg.h"

enum wsip_frame_result {
	WSIP_FRAME_MORE,    /* the message is not complete yet */
	WSIP_FRAME_MESSAGE, /* `bytes` of it are a message */
	WSIP_FRAME_BLANK,   /* `bytes` are a CR LF to pass over */
	WSIP_FRAME_PING,    /* they are the second CR LF of two, to be answered with one CR LF */
	WSIP_FRAME_BROKEN,  /* no end can be found: `problem` says why; `bytes` are the head if it
			     * is complete (so that it can be answered), else 0; close the stream */
};

struct wsip_frame {
	uint32_t line;          /* start of the line to look at next */
	uint32_t scanned;       /* no line break before this */
	uint32_t length_value;  /* offset of the value of Content-Length, while it may be folded */
	int64_t content_length; /* -1: not seen */
	uint32_t head_bytes;    /* 0: the end of the headers was not seen */
	uint32_t bytes;
	bool after_blank; /* the CR LF before this was the first of perhaps two */
	struct wsip_problem problem;
};

/* Before the first byte of a stream. */
void wsip_frame_init(struct wsip_frame *frame);
/* Before what follows the bytes of the last result. */
void wsip_frame_restart(struct wsip_frame *frame);

/* `data` starts where it started in the previous call and has at least as many bytes. After any
 * result but MORE the caller takes `frame->bytes` off and restarts the frame. */
enum wsip_frame_result wsip_frame_next(struct wsip_frame *frame, const char *data, size_t size);

#endif
