/* SPDX-License-Identifier: MIT
 * A text with places for the mark of a call. All marks have one size, so a message from a template
 * is one copy and a few stores.
 */
#ifndef WSIP_BENCH_TEMPLATE_H
#define WSIP_BENCH_TEMPLATE_H

#include "bench/load/mark.h"
#include "bench/load/text.h"

#define WSIP_TEMPLATE_BYTES 1536
#define WSIP_TEMPLATE_MARKS 6

/* Stands for a mark in the text that a template is made of. */
#define WSIP_TEMPLATE_MARK "{.........mark...........}"

struct wsip_template {
	uint16_t size;
	uint16_t mark_count;
	uint16_t marks[WSIP_TEMPLATE_MARKS]; /* where they stand */
	char text[WSIP_TEMPLATE_BYTES];
};

/* WSIP_ERR_LIMIT when the text is too long. */
WSIP_MUST_CHECK enum wsip_err wsip_template_init(struct wsip_template *template, const char *format,
	...) __attribute__((format(printf, 2, 3)));

/* `mark` is the text that wsip_mark_write made. */
void wsip_template_write(const struct wsip_template *template, struct wsip_writer *writer,
	const char mark[WSIP_MARK_BYTES]);

#endif
