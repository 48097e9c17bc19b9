/* SPDX-License-Identifier: MIT
 * Editing: seen at once, in every spelling of a header, never by way of the value into another
 * line; what was read before stays true; what is refused leaves the message as it was.
 */
#include "tests/unit/edited.h"

TestSuite(edit, .init = start, .fini = stop);

Test(edit, add_goes_behind_the_last_of_its_name_or_to_the_end)
{
	parse("A: 1\r\nVia: v\r\nB: 2\r\n");
	cr_assert(wsip_msg_add(&msg, "v", span("w")) == WSIP_OK);
	cr_assert(wsip_msg_add(&msg, "a", span("x")) == WSIP_OK);
	cr_assert(wsip_msg_add(&msg, "C", span("3")) == WSIP_OK);
	expect_headers("A=1|a=x|Via=v|v=w|B=2|C=3|");
}

Test(edit, prepend_goes_in_front_of_the_first_of_its_name_or_of_all)
{
	parse("A: 1\r\nv: v\r\nB: 2\r\nVia: w\r\n");
	cr_assert(wsip_msg_prepend(&msg, "Via", span("u")) == WSIP_OK);
	cr_assert(wsip_msg_prepend(&msg, "C", span("0")) == WSIP_OK);
	cr_assert(wsip_msg_prepend_id(&msg, WSIP_ROUTE, span("r")) == WSIP_OK);
	expect_headers("Route=r|C=0|A=1|Via=u|v=v|B=2|Via=w|");
}

Test(edit, set_takes_the_place_of_the_first_and_the_others_go)
{
	parse("A: 1\r\nSubject: x\r\nB: 2\r\ns: y\r\nSUBJECT : z\r\n");
	cr_assert(wsip_msg_set(&msg, "subject", span("new")) == WSIP_OK);
	expect_headers("A=1|subject=new|B=2|");
	cr_assert(wsip_msg_set(&msg, "X-New", span("n")) == WSIP_OK);
	cr_assert(wsip_msg_set_id(&msg, WSIP_SUBJECT, span("newer")) == WSIP_OK);
	expect_headers("A=1|Subject=newer|B=2|X-New=n|");
}

/* RFC 3261 7.3.1, 7.3.3, 25.1 (HCOLON); CVE-2020-28361. */
Test(edit, remove_takes_every_spelling_and_nothing_else)
{
	static const char headers[] =
		"Call-ID: 1\r\ni: 2\r\nCALL-id \t: 3\r\nI:\r\n 4\r\nCall_ID: 5\r\n"
		"X-Secret : 6\r\nx-secret:7\r\nX-SECRET\t:\t8\r\nX-Secrets: 9\r\n";
	static const char *const names[] = { "Call-ID", "i", "cALL-iD" };

	for (int i = 0; i < 3; i++) {
		parse(headers);
		cr_expect(wsip_msg_remove(&msg, names[i]) == 4, "%s", names[i]);
		cr_expect(wsip_msg_remove(&msg, "x-Secret") == 3);
		expect_headers("Call_ID=5|X-Secrets=9|");
		wsip_msg_finish(&msg);
	}
	parse(headers);
	cr_expect(wsip_msg_remove_id(&msg, WSIP_CALL_ID) == 4);
	cr_expect(wsip_msg_remove_id(&msg, WSIP_CALL_ID) == 0);
	cr_expect(wsip_msg_remove(&msg, "X-Sec") == 0);
	cr_expect(wsip_msg_header_count(&msg) == 5);
}

Test(edit, who_reads_next_sees_it)
{
	struct wsip_span value;
	struct wsip_via via;
	uint32_t number;

	parse("Via: SIP/2.0/UDP one\r\nMax-Forwards: 70\r\n");
	cr_assert(wsip_msg_prepend(&msg, "Via", span("SIP/2.0/TCP two;branch=b")) == WSIP_OK);
	cr_expect(wsip_msg_top_via(&msg, &via) == WSIP_OK && wsip_span_is(via.host, "two"));
	cr_assert(wsip_msg_set(&msg, "Max-Forwards", span("69")) == WSIP_OK);
	cr_expect(wsip_msg_max_forwards(&msg, &number) == WSIP_OK && number == 69);
	wsip_msg_remove(&msg, "Max-Forwards");
	cr_expect(wsip_msg_max_forwards(&msg, &number) == WSIP_ERR_NOT_FOUND);
	cr_assert(wsip_msg_set_request_uri(&msg, span("sip:elsewhere")) == WSIP_OK);
	cr_expect(wsip_span_is(wsip_msg_request_uri(&msg), "sip:elsewhere"));
	cr_assert(wsip_msg_set_body(&msg, "text/plain", span("other")) == WSIP_OK);
	cr_expect(wsip_span_is(wsip_msg_body(&msg), "other"));
	cr_expect(wsip_msg_header(&msg, WSIP_CONTENT_LENGTH, &value) && wsip_span_is(value, "5"));
	cr_expect(wsip_msg_header(&msg, WSIP_CONTENT_TYPE, &value));
	cr_expect(wsip_span_is(value, "text/plain"));
}

Test(edit, a_body_takes_every_spelling_of_its_length_with_it)
{
	parse("l: 4\r\nX: x\r\nContent-Length: 4\r\nc: a/b\r\n");
	cr_assert(wsip_msg_set_body(&msg, NULL, span("")) == WSIP_OK);
	expect_headers("Content-Length=0|X=x|c=a/b|");
	cr_expect(wsip_msg_body(&msg).size == 0);
}

/* The buffer is outgrown several times on the way; the old bytes are kept for the old spans. */
Test(edit, a_span_read_before_stays_true_however_much_is_added)
{
	struct wsip_span to, uri, body, added, value;
	char filler[3000];

	parse("To: <sip:first@h>\r\n");
	cr_assert(wsip_msg_header(&msg, WSIP_TO, &to));
	uri = wsip_msg_request_uri(&msg);
	body = wsip_msg_body(&msg);
	cr_assert(wsip_msg_add(&msg, "X-First", span("added early")) == WSIP_OK);
	cr_assert(wsip_msg_header_named(&msg, "X-First", &added));
	memset(filler, 'f', sizeof(filler));
	for (int i = 0; i < 30; i++) {
		cr_assert(wsip_msg_set(&msg, "To", (struct wsip_span){ filler, sizeof(filler) }) ==
			  WSIP_OK);
		cr_assert(wsip_msg_header(&msg, WSIP_TO, &value) && value.size == sizeof(filler));
		cr_assert(wsip_span_is(to, "<sip:first@h>") && wsip_span_is(uri, "sip:b"));
		cr_assert(wsip_span_is(body, "body") && wsip_span_is(added, "added early"));
	}
	wsip_msg_remove(&msg, "To");
	wsip_msg_remove(&msg, "X-First");
	cr_expect(wsip_span_is(to, "<sip:first@h>") && wsip_span_is(added, "added early"));
	cr_expect(wsip_span_is(wsip_msg_body(&msg), "body"));
}

Test(edit, a_value_may_come_from_the_message_itself)
{
	char filler[2100];
	struct wsip_span value;

	memset(filler, 'f', sizeof(filler));
	parse("A: a\r\n");
	cr_assert(wsip_msg_add(&msg, "B", (struct wsip_span){ filler, 1900 }) == WSIP_OK);
	for (int i = 0; i < 4; i++) {
		cr_assert(wsip_msg_header_named(&msg, "B", &value));
		cr_assert(wsip_msg_add(&msg, "C", value) == WSIP_OK);
	}
	cr_expect(wsip_msg_header_count(&msg) == 6);
	cr_assert(wsip_msg_header_named(&msg, "C", &value));
	cr_expect(value.size == 1900 && memcmp(value.data, filler, 1900) == 0);
}

static const struct {
	const char *bytes;
	size_t size;
} injections[] = {
	{ "x\r\nEvil: 1", 10 },
	{ "x\nEvil: 1", 9 },
	{ "x\rEvil", 6 },
	{ "\r\n\r\n", 4 },
	{ "x\r\n y", 6 },
	{ "\0", 1 },
	{ "x\0y", 3 },
	{ "x\r", 2 },
	{ "\nx", 2 },
};

Test(edit, a_line_break_or_nul_is_refused_everywhere_and_changes_nothing)
{
	static const char before[] = "A=1|Via=v|Content-Length=4|";

	parse("A: 1\r\nVia: v\r\nContent-Length: 4\r\n");
	for (size_t i = 0; i < sizeof(injections) / sizeof(injections[0]); i++) {
		struct wsip_span bad = { injections[i].bytes, injections[i].size };

		cr_expect(wsip_msg_add(&msg, "A", bad) == WSIP_ERR_ARGUMENT, "row %zu", i);
		cr_expect(wsip_msg_prepend(&msg, "A", bad) == WSIP_ERR_ARGUMENT, "row %zu", i);
		cr_expect(wsip_msg_prepend_id(&msg, WSIP_VIA, bad) == WSIP_ERR_ARGUMENT);
		cr_expect(wsip_msg_set(&msg, "A", bad) == WSIP_ERR_ARGUMENT, "row %zu", i);
		cr_expect(wsip_msg_set_id(&msg, WSIP_VIA, bad) == WSIP_ERR_ARGUMENT);
		cr_expect(wsip_msg_set_first_value(&msg, WSIP_VIA, bad) == WSIP_ERR_ARGUMENT);
		cr_expect(wsip_msg_set_request_uri(&msg, bad) == WSIP_ERR_ARGUMENT, "row %zu", i);
		cr_expect(wsip_msg_set_status(&msg, 200, bad) == WSIP_ERR_ARGUMENT, "row %zu", i);
	}
	cr_expect(wsip_msg_set_request_uri(&msg, span("sip:a b")) == WSIP_ERR_ARGUMENT);
	cr_expect(wsip_msg_set_request_uri(&msg, span("")) == WSIP_ERR_ARGUMENT);
	cr_expect(wsip_msg_add(&msg, "X\r\nEvil", span("x")) == WSIP_ERR_ARGUMENT);
	cr_expect(wsip_msg_add(&msg, "", span("x")) == WSIP_ERR_ARGUMENT);
	expect_headers(before);
	cr_expect(wsip_span_is(wsip_msg_request_uri(&msg), "sip:b"));
	cr_expect(!msg.start_edited);
}

/* A new Content-Length with the old body would be another message behind this one. */
Test(edit, a_content_type_that_is_refused_leaves_the_length_as_it_was)
{
	parse("Content-Length: 4\r\n");
	cr_expect(wsip_msg_set_body(&msg, "a/b\r\nEvil: 1", span("longer body")) ==
		  WSIP_ERR_ARGUMENT);
	cr_expect(wsip_span_is(wsip_msg_body(&msg), "body"));
	expect_headers("Content-Length=4|");
}

static void parse_with_headers(int count)
{
	char text[8000] = "";

	for (int i = 0; i < count; i++)
		strcat(text, "X: x\r\n");
	parse(text);
	cr_assert(wsip_msg_header_count(&msg) == (size_t)count);
}

/* A message with as many headers as it may come with, and as many more as may be added. */
static size_t fill_with_headers(void)
{
	enum wsip_err err;

	parse_with_headers(WSIP_HEADERS_MAX);
	while (!(err = wsip_msg_add(&msg, "X", span("x"))))
		cr_assert(wsip_msg_header_count(&msg) < 2 * WSIP_HEADERS_MAX);
	cr_assert(err == WSIP_ERR_LIMIT);
	return wsip_msg_header_count(&msg);
}

Test(edit, beyond_the_limit_of_headers_nothing_changes)
{
	size_t count = fill_with_headers();

	cr_expect(wsip_msg_add(&msg, "Y", span("y")) == WSIP_ERR_LIMIT);
	cr_expect(wsip_msg_prepend(&msg, "Y", span("y")) == WSIP_ERR_LIMIT);
	cr_expect(wsip_msg_set_body(&msg, NULL, span("y")) == WSIP_ERR_LIMIT);
	cr_expect(wsip_msg_header_count(&msg) == count);
	cr_expect(wsip_span_is(wsip_msg_body(&msg), "body"));
}

Test(edit, a_body_whose_type_finds_no_room_leaves_the_length_as_it_was)
{
	struct wsip_span value;

	fill_with_headers();
	wsip_msg_remove_slot(&msg, 0);
	cr_expect(wsip_msg_set_body(&msg, "a/b", span("longer body")) == WSIP_ERR_LIMIT);
	cr_expect(wsip_span_is(wsip_msg_body(&msg), "body"));
	cr_expect(!wsip_msg_header(&msg, WSIP_CONTENT_LENGTH, &value));
}

Test(edit, what_is_too_long_is_refused_and_changes_nothing)
{
	char *bytes = calloc(1, 70000);
	enum wsip_err err = WSIP_OK;
	int added = 0;

	memset(bytes, 'x', 70000);
	parse("A: 1\r\n");
	cr_expect(wsip_msg_add(&msg, "B", (struct wsip_span){ bytes, 70000 }) == WSIP_ERR_LIMIT);
	expect_headers("A=1|");
	while (!(err = wsip_msg_add(&msg, "B", (struct wsip_span){ bytes, 10000 })))
		cr_assert(++added < 20);
	cr_expect(err == WSIP_ERR_LIMIT || err == WSIP_ERR_MEMORY);
	cr_expect(wsip_msg_header_count(&msg) == 1u + (size_t)added);
	cr_expect(wsip_span_is(wsip_msg_header_at(&msg, 0).value, "1"));
	free(bytes);
}

Test(edit, a_status_is_one_of_a_response)
{
	static const unsigned int refused[] = { 0, 99, 700, 1000, 65736, UINT32_MAX };

	parse("");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		cr_expect(wsip_msg_set_status(&msg, refused[i], span("x")) == WSIP_ERR_ARGUMENT);
	cr_assert(wsip_msg_set_status(&msg, 699, span("")) == WSIP_OK);
	cr_expect(wsip_msg_status(&msg) == 699 && wsip_msg_reason(&msg).size == 0);
}

Test(edit, a_copy_and_its_original_are_edited_apart)
{
	struct wsip_msg copy;

	parse("A: 1\r\nB: 2\r\n");
	cr_assert(wsip_msg_set(&msg, "A", span("before")) == WSIP_OK);
	cr_assert(wsip_msg_copy(&copy, &msg) == WSIP_OK);
	for (int i = 0; i < 100; i++) {
		cr_assert(wsip_msg_add(&copy, "C", span("copy copy copy copy copy copy")) ==
			  WSIP_OK);
		cr_assert(wsip_msg_set(&msg, "B", span("original original original")) == WSIP_OK);
	}
	wsip_msg_remove(&copy, "C");
	cr_expect_str_eq(headers_of(&copy), "A=before|B=2|");
	expect_headers("A=before|B=original original original|");
	wsip_msg_finish(&msg);
	cr_expect_str_eq(headers_of(&copy), "A=before|B=2|");
	wsip_msg_finish(&copy);
}

Test(edit, a_copy_of_a_message_that_has_grown_keeps_its_old_bytes_too)
{
	struct wsip_span to, value;
	struct wsip_msg copy;
	char filler[5000];

	memset(filler, 'f', sizeof(filler));
	parse("To: first\r\n");
	cr_assert(wsip_msg_header(&msg, WSIP_TO, &to));
	cr_assert(wsip_msg_add(&msg, "X", (struct wsip_span){ filler, 5000 }) == WSIP_OK);
	cr_assert(wsip_msg_copy(&copy, &msg) == WSIP_OK);
	wsip_msg_finish(&msg);
	wsip_buf_unref(pooled_buf(&pool, filler, 2000)); /* takes any buffer that is free */
	cr_expect(wsip_span_is(to, "first"));
	cr_expect(wsip_msg_header(&copy, WSIP_TO, &value) && wsip_span_is(value, "first"));
	wsip_msg_finish(&copy);
}

Test(edit, a_copy_of_many_headers_has_them_all)
{
	struct wsip_msg copy;

	parse_with_headers(100);
	cr_assert(wsip_msg_copy(&copy, &msg) == WSIP_OK);
	wsip_msg_finish(&msg);
	cr_expect(wsip_msg_header_count(&copy) == 100);
	cr_expect(wsip_msg_remove(&copy, "X") == 100);
	wsip_msg_finish(&copy);
}

Test(edit, a_message_in_a_full_buffer_grows_out_of_it)
{
	static const char text[] = "BYE sip:b SIP/2.0\r\nTo: t\r\n\r\n";
	struct wsip_buf *buf = exact_buf(&pool, text, sizeof(text) - 1);

	cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK);
	cr_assert(wsip_msg_add(&msg, "X", span("x")) == WSIP_OK);
	expect_headers("To=t|X=x|");
	wsip_msg_finish(&msg);
	exact_buf_free(buf);
}
