/* SPDX-License-Identifier: MIT
 * Writes a message of our own into a buffer, piece by piece. What does not fit makes the whole fail
 * at the end, so nobody checks in between.
 */
#ifndef WSIP_CORE_TEXT_H
#define WSIP_CORE_TEXT_H

#include <string.h>

#include <wiresip/span.h>

#include "base/buf.h"
#include "parser/msg.h"

struct wsip_text {
	struct wsip_buf *buf;
	int overflowed;
};

/* With room for `capacity` bytes; text.buf is NULL when memory ran out. */
struct wsip_text wsip_text_begin(struct wsip_buf_pool *pool, size_t capacity);

static inline void wsip_text_add_span(struct wsip_text *text, struct wsip_span span)
{
	struct wsip_buf *buf = text->buf;

	if (text->overflowed || span.size > buf->capacity - buf->used) {
		text->overflowed = 1;
		return;
	}
	if (span.size > 0)
		memcpy(buf->data + buf->used, span.data, span.size);
	buf->used += (uint32_t)span.size;
}

static inline void wsip_text_add(struct wsip_text *text, const char *string)
{
	wsip_text_add_span(text, (struct wsip_span){ string, strlen(string) });
}

void wsip_text_add_number(struct wsip_text *text, uint64_t number);
void wsip_text_add_hex(struct wsip_text *text, uint64_t number);
void wsip_text_add_header(struct wsip_text *text, const char *name, struct wsip_span value);
/* All elements of a list header in one line; NULL when memory ran out. */
struct wsip_buf *wsip_text_join_values(struct wsip_buf_pool *pool, const struct wsip_msg *msg,
	enum wsip_header_id id);
/* The buffer, or NULL when something did not fit. */
struct wsip_buf *wsip_text_end(struct wsip_text *text);

#endif
