/* SPDX-License-Identifier: MIT
 * One line an event, key=value, built field by field and written at once:
 *
 *	ts=2026-11-23T20:48:32.120Z level=warn event="message refused" source=192.0.2.1:5060
 *status=400
 *
 * What comes from a peer is quoted and its control characters are escaped, so a line is a line. A
 * warning or error that repeats is written ten times a second at most; the next line that is
 *written says how many were left out (`suppressed=`).
 */
#ifndef WIRESIP_LOG_H
#define WIRESIP_LOG_H

#include <wiresip/addr.h>

#pragma GCC visibility push(default)

enum wsip_log_level {
	WSIP_LOG_DEFAULT, /* info */
	WSIP_LOG_ERROR,   /* something that an operator has to mend */
	WSIP_LOG_WARN,    /* something refused or lost */
	WSIP_LOG_INFO,    /* start, stop, change of state: never once a message or a call */
	WSIP_LOG_DEBUG,   /* every transaction and message */
};

#define WSIP_LOG_LINE_BYTES 1024
#define WSIP_LOG_EVENTS     64

struct wsip_log_event {
	const char *event;
	int64_t second;
	uint32_t written;
	uint32_t suppressed;
};

/* A log belongs to one thread; several may write to one file descriptor. */
struct wsip_log {
	enum wsip_log_level level;
	int fd;
	/* When set, gets each line (with its final newline) instead of `fd`. */
	void (*sink)(void *user, const char *line, size_t size);
	void *user;
	struct wsip_log_event events[WSIP_LOG_EVENTS];
};

struct wsip_log_line {
	struct wsip_log *log; /* NULL: this line is not written */
	size_t used;
	char text[WSIP_LOG_LINE_BYTES];
};

void wsip_log_init(struct wsip_log *log, enum wsip_log_level level, int fd);
bool wsip_log_wants(const struct wsip_log *log, enum wsip_log_level level);

/* `event` is a string constant: its address tells events apart. NULL as log writes nothing. */
void wsip_log_begin(struct wsip_log_line *line, struct wsip_log *log, enum wsip_log_level level,
	const char *event);
void wsip_log_text(struct wsip_log_line *line, const char *key, const char *value);
void wsip_log_span(struct wsip_log_line *line, const char *key, struct wsip_span value);
void wsip_log_number(struct wsip_log_line *line, const char *key, int64_t value);
void wsip_log_addr(struct wsip_log_line *line, const char *key, const struct wsip_addr *value);
void wsip_log_end(struct wsip_log_line *line);

/* "error", "warn", "info", "debug". */
WSIP_MUST_CHECK enum wsip_err wsip_log_level_parse(struct wsip_span text,
	enum wsip_log_level *level);

#pragma GCC visibility pop
#endif
