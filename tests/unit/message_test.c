/* SPDX-License-Identifier: MIT
 * Slicing (RFC 3261 7, 25.1): start line, headers, folds, body; what breaks a line is noted with
 * its place and the rest is sliced all the same; every beginning of a message is read without harm.
 */
#include "tests/unit/sliced.h"

TestSuite(message, .init = start, .fini = stop);

Test(message, a_request_is_sliced)
{
	parse("INVITE sip:b@h SIP/2.0\r\nVia: v\r\nTo:t\r\nX-Own:\r\n\r\nbody\r\n");
	cr_expect(msg.problem.status == 0);
	cr_expect(wsip_msg_is_request(&msg) && wsip_msg_method(&msg) == WSIP_INVITE);
	cr_expect(wsip_span_is(wsip_msg_method_text(&msg), "INVITE"));
	cr_expect(wsip_span_is(wsip_msg_request_uri(&msg), "sip:b@h"));
	cr_expect(wsip_span_is(wsip_msg_piece(&msg, msg.version), "SIP/2.0"));
	cr_assert(wsip_msg_header_count(&msg) == 3);
	expect_header(0, "Via", "v");
	expect_header(1, "To", "t");
	expect_header(2, "X-Own", "");
	cr_expect(wsip_span_is(wsip_msg_body(&msg), "body\r\n"));
}

Test(message, a_response_is_sliced)
{
	parse("SIP/2.0 486 Busy Here\r\nVia: v\r\n\r\n");
	cr_expect(msg.problem.status == 0);
	cr_expect(!wsip_msg_is_request(&msg));
	cr_expect(wsip_msg_status(&msg) == 486);
	cr_expect(wsip_span_is(wsip_msg_reason(&msg), "Busy Here"));
	cr_expect(wsip_msg_body(&msg).size == 0);
}

Test(message, a_reason_phrase_may_hold_what_it_likes)
{
	parse("SIP/2.0 200 = 2**3 * 5**2 \320\275\320\276\r\nVia: v\r\n\r\n");
	cr_expect(msg.problem.status == 0);
	cr_expect(wsip_span_is(wsip_msg_reason(&msg), "= 2**3 * 5**2 \320\275\320\276"));
}

/* RFC 3261 25.1: Reason-Phrase may be empty; RFC 4475 3.1.1.13. */
Test(message, a_reason_phrase_may_be_empty)
{
	parse("SIP/2.0 100 \r\nVia: v\r\n\r\n");
	cr_expect(msg.problem.status == 0);
	cr_expect(wsip_msg_status(&msg) == 100);
	cr_expect(wsip_msg_reason(&msg).size == 0, "\"%.*s\"", (int)wsip_msg_reason(&msg).size,
		wsip_msg_reason(&msg).data);
}

Test(message, empty_lines_in_front_are_passed_over)
{
	parse("\r\n\r\nBYE sip:b@h SIP/2.0\r\nTo: t\r\n\r\n");
	cr_expect(msg.problem.status == 0);
	cr_expect(wsip_msg_method(&msg) == WSIP_BYE);
}

Test(message, blanks_around_the_colon_and_the_value_are_not_part_of_either)
{
	parse("BYE sip:b SIP/2.0\r\nTo \t: \t t t \t\r\nX:\tx\r\nY:  \r\n\r\n");
	cr_expect(msg.problem.status == 0);
	expect_header(0, "To", "t t");
	expect_header(1, "X", "x");
	expect_header(2, "Y", "");
	cr_expect(msg.slots[0].id == WSIP_TO);
}

Test(message, a_folded_value_is_one_value)
{
	parse("BYE sip:b SIP/2.0\r\nA: one\r\n two\r\n\tthree\r\nB:\r\n x\r\nC: c\r\n "
	      "\r\n\r\nbody");
	cr_expect(msg.problem.status == 0);
	cr_assert(wsip_msg_header_count(&msg) == 3);
	expect_header(0, "A", "one\r\n two\r\n\tthree");
	expect_header(1, "B", "x");
	expect_header(2, "C", "c");
	cr_expect(wsip_span_is(wsip_msg_body(&msg), "body"));
}

Test(message, long_values_are_read_whole)
{
	char text[600];

	for (size_t size = 0; size < 400; size++) {
		size_t used = (size_t)snprintf(text, sizeof(text),
			"BYE sip:b SIP/2.0\r\nA: %0*d\r\n\r\n", (int)size, 0);

		cr_assert(parse_bytes(text, used) == WSIP_OK);
		cr_expect(wsip_msg_header_at(&msg, 0).value.size == (size ? size : 1));
		cr_expect(msg.problem.status == 0);
		done();
	}
}

/* RFC 3261 25.1: the answer needs the headers, so they are there although one line is bad. */
static const struct {
	const char *bytes;
	size_t size;
	uint32_t offset;
	size_t headers;
} bad_lines[] = {
#define ROW(text, offset, headers)                      \
	{                                               \
		text, sizeof(text) - 1, offset, headers \
	}
#define BYE "BYE sip:b SIP/2.0\r\n" /* 19 octets */
	ROW(BYE "A: a\rb\r\nTo: t\r\n\r\n", 19 + 5, 1),
	ROW(BYE "A: a\nb\r\nTo: t\r\n\r\n", 19 + 4, 1),
	ROW(BYE "A: a\r\r\nTo: t\r\n\r\n", 19 + 5, 1),
	ROW(BYE "A: a\nTo: t\r\n\r\n", 19 + 4, 1),
	ROW(BYE "A a\r\nTo: t\r\n\r\n", 19 + 2, 1),
	ROW(BYE "A\r\nTo: t\r\n\r\n", 19 + 1, 1),
	ROW(BYE ": a\r\nTo: t\r\n\r\n", 19, 1),
	ROW(BYE "A B: a\r\nTo: t\r\n\r\n", 19 + 2, 1),
	ROW(BYE "To\1: t\r\nTo: t\r\n\r\n", 19 + 2, 1),
	ROW(BYE "T\0o: t\r\nTo: t\r\n\r\n", 19 + 1, 1),
	ROW(BYE "T(o): t\r\nTo: t\r\n\r\n", 19 + 1, 1),
	ROW(BYE "To\r\n : t\r\nTo: t\r\n\r\n", 19 + 2, 1),
	ROW(BYE " To: t\r\nTo: t\r\n\r\n", 19, 1),
	ROW(BYE "A: a\0b\r\nTo: t\r\n\r\n", 19 + 3, 2),
	ROW(BYE "A: a\r\n b\0c\r\nTo: t\r\n\r\n", 19 + 3, 2),
	ROW(BYE "A: \"a\0b\"\r\nTo: t\r\n\r\n", 19 + 3, 2),
	ROW(BYE "A: \"a\" \\\0b\r\nTo: t\r\n\r\n", 19 + 3, 2),
	ROW("BYE  sip:b SIP/2.0\r\nTo: t\r\n\r\n", 4, 1),
	ROW("BYE sip:b  SIP/2.0\r\nTo: t\r\n\r\n", 10, 1),
	ROW("BYE sip:b SIP/2.0 \r\nTo: t\r\n\r\n", 17, 1),
	ROW("BYE sip:b\r\nTo: t\r\n\r\n", 9, 1),
	ROW("BYE sip:b SIP/2.0\nTo: t\r\n\r\n", 17, 1),
	ROW("B(E sip:b SIP/2.0\r\nTo: t\r\n\r\n", 1, 1),
	ROW(" BYE sip:b SIP/2.0\r\nTo: t\r\n\r\n", 0, 1),
	ROW("BYE sip:\0 SIP/2.0\r\nTo: t\r\n\r\n", 8, 1),
	ROW("BYE sip:b HTTP/1.1\r\nTo: t\r\n\r\n", 10, 1),
	ROW("SIP/2.0 4294967496 OK\r\nTo: t\r\n\r\n", 11, 1),
	ROW("SIP/2.0 20 OK\r\nTo: t\r\n\r\n", 10, 1),
	ROW("SIP/2.0 200\r\nTo: t\r\n\r\n", 11, 1),
	ROW("SIP/2.0 200 O\rK\r\nTo: t\r\n\r\n", 14, 1),
	ROW("SIP/2.0 200 O\0K\r\nTo: t\r\n\r\n", 13, 1),
#undef BYE
#undef ROW
};

Test(message, a_bad_line_is_noted_with_its_place_and_the_others_are_there)
{
	for (size_t i = 0; i < sizeof(bad_lines) / sizeof(bad_lines[0]); i++) {
		struct wsip_span to = { 0 };

		cr_assert(parse_bytes(bad_lines[i].bytes, bad_lines[i].size) == WSIP_OK);
		cr_expect(msg.problem.status == 400 && msg.problem.reason, "row %zu", i);
		cr_expect(msg.problem.offset == bad_lines[i].offset, "row %zu: at %u", i,
			msg.problem.offset);
		cr_expect(wsip_msg_header_count(&msg) == bad_lines[i].headers, "row %zu: %zu", i,
			wsip_msg_header_count(&msg));
		cr_expect(wsip_msg_header(&msg, WSIP_TO, &to) && wsip_span_is(to, "t"), "row %zu",
			i);
		done();
	}
}

/* RFC 3261 25.1: quoted-pair. */
Test(message, a_nul_behind_a_backslash_in_quotes_is_taken)
{
	static const char text[] = "BYE sip:b SIP/2.0\r\nTo: \"a\\\0\" <sip:b>\r\n\r\n";

	cr_assert(parse_bytes(text, sizeof(text) - 1) == WSIP_OK);
	cr_expect(msg.problem.status == 0);
}

Test(message, the_first_problem_is_the_one_that_is_told)
{
	parse("BYE sip:b SIP/2.0\r\nA\r\nB\r\nTo: t\r\n");
	cr_expect(msg.problem.offset == 20);
	cr_expect_str_eq(msg.problem.reason, "Bad Header Field");
}

Test(message, headers_without_an_end_are_a_problem)
{
	parse("BYE sip:b SIP/2.0\r\nTo: t\r\n");
	cr_expect(msg.problem.status == 400);
	cr_expect_str_eq(msg.problem.reason, "No End Of Headers");
	cr_expect(wsip_msg_body(&msg).size == 0);
}

Test(message, without_a_line_there_is_no_message)
{
	static const char *const texts[] = { "", "\r\n", "\r\n\r\n", "\r\n\r\n\r\n\r\n", "BYE", "x",
		"\r", "\n", "\n\n\n", "%", "jaK\n", "\r\n\r\n\r", "BYE sip:b SIP/2.0",
		"SIP/2.0 200", "\r\n\r\n\r\nx\r\n\r\n" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cr_expect(parse_bytes(texts[i], strlen(texts[i])) == WSIP_ERR_SYNTAX, "row %zu", i);
		done();
	}
	cr_expect(parse_bytes("\0\0\0\0", 4) == WSIP_ERR_SYNTAX);
}

Test(message, more_headers_than_fit_inline_are_all_there)
{
	char text[20000] = "BYE sip:b SIP/2.0\r\n";
	size_t used = strlen(text);

	for (int i = 0; i < WSIP_HEADERS_MAX; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "X%d: %d\r\n", i, i);
	snprintf(text + used, sizeof(text) - used, "\r\n");
	parse(text);
	cr_expect(msg.problem.status == 0);
	cr_assert(wsip_msg_header_count(&msg) == WSIP_HEADERS_MAX);
	for (int i = 0; i < WSIP_HEADERS_MAX; i++) {
		char name[16];

		snprintf(name, sizeof(name), "X%d", i);
		expect_header((size_t)i, name, name + 1);
	}
}

Test(message, one_header_more_than_the_limit_is_a_problem_and_no_more_than_that)
{
	char text[20000] = "BYE sip:b SIP/2.0\r\n";

	for (int i = 0; i < 1000; i++)
		strcat(text, "X: x\r\n y\r\n");
	strcat(text, "\r\n");
	parse(text);
	cr_expect(msg.problem.status == 400);
	cr_expect_str_eq(msg.problem.reason, "Too Many Header Fields");
	cr_expect(wsip_msg_header_count(&msg) == WSIP_HEADERS_MAX);
	expect_header(WSIP_HEADERS_MAX - 1, "X", "x\r\n y");
}

static const char *const whole[] = {
	"INVITE sip:bob@biloxi.example;transport=tcp SIP/2.0\r\n"
	"Via: SIP/2.0/TCP [2001:db8::1]:5060;branch=z9hG4bK74bf9;rport,\r\n"
	" SIP / 2.0 / UDP h ; branch = x\r\n"
	"Max-Forwards: 70\r\n"
	"From: \"A. \\\"X\\\"\" <sip:alice@atlanta.example>;tag=9fxced76sl\r\n"
	"t : <sip:bob@biloxi.example>\r\n"
	"i: 3848276298220188511@atlanta.example\r\n"
	"CSeq: 1 INVITE\r\n"
	"Route: <sip:p1.example;lr>, <sip:p2.example;lr>\r\n"
	"Contact: <sip:alice@client.example;transport=tcp>;q=0.5\r\n"
	"Expires: 3600\r\n"
	"Content-Length: 5\r\n"
	"\r\nv=0\r\n",
	"SIP/2.0 200 OK\r\n"
	"Via: SIP/2.0/UDP h;branch=z9hG4bK1;received=192.0.2.1\r\n"
	"Record-Route: <sip:p1.example;lr>\r\n"
	"From: sip:a@h;tag=1\r\nTo: sip:b@h;tag=2\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n",
};

Test(message, cut_at_every_offset_it_is_read_without_harm)
{
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		cut_everywhere(&pool, whole[i], strlen(whole[i]));
}

Test(message, only_the_whole_of_it_has_no_problem)
{
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		const char *end_of_head = strstr(whole[i], "\r\n\r\n") + 4;

		for (size_t size = 0; size <= strlen(whole[i]); size++) {
			bool complete = size >= (size_t)(end_of_head - whole[i]);
			enum wsip_err err = parse_bytes(whole[i], size);

			cr_expect((err == WSIP_OK && msg.problem.status == 0) == complete,
				"message %zu cut at %zu", i, size);
			done();
		}
	}
}

Test(message, any_octet_changed_to_any_other_is_read_without_harm)
{
	size_t size = strlen(whole[1]);

	for (size_t at = 0; at < size; at++) {
		for (int c = 0; c < 256; c++) {
			(void)!parse_bytes(whole[1], size);
			wsip_msg_finish(&msg);
			buf->data[at] = (char)c;
			if (wsip_msg_parse(&msg, buf) == WSIP_OK) {
				(void)wsip_msg_check(&msg);
				read_everything(&msg);
			}
			done();
		}
	}
}
