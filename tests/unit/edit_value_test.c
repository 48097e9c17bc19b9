/* SPDX-License-Identifier: MIT
 * Editing one value of a list (RFC 3261 7.3.1): the first is removed or replaced or gets a
 * parameter, another is added behind the last; seen at once and by who receives the message.
 */
#include "tests/unit/edited.h"

TestSuite(edit_value, .init = start, .fini = stop);

static const struct {
	const char *before, *after;
	enum wsip_err err;
} first_values[] = {
	{ "Route: <a>\r\nX: x\r\n", "X=x|", WSIP_OK },
	{ "X: x\r\nroute :\r\n <a> , <b>,<c>\r\n", "X=x|route=<b>,<c>|", WSIP_OK },
	{ "Route: \"a,b\" <c,d>, <e>\r\n", "Route=<e>|", WSIP_OK },
	{ "Route: <a>\r\nRoute: <b>\r\n", "Route=<b>|", WSIP_OK },
	{ "X: x\r\n", "X=x|", WSIP_ERR_NOT_FOUND },
	{ "Route: <a\r\n", "Route=<a|", WSIP_ERR_SYNTAX },
};

Test(edit_value, the_first_value_of_a_list_is_removed)
{
	for (size_t i = 0; i < sizeof(first_values) / sizeof(first_values[0]); i++) {
		parse(first_values[i].before);
		cr_expect(wsip_msg_remove_first_value(&msg, WSIP_ROUTE) == first_values[i].err,
			"row %zu", i);
		expect_headers(first_values[i].after);
		wsip_msg_finish(&msg);
	}
}

/* wsip_values_next passes over a field without a value; removing has to remove what it gave. */
Test(edit_value, the_first_value_that_is_read_is_the_first_that_is_removed)
{
	struct wsip_values values;
	struct wsip_span value;

	parse("Route:\r\nRoute: <a>, <b>\r\n");
	cr_expect(wsip_msg_remove_first_value(&msg, WSIP_ROUTE) == WSIP_OK);
	values = wsip_msg_values(&msg, WSIP_ROUTE);
	cr_expect(wsip_values_next(&values, &value) == WSIP_OK && wsip_span_is(value, "<b>"));
}

Test(edit_value, the_first_value_of_a_list_is_replaced)
{
	parse("X: x\r\nv: a, b\r\nVia: c\r\n");
	cr_assert(wsip_msg_set_first_value(&msg, WSIP_VIA, span("new")) == WSIP_OK);
	expect_headers("X=x|Via=new|v=b|Via=c|");
	cr_assert(wsip_msg_remove_first_value(&msg, WSIP_VIA) == WSIP_OK);
	cr_assert(wsip_msg_set_first_value(&msg, WSIP_VIA, span("newer")) == WSIP_OK);
	expect_headers("X=x|v=newer|Via=c|");
	cr_expect(wsip_msg_set_first_value(&msg, WSIP_ROUTE, span("r")) == WSIP_ERR_NOT_FOUND);
}

/* The message as a receiver reads it. */
static void expect_headers_sent(const char *expected)
{
	struct wsip_buf *out = wsip_msg_serialize(&msg, &pool);
	struct wsip_msg again;

	cr_assert(out != NULL);
	cr_assert(wsip_msg_parse(&again, out) == WSIP_OK);
	cr_expect(again.problem.status == 0);
	cr_expect_str_eq(headers_of(&again), expected);
	cr_expect(wsip_span_is(wsip_msg_body(&again), "body"));
	wsip_msg_finish(&again);
	wsip_buf_unref(out);
}

static const struct {
	const char *before, *value, *after;
	enum wsip_header_id id;
	enum wsip_err err;
} appended_values[] = {
	{ "Allow: BYE\r\nX: x\r\n", "ACK", "Allow=BYE, ACK|X=x|", WSIP_ALLOW, WSIP_OK },
	{ "k: a,b\r\nX: x\r\n", "c", "k=a,b, c|X=x|", WSIP_SUPPORTED, WSIP_OK },
	{ "Allow: A\r\nX: x\r\nALLOW :\tB\r\n", "C", "Allow=A|X=x|ALLOW=B, C|", WSIP_ALLOW,
		WSIP_OK },
	{ "Path: <sip:a>,\r\n <sip:b>\r\n", "<sip:c>", "Path=<sip:a>,\r\n <sip:b>, <sip:c>|",
		WSIP_PATH, WSIP_OK },
	{ "Supported:\r\nX: x\r\n", "a", "Supported=|Supported=a|X=x|", WSIP_SUPPORTED, WSIP_OK },
	{ "Allow: A\r\nAllow:\r\n", "B", "Allow=A, B|Allow=|", WSIP_ALLOW, WSIP_OK },
	{ "X: x\r\n", "<sip:a>", "X=x|Path=<sip:a>|", WSIP_PATH, WSIP_OK },
	{ "", "v", "Via=v|", WSIP_VIA, WSIP_OK },
	{ "Allow: A\r\n", "", "Allow=A|", WSIP_ALLOW, WSIP_ERR_ARGUMENT },
	{ "Allow: A\r\n", "B\r\nEvil: 1", "Allow=A|", WSIP_ALLOW, WSIP_ERR_ARGUMENT },
	{ "Allow: A\r\n", "B\r\n C", "Allow=A|", WSIP_ALLOW, WSIP_ERR_ARGUMENT },
	{ "Allow: A\r\n", "B\n", "Allow=A|", WSIP_ALLOW, WSIP_ERR_ARGUMENT },
	{ "Date: d\r\n", "e", "Date=d|", WSIP_DATE, WSIP_ERR_ARGUMENT },
	{ "Authorization: a\r\n", "b", "Authorization=a|", WSIP_AUTHORIZATION, WSIP_ERR_ARGUMENT },
	{ "X: x\r\n", "y", "X=x|", WSIP_HEADER_OTHER, WSIP_ERR_ARGUMENT },
};

/* RFC 3261 7.3.1 */
Test(edit_value, a_value_is_appended_to_the_last_field_of_a_list_or_in_one_of_its_own)
{
	for (size_t i = 0; i < sizeof(appended_values) / sizeof(appended_values[0]); i++) {
		parse(appended_values[i].before);
		cr_expect(wsip_msg_append_value(&msg, appended_values[i].id,
				  span(appended_values[i].value)) == appended_values[i].err,
			"row %zu", i);
		expect_headers(appended_values[i].after);
		expect_headers_sent(appended_values[i].after);
		wsip_msg_finish(&msg);
	}
}

static const struct {
	const char *before, *name, *value, *after;
	enum wsip_header_id id;
	enum wsip_err err;
} appended_params[] = {
	{ "To: <sip:a>\r\nX: x\r\n", "tag", "1", "To=<sip:a>;tag=1|X=x|", WSIP_TO, WSIP_OK },
	{ "t : sip:a;x=y\r\n", "tag", "1", "t=sip:a;x=y;tag=1|", WSIP_TO, WSIP_OK },
	{ "Via: a;b, c\r\nVia: d\r\n", "rport", "", "Via=a;b;rport, c|Via=d|", WSIP_VIA, WSIP_OK },
	{ "Via: a\t,\r\n c\r\n", "received", "1", "Via=a;received=1\t,\r\n c|", WSIP_VIA, WSIP_OK },
	{ "Contact: \"a,b\" <sip:c,d>;x=\"e,f\",<sip:g>\r\n", "h", "\"i j\"",
		"Contact=\"a,b\" <sip:c,d>;x=\"e,f\";h=\"i j\",<sip:g>|", WSIP_CONTACT, WSIP_OK },
	{ "Path:\r\nPath: <a>\r\n", "ob", "", "Path=|Path=<a>;ob|", WSIP_PATH, WSIP_OK },
	{ "Content-Type:\r\n a/b\r\n", "c", "d", "Content-Type=a/b;c=d|", WSIP_CONTENT_TYPE,
		WSIP_OK },
	/* Not a list: what stands behind the comma is of the same value. */
	{ "Date: a, b\r\n", "c", "d", "Date=a, b;c=d|", WSIP_DATE, WSIP_OK },
	{ "X: x\r\n", "tag", "1", "X=x|", WSIP_TO, WSIP_ERR_NOT_FOUND },
	{ "To:\r\n", "tag", "1", "To=|", WSIP_TO, WSIP_ERR_NOT_FOUND },
	{ "To: a\r\n", "", "1", "To=a|", WSIP_TO, WSIP_ERR_ARGUMENT },
	{ "To: a\r\n", "t g", "1", "To=a|", WSIP_TO, WSIP_ERR_ARGUMENT },
	{ "To: a\r\n", "tag\r\nEvil", "1", "To=a|", WSIP_TO, WSIP_ERR_ARGUMENT },
	{ "To: a\r\n", "tag", "1\r\nEvil: 1", "To=a|", WSIP_TO, WSIP_ERR_ARGUMENT },
	{ "To: a\r\n", "tag", "1\r", "To=a|", WSIP_TO, WSIP_ERR_ARGUMENT },
	{ "Via: \"a\r\n", "tag", "1", "Via=\"a|", WSIP_VIA, WSIP_ERR_SYNTAX },
};

Test(edit_value, a_parameter_is_appended_to_the_first_value)
{
	for (size_t i = 0; i < sizeof(appended_params) / sizeof(appended_params[0]); i++) {
		parse(appended_params[i].before);
		cr_expect(wsip_msg_append_param(&msg, appended_params[i].id,
				  appended_params[i].name,
				  span(appended_params[i].value)) == appended_params[i].err,
			"row %zu", i);
		expect_headers(appended_params[i].after);
		expect_headers_sent(appended_params[i].after);
		wsip_msg_finish(&msg);
	}
}

Test(edit_value, a_nul_is_appended_to_nothing)
{
	static const struct wsip_span nul = { "a\0b", 3 };

	parse("Allow: A\r\nTo: t\r\n");
	cr_expect(wsip_msg_append_value(&msg, WSIP_ALLOW, nul) == WSIP_ERR_ARGUMENT);
	cr_expect(wsip_msg_append_param(&msg, WSIP_TO, "tag", nul) == WSIP_ERR_ARGUMENT);
	expect_headers("Allow=A|To=t|");
}

Test(edit_value, who_reads_next_sees_what_was_appended)
{
	struct wsip_name_addr to;
	struct wsip_via via;

	parse("Via: SIP/2.0/UDP h;branch=b, SIP/2.0/UDP i\r\nTo: <sip:a@h>\r\nAllow: BYE\r\n");
	cr_assert(wsip_msg_append_param(&msg, WSIP_VIA, "received", span("192.0.2.1")) == WSIP_OK);
	cr_assert(wsip_msg_top_via(&msg, &via) == WSIP_OK);
	cr_expect(wsip_span_is(via.received, "192.0.2.1") && wsip_span_is(via.branch, "b"));
	cr_assert(wsip_msg_append_param(&msg, WSIP_TO, "tag", span("t")) == WSIP_OK);
	cr_assert(wsip_msg_to(&msg, &to) == WSIP_OK && wsip_span_is(to.tag, "t"));
	cr_expect(!wsip_msg_has_token(&msg, WSIP_ALLOW, "ACK"));
	cr_assert(wsip_msg_append_value(&msg, WSIP_ALLOW, span("ACK")) == WSIP_OK);
	cr_expect(wsip_msg_has_token(&msg, WSIP_ALLOW, "ACK"));
	cr_expect(wsip_msg_has_token(&msg, WSIP_ALLOW, "BYE"));
}

Test(edit_value, appending_beyond_a_limit_changes_nothing)
{
	char *bytes = malloc(70000);
	struct wsip_span value;
	enum wsip_err err;
	size_t size = 0;

	memset(bytes, 'x', 70000);
	parse("Allow: A\r\nTo: t\r\n");
	cr_expect(wsip_msg_append_value(&msg, WSIP_ALLOW, (struct wsip_span){ bytes, 70000 }) ==
		  WSIP_ERR_LIMIT);
	cr_expect(wsip_msg_append_param(&msg, WSIP_TO, "p", (struct wsip_span){ bytes, 70000 }) ==
		  WSIP_ERR_LIMIT);
	expect_headers("Allow=A|To=t|");
	expect_headers_sent("Allow=A|To=t|");
	do {
		cr_assert(wsip_msg_header(&msg, WSIP_ALLOW, &value));
		cr_assert(value.size > size && value.size < 70000);
		size = value.size;
		err = wsip_msg_append_value(&msg, WSIP_ALLOW, (struct wsip_span){ bytes, 3000 });
	} while (!err);
	cr_expect(err == WSIP_ERR_LIMIT || err == WSIP_ERR_MEMORY, "%s", wsip_err_text(err));
	cr_assert(wsip_msg_header(&msg, WSIP_ALLOW, &value));
	cr_expect(value.size == size && value.data[size - 1] != ' ');
	cr_expect(wsip_msg_header(&msg, WSIP_TO, &value) && wsip_span_is(value, "t"));
	free(bytes);
}

Test(edit_value, a_value_that_finds_no_room_for_its_field_is_not_appended)
{
	struct wsip_span value;
	enum wsip_err err;

	parse("");
	while (!(err = wsip_msg_add(&msg, "X", span("x"))))
		cr_assert(wsip_msg_header_count(&msg) < 2 * WSIP_HEADERS_MAX);
	cr_expect(wsip_msg_append_value(&msg, WSIP_ALLOW, span("A")) == WSIP_ERR_LIMIT);
	cr_expect(!wsip_msg_header(&msg, WSIP_ALLOW, &value));
}
