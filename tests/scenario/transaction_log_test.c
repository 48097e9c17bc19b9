/* SPDX-License-Identifier: MIT
 * Every log line about a transaction names its Call-ID and its branch; at the default level a call
 * that goes well writes nothing.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

static unsigned int lines;

static void look(void *user, const char *line, size_t size)
{
	char text[WSIP_LOG_LINE_BYTES + 1] = { 0 };

	(void)user;
	memcpy(text, line, size);
	lines++;
	cr_expect_not_null(strstr(text, " call_id=call-1"), "%s", text);
	cr_expect_not_null(strstr(text, " branch=z9hG4bK"), "%s", text);
}

static unsigned int lines_of_a_call(enum wsip_log_level level, unsigned int status)
{
	struct wire *wire = wire_open();
	struct wsip_log log;

	wsip_log_init(&log, level, -1);
	log.sink = look;
	wire->core.options.log = wire->core.tx.log = &log;
	lines = 0;
	wire_reply(wire, wire_invite(wire), status);
	wire_close(wire);
	return lines;
}

Test(transaction_log, every_line_has_call_id_and_branch)
{
	cr_expect_gt(lines_of_a_call(WSIP_LOG_DEBUG, 200), 4);
	cr_expect_gt(lines_of_a_call(WSIP_LOG_DEBUG, 486), 4);
}

Test(transaction_log, nothing_is_said_of_a_call_at_the_default_level)
{
	cr_expect_eq(lines_of_a_call(WSIP_LOG_DEFAULT, 200), 0);
}
