/* SPDX-License-Identifier: MIT
 * What the load generator writes: the library's parser accepts it, and finds in it what it should.
 */
#include "bench/load/messages.h"

#include <arpa/inet.h>

#include "bench/load/dialog.h"
#include "bench/load/response.h"
#include "tests/unit/exact.h"
#include "tests/unit/value.h"

#define MARK "0123abcd-00000007-fedcba98"

static struct wsip_load_options options;
static struct wsip_wire wire = { .via = "UDP", .uri_param = "" };
static union wsip_peer caller, callee;
static struct wsip_messages messages;
static struct wsip_buf_pool pool;
static char room[WSIP_WIRE_MESSAGE_BYTES];
static struct wsip_writer writer;

static union wsip_peer peer(const char *text)
{
	union wsip_peer peer;

	cr_assert(wsip_peer_parse(text, &peer) == WSIP_OK);
	return peer;
}

static void begin(void)
{
	caller = peer("10.0.0.1:5062");
	callee = peer("10.0.0.2:5070");
	wire.callers = &caller;
	wire.callees = &callee;
	options.sockets = 1;
	options.mode = WSIP_LOAD_CALLS;
	cr_assert(wsip_messages_init(&messages, &options, &wire) == WSIP_OK);
	writer = wsip_writer_of(room, sizeof(room));
	wsip_buf_pool_init(&pool);
}

static void end(void)
{
	wsip_messages_finish(&messages);
	wsip_buf_pool_finish(&pool);
}

TestSuite(load_messages, .init = begin, .fini = end);

static struct wsip_span written(void)
{
	cr_assert(!writer.full);
	return (struct wsip_span){ room, wsip_writer_size(&writer) };
}

/* Parsed by the library, which finds no fault. */
static void expect_accepted(struct wsip_msg *msg)
{
	struct wsip_span text = written();
	struct wsip_buf *buf = pooled_buf(&pool, text.data, text.size);
	struct wsip_problem problem;

	cr_assert(wsip_msg_parse(msg, buf) == WSIP_OK);
	wsip_buf_unref(buf);
	problem = wsip_msg_check(msg);
	cr_expect(problem.status == 0, "%u %s: %.*s", problem.status, problem.reason,
		(int)text.size, text.data);
}

static void expect_header(const struct wsip_msg *msg, enum wsip_header_id id, const char *expected)
{
	struct wsip_span value = { NULL, 0 };

	cr_expect(wsip_msg_header(msg, id, &value), "%s", expected);
	expect_text("header", value, expected);
}

Test(load_messages, a_mark_comes_back_as_it_was_written)
{
	struct wsip_mark mark = { 0x0123abcd, 7, 0xfedcba98 }, read;
	char text[WSIP_MARK_BYTES];

	wsip_mark_write(text, mark);
	cr_expect(memcmp(text, MARK, WSIP_MARK_BYTES) == 0);
	cr_assert(wsip_mark_read(wsip_span_of(MARK "@h"), &read) == WSIP_OK);
	cr_expect(read.run == mark.run && read.slot == 7 && read.generation == mark.generation);
	cr_assert(wsip_mark_read(wsip_span_of("0123ABCD-00000007-FEDCBA98"), &read) == WSIP_OK);
	cr_expect(read.generation == mark.generation);
}

Test(load_messages, a_mark_with_one_wrong_octet_is_none)
{
	struct wsip_mark mark;
	char text[] = MARK;

	for (size_t i = 0; i < WSIP_MARK_BYTES; i++) {
		char kept = text[i];

		for (int c = 0; c < 256; c++) {
			bool fits = i == 8 || i == 17 ? c == '-'
						      : c && strchr("0123456789abcdefABCDEF", c);

			text[i] = (char)c;
			cr_expect((wsip_mark_read(wsip_span_of(text), &mark) == WSIP_OK) == fits,
				"%d at %zu", c, i);
		}
		text[i] = kept;
	}
	cr_expect(wsip_mark_read((struct wsip_span){ text, WSIP_MARK_BYTES - 1 }, &mark) ==
		  WSIP_ERR_SYNTAX);
}

Test(load_messages, an_invite_is_of_the_usual_size_and_right)
{
	struct wsip_msg msg;
	struct wsip_name_addr from, to;

	wsip_template_write(&messages.pairs[0].first, &writer, MARK);
	expect_accepted(&msg);
	cr_expect(writer.at - writer.start > 700 && writer.at - writer.start < 1000);
	cr_expect(wsip_msg_body(&msg).size > 250);
	expect_text("uri", wsip_msg_request_uri(&msg), "sip:bench@10.0.0.2:5070");
	expect_header(&msg, WSIP_VIA, "SIP/2.0/UDP 10.0.0.1:5062;rport;branch=z9hG4bK-" MARK "-1");
	expect_header(&msg, WSIP_CALL_ID, MARK "@10.0.0.1");
	expect_header(&msg, WSIP_CSEQ, "1 INVITE");
	expect_header(&msg, WSIP_CONTACT, "<sip:caller@10.0.0.1:5062>");
	cr_assert(wsip_msg_from(&msg, &from) == WSIP_OK && wsip_msg_to(&msg, &to) == WSIP_OK);
	expect_text("tag", from.tag, "a-" MARK);
	cr_expect(to.tag.size == 0);
	wsip_msg_finish(&msg);
}

Test(load_messages, over_tcp_uri_and_contact_say_so)
{
	struct wsip_msg msg;

	wsip_messages_finish(&messages);
	wire.via = "TCP";
	wire.uri_param = ";transport=tcp";
	cr_assert(wsip_messages_init(&messages, &options, &wire) == WSIP_OK);
	wsip_template_write(&messages.pairs[0].first, &writer, MARK);
	expect_accepted(&msg);
	expect_text("uri", wsip_msg_request_uri(&msg), "sip:bench@10.0.0.2:5070;transport=tcp");
	expect_header(&msg, WSIP_CONTACT, "<sip:caller@10.0.0.1:5062;transport=tcp>");
	expect_header(&msg, WSIP_VIA, "SIP/2.0/TCP 10.0.0.1:5062;rport;branch=z9hG4bK-" MARK "-1");
	wsip_msg_finish(&msg);
}

/* The dialog of an answer that came by two proxies. */
static void keep_dialog(struct wsip_dialog *dialog)
{
	static struct wsip_scanned scanned;
	struct wsip_span hop;

	cr_assert(wsip_scan(wsip_span_of("SIP/2.0 200 OK\r\n"
					 "Via: SIP/2.0/UDP 10.0.0.1:5062\r\n"
					 "Record-Route: <sip:10.0.0.8;lr>\r\n"
					 "Record-Route: <sip:10.0.0.7;lr>\r\n"
					 "From: <sip:caller@10.0.0.1>;tag=a-1\r\n"
					 "To: <sip:bench@10.0.0.2:5070>;tag=b-2\r\n"
					 "Call-ID: " MARK "\r\n"
					 "CSeq: 1 INVITE\r\n"
					 "Contact: <sip:other@10.0.0.3:5071>\r\n\r\n"),
			  &scanned) == WSIP_OK);
	cr_assert(wsip_dialog_keep(dialog, &scanned, &hop) == WSIP_OK);
}

/* RFC 3261 12.2.1.1 */
Test(load_messages, ack_and_bye_follow_the_route_set_to_the_remote_target)
{
	static const char *const methods[] = { "ACK ", "BYE " };
	static const char *const numbers[] = { "1 ACK", "2 BYE" };
	const struct wsip_pair_texts *texts = &messages.pairs[0];
	const struct wsip_template *const pieces[][2] = { { &texts->ack_via, &texts->ack_rest },
		{ &texts->bye_via, &texts->bye_rest } };
	struct wsip_dialog dialog;
	struct wsip_values routes;
	struct wsip_span route;
	struct wsip_msg msg;

	keep_dialog(&dialog);
	for (int i = 0; i < 2; i++) {
		writer = wsip_writer_of(room, sizeof(room));
		wsip_dialog_write(&dialog, &writer, methods[i], pieces[i], MARK);
		expect_accepted(&msg);
		expect_text("uri", wsip_msg_request_uri(&msg), "sip:other@10.0.0.3:5071");
		expect_header(&msg, WSIP_CSEQ, numbers[i]);
		expect_header(&msg, WSIP_TO, "<sip:bench@10.0.0.2:5070>;tag=b-2");
		expect_header(&msg, WSIP_CALL_ID, MARK "@10.0.0.1");
		routes = wsip_msg_values(&msg, WSIP_ROUTE);
		cr_assert(wsip_values_next(&routes, &route) == WSIP_OK);
		expect_text("first", route, "<sip:10.0.0.7;lr>");
		cr_assert(wsip_values_next(&routes, &route) == WSIP_OK);
		expect_text("second", route, "<sip:10.0.0.8;lr>");
		wsip_msg_finish(&msg);
	}
}

/* RFC 3261 17.1.1.3 */
Test(load_messages, the_ack_of_a_refusal_has_the_branch_of_the_invite)
{
	struct wsip_msg msg;

	wsip_template_write(&messages.pairs[0].reject_ack, &writer, MARK);
	wsip_write_literal(&writer, "<sip:bench@10.0.0.2:5070>;tag=x\r\n" WSIP_EMPTY_END);
	expect_accepted(&msg);
	expect_text("uri", wsip_msg_request_uri(&msg), "sip:bench@10.0.0.2:5070");
	expect_header(&msg, WSIP_VIA, "SIP/2.0/UDP 10.0.0.1:5062;rport;branch=z9hG4bK-" MARK "-1");
	expect_header(&msg, WSIP_CSEQ, "1 ACK");
	expect_header(&msg, WSIP_TO, "<sip:bench@10.0.0.2:5070>;tag=x");
	wsip_msg_finish(&msg);
}

static struct wsip_scanned request;

static void scan_request(const char *via)
{
	static char text[1024];

	snprintf(text, sizeof(text),
		"INVITE sip:bench@10.0.0.2 SIP/2.0\r\nVia: %s\r\n"
		"Via: SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK-1\r\n"
		"Record-Route: <sip:10.0.0.9;lr>\r\nMax-Forwards: 69\r\n"
		"From: <sip:caller@10.0.0.1>;tag=a-1\r\nTo: <sip:bench@10.0.0.2:5070>\r\n"
		"Call-ID: " MARK "\r\nCSeq: 1 INVITE\r\n\r\n",
		via);
	cr_assert(wsip_scan(wsip_span_of(text), &request) == WSIP_OK);
}

/* RFC 3261 8.2.6.2, 12.1.1 */
Test(load_messages, a_response_copies_what_it_must)
{
	struct wsip_path from = { .peer = peer("10.0.0.9:5060") };
	struct wsip_msg msg;

	scan_request("SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK-2");
	wsip_write_literal(&writer, "SIP/2.0 200 OK\r\n");
	wsip_response_write_head(&writer, &request, &from, WSIP_UDP, MARK);
	wsip_template_write(&messages.pairs[0].answer_rest, &writer, NULL);
	expect_accepted(&msg);
	expect_text("head", (struct wsip_span){ room, (size_t)(strstr(room, "Contact") - room) },
		"SIP/2.0 200 OK\r\n"
		"Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK-2\r\n"
		"Via: SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK-1\r\n"
		"Record-Route: <sip:10.0.0.9;lr>\r\n"
		"From: <sip:caller@10.0.0.1>;tag=a-1\r\n"
		"To: <sip:bench@10.0.0.2:5070>;tag=b-" MARK "\r\n"
		"Call-ID: " MARK "\r\nCSeq: 1 INVITE\r\n");
	expect_header(&msg, WSIP_CONTACT, "<sip:bench@10.0.0.2:5070>");
	cr_expect(wsip_msg_body(&msg).size > 250);
	wsip_msg_finish(&msg);
}

/* RFC 3261 18.2.1 and 18.2.2, RFC 3581 4 */
Test(load_messages, the_topmost_via_says_where_a_response_goes)
{
	static const struct {
		const char *via, *from, *written, *to;
	} rows[] = {
		{ "SIP/2.0/UDP 10.0.0.9:5060;branch=x", "10.0.0.9:5060",
			"SIP/2.0/UDP 10.0.0.9:5060;branch=x", "10.0.0.9:5060" },
		{ "SIP/2.0/UDP 10.0.0.9;branch=x", "10.0.0.9:7000", "SIP/2.0/UDP 10.0.0.9;branch=x",
			"10.0.0.9:5060" },
		{ "SIP/2.0/UDP 10.0.0.9:5080;branch=x", "10.0.0.9:7000",
			"SIP/2.0/UDP 10.0.0.9:5080;branch=x", "10.0.0.9:5080" },
		{ "SIP/2.0/UDP p.example.com:5080;branch=x", "10.0.0.9:7000",
			"SIP/2.0/UDP p.example.com:5080;branch=x;received=10.0.0.9",
			"10.0.0.9:5080" },
		{ "SIP/2.0/UDP 10.0.0.9:5080;rport;branch=x", "10.0.0.9:7000",
			"SIP/2.0/UDP 10.0.0.9:5080;rport=7000;branch=x;received=10.0.0.9",
			"10.0.0.9:7000" },
		{ "SIP/2.0/UDP 10.0.0.9:5080;branch=x;rport, SIP/2.0/UDP h", "10.0.0.9:7000",
			"SIP/2.0/UDP 10.0.0.9:5080;branch=x;rport=7000;received=10.0.0.9, "
			"SIP/2.0/UDP h",
			"10.0.0.9:7000" },
		{ "SIP/2.0/UDP h:5080;rporty;branch=x", "[2001:db8::1]:7000",
			"SIP/2.0/UDP h:5080;rporty;branch=x;received=2001:db8::1",
			"[2001:db8::1]:5080" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct wsip_path from = { .peer = peer(rows[i].from) }, to;
		struct wsip_addr addr;
		char text[WSIP_ADDR_TEXT_BYTES];
		size_t size = strlen(rows[i].written);

		scan_request(rows[i].via);
		writer = wsip_writer_of(room, sizeof(room));
		wsip_response_write_head(&writer, &request, &from, WSIP_UDP, MARK);
		cr_expect(strncmp(room + 5, rows[i].written, size) == 0 && room[5 + size] == '\r',
			"%s: %.*s", rows[i].via, (int)size + 20, room);
		to = wsip_response_path(&from, &request, WSIP_UDP);
		addr = wsip_peer_addr(&to.peer);
		wsip_addr_text(&addr, text);
		cr_expect_str_eq(text, rows[i].to, "%s: %s", rows[i].via, text);
	}
}

Test(load_messages, what_has_no_room_is_not_written_beyond_it)
{
	char small[100];

	writer = wsip_writer_of(small, sizeof(small));
	wsip_template_write(&messages.pairs[0].first, &writer, MARK);
	cr_expect(writer.full && wsip_writer_size(&writer) == 0);
}
