/* SPDX-License-Identifier: MIT */
#include "parser/frame.h"

#include <string.h>

#include "parser/scan.h"

void wsip_frame_init(struct wsip_frame *frame)
{
	*frame = (struct wsip_frame){ .content_length = -1 };
}

void wsip_frame_restart(struct wsip_frame *frame)
{
	bool after_blank = frame->after_blank;

	wsip_frame_init(frame);
	frame->after_blank = after_blank;
}

static void note(struct wsip_frame *frame, unsigned int status, const char *reason)
{
	if (frame->problem.status == 0)
		frame->problem = (struct wsip_problem){ .status = status, .reason = reason };
}

static enum wsip_frame_result broken(struct wsip_frame *frame, unsigned int status,
	const char *reason)
{
	note(frame, status, reason);
	frame->bytes = frame->head_bytes;
	return WSIP_FRAME_BROKEN;
}

/* CR LF between messages; two of them are a ping (RFC 5626 3.5.1). They are told one by one, so
 * that nothing has to wait for a second one that may never come. */
static enum wsip_frame_result blank(struct wsip_frame *frame, const char *data, size_t size)
{
	if (size < 2)
		return WSIP_FRAME_MORE;
	if (data[1] != '\n')
		return broken(frame, 400, "Bad Start Line");
	frame->bytes = 2;
	frame->after_blank = !frame->after_blank;
	return frame->after_blank ? WSIP_FRAME_BLANK : WSIP_FRAME_PING;
}

/* Reads the value of the Content-Length line that ends at `end`. What is wrong with it is told when
 * the head is complete, so that it can be answered. */
static void take_length(struct wsip_frame *frame, const char *data, uint32_t end)
{
	uint64_t length;
	struct wsip_span value = wsip_span_trim((struct wsip_span){
		data + frame->length_value, end - frame->length_value });
	enum wsip_err err = wsip_span_number(value, WSIP_MESSAGE_MAX_BYTES, &length);

	frame->length_value = 0;
	if (err == WSIP_ERR_LIMIT)
		note(frame, 413, "Request Entity Too Large");
	else if (err)
		note(frame, 400, "Bad Content-Length");
	else if (frame->content_length >= 0 && (uint64_t)frame->content_length != length)
		note(frame, 400, "Differing Content-Lengths");
	else
		frame->content_length = (int64_t)length;
}

static void look_for_length(struct wsip_frame *frame, const char *line, size_t size)
{
	const char *colon = memchr(line, ':', size);
	struct wsip_span name;

	if (!colon)
		return;
	name = wsip_span_trim((struct wsip_span){ line, (size_t)(colon - line) });
	if (wsip_header_id_of(name) == WSIP_CONTENT_LENGTH)
		frame->length_value = frame->line + (uint32_t)(colon + 1 - line);
}

static enum wsip_frame_result body(struct wsip_frame *frame, size_t size)
{
	uint32_t total = frame->head_bytes + (uint32_t)frame->content_length;

	if (total > WSIP_MESSAGE_MAX_BYTES)
		return broken(frame, 513, "Message Too Large");
	if (size < total)
		return WSIP_FRAME_MORE;
	frame->bytes = total;
	return WSIP_FRAME_MESSAGE;
}

static enum wsip_frame_result end_of_head(struct wsip_frame *frame, size_t size)
{
	frame->head_bytes = frame->line + 2;
	if (frame->problem.status || frame->content_length < 0)
		return broken(frame, 400, "Missing Content-Length");
	return body(frame, size);
}

/* Where the line breaks, or NULL when the break has not arrived. A bare CR or LF is the slicer's to
 * refuse: it does not end a line here. */
static const char *line_break(struct wsip_frame *frame, const char *data, size_t size)
{
	const char *end = data + size;
	const char *p = data + (frame->scanned > frame->line ? frame->scanned : frame->line);

	for (; p < end; p++) {
		p = (const char *)wsip_scan_line((const unsigned char *)p,
			(const unsigned char *)end);
		if (p + 1 >= end)
			break;
		if (p[0] == '\r' && p[1] == '\n')
			return p;
	}
	frame->scanned = (uint32_t)(size > 0 ? size - 1 : 0);
	return NULL;
}

enum wsip_frame_result wsip_frame_next(struct wsip_frame *frame, const char *data, size_t size)
{
	if (size > 0 && data[0] == '\r')
		return blank(frame, data, size);
	if (size > 0)
		frame->after_blank = false;
	while (frame->head_bytes == 0) {
		const char *line = data + frame->line;
		const char *end = line_break(frame, data, size);
		bool folded = frame->line < size && (*line == ' ' || *line == '\t');

		if (frame->line > WSIP_MESSAGE_MAX_BYTES || (!end && size > WSIP_MESSAGE_MAX_BYTES))
			return broken(frame, 513, "Message Too Large");
		if (!end)
			return WSIP_FRAME_MORE;
		if (frame->length_value && !folded)
			take_length(frame, data, frame->line);
		if (end == line)
			return end_of_head(frame, size);
		if (!folded)
			look_for_length(frame, line, (size_t)(end - line));
		frame->line = (uint32_t)(end + 2 - data);
	}
	return body(frame, size);
}
