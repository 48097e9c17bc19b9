/* SPDX-License-Identifier: MIT
 * Writes a message piece by piece into a room of known size. What does not fit is left out, and
 * `full` says so.
 */
#ifndef WSIP_BENCH_TEXT_H
#define WSIP_BENCH_TEXT_H

#include <string.h>

#include <wiresip/span.h>

struct wsip_writer {
	char *start, *at, *end;
	bool full;
};

static inline struct wsip_writer wsip_writer_of(char *room, size_t size)
{
	return (struct wsip_writer){ room, room, room + size, false };
}

static inline size_t wsip_writer_size(const struct wsip_writer *writer)
{
	return (size_t)(writer->at - writer->start);
}

static inline void wsip_write(struct wsip_writer *writer, struct wsip_span span)
{
	if (span.size > (size_t)(writer->end - writer->at)) {
		writer->full = true;
		return;
	}
	if (span.size)
		memcpy(writer->at, span.data, span.size);
	writer->at += span.size;
}

/* A string literal: its size is known when this is compiled. */
#define wsip_write_literal(writer, literal) \
	wsip_write(writer, (struct wsip_span){ literal, sizeof(literal) - 1 })

static inline void wsip_write_text(struct wsip_writer *writer, const char *text)
{
	wsip_write(writer, (struct wsip_span){ text, strlen(text) });
}

#endif
