/* SPDX-License-Identifier: MIT
 * Date (RFC 3261 20.17), always in GMT.
 */
#ifndef WIRESIP_DATE_H
#define WIRESIP_DATE_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_date {
	int year;
	int month;  /* 1 to 12 */
	int day;    /* 1 to 31 */
	int hour;   /* 0 to 23 */
	int minute; /* 0 to 59 */
	int second; /* 0 to 60 */
	int64_t unix_s;
};

/* WSIP_ERR_SYNTAX also for a day or time that does not exist. That the day of the week fits is not
 * checked. */
WSIP_MUST_CHECK enum wsip_err wsip_date_parse(struct wsip_span value, struct wsip_date *date);

#pragma GCC visibility pop
#endif
