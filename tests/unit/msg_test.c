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

static const struct {
	enum wsip_header_id id;
	uint32_t max;
} bounds[] = {
	{ WSIP_MAX_BREADTH, UINT32_MAX }, { WSIP_MAX_FORWARDS, 255 }, /* RFC 3261 20.22 */
	{ WSIP_EXPIRES, 4294967295u },                                /* RFC 3261 20.19 */
	{ WSIP_MIN_EXPIRES, 4294967295u }, { WSIP_CONTENT_LENGTH, WSIP_MESSAGE_MAX_BYTES },
	{ WSIP_RSEQ, 4294967295u }, /* RFC 3262 7.1 */
};

#define BOUNDS (sizeof(bounds) / sizeof(bounds[0]))

static enum wsip_err number_of(enum wsip_header_id id, const char *value, uint32_t *number)
{
	char headers[200];
	enum wsip_err err;

	snprintf(headers, sizeof(headers), "%s: %s\r\n", wsip_header_name(id), value);
	parse(headers);
	err = wsip_msg_number(&msg, id, number);
	done();
	return err;
}

Test(msg, each_number_has_its_bound)
{
	for (size_t i = 0; i < BOUNDS; i++) {
		const char *name = wsip_header_name(bounds[i].id);
		uint32_t number = 1;
		char value[32];

		cr_expect(number_of(bounds[i].id, "0", &number) == WSIP_OK && number == 0, "%s",
			name);
		snprintf(value, sizeof(value), "%u", bounds[i].max);
		cr_expect(number_of(bounds[i].id, value, &number) == WSIP_OK, "%s", name);
		cr_expect(number == bounds[i].max, "%s", name);
		snprintf(value, sizeof(value), "%llu", (unsigned long long)bounds[i].max + 1);
		cr_expect(number_of(bounds[i].id, value, &number) == WSIP_ERR_LIMIT, "%s", name);
		cr_expect(number_of(bounds[i].id, "18446744073709551616", &number) ==
				  WSIP_ERR_LIMIT,
			"%s", name);
		cr_expect(number_of(bounds[i].id, "-1", &number) == WSIP_ERR_SYNTAX, "%s", name);
		cr_expect(number_of(bounds[i].id, "1;x", &number) == WSIP_ERR_SYNTAX, "%s", name);
		cr_expect(number == bounds[i].max, "%s: what is refused changes nothing", name);
	}
}

static bool has_number(enum wsip_header_id id)
{
	for (size_t i = 0; i < BOUNDS; i++) {
		if (bounds[i].id == id)
			return true;
	}
	return false;
}

Test(msg, a_header_that_is_no_number_has_none)
{
	for (int id = WSIP_HEADER_OTHER + 1; id < WSIP_HEADER_IDS; id++) {
		uint32_t number;

		if (has_number((enum wsip_header_id)id))
			continue;
		cr_expect(number_of((enum wsip_header_id)id, "1", &number) == WSIP_ERR_SYNTAX, "%s",
			wsip_header_name((enum wsip_header_id)id));
	}
	parse("");
	for (int id = WSIP_HEADER_OTHER; id < WSIP_HEADER_IDS; id++) {
		uint32_t number;

		cr_expect(wsip_msg_number(&msg, (enum wsip_header_id)id, &number) ==
				  WSIP_ERR_NOT_FOUND,
			"id %d", id);
	}
}

/* RFC 3261 7.3.1, 20: whose values a comma separates. */
static const enum wsip_header_id lists[] = { WSIP_ACCEPT, WSIP_ALLOW, WSIP_CONTACT, WSIP_DIVERSION,
	WSIP_HISTORY_INFO, WSIP_P_ASSERTED_IDENTITY, WSIP_P_PREFERRED_IDENTITY, WSIP_PATH,
	WSIP_PROXY_REQUIRE, WSIP_REASON, WSIP_RECORD_ROUTE, WSIP_REQUIRE, WSIP_ROUTE,
	WSIP_SERVICE_ROUTE, WSIP_SUPPORTED, WSIP_UNSUPPORTED, WSIP_VIA, WSIP_WARNING };

static bool is_list(enum wsip_header_id id)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (lists[i] == id)
			return true;
	}
	return false;
}

static void expect_values(enum wsip_header_id id, const char *const *expected, size_t count)
{
	struct wsip_values values = wsip_msg_values(&msg, id);
	struct wsip_span value;

	for (size_t i = 0; i < count; i++) {
		cr_assert(wsip_values_next(&values, &value) == WSIP_OK, "id %d", id);
		cr_expect(wsip_span_is(value, expected[i]), "id %d: %.*s", id, (int)value.size,
			value.data);
	}
	cr_expect(wsip_values_next(&values, &value) == WSIP_ERR_NOT_FOUND, "id %d", id);
	cr_expect(wsip_values_next(&values, &value) == WSIP_ERR_NOT_FOUND, "id %d", id);
}

Test(msg, each_header_is_split_at_its_commas_only_if_it_is_a_list)
{
	static const char *const split[] = { "a", "b", "\"c,d\" <e,f>", "g" };
	static const char *const whole[] = { "a, b , \"c,d\" <e,f>", "g" };

	for (int id = WSIP_HEADER_OTHER; id < WSIP_HEADER_IDS; id++) {
		bool listed = is_list((enum wsip_header_id)id);
		const char *name = id ? wsip_header_name((enum wsip_header_id)id) : "X-Own";
		char headers[200];

		snprintf(headers, sizeof(headers), "%s: a, b , \"c,d\" <e,f>\r\n%s:\r\n%s: g\r\n",
			name, name, name);
		parse(headers);
		expect_values((enum wsip_header_id)id, listed ? split : whole, listed ? 4 : 2);
		done();
	}
}

Test(msg, a_date_and_credentials_are_one_value_each)
{
	static const char *const date[] = { "Sat, 13 Nov 2010 23:29:00 GMT" };
	static const char *const credentials[] = { "Digest username=\"a, b\",\r\n realm=\"r\"",
		"Digest username=\"c\"" };

	parse("Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n"
	      "Authorization: Digest username=\"a, b\",\r\n realm=\"r\"\r\n"
	      "Proxy-Authorization: Digest username=\"p\"\r\n"
	      "AUTHORIZATION : Digest username=\"c\"\r\n");
	expect_values(WSIP_DATE, date, 1);
	expect_values(WSIP_AUTHORIZATION, credentials, 2);
}

/* RFC 3261 20.32, 20.37: option tags are tokens, compared without case. */
Test(msg, a_token_is_found_among_those_of_all_fields)
{
	static const enum wsip_header_id ids[] = { WSIP_ALLOW, WSIP_SUPPORTED, WSIP_REQUIRE,
		WSIP_PROXY_REQUIRE, WSIP_UNSUPPORTED };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const char *name = wsip_header_name(ids[i]);
		char headers[200];

		snprintf(headers, sizeof(headers),
			"%s: 100rel,Path ,\r\n outbound\r\n%s:\r\nX: gruu\r\n%s: timer\r\n", name,
			name, name);
		parse(headers);
		cr_expect(wsip_msg_has_token(&msg, ids[i], "100rel"), "%s", name);
		cr_expect(wsip_msg_has_token(&msg, ids[i], "path"), "%s", name);
		cr_expect(wsip_msg_has_token(&msg, ids[i], "OUTBOUND"), "%s", name);
		cr_expect(wsip_msg_has_token(&msg, ids[i], "timer"), "%s", name);
		cr_expect(!wsip_msg_has_token(&msg, ids[i], "gruu"), "%s", name);
		cr_expect(!wsip_msg_has_token(&msg, ids[i], "pat"), "%s", name);
		cr_expect(!wsip_msg_has_token(&msg, ids[i], "paths"), "%s", name);
		cr_expect(!wsip_msg_has_token(&msg, ids[i], "100rel,Path"), "%s", name);
		cr_expect(!wsip_msg_has_token(&msg, ids[i], ""), "%s", name);
		done();
	}
	parse("Supported:\r\n");
	cr_expect(!wsip_msg_has_token(&msg, WSIP_SUPPORTED, "100rel"));
	cr_expect(!wsip_msg_has_token(&msg, WSIP_REQUIRE, "100rel"));
}

Test(msg, each_id_finds_its_header_and_no_other)
{
	cr_expect((int)WSIP_HEADER_IDS == (int)WSIP_WWW_AUTHENTICATE + 1);
	for (int id = WSIP_HEADER_OTHER + 1; id < WSIP_HEADER_IDS; id++) {
		struct wsip_span value;
		char headers[100];

		snprintf(headers, sizeof(headers), "%s: x\r\n",
			wsip_header_name((enum wsip_header_id)id));
		parse(headers);
		for (int other = WSIP_HEADER_OTHER; other < WSIP_HEADER_IDS; other++)
			cr_expect(wsip_msg_header(&msg, (enum wsip_header_id)other, &value) ==
					  (other == id),
				"%d %d", id, other);
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
