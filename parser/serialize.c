/* SPDX-License-Identifier: MIT
 * A message -> one flat buffer. Neighbouring unedited lines go out in one copy.
 */
#include <string.h>

#include "parser/msg.h"

/* What is being written; without `out` it only counts. */
struct writer {
	char *out;
	size_t used;
};

static void put(struct writer *writer, const void *bytes, size_t size)
{
	if (writer->out)
		memcpy(writer->out + writer->used, bytes, size);
	writer->used += size;
}

static void put_span(struct writer *writer, struct wsip_span span)
{
	put(writer, span.data, span.size);
}

static void put_start_line(struct writer *writer, const struct wsip_msg *msg)
{
	char code[3];

	if (!msg->start_edited && msg->start.size) {
		put_span(writer, wsip_msg_piece(msg, msg->start));
		return;
	}
	if (msg->is_request) {
		put_span(writer, wsip_msg_piece(msg, msg->method_text));
		put(writer, " ", 1);
		put_span(writer, wsip_msg_piece(msg, msg->request_uri));
		put(writer, " SIP/2.0\r\n", 10);
		return;
	}
	code[0] = (char)('0' + msg->status / 100);
	code[1] = (char)('0' + msg->status / 10 % 10);
	code[2] = (char)('0' + msg->status % 10);
	put(writer, "SIP/2.0 ", 8);
	put(writer, code, 3);
	put(writer, " ", 1);
	put_span(writer, wsip_msg_piece(msg, msg->reason));
	put(writer, "\r\n", 2);
}

static void put_edited(struct writer *writer, const struct wsip_msg *msg,
	const struct wsip_header_slot *slot)
{
	put(writer, msg->buf->data + slot->line, slot->name_bytes);
	put(writer, ": ", 2);
	put(writer, msg->buf->data + slot->value, slot->value_bytes);
	put(writer, "\r\n", 2);
}

/* A name that blanks separate from its colon is written without them in a message that is
 * forwarded: not everybody behind us reads "Name :" as that header (CVE-2020-28361 and its kin). */
static bool goes_as_it_came(const struct wsip_msg *msg, const struct wsip_header_slot *slot)
{
	return slot->line_bytes > 0 && !(slot->spaced && msg->edited);
}

static void put_headers(struct writer *writer, const struct wsip_msg *msg)
{
	for (size_t i = 0; i < msg->slot_count;) {
		const struct wsip_header_slot *slot = &msg->slots[i++];
		uint32_t end = slot->line + slot->line_bytes;

		if (!goes_as_it_came(msg, slot)) {
			put_edited(writer, msg, slot);
			continue;
		}
		while (i < msg->slot_count && goes_as_it_came(msg, &msg->slots[i]) &&
			msg->slots[i].line == end) {
			end += msg->slots[i].line_bytes;
			i++;
		}
		put(writer, msg->buf->data + slot->line, end - slot->line);
	}
	put(writer, "\r\n", 2);
}

static void write_message(struct writer *writer, const struct wsip_msg *msg)
{
	put_start_line(writer, msg);
	put_headers(writer, msg);
	put_span(writer, wsip_msg_piece(msg, msg->body));
}

/* The size of what write_message writes. */
static size_t bytes_of(const struct wsip_msg *msg)
{
	struct writer counter = { 0 };
	size_t bytes = 0;

	put_start_line(&counter, msg);
	for (size_t i = 0; i < msg->slot_count; i++) {
		const struct wsip_header_slot *slot = &msg->slots[i];

		bytes += goes_as_it_came(msg, slot) ? slot->line_bytes
						    : slot->name_bytes + slot->value_bytes + 4u;
	}
	return counter.used + bytes + 2 + msg->body.size;
}

struct wsip_buf *wsip_msg_serialize(const struct wsip_msg *msg, struct wsip_buf_pool *pool)
{
	struct wsip_buf *buf = wsip_buf_get(pool, bytes_of(msg));
	struct writer writer;

	if (!buf)
		return NULL;
	writer = (struct writer){ .out = buf->data };
	write_message(&writer, msg);
	buf->used = (uint32_t)writer.used;
	return buf;
}
