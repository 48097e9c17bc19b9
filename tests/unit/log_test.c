/* SPDX-License-Identifier: MIT
 * The log: what a peer sent cannot break out of its line, long values are cut, a flood of one event
 * is held back and counted. The lines go to the test and the second is set by it.
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <wiresip/log.h>

#include "base/limits.h"

static struct wsip_log log_under_test;
static char last[WSIP_LOG_LINE_BYTES + 1];
static int lines;

static void keep(void *user, const char *line, size_t size)
{
	cr_assert(user == &lines);
	cr_assert(size > 0 && size <= WSIP_LOG_LINE_BYTES);
	memcpy(last, line, size);
	last[size] = '\0';
	lines++;
}

static void start(void)
{
	wsip_log_init(&log_under_test, WSIP_LOG_INFO, -1);
	log_under_test.sink = keep;
	log_under_test.user = &lines;
	lines = 0;
	last[0] = '\0';
}

TestSuite(log, .init = start);

/* The line that is written for one value, without its time. */
static const char *line_for(const char *bytes, size_t size)
{
	struct wsip_log_line line;

	start();
	wsip_log_begin(&line, &log_under_test, WSIP_LOG_WARN, "event");
	wsip_log_span(&line, "value", (struct wsip_span){ bytes, size });
	wsip_log_end(&line);
	cr_assert(lines == 1);
	return strchr(last, ' ') + 1;
}

static bool log_event(enum wsip_log_level level, const char *event)
{
	struct wsip_log_line line;
	int before = lines;

	wsip_log_begin(&line, &log_under_test, level, event);
	wsip_log_end(&line);
	return lines > before;
}

Test(log, a_line_has_time_level_event_and_fields_in_order)
{
	struct wsip_addr addr = { .family = WSIP_IPV4, .ip = { 192, 0, 2, 1 }, .port = 5060 };
	struct wsip_log_line line;
	int year, month, day, hour, minute, second, ms;

	wsip_log_begin(&line, &log_under_test, WSIP_LOG_WARN, "message refused");
	wsip_log_addr(&line, "source", &addr);
	wsip_log_number(&line, "status", -400);
	wsip_log_text(&line, "reason", "Bad Via");
	wsip_log_text(&line, "method", "INVITE");
	wsip_log_end(&line);
	cr_expect(sscanf(last, "ts=%d-%d-%dT%d:%d:%d.%3dZ ", &year, &month, &day, &hour, &minute,
			  &second, &ms) == 7,
		"%s", last);
	cr_expect(strcmp(strchr(last, ' '),
			  " level=warn event=\"message refused\" source=192.0.2.1:5060"
			  " status=-400 reason=\"Bad Via\" method=INVITE\n") == 0,
		"%s", last);
}

Test(log, what_a_peer_sent_stays_inside_its_quotes)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *written;
	} rows[] = {
		{ "plain", 5, "plain" },
		{ "", 0, "\"\"" },
		{ "two words", 9, "\"two words\"" },
		{ "a=b", 3, "\"a=b\"" },
		{ "say \"hi\"", 8, "\"say \\\"hi\\\"\"" },
		{ "back\\slash", 10, "\"back\\\\slash\"" },
		{ "x\r\nts=fake", 10, "\"x\\x0d\\x0ats=fake\"" },
		{ "\x1b[31mred", 8, "\"\\x1b[31mred\"" },
		{ "nul\0here", 8, "\"nul\\x00here\"" },
		{ "\x7f\x80\xff", 3, "\"\\x7f\\x80\\xff\"" },
		{ "%n%s%d", 6, "%n%s%d" },
		{ "tab\there", 8, "\"tab\\x09here\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char expected[200];
		const char *got = line_for(rows[i].bytes, rows[i].size);

		snprintf(expected, sizeof(expected), "level=warn event=event value=%s\n",
			rows[i].written);
		cr_expect(strcmp(got, expected) == 0, "row %zu: %s", i, got);
	}
}

Test(log, every_octet_leaves_the_line_one_line_of_printable_characters)
{
	for (int c = 0; c < 256; c++) {
		char bytes[3] = { 'a', (char)c, 'b' };
		const char *got = line_for(bytes, sizeof(bytes));

		for (const char *p = got; *p != '\n'; p++)
			cr_assert(*p >= ' ' && *p <= '~', "octet %d", c);
		cr_assert(strchr(got, '\n')[1] == '\0', "octet %d", c);
	}
}

Test(log, a_long_value_is_cut_and_the_line_still_ends)
{
	static const char octets[] = { 'x', ' ', '\1', '"' };
	char value[5000];

	for (size_t i = 0; i < sizeof(octets); i++) {
		const char *got;

		memset(value, octets[i], sizeof(value));
		got = line_for(value, sizeof(value));
		cr_expect(strlen(got) < WSIP_LOG_LINE_BYTES);
		cr_expect(got[strlen(got) - 1] == '\n');
	}
}

Test(log, a_line_with_too_many_fields_is_cut_and_still_ends)
{
	struct wsip_log_line line;
	char value[200];

	memset(value, 'v', sizeof(value));
	wsip_log_begin(&line, &log_under_test, WSIP_LOG_WARN, "event");
	for (int i = 0; i < 100; i++)
		wsip_log_span(&line, "key", (struct wsip_span){ value, sizeof(value) });
	wsip_log_end(&line);
	cr_expect(lines == 1 && last[strlen(last) - 1] == '\n');
}

Test(log, levels_above_the_one_set_are_not_written)
{
	cr_expect(log_event(WSIP_LOG_ERROR, "a"));
	cr_expect(log_event(WSIP_LOG_INFO, "b"));
	cr_expect(!log_event(WSIP_LOG_DEBUG, "c"));
	cr_expect(!wsip_log_wants(&log_under_test, WSIP_LOG_DEBUG));
	cr_expect(!wsip_log_wants(NULL, WSIP_LOG_ERROR));
}

Test(log, no_log_writes_nothing)
{
	struct wsip_addr addr = { 0 };
	struct wsip_log_line line;

	wsip_log_begin(&line, NULL, WSIP_LOG_ERROR, "event");
	wsip_log_text(&line, "key", "value");
	wsip_log_number(&line, "key", 1);
	wsip_log_addr(&line, "key", &addr);
	wsip_log_end(&line);
	cr_expect(lines == 0);
}

static const struct wsip_log_event *budget_of(const char *event)
{
	for (int i = 0; i < WSIP_LOG_EVENTS; i++) {
		if (log_under_test.events[i].event == event)
			return &log_under_test.events[i];
	}
	return NULL;
}

/* Logs 25 times within one second of the real clock: where the second changed on the way, again. */
static const struct wsip_log_event *flood(const char *event)
{
	int64_t first;

	do {
		start();
		log_event(WSIP_LOG_WARN, event);
		first = budget_of(event)->second;
		for (int i = 1; i < 25; i++)
			log_event(WSIP_LOG_WARN, event);
	} while (budget_of(event)->second != first);
	return budget_of(event);
}

Test(log, a_flood_of_one_event_is_held_back_and_counted_in_the_next_line)
{
	static const char event[] = "flood";
	const struct wsip_log_event *budget = flood(event);

	cr_expect(lines == WSIP_LOG_LINES_PER_SECOND, "%d", lines);
	cr_expect(budget->suppressed == 25 - WSIP_LOG_LINES_PER_SECOND);
	((struct wsip_log_event *)budget)->second = 0; /* as if it had been long ago */
	cr_expect(log_event(WSIP_LOG_WARN, event));
	cr_expect(strstr(last, " suppressed=15") != NULL, "%s", last);
	cr_expect(log_event(WSIP_LOG_WARN, event));
	cr_expect(strstr(last, "suppressed") == NULL, "%s", last);
}

Test(log, a_flood_of_one_event_does_not_hold_back_another)
{
	flood("flood");
	cr_expect(log_event(WSIP_LOG_WARN, "another"));
}

Test(log, more_events_than_there_is_room_for_are_still_written)
{
	static char events[WSIP_LOG_EVENTS + 1][16];

	for (int i = 0; i <= WSIP_LOG_EVENTS; i++) {
		snprintf(events[i], sizeof(events[i]), "e%d", i);
		cr_expect(log_event(WSIP_LOG_WARN, events[i]), "%d", i);
	}
}

Test(log, without_a_sink_a_line_is_one_write)
{
	char got[WSIP_LOG_LINE_BYTES + 1] = "";
	int ends[2];
	ssize_t size;

	cr_assert(pipe(ends) == 0);
	wsip_log_init(&log_under_test, WSIP_LOG_INFO, ends[1]);
	log_event(WSIP_LOG_INFO, "started");
	close(ends[1]);
	size = read(ends[0], got, sizeof(got) - 1);
	close(ends[0]);
	cr_assert(size > 0);
	cr_expect(strstr(got, " level=info event=started\n") != NULL, "%s", got);
}

Test(log, a_log_that_cannot_be_written_stops_nobody)
{
	wsip_log_init(&log_under_test, WSIP_LOG_INFO, -1);
	log_event(WSIP_LOG_INFO, "event");
}

Test(log, levels_are_read_in_any_case)
{
	static const char *const names[] = { "error", "WARN", "Info", "debug" };
	enum wsip_log_level level;

	for (int i = 0; i < 4; i++) {
		cr_expect(wsip_log_level_parse(wsip_span_of(names[i]), &level) == WSIP_OK);
		cr_expect(level == (enum wsip_log_level)(WSIP_LOG_ERROR + i));
	}
	cr_expect(wsip_log_level_parse(wsip_span_of("warning"), &level) == WSIP_ERR_NOT_FOUND);
	cr_expect(wsip_log_level_parse(wsip_span_of(""), &level) == WSIP_ERR_NOT_FOUND);
}
