/* SPDX-License-Identifier: MIT
 * What went over the simulated network, to be printed as a ladder.
 */
#ifndef WSIP_TESTKIT_TRACE_H
#define WSIP_TESTKIT_TRACE_H

#include <stdio.h>

#include <wiresip/addr.h>

struct wsip_sim;

/* Beyond, the beginning of the run is kept and the rest is counted. */
#define WSIP_TRACE_MAX 20000

#define WSIP_TRACE_TEXT_BYTES 24

struct wsip_trace_line {
	uint64_t at_ms;
	uint32_t after_ms; /* how long it took */
	struct wsip_addr from;
	struct wsip_addr to;
	char text[WSIP_TRACE_TEXT_BYTES]; /* method, or status and method */
	const char *note;                 /* "lost"; "": it arrived */
	uint32_t call;                    /* the same for messages of one Call-ID */
};

struct wsip_trace {
	struct wsip_trace_line *lines;
	size_t count;
	size_t room;
	size_t left_out;
};

void wsip_trace_init(struct wsip_trace *trace);
void wsip_trace_finish(struct wsip_trace *trace);
/* `line` without its text, which is made from `bytes`. */
void wsip_trace_add(struct wsip_trace *trace, const struct wsip_trace_line *line, const char *bytes,
	size_t size);
void wsip_trace_print(const struct wsip_trace *trace, struct wsip_sim *sim, FILE *out);

#endif
