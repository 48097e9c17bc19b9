/* SPDX-License-Identifier: MIT
 * A message going out: unedited it is the same octets, edited only what was edited differs.
 */
#include "tests/unit/exact.h"

#include <stdio.h>

static struct wsip_buf_pool pool;
static struct wsip_buf *buf;
static struct wsip_msg msg;

static void start(void)
{
	wsip_buf_pool_init(&pool);
}

static void parse(const char *bytes, size_t size)
{
	buf = exact_buf(&pool, bytes, size);
	cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK);
}

static void done(void)
{
	wsip_msg_finish(&msg);
	exact_buf_free(buf);
	cr_expect(pool.in_use == 0, "%u buffers are left", pool.in_use);
}

static void stop(void)
{
	wsip_buf_pool_finish(&pool);
}

TestSuite(serialize, .init = start, .fini = stop);

static void expect_out(const char *bytes, size_t size)
{
	struct wsip_buf *out = wsip_msg_serialize(&msg, &pool);

	cr_assert(out != NULL);
	cr_expect(out->references == 1);
	cr_expect(out->used == size && memcmp(out->data, bytes, size) == 0, "%.*s", (int)out->used,
		out->data);
	wsip_buf_unref(out);
}

static const char *const unedited[] = {
	"BYE sip:b SIP/2.0\r\n\r\n",
	"BYE sip:b sip/2.0\r\nto : \t t \r\nX:\r\nFOO:\r\n a\r\n\tb\r\n\r\nbody\r\n\r\n",
	"SIP/2.0 200 OK\r\nvia:v\r\n\r\n",
	"SIP/2.0 100 \r\nVia: v\r\nVia: w\r\n\r\n",
	"INVITE tel:1 SIP/9.9\r\nVia: not a via\r\nCSeq: x\r\n\r\n",
};

Test(serialize, an_unedited_message_is_the_same_octets)
{
	for (size_t i = 0; i < sizeof(unedited) / sizeof(unedited[0]); i++) {
		parse(unedited[i], strlen(unedited[i]));
		expect_out(unedited[i], strlen(unedited[i]));
		done();
	}
}

Test(serialize, every_octet_of_a_value_and_of_the_body_goes_out_as_it_came)
{
	char text[600] = "BYE sip:b SIP/2.0\r\nX: \"\\";
	size_t used = strlen(text);

	for (int c = 0; c < 256; c++) {
		if (c != '\r' && c != '\n')
			text[used++] = (char)c;
	}
	used += (size_t)snprintf(text + used, sizeof(text) - used, "\"\r\n\r\n");
	for (int c = 0; c < 256; c++)
		text[used++] = (char)c;
	parse(text, used);
	expect_out(text, used);
	done();
}

Test(serialize, a_long_message_goes_out_whole)
{
	static const char head[] = "BYE sip:b SIP/2.0\r\nX: y\r\n\r\n";

	for (size_t size = sizeof(head) - 1; size <= WSIP_MESSAGE_MAX_BYTES; size += 613) {
		char *text = malloc(size);

		memset(text, 'b', size);
		memcpy(text, head, sizeof(head) - 1);
		parse(text, size);
		expect_out(text, size);
		done();
		free(text);
	}
}

static const struct {
	const char *before;
	const char *name; /* set, or removed when value is NULL */
	const char *value;
	const char *after;
} edited[] = {
	{ "A:1\r\nb : 2\r\nC:3\r\n", "X", "4", "A:1\r\nb: 2\r\nC:3\r\nX: 4\r\n" },
	{ "A:1\r\nb : 2\r\nC:3\r\n", "B", "4", "A:1\r\nB: 4\r\nC:3\r\n" },
	{ "A:1\r\nb : 2\r\nC:3\r\n", "B", NULL, "A:1\r\nC:3\r\n" },
	{ "A:1\r\nb : 2\r\nC:3\r\n", "a", NULL, "b: 2\r\nC:3\r\n" },
	{ "A:1\r\nb : 2\r\nC:3\r\n", "c", NULL, "A:1\r\nb: 2\r\n" },
	{ "A:1\r\n", "A", NULL, "" },
	{ "", "A", "1", "A: 1\r\n" },
	{ "A:1\r\n x\r\nB:2\r\n", "A", "y", "A: y\r\nB:2\r\n" },
	{ "A:1\r\n", "A", "", "A: \r\n" },
};

/* And a blank in front of a colon, which is not sent on. */
Test(serialize, only_what_was_edited_differs)
{
	for (size_t i = 0; i < sizeof(edited) / sizeof(edited[0]); i++) {
		char text[200];

		snprintf(text, sizeof(text), "BYE sip:b sip/2.0\r\n%s\r\nbody", edited[i].before);
		parse(text, strlen(text));
		if (edited[i].value)
			cr_assert(wsip_msg_set(&msg, edited[i].name,
					  wsip_span_of(edited[i].value)) == WSIP_OK);
		else
			cr_expect(wsip_msg_remove(&msg, edited[i].name) == 1);
		snprintf(text, sizeof(text), "BYE sip:b sip/2.0\r\n%s\r\nbody", edited[i].after);
		expect_out(text, strlen(text));
		done();
	}
}

Test(serialize, a_start_line_is_written_anew_when_it_was_edited)
{
	static const char request[] = "BYE sip:b sip/2.0\r\nA:1\r\n\r\n";
	static const char request_out[] = "BYE sip:c@h;lr SIP/2.0\r\nA:1\r\n\r\n";
	static const char response[] = "SIP/2.0 200 OK\r\nA:1\r\n\r\n";
	static const char response_out[] = "SIP/2.0 604 Nowhere at all\r\nA:1\r\n\r\n";

	parse(request, sizeof(request) - 1);
	cr_assert(wsip_msg_set_request_uri(&msg, wsip_span_of("sip:c@h;lr")) == WSIP_OK);
	expect_out(request_out, sizeof(request_out) - 1);
	done();
	parse(response, sizeof(response) - 1);
	cr_assert(wsip_msg_set_status(&msg, 604, wsip_span_of("Nowhere at all")) == WSIP_OK);
	expect_out(response_out, sizeof(response_out) - 1);
	done();
}

Test(serialize, a_list_goes_out_without_the_value_that_was_removed)
{
	static const char in[] = "BYE sip:b SIP/2.0\r\nroute:<a>,\r\n <b> , <c>\r\nX:1\r\n\r\n";
	static const char out[] = "BYE sip:b SIP/2.0\r\nroute: <b> , <c>\r\nX:1\r\n\r\n";

	parse(in, sizeof(in) - 1);
	cr_assert(wsip_msg_remove_first_value(&msg, WSIP_ROUTE) == WSIP_OK);
	expect_out(out, sizeof(out) - 1);
	done();
}

Test(serialize, a_line_that_breaks_the_grammar_is_never_sent)
{
	static const char in[] =
		"BYE sip:b SIP/2.0\r\nA: 1\r\nB: x\rX: y\r\nC: x\ny\r\nD: 4\r\n\r\n";
	static const char out[] = "BYE sip:b SIP/2.0\r\nA: 1\r\nD: 4\r\n\r\n";

	parse(in, sizeof(in) - 1);
	cr_expect(msg.problem.status == 400);
	expect_out(out, sizeof(out) - 1);
	done();
}

Test(serialize, what_goes_out_reads_back_the_same)
{
	static const char text[] = "INVITE sip:b SIP/2.0\r\nVia: a, b\r\nTo: t\r\nl: 4\r\n\r\nbody";
	struct wsip_buf *out;
	struct wsip_msg back;
	struct wsip_span value;

	parse(text, sizeof(text) - 1);
	cr_assert(wsip_msg_prepend(&msg, "Via", wsip_span_of("new")) == WSIP_OK);
	cr_assert(wsip_msg_add(&msg, "X-Own", wsip_span_of("mine")) == WSIP_OK);
	cr_assert(wsip_msg_set_body(&msg, "a/b", wsip_span_of("longer body")) == WSIP_OK);
	out = wsip_msg_serialize(&msg, &pool);
	cr_assert(wsip_msg_parse(&back, out) == WSIP_OK && back.problem.status == 0);
	cr_expect(wsip_msg_header_count(&back) == wsip_msg_header_count(&msg));
	for (size_t i = 0; i < wsip_msg_header_count(&msg); i++) {
		struct wsip_header a = wsip_msg_header_at(&msg, i),
				   b = wsip_msg_header_at(&back, i);

		cr_expect(a.id == b.id && wsip_span_equal(a.name, b.name));
		cr_expect(wsip_span_equal(a.value, b.value));
	}
	cr_expect(wsip_msg_header(&back, WSIP_CONTENT_LENGTH, &value));
	cr_expect(wsip_span_is(value, "11"));
	cr_expect(wsip_span_is(wsip_msg_body(&back), "longer body"));
	wsip_msg_finish(&back);
	wsip_buf_unref(out);
	done();
}
