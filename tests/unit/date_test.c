/* SPDX-License-Identifier: MIT
 * Date (RFC 3261 20.17): each row is a date and the seconds that it is away from 1970, or one that
 * does not exist.
 */
#include <wiresip/date.h>

#include "tests/unit/value.h"

static const struct {
	const char *text;
	struct wsip_date date;
} accepted[] = {
	{ "Thu, 01 Jan 1970 00:00:00 GMT", { 1970, 1, 1, 0, 0, 0, 0 } },
	{ "Wed, 31 Dec 1969 23:59:59 GMT", { 1969, 12, 31, 23, 59, 59, -1 } },
	/* RFC 3261 20.17 */
	{ "Sat, 13 Nov 2010 23:29:00 GMT", { 2010, 11, 13, 23, 29, 0, 1289690940 } },
	{ "Mon, 28 Feb 2000 23:59:59 GMT", { 2000, 2, 28, 23, 59, 59, 951782399 } },
	{ "Tue, 29 Feb 2000 00:00:00 GMT", { 2000, 2, 29, 0, 0, 0, 951782400 } },
	{ "Wed, 01 Mar 2000 00:00:00 GMT", { 2000, 3, 1, 0, 0, 0, 951868800 } },
	{ "Thu, 29 Feb 2024 12:00:00 GMT", { 2024, 2, 29, 12, 0, 0, 1709208000 } },
	{ "Sun, 28 Feb 2100 00:00:00 GMT", { 2100, 2, 28, 0, 0, 0, 4107456000 } },
	{ "Mon, 01 Mar 2100 00:00:00 GMT", { 2100, 3, 1, 0, 0, 0, 4107542400 } },
	{ "Tue, 19 Jan 2038 03:14:07 GMT", { 2038, 1, 19, 3, 14, 7, 2147483647 } },
	{ "Tue, 19 Jan 2038 03:14:08 GMT", { 2038, 1, 19, 3, 14, 8, 2147483648 } },
	{ "Sun, 07 Feb 2106 06:28:16 GMT", { 2106, 2, 7, 6, 28, 16, 4294967296 } },
	{ "Fri, 31 Dec 9999 23:59:59 GMT", { 9999, 12, 31, 23, 59, 59, 253402300799 } },
	{ "Mon, 01 Jan 1900 00:00:00 GMT", { 1900, 1, 1, 0, 0, 0, -2208988800 } },
	{ "Mon, 01 Jan 0001 00:00:00 GMT", { 1, 1, 1, 0, 0, 0, -62135596800 } },
	/* A leap second, and what stands for it. */
	{ "Sat, 31 Dec 2016 23:59:60 GMT", { 2016, 12, 31, 23, 59, 60, 1483228800 } },
	{ " sAT, 13 nOV 2010 23:29:00 gmt\t", { 2010, 11, 13, 23, 29, 0, 1289690940 } },
	/* Whether the day of the week fits is not asked. */
	{ "Mon, 13 Nov 2010 23:29:00 GMT", { 2010, 11, 13, 23, 29, 0, 1289690940 } },
};

static void expect_date(const char *text, const struct wsip_date *expected)
{
	struct wsip_span span = exact_span(text, strlen(text));
	struct wsip_date date;

	cr_expect(wsip_date_parse(span, &date) == WSIP_OK, "%s", text);
	cr_expect(date.year == expected->year && date.month == expected->month &&
			  date.day == expected->day,
		"%s: %d-%d-%d", text, date.year, date.month, date.day);
	cr_expect(date.hour == expected->hour && date.minute == expected->minute &&
			  date.second == expected->second,
		"%s: %d:%d:%d", text, date.hour, date.minute, date.second);
	cr_expect(date.unix_s == expected->unix_s, "%s: %lld", text, (long long)date.unix_s);
	exact_span_free(span);
}

Test(date, each_part_and_the_seconds_since_1970_are_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++)
		expect_date(accepted[i].text, &accepted[i].date);
}

static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
	"Oct", "Nov", "Dec" };

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Counted one by one: each day is 86400 seconds behind the one before it. */
Test(date, every_day_of_four_hundred_years_follows_the_one_before)
{
	int64_t day_count = 0;

	for (int year = 1970; year < 2370; year++) {
		for (int month = 1; month <= 12; month++) {
			for (int day = 1; day <= days_in(year, month); day++) {
				struct wsip_date date = { 0 };
				char text[64];

				snprintf(text, sizeof(text), "%s, %02d %s %04d 01:02:03 GMT",
					weekdays[(day_count + 4) % 7], day, months[month - 1],
					year);
				cr_assert(wsip_date_parse(wsip_span_of(text), &date) == WSIP_OK,
					"%s", text);
				cr_assert(date.month == month && date.day == day, "%s", text);
				cr_assert(date.unix_s == day_count * 86400 + 3723, "%s", text);
				day_count++;
			}
		}
	}
	cr_expect(day_count == 146097);
}

Test(date, the_day_behind_the_last_of_each_month_does_not_exist)
{
	static const int years[] = { 1900, 1999, 2000, 2023, 2024, 2100, 2400, 9999 };

	for (size_t i = 0; i < ROWS(years); i++) {
		for (int month = 1; month <= 12; month++) {
			struct wsip_date date;
			char text[64];

			snprintf(text, sizeof(text), "Mon, %02d %s %04d 00:00:00 GMT",
				days_in(years[i], month), months[month - 1], years[i]);
			cr_expect(wsip_date_parse(wsip_span_of(text), &date) == WSIP_OK, "%s",
				text);
			snprintf(text, sizeof(text), "Mon, %02d %s %04d 00:00:00 GMT",
				days_in(years[i], month) + 1, months[month - 1], years[i]);
			cr_expect(wsip_date_parse(wsip_span_of(text), &date) == WSIP_ERR_SYNTAX,
				"%s", text);
		}
	}
}

static const char *const refused[] = {
	"",
	"Sat",
	"Sat, 00 Nov 2010 23:29:00 GMT",
	"Sat, 31 Nov 2010 23:29:00 GMT",
	"Sat, 32 Dec 2010 23:29:00 GMT",
	"Mon, 29 Feb 2100 00:00:00 GMT",
	"Mon, 29 Feb 1900 00:00:00 GMT",
	"Mon, 29 Feb 2023 00:00:00 GMT",
	"Mon, 30 Feb 2000 00:00:00 GMT",
	"Sat, 13 Nov 0000 23:29:00 GMT",
	"Sat, 13 Nov 2010 24:00:00 GMT",
	"Sat, 13 Nov 2010 23:60:00 GMT",
	"Sat, 13 Nov 2010 23:29:61 GMT",
	/* RFC 3261 20.17: only GMT. */
	"Sat, 13 Nov 2010 23:29:00 UTC",
	"Sat, 13 Nov 2010 23:29:00 EST",
	"Sat, 13 Nov 2010 23:29:00 Z",
	"Sat, 13 Nov 2010 23:29:00 +0000",
	"Sat, 13 Nov 2010 23:29:00 GMT+1",
	"Sat, 13 Nov 2010 23:29:00",
	"Sat, 13 Nov 2010 23:29:00 ",
	"Sat, 13 Nov 2010 23:29 GMT",
	"Sat, 13 Nov 10 23:29:00 GMT",
	"Sat, 13 Nov 12010 23:29:00 GMT",
	"Sat, 3 Nov 2010 23:29:00 GMT",
	"Sat, 13 Nov 2010 3:29:00 GMT",
	"Sat, 13 November 2010 23:29:00 GMT",
	"Sat, 13 Nuv 2010 23:29:00 GMT",
	"Sat, 13 11 2010 23:29:00 GMT",
	"Saturday, 13-Nov-10 23:29:00 GMT",
	"Sat Nov 13 23:29:00 2010",
	"Sat 13 Nov 2010 23:29:00 GMT",
	"Sat,13 Nov 2010 23:29:00 GMT",
	"Sot, 13 Nov 2010 23:29:00 GMT",
	"13 Nov 2010 23:29:00 GMT",
	"Sat, 13 Nov -010 23:29:00 GMT",
	"Sat, 13 Nov 2010 23:29:00 GMT x",
	"Sat, 13 Nov 2010 23:29:00 GMT\r\nX: y",
	"2010-11-13T23:29:00Z",
	"1289690940",
};

Test(date, what_does_not_follow_the_grammar_or_exist_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_date date;

		cr_expect(wsip_date_parse(span, &date) == WSIP_ERR_SYNTAX, "%s", refused[i]);
		exact_span_free(span);
	}
}

static void read(struct wsip_span value)
{
	struct wsip_date date;

	if (wsip_date_parse(value, &date) != WSIP_OK)
		return;
	cr_expect(date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12);
	cr_expect(date.day >= 1 && date.day <= days_in(date.year, date.month));
}

Test(date, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
