/* SPDX-License-Identifier: MIT */
#include "core/text.h"

#include "base/limits.h"

struct wsip_text wsip_text_begin(struct wsip_buf_pool *pool, size_t capacity)
{
	struct wsip_text text = { .buf = wsip_buf_get(pool, capacity) };

	text.overflowed = text.buf == NULL;
	return text;
}

void wsip_text_add_number(struct wsip_text *text, uint64_t number)
{
	char digits[20];
	size_t first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	wsip_text_add_span(text, (struct wsip_span){ digits + first, sizeof(digits) - first });
}

void wsip_text_add_hex(struct wsip_text *text, uint64_t number)
{
	static const char digits[] = "0123456789abcdef";
	char hex[16];

	for (int i = 0; i < 16; i++)
		hex[i] = digits[number >> (60 - 4 * i) & 15];
	wsip_text_add_span(text, (struct wsip_span){ hex, sizeof(hex) });
}

void wsip_text_add_header(struct wsip_text *text, const char *name, struct wsip_span value)
{
	wsip_text_add(text, name);
	wsip_text_add(text, ": ");
	wsip_text_add_span(text, value);
	wsip_text_add(text, "\r\n");
}

struct wsip_buf *wsip_text_end(struct wsip_text *text)
{
	if (text->overflowed) {
		wsip_buf_unref(text->buf);
		text->buf = NULL;
	}
	return text->buf;
}

struct wsip_buf *wsip_text_join_values(struct wsip_buf_pool *pool, const struct wsip_msg *msg,
	enum wsip_header_id id)
{
	struct wsip_text text = wsip_text_begin(pool, msg->buf->used + 2 * WSIP_LIST_MAX);
	struct wsip_values values = wsip_msg_values(msg, id);
	struct wsip_span value;

	for (int i = 0; wsip_values_next(&values, &value) == WSIP_OK; i++) {
		wsip_text_add(&text, i > 0 ? ", " : "");
		wsip_text_add_span(&text, value);
	}
	return wsip_text_end(&text);
}
