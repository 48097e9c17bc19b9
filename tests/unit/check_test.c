/* SPDX-License-Identifier: MIT
 * What every element needs of a message (RFC 3261 16.3, 8.1.1): each row changes one thing of a
 * good request or response and says the answer.
 */
#include "tests/unit/exact.h"

#include <stdio.h>

static struct wsip_buf_pool pool;

static void start(void)
{
	wsip_buf_pool_init(&pool);
}

static void stop(void)
{
	wsip_buf_pool_finish(&pool);
}

TestSuite(check, .init = start, .fini = stop);

static unsigned int status_of(const char *text, size_t size)
{
	struct wsip_buf *buf = exact_buf(&pool, text, size);
	struct wsip_problem problem;
	struct wsip_msg msg;

	cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK, "%s", text);
	problem = wsip_msg_check(&msg);
	cr_expect((problem.status == 0) == (problem.reason == NULL), "%s", text);
	wsip_msg_finish(&msg);
	exact_buf_free(buf);
	return problem.status;
}

#define REQUEST  "INVITE sip:b@h SIP/2.0"
#define RESPONSE "SIP/2.0 200 OK"
#define VIA      "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
#define MAX      "Max-Forwards: 70\r\n"
#define FROM     "From: <sip:a@h>;tag=1\r\n"
#define TO       "To: <sip:b@h>\r\n"
#define CALL_ID  "Call-ID: c@h\r\n"
#define CSEQ     "CSeq: 1 INVITE\r\n"
#define REST     MAX FROM TO CALL_ID CSEQ
#define GOOD     VIA REST

struct row {
	const char *start;
	const char *headers;
	unsigned int status;
};

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char text[8192];
		unsigned int status;
		int size = snprintf(text, sizeof(text), "%s\r\n%s\r\n", rows[i].start,
			rows[i].headers);

		status = status_of(text, (size_t)size);
		cr_expect(status == rows[i].status, "row %zu: %u instead of %u:\n%s", i, status,
			rows[i].status, text);
	}
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

Test(check, start_lines)
{
	static const struct row rows[] = {
		{ REQUEST, GOOD, 0 },
		{ "INVITE sip:b@h sip/2.0", GOOD, 0 },
		{ "INVITE tel:+1 SIP/2.0", GOOD, 0 },
		{ "INVITE sip:b@h SIP/1.0", GOOD, 505 },
		{ "INVITE sip:b@h SIP/2.1", GOOD, 505 },
		{ "INVITE sip:b@h SIP/7.0", GOOD, 505 },
		{ "INVITE sip:b@h SIP/02.0", GOOD, 505 },
		{ "INVITE sip:b@h SIP/a.0", GOOD, 400 },
		{ "INVITE sip: SIP/2.0", GOOD, 400 },
		{ "INVITE <sip:b@h> SIP/2.0", GOOD, 400 },
		{ "INVITE sip:b@h:0 SIP/2.0", GOOD, 400 },
		{ "INVITE sip:b@h; lr SIP/2.0", GOOD, 400 },
		{ RESPONSE, GOOD, 0 },
		{ "SIP/2.0 100 ", GOOD, 0 },
		{ "SIP/2.0 699 x", GOOD, 0 },
		{ "SIP/2.0 700 x", GOOD, 400 },
		{ "SIP/2.0 099 x", GOOD, 400 },
		{ "SIP/2.0 000 x", GOOD, 400 },
		{ "SIP/3.0 200 OK", GOOD, 505 },
	};

	CHECK(rows);
}

Test(check, a_mandatory_header_that_is_missing)
{
	static const struct row rows[] = {
		{ REQUEST, REST, 400 },
		{ REQUEST, VIA MAX TO CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX FROM CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX FROM TO CSEQ, 400 },
		{ REQUEST, VIA MAX FROM TO CALL_ID, 400 },
		{ REQUEST, VIA FROM TO CALL_ID CSEQ, 0 }, /* RFC 3261 16.6: the proxy adds it */
		{ REQUEST, "", 400 },
		{ RESPONSE, REST, 400 },
		{ RESPONSE, VIA TO CALL_ID CSEQ, 400 },
	};

	CHECK(rows);
}

/* RFC 3261 7.3.1: two elements may read two different ones. */
Test(check, a_single_header_that_is_repeated_in_any_spelling)
{
	static const struct row rows[] = {
		{ REQUEST, GOOD FROM, 400 },
		{ REQUEST, GOOD "f: <sip:x@h>;tag=2\r\n", 400 },
		{ REQUEST, GOOD TO, 400 },
		{ REQUEST, GOOD "T : <sip:x@h>\r\n", 400 },
		{ REQUEST, GOOD CALL_ID, 400 },
		{ REQUEST, GOOD "i:c@h\r\n", 400 },
		{ REQUEST, GOOD CSEQ, 400 },
		{ REQUEST, GOOD "cseq: 1 INVITE\r\n", 400 },
		{ REQUEST, GOOD MAX, 400 },
		{ REQUEST, GOOD "c: a/b\r\nContent-Type: a/b\r\n", 400 },
		{ REQUEST, GOOD "Expires: 1\r\nexpires: 1\r\n", 400 },
		{ REQUEST, GOOD VIA VIA "Contact: <sip:a>\r\nContact: <sip:b>\r\n", 0 },
		{ RESPONSE, GOOD TO, 400 },
	};

	CHECK(rows);
}

Test(check, via)
{
	static const struct row rows[] = {
		{ REQUEST, "v: SIP/2.0/UDP h, SIP/2.0/UDP i\r\n" REST, 0 },
		{ REQUEST, "Via: SIP/2.0/UDP h;branch=z9hG4bK\r\n" REST, 0 },
		{ REQUEST, "Via:\r\n" REST, 400 },
		{ REQUEST, "Via: SIP/2.0/UDP :]\r\n" REST, 400 },
		{ REQUEST, "Via: SIP/2.0/UDP h;;,;,,\r\n" REST, 400 },
		{ REQUEST, "Via: SIP/2.0/UDP h;branch=\r\n" REST, 400 },
		{ REQUEST, "Via: SIP/2.0/UDP h:65536\r\n" REST, 400 },
		{ REQUEST, VIA "Via: x\r\n" REST, 400 },
		{ REQUEST, "Via: SIP/2.0/UDP h,\r\n" REST, 400 },
		{ REQUEST, "Via: SIP/2.0/UDP h, x\r\n" REST, 400 },
	};

	CHECK(rows);
}

/* RFC 3261 25.1: Via, Route and Record-Route have at least one value. A field without one would be
 * passed over by who reads the values and not by who removes the first. */
Test(check, a_list_header_without_a_value)
{
	static const struct row rows[] = {
		{ REQUEST, "Via:\r\n" VIA REST, 400 },
		{ REQUEST, VIA "v: \r\n" REST, 400 },
		{ REQUEST, GOOD "Route:\r\nRoute: <sip:p;lr>\r\n", 400 },
		{ REQUEST, GOOD "Record-Route:\r\n", 400 },
	};

	CHECK(rows);
}

Test(check, parties_and_call_id)
{
	static const struct row rows[] = {
		{ REQUEST, VIA MAX "From: sip:a@h\r\n" TO CALL_ID CSEQ, 0 }, /* RFC 2543 */
		{ REQUEST, VIA MAX "From: <sip:a@h>;tag=\r\n" TO CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX "From: <sip:a@h>;tag=1;TAG=1\r\n" TO CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX "From: <sip:a@h>;tag=\"1\"\r\n" TO CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX "From: <sip:a@h>;tag=1;x=\";tag=2\"\r\n" TO CALL_ID CSEQ, 0 },
		{ REQUEST, VIA MAX FROM "To: <sip:b@h>;tag\r\n" CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX "From:\r\n" TO CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX "From: \"open <sip:a@h>\r\n" TO CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX "From: <sip:a@h>, <sip:b@h>\r\n" TO CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX FROM "To: <sip:b@h>;tag=\r\n" CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX FROM "To: nobody\r\n" CALL_ID CSEQ, 400 },
		{ REQUEST, VIA MAX FROM "To: <tel:+1>\r\n" CALL_ID CSEQ, 0 },
		{ REQUEST, VIA MAX FROM TO "Call-ID:\r\n" CSEQ, 400 },
		{ REQUEST, VIA MAX FROM TO "Call-ID: a b\r\n" CSEQ, 400 },
		{ REQUEST, VIA MAX FROM TO "Call-ID: a\tb\r\n" CSEQ, 400 },
		{ REQUEST, VIA MAX FROM TO "Call-ID: a\r\n b\r\n" CSEQ, 400 },
		{ REQUEST, VIA MAX FROM TO "Call-ID: a\x7f\r\n" CSEQ, 400 },
		{ REQUEST, VIA MAX FROM TO "Call-ID: a\x1b[m\r\n" CSEQ, 400 },
		{ REQUEST, VIA MAX FROM TO "Call-ID: (<a>)\"[{?}]/@x\r\n" CSEQ, 0 },
	};

	CHECK(rows);
}

Test(check, cseq)
{
	static const struct row rows[] = {
		{ REQUEST, VIA MAX FROM TO CALL_ID "CSeq: 2147483647 INVITE\r\n", 0 },
		{ REQUEST, VIA MAX FROM TO CALL_ID "CSeq: 2147483648 INVITE\r\n", 400 },
		{ REQUEST, VIA MAX FROM TO CALL_ID "CSeq: 4294967297 INVITE\r\n", 400 },
		{ REQUEST, VIA MAX FROM TO CALL_ID "CSeq: 1\r\n", 400 },
		{ REQUEST, VIA MAX FROM TO CALL_ID "CSeq: 1 ACK\r\n", 400 },
		{ REQUEST, VIA MAX FROM TO CALL_ID "CSeq: 1 invite\r\n", 400 },
		{ "INVITES sip:b@h SIP/2.0", VIA MAX FROM TO CALL_ID CSEQ, 400 },
		{ "INVIT sip:b@h SIP/2.0", VIA MAX FROM TO CALL_ID CSEQ, 400 },
		{ "NEW sip:b@h SIP/2.0", VIA MAX FROM TO CALL_ID "CSeq: 1 NEW\r\n", 0 },
		{ RESPONSE, VIA FROM TO CALL_ID "CSeq: 1 BYE\r\n", 0 },
		{ RESPONSE, VIA FROM TO CALL_ID "CSeq: 4294967301 BYE\r\n", 400 },
	};

	CHECK(rows);
}

Test(check, max_forwards)
{
	static const struct row rows[] = {
		{ REQUEST, VIA FROM TO CALL_ID CSEQ "Max-Forwards: 0\r\n", 0 },
		{ REQUEST, VIA FROM TO CALL_ID CSEQ "Max-Forwards: 255\r\n", 0 },
		{ REQUEST, VIA FROM TO CALL_ID CSEQ "Max-Forwards: 256\r\n", 400 },
		{ REQUEST, VIA FROM TO CALL_ID CSEQ "Max-Forwards: 4294967296\r\n", 400 },
		{ REQUEST, VIA FROM TO CALL_ID CSEQ "Max-Forwards: -1\r\n", 400 },
		{ REQUEST, VIA FROM TO CALL_ID CSEQ "Max-Forwards:\r\n", 400 },
	};

	CHECK(rows);
}

Test(check, routes)
{
	static const struct row rows[] = {
		{ REQUEST, GOOD "Route: <sip:p;lr>,<sip:q>;x=1\r\nRecord-Route: <sip:r;lr>\r\n",
			0 },
		{ REQUEST, GOOD "Route: <sip:p;lr>,,<sip:q>\r\n", 400 },
		{ REQUEST, GOOD "Route: <sip:p;lr\r\n", 400 },
		{ REQUEST, GOOD "Route: p\r\n", 400 },
		{ REQUEST, GOOD "Record-Route: <sip:r;lr>,\r\n", 400 },
		{ REQUEST, GOOD "Record-Route: r\r\n", 400 },
		{ RESPONSE, GOOD "Record-Route: \"\r\n", 400 },
	};

	CHECK(rows);
}

/* The rows have no body: a length of 0 fits, 1 does not. RFC 3261 25.1: 1*DIGIT. */
Test(check, content_length)
{
	static const struct row rows[] = {
		{ REQUEST, GOOD "Content-Length: 0\r\n", 0 },
		{ REQUEST, GOOD "Content-Length: 000\r\nl: 0\r\n", 0 },
		{ REQUEST, GOOD "Content-Length: 1\r\n", 400 },
		{ REQUEST, GOOD "Content-Length: 0\r\nl: 1\r\n", 400 },
		{ REQUEST, GOOD "l: 1\r\nContent-Length: 0\r\n", 400 },
		{ REQUEST, GOOD "l: -1\r\n", 400 },
		{ REQUEST, GOOD "l: +0\r\n", 400 },
		{ REQUEST, GOOD "l: 0 0\r\n", 400 },
		{ REQUEST, GOOD "l: 0x0\r\n", 400 },
		{ REQUEST, GOOD "l: 65536\r\n", 400 },
		{ REQUEST, GOOD "l: 2147483647\r\n", 400 },
		{ REQUEST, GOOD "l: 4294967296\r\n", 400 },
		{ REQUEST, GOOD "l: 18446744073709551616\r\n", 400 },
		{ RESPONSE, GOOD "l: -1\r\n", 400 },
	};

	CHECK(rows);
}

/* The framing of streams refuses both, so a datagram must not pass with them (RFC 3261 25.1). */
Test(check, content_length_is_no_list_and_not_empty)
{
	static const struct row rows[] = {
		{ REQUEST, GOOD "Content-Length:\r\n", 400 },
		{ REQUEST, GOOD "Content-Length:\r\nl: 0\r\n", 400 },
		{ REQUEST, GOOD "Content-Length: 0, 0\r\n", 400 },
		{ REQUEST, GOOD "Content-Length: 0,0\r\n", 400 },
		{ REQUEST, GOOD "Content-Length: 0,\r\n", 400 },
	};

	CHECK(rows);
}

/* RFC 3261 18.3. */
Test(check, octets_behind_content_length_are_not_the_body)
{
	static const char text[] = REQUEST "\r\n" GOOD "l: 3\r\n\r\nabcINVITE sip:x SIP/2.0\r\n";
	struct wsip_buf *buf = exact_buf(&pool, text, sizeof(text) - 1);
	struct wsip_msg msg;

	cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK);
	cr_expect(wsip_msg_check(&msg).status == 0);
	cr_expect(wsip_span_is(wsip_msg_body(&msg), "abc"));
	wsip_msg_finish(&msg);
	exact_buf_free(buf);
}

Test(check, the_problem_of_the_slicer_comes_first)
{
	static const struct row rows[] = {
		{ REQUEST, GOOD "X: a\rb\r\n", 400 },
		{ REQUEST, GOOD "X: a\nb\r\n", 400 },
		{ "INVITE sip:b@h SIP/7.0", GOOD "no colon\r\n", 400 },
	};

	CHECK(rows);
}

static unsigned int with_filler(const char *before, char filler, size_t count, const char *after)
{
	size_t size = strlen(before) + count + strlen(after);
	char *text = malloc(size + 1);
	unsigned int status;

	memcpy(text, before, strlen(before));
	memset(text + strlen(before), filler, count);
	memcpy(text + strlen(before) + count, after, strlen(after) + 1);
	status = status_of(text, size);
	free(text);
	return status;
}

Test(check, a_request_uri_is_as_long_as_the_limit_and_no_longer)
{
	static const char after[] = "@h SIP/2.0\r\n" GOOD "\r\n";

	cr_expect(with_filler("INVITE sip:", 'a', WSIP_URI_MAX_BYTES - 6, after) == 0);
	cr_expect(with_filler("INVITE sip:", 'a', WSIP_URI_MAX_BYTES - 5, after) == 414);
	cr_expect(with_filler("INVITE sip:", 'a', 40000, after) == 414);
}

Test(check, a_method_is_as_long_as_the_limit_and_no_longer)
{
	char method[600], text[2000];

	for (size_t size = WSIP_METHOD_MAX_BYTES; size < sizeof(method); size += 100) {
		bool fits = size <= WSIP_METHOD_MAX_BYTES;

		memset(method, 'M', size);
		method[size] = '\0';
		snprintf(text, sizeof(text),
			"%s sip:b@h SIP/2.0\r\n" VIA FROM TO CALL_ID "CSeq: 1 %s\r\n\r\n", method,
			method);
		cr_expect(status_of(text, strlen(text)) == (fits ? 0u : 400u), "%zu", size);
	}
	cr_expect(with_filler("M", 'M', WSIP_METHOD_MAX_BYTES,
			  " sip:b@h SIP/2.0\r\n" GOOD "\r\n") == 400);
}

static unsigned int with_values(const char *name, const char *value, int count)
{
	size_t room = 500 + (size_t)count * (strlen(value) + 2);
	char *text = malloc(room);
	size_t used = (size_t)snprintf(text, room, REQUEST "\r\n" GOOD "%s: %s", name, value);
	unsigned int status;

	for (int i = 1; i < count; i++)
		used += (size_t)snprintf(text + used, room - used, ",%s", value);
	used += (size_t)snprintf(text + used, room - used, "\r\n\r\n");
	status = status_of(text, used);
	free(text);
	return status;
}

Test(check, a_list_has_as_many_values_as_the_limit_and_no_more)
{
	/* One Via is there already. */
	cr_expect(with_values("Via", "SIP/2.0/UDP h", WSIP_LIST_MAX - 1) == 0);
	cr_expect(with_values("Via", "SIP/2.0/UDP h", WSIP_LIST_MAX) == 400);
	cr_expect(with_values("Route", "<sip:p>", WSIP_LIST_MAX) == 0);
	cr_expect(with_values("Route", "<sip:p>", WSIP_LIST_MAX + 1) == 400);
	cr_expect(with_values("Route", "<sip:p>", 5000) == 400);
	cr_expect(with_values("Record-Route", "<sip:p>", WSIP_LIST_MAX) == 0);
	cr_expect(with_values("Record-Route", "<sip:p>", WSIP_LIST_MAX + 1) == 400);
}

/* Kamailio CVE-2018-8828, CVE-2020-27507. */
Test(check, long_tags_and_branches_are_nothing_special)
{
	for (size_t size = 1; size < 1000; size += 37) {
		cr_expect(with_filler(REQUEST "\r\n" VIA MAX "From: <sip:a@h>;tag=", 'x', size,
				  "\r\n" TO CALL_ID CSEQ "\r\n") == 0);
		cr_expect(with_filler(REQUEST "\r\n" REST "Via: SIP/2.0/UDP h;branch=", 'x', size,
				  "\r\n\r\n") == 0);
		cr_expect(with_filler(REQUEST "\r\n" GOOD "X: ", '%', size, "\r\n\r\n") == 0);
	}
}
