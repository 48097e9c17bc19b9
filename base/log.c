/* SPDX-License-Identifier: MIT */
#include <wiresip/log.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"

static const char *const level_names[] = {
	[WSIP_LOG_DEFAULT] = "info",
	[WSIP_LOG_ERROR] = "error",
	[WSIP_LOG_WARN] = "warn",
	[WSIP_LOG_INFO] = "info",
	[WSIP_LOG_DEBUG] = "debug",
};

/* Room that stays free for the fields written by wsip_log_end. */
#define TAIL_BYTES 40

/* Of a longer value the line shows the beginning. */
#define VALUE_BYTES 256

void wsip_log_init(struct wsip_log *log, enum wsip_log_level level, int fd)
{
	*log = (struct wsip_log){ .level = level ? level : WSIP_LOG_INFO, .fd = fd };
}

bool wsip_log_wants(const struct wsip_log *log, enum wsip_log_level level)
{
	return log && level <= log->level;
}

static struct wsip_log_event *event_slot(struct wsip_log *log, const char *event)
{
	size_t first = ((uintptr_t)event >> 3) % WSIP_LOG_EVENTS;

	for (size_t i = 0; i < WSIP_LOG_EVENTS; i++) {
		struct wsip_log_event *slot = &log->events[(first + i) % WSIP_LOG_EVENTS];

		if (!slot->event)
			slot->event = event;
		if (slot->event == event)
			return slot;
	}
	return &log->events[first]; /* more events than slots: they share a budget */
}

static bool within_budget(struct wsip_log_event *slot, int64_t second)
{
	if (slot->second != second) {
		slot->second = second;
		slot->written = 0;
	}
	if (slot->written >= WSIP_LOG_LINES_PER_SECOND) {
		slot->suppressed++;
		return false;
	}
	slot->written++;
	return true;
}

static void append(struct wsip_log_line *line, const char *bytes, size_t size)
{
	if (line->used + size > sizeof(line->text) - TAIL_BYTES)
		return;
	memcpy(line->text + line->used, bytes, size);
	line->used += size;
}

static void append_time(struct wsip_log_line *line, const struct timespec *now)
{
	char text[40];
	struct tm utc;
	size_t size;

	gmtime_r(&now->tv_sec, &utc);
	size = strftime(text, sizeof(text), "ts=%Y-%m-%dT%H:%M:%S", &utc);
	size += (size_t)snprintf(text + size, sizeof(text) - size, ".%03ldZ",
		now->tv_nsec / 1000000);
	append(line, text, size);
}

void wsip_log_begin(struct wsip_log_line *line, struct wsip_log *log, enum wsip_log_level level,
	const char *event)
{
	struct wsip_log_event *slot;
	struct timespec now;

	line->log = NULL;
	line->used = 0;
	if (!wsip_log_wants(log, level))
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	slot = event_slot(log, event);
	if (level <= WSIP_LOG_WARN && !within_budget(slot, now.tv_sec))
		return;
	line->log = log;
	append_time(line, &now);
	wsip_log_text(line, "level", level_names[level]);
	wsip_log_text(line, "event", event);
	if (slot->suppressed) {
		wsip_log_number(line, "suppressed", slot->suppressed);
		slot->suppressed = 0;
	}
}

static bool is_plain(struct wsip_span value)
{
	for (size_t i = 0; i < value.size; i++) {
		unsigned char c = (unsigned char)value.data[i];

		if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=')
			return false;
	}
	return value.size > 0;
}

static void append_escaped(struct wsip_log_line *line, struct wsip_span value)
{
	for (size_t i = 0; i < value.size; i++) {
		unsigned char c = (unsigned char)value.data[i];
		char text[8] = { (char)c };
		size_t size = 1;

		if (c == '"' || c == '\\')
			size = (size_t)snprintf(text, sizeof(text), "\\%c", c);
		else if (c < ' ' || c >= 0x7f)
			size = (size_t)snprintf(text, sizeof(text), "\\x%02x", c);
		append(line, text, size);
	}
}

void wsip_log_span(struct wsip_log_line *line, const char *key, struct wsip_span value)
{
	if (!line->log)
		return;
	if (value.size > VALUE_BYTES)
		value.size = VALUE_BYTES;
	append(line, " ", 1);
	append(line, key, strlen(key));
	append(line, "=", 1);
	if (is_plain(value)) {
		append(line, value.data, value.size);
		return;
	}
	append(line, "\"", 1);
	append_escaped(line, value);
	append(line, "\"", 1);
}

void wsip_log_text(struct wsip_log_line *line, const char *key, const char *value)
{
	wsip_log_span(line, key, wsip_span_of(value));
}

void wsip_log_number(struct wsip_log_line *line, const char *key, int64_t value)
{
	char text[24];

	if (!line->log)
		return;
	snprintf(text, sizeof(text), "%" PRId64, value);
	wsip_log_text(line, key, text);
}

void wsip_log_addr(struct wsip_log_line *line, const char *key, const struct wsip_addr *value)
{
	char text[WSIP_ADDR_TEXT_BYTES];

	if (!line->log)
		return;
	wsip_addr_text(value, text);
	wsip_log_text(line, key, text);
}

void wsip_log_end(struct wsip_log_line *line)
{
	struct wsip_log *log = line->log;
	ssize_t written;

	if (!log)
		return;
	line->text[line->used++] = '\n';
	if (log->sink) {
		log->sink(log->user, line->text, line->used);
		return;
	}
	/* One write a line, so lines of several workers do not mix; a log that cannot be written
	 * must not stop a proxy. */
	written = write(log->fd, line->text, line->used);
	(void)written;
}

enum wsip_err wsip_log_level_parse(struct wsip_span text, enum wsip_log_level *level)
{
	for (int i = WSIP_LOG_ERROR; i <= WSIP_LOG_DEBUG; i++) {
		if (wsip_span_is_nocase(text, level_names[i])) {
			*level = (enum wsip_log_level)i;
			return WSIP_OK;
		}
	}
	return WSIP_ERR_NOT_FOUND;
}
