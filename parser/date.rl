/* SPDX-License-Identifier: MIT
 * Date value -> struct wsip_date (RFC 3261 20.17, 25.1: SIP-date, always GMT).
 */
#include <wiresip/date.h>

%%{
	machine wsip_date;
	include sip_basic "grammar/basic.rl";

	action day { date->day = date->day * 10 + ( *p - '0' ); }
	action year { date->year = date->year * 10 + ( *p - '0' ); }
	action hour { date->hour = date->hour * 10 + ( *p - '0' ); }
	action minute { date->minute = date->minute * 10 + ( *p - '0' ); }
	action second { date->second = date->second * 10 + ( *p - '0' ); }

	wkday = "Mon"i | "Tue"i | "Wed"i | "Thu"i | "Fri"i | "Sat"i | "Sun"i;
	month =
		"Jan"i @{ date->month = 1; } | "Feb"i @{ date->month = 2; } |
		"Mar"i @{ date->month = 3; } | "Apr"i @{ date->month = 4; } |
		"May"i @{ date->month = 5; } | "Jun"i @{ date->month = 6; } |
		"Jul"i @{ date->month = 7; } | "Aug"i @{ date->month = 8; } |
		"Sep"i @{ date->month = 9; } | "Oct"i @{ date->month = 10; } |
		"Nov"i @{ date->month = 11; } | "Dec"i @{ date->month = 12; };
	date1 = digit{2} $day " " month " " digit{4} $year;
	time = digit{2} $hour ":" digit{2} $minute ":" digit{2} $second;

	main := SWS wkday "," " " date1 " " time " " "GMT"i SWS;

	write data noerror noentry;
}%%

/* Days from 1970-01-01 in the Gregorian calendar: years are taken to start in March, so that the day
 * that is there every fourth year is the last of them. */
static int64_t days_of(const struct wsip_date *date)
{
	int year = date->month <= 2 ? date->year - 1 : date->year;
	int month = (date->month + 9) % 12;
	int era_years = year % 400;
	int day_of_year = (153 * month + 2) / 5 + date->day - 1;
	int day_of_era = era_years * 365 + era_years / 4 - era_years / 100 + day_of_year;

	return (int64_t)(year / 400) * 146097 + day_of_era - 719468;
}

static bool exists(const struct wsip_date *date)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = date->year % 4 == 0 && (date->year % 100 != 0 || date->year % 400 == 0);

	/* 60: a leap second. */
	return date->year >= 1 && date->day >= 1 &&
	       date->day <= days[date->month - 1] + (leap && date->month == 2) &&
	       date->hour <= 23 && date->minute <= 59 && date->second <= 60;
}

enum wsip_err wsip_date_parse(struct wsip_span value, struct wsip_date *date)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	int cs;

	*date = (struct wsip_date){ 0 };
	%% write init;
	%% write exec;
	if (cs < wsip_date_first_final || !exists(date))
		return WSIP_ERR_SYNTAX;
	date->unix_s = days_of(date) * 86400 + date->hour * 3600 + date->minute * 60 + date->second;
	return WSIP_OK;
}
