/* SPDX-License-Identifier: MIT
 * Reading a message: headers by id and name in any spelling, values of lists over several fields,
 * typed values, and numbers that do not wrap.
 */
#include "tests/unit/exact.h"

#include <stdio.h>

static struct wsip_buf_pool pool;
static struct wsip_buf *buf;
static struct wsip_msg msg;

static void parse(const char *headers)
{
	char text[4000];

	snprintf(text, sizeof(text), "OPTIONS sip:h SIP/2.0\r\n%s\r\n", headers);
	buf = exact_buf(&pool, text, strlen(text));
	cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK);
}

static void done(void)
{
	wsip_msg_finish(&msg);
	if (buf)
		exact_buf_free(buf);
	buf = NULL;
}

static void start(void)
{
	wsip_buf_pool_init(&pool);
}

static void stop(void)
{
	done();
	wsip_buf_pool_finish(&pool);
}

TestSuite(msg, .init = start, .fini = stop);

Test(msg, a_header_is_found_in_every_spelling)
{
	static const char *const spellings[] = { "Call-ID: x", "call-id: x", "CALL-ID : x", "i: x",
		"I\t:x", "Call-ID:\r\n x" };
	struct wsip_span value;

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		char headers[100];

		snprintf(headers, sizeof(headers), "%s\r\n", spellings[i]);
		parse(headers);
		cr_expect(wsip_msg_header(&msg, WSIP_CALL_ID, &value) && wsip_span_is(value, "x"));
		cr_expect(wsip_msg_header_named(&msg, "cAll-Id", &value));
		cr_expect(wsip_msg_header_named(&msg, "i", &value) && wsip_span_is(value, "x"));
		cr_expect(wsip_span_is(wsip_msg_call_id(&msg), "x"), "%s", spellings[i]);
		done();
	}
}

Test(msg, the_first_of_several_is_found_and_an_unknown_one_by_its_name)
{
	struct wsip_span value;

	parse("X-A: 1\r\nX-B: 2\r\nx-a: 3\r\nSubject: s1\r\ns: s2\r\n");
	cr_expect(wsip_msg_header_named(&msg, "X-a", &value) && wsip_span_is(value, "1"));
	cr_expect(wsip_msg_header_named(&msg, "x-B", &value) && wsip_span_is(value, "2"));
	cr_expect(wsip_msg_header(&msg, WSIP_SUBJECT, &value) && wsip_span_is(value, "s1"));
	cr_expect(!wsip_msg_header_named(&msg, "X-", &value));
	cr_expect(!wsip_msg_header_named(&msg, "X-A:", &value));
	cr_expect(!wsip_msg_header(&msg, WSIP_TO, &value));
}

/* RFC 3261 7.3.1: one field with commas is the same as several fields. */
Test(msg, values_go_over_all_fields_in_order)
{
	static const char *const expected[] = { "<sip:a>", "\"x, y\" <sip:b>;p=1", "<sip:c>",
		"<sip:d>" };
	struct wsip_values values;
	struct wsip_span value;

	parse("Contact: <sip:a> , \"x, y\" <sip:b>;p=1\r\nTo: <sip:t>\r\nm: <sip:c>\r\n"
	      "CONTACT :\r\n <sip:d>\r\n");
	values = wsip_msg_values(&msg, WSIP_CONTACT);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		cr_assert(wsip_values_next(&values, &value) == WSIP_OK);
		cr_expect(wsip_span_is(value, expected[i]), "%s", expected[i]);
	}
	cr_expect(wsip_values_next(&values, &value) == WSIP_ERR_NOT_FOUND);
	values = wsip_msg_values(&msg, WSIP_ROUTE);
	cr_expect(wsip_values_next(&values, &value) == WSIP_ERR_NOT_FOUND);
}

Test(msg, a_list_that_cannot_be_split_is_a_syntax_error_and_not_an_end)
{
	struct wsip_values values;
	struct wsip_span value;

	parse("Route: <sip:a>,,<sip:b>\r\n");
	values = wsip_msg_values(&msg, WSIP_ROUTE);
	cr_expect(wsip_values_next(&values, &value) == WSIP_OK);
	cr_expect(wsip_values_next(&values, &value) == WSIP_ERR_SYNTAX);
}

Test(msg, typed_values_are_those_of_the_first_field)
{
	struct wsip_name_addr party;
	struct wsip_cseq cseq;
	struct wsip_via via;

	parse("v: SIP/2.0/UDP one;branch=1, SIP/2.0/UDP two\r\nVia: SIP/2.0/UDP three\r\n"
	      "f: <sip:a@h>;tag=from\r\nTo: sip:b@h;tag=to\r\nCSeq: 7 OPTIONS\r\n");
	cr_expect(wsip_msg_top_via(&msg, &via) == WSIP_OK && wsip_span_is(via.host, "one"));
	cr_expect(wsip_msg_from(&msg, &party) == WSIP_OK);
	cr_expect(wsip_span_is(party.tag, "from"));
	cr_expect(wsip_msg_to(&msg, &party) == WSIP_OK);
	cr_expect(wsip_span_is(party.tag, "to"));
	cr_expect(wsip_msg_cseq(&msg, &cseq) == WSIP_OK && cseq.number == 7);
}

Test(msg, what_is_absent_is_not_found)
{
	struct wsip_name_addr party;
	struct wsip_cseq cseq;
	struct wsip_via via;
	uint32_t number;

	parse("");
	cr_expect(wsip_msg_header_count(&msg) == 0);
	cr_expect(wsip_msg_top_via(&msg, &via) == WSIP_ERR_NOT_FOUND);
	cr_expect(wsip_msg_from(&msg, &party) == WSIP_ERR_NOT_FOUND);
	cr_expect(wsip_msg_to(&msg, &party) == WSIP_ERR_NOT_FOUND);
	cr_expect(wsip_msg_cseq(&msg, &cseq) == WSIP_ERR_NOT_FOUND);
	cr_expect(wsip_msg_max_forwards(&msg, &number) == WSIP_ERR_NOT_FOUND);
	cr_expect(wsip_msg_expires(&msg, &number) == WSIP_ERR_NOT_FOUND);
	cr_expect(wsip_msg_call_id(&msg).size == 0);
}

static const struct {
	const char *value;
	enum wsip_err max_forwards, expires;
	uint32_t number;
} numbers[] = {
	{ "0", WSIP_OK, WSIP_OK, 0 },
	{ "70", WSIP_OK, WSIP_OK, 70 },
	{ "255", WSIP_OK, WSIP_OK, 255 },
	{ "256", WSIP_ERR_LIMIT, WSIP_OK, 256 },
	{ "4294967295", WSIP_ERR_LIMIT, WSIP_OK, 4294967295u },
	{ "4294967296", WSIP_ERR_LIMIT, WSIP_ERR_LIMIT, 0 },
	{ "18446744073709551616", WSIP_ERR_LIMIT, WSIP_ERR_LIMIT, 0 },
	{ "-1", WSIP_ERR_SYNTAX, WSIP_ERR_SYNTAX, 0 },
	{ "", WSIP_ERR_SYNTAX, WSIP_ERR_SYNTAX, 0 },
	{ "7 0", WSIP_ERR_SYNTAX, WSIP_ERR_SYNTAX, 0 },
	{ "0x10", WSIP_ERR_SYNTAX, WSIP_ERR_SYNTAX, 0 },
	{ "soon", WSIP_ERR_SYNTAX, WSIP_ERR_SYNTAX, 0 },
};

Test(msg, numbers_are_read_within_their_range)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char headers[200];
		uint32_t number = 0;

		snprintf(headers, sizeof(headers), "Max-Forwards: %s\r\nExpires: %s\r\n",
			numbers[i].value, numbers[i].value);
		parse(headers);
		cr_expect(wsip_msg_max_forwards(&msg, &number) == numbers[i].max_forwards, "%s",
			numbers[i].value);
		cr_expect(numbers[i].max_forwards || number == numbers[i].number);
		cr_expect(wsip_msg_expires(&msg, &number) == numbers[i].expires, "%s",
			numbers[i].value);
		cr_expect(numbers[i].expires || number == numbers[i].number);
		done();
	}
}

Test(msg, an_empty_message_can_be_finished_twice)
{
	parse("To: t\r\n");
	wsip_msg_finish(&msg);
	wsip_msg_finish(&msg);
	cr_expect(buf->references == 1);
}
