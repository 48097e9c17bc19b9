/* SPDX-License-Identifier: MIT
 * What the load generator reads of a message, beside what the library's parser reads of it, and at
 * every cut of it.
 */
#include "bench/load/scan.h"

#include "bench/load/dialog.h"
#include "tests/unit/exact.h"
#include "tests/unit/value.h"

#define MARK "0123abcd-00000007-fedcba98"

static const char answer[] = "SIP/2.0 200 OK\r\n"
			     "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK-top\r\n"
			     "v: SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK-" MARK "-1\r\n"
			     "Record-Route: <sip:10.0.0.9:5090;lr>, <sip:p2@10.0.0.8;lr>\r\n"
			     "RECORD-ROUTE : <sip:10.0.0.7;lr>\r\n"
			     "f: \"A, <B>\" <sip:caller@10.0.0.1>;tag=a-1\r\n"
			     "t: <sip:bench@10.0.0.2;tag=no>\r\n ;x=\"tag=no\";tag=b-2\r\n"
			     "i: " MARK "@10.0.0.1\r\n"
			     "cseq: 4294967295   INVITE\r\n"
			     "m: \"B\" <sip:bench@10.0.0.2:5070;transport=udp>;expires=3\r\n"
			     "Retry-After: 5\r\n"
			     "X: SIP/2.0\r\n"
			     "Content-Length: 0\r\n"
			     "\r\n";

static struct wsip_scanned scanned;

static enum wsip_err scan(const char *text)
{
	return wsip_scan(wsip_span_of(text), &scanned);
}

Test(load_scan, finds_what_it_looks_for)
{
	cr_assert(scan(answer) == WSIP_OK);
	cr_expect(scanned.status == 200);
	cr_expect(scanned.method == WSIP_LOAD_INVITE);
	cr_expect(scanned.cseq == 4294967295);
	cr_expect(scanned.mark.run == 0x0123abcd && scanned.mark.slot == 7 &&
		  scanned.mark.generation == 0xfedcba98);
	cr_expect(scanned.via_count == 2 && scanned.record_route_count == 2);
	expect_text("to", wsip_scan_tag(scanned.to.value), "b-2");
	expect_text("from", wsip_scan_tag(scanned.from.value), "a-1");
	expect_text("contact", wsip_scan_uri(scanned.contact.value),
		"sip:bench@10.0.0.2:5070;transport=udp");
	expect_text("retry-after", scanned.retry_after.value, "5");
	expect_text("via", scanned.via[1].whole,
		"v: SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK-" MARK "-1\r\n");
}

Test(load_scan, a_field_is_kept_with_its_folded_lines)
{
	cr_assert(scan(answer) == WSIP_OK);
	expect_text("to", scanned.to.whole,
		"t: <sip:bench@10.0.0.2;tag=no>\r\n ;x=\"tag=no\";tag=b-2\r\n");
}

Test(load_scan, methods_are_told_apart)
{
	static const struct {
		const char *line;
		enum wsip_load_method method;
	} rows[] = {
		{ "INVITE sip:a SIP/2.0\r\n", WSIP_LOAD_INVITE },
		{ "ACK sip:a SIP/2.0\r\n", WSIP_LOAD_ACK },
		{ "BYE sip:a SIP/2.0\r\n", WSIP_LOAD_BYE },
		{ "CANCEL sip:a SIP/2.0\r\n", WSIP_LOAD_CANCEL },
		{ "OPTIONS sip:a SIP/2.0\r\n", WSIP_LOAD_OPTIONS },
		{ "REGISTER sip:a SIP/2.0\r\n", WSIP_LOAD_REGISTER },
		{ "INVITED sip:a SIP/2.0\r\n", WSIP_LOAD_OTHER },
		{ "invite sip:a SIP/2.0\r\n", WSIP_LOAD_OTHER },
	};
	char text[sizeof(answer) + 64];

	for (size_t i = 0; i < ROWS(rows); i++) {
		snprintf(text, sizeof(text), "%s%s", rows[i].line, strchr(answer, '\n') + 1);
		cr_assert(scan(text) == WSIP_OK);
		cr_expect(scanned.status == 0 && scanned.method == rows[i].method, "%s",
			rows[i].line);
	}
}

Test(load_scan, every_field_of_a_dialog_is_needed)
{
	static const char *const needed[] = { "Via: ", "v: ", "f: ", "t: ", "i: ", "cseq: " };

	for (size_t i = 0; i < ROWS(needed); i++) {
		char text[sizeof(answer)];
		char *found;

		memcpy(text, answer, sizeof(answer));
		for (int via = 0; via < (i < 2 ? 2 : 1); via++) {
			found = strstr(text, needed[i < 2 ? (size_t)via : i]);
			cr_assert(found);
			found[0] = 'q';
			found[1] = i < 2 && via == 0 ? 'q' : found[1];
		}
		cr_expect(scan(text) == WSIP_ERR_SYNTAX, "%s", needed[i]);
	}
}

Test(load_scan, refuses_what_is_no_message_about_a_call_of_ours)
{
	cr_expect(scan("") == WSIP_ERR_SYNTAX);
	cr_expect(scan("\r\n\r\n") == WSIP_ERR_SYNTAX);
	cr_expect(scan("SIP/2.0 099 No\r\n\r\n") == WSIP_ERR_SYNTAX);
	cr_expect(scan("SIP/2.0 700 No\r\n\r\n") == WSIP_ERR_SYNTAX);
	cr_expect(scan("SIP/2.0 2x0 No\r\n\r\n") == WSIP_ERR_SYNTAX);
}

Test(load_scan, too_many_fields_of_a_name_are_refused)
{
	char text[8192] = "SIP/2.0 200 OK\r\n";

	for (int i = 0; i <= WSIP_SCANNED_LINES; i++)
		strcat(text, "Via: SIP/2.0/UDP a\r\n");
	strcat(text, strchr(answer, '\n') + 1);
	cr_expect(scan(text) == WSIP_ERR_LIMIT);
}

static void look_at(struct wsip_span message)
{
	struct wsip_dialog dialog;
	struct wsip_span hop;
	struct wsip_addr addr;

	if (wsip_scan(message, &scanned) != WSIP_OK)
		return;
	expect_within(message, wsip_scan_tag(scanned.to.value));
	expect_within(message, wsip_scan_uri(scanned.from.value));
	if (wsip_dialog_keep(&dialog, &scanned, &hop) == WSIP_OK)
		(void)!wsip_dialog_hop(hop, &addr);
}

Test(load_scan, reads_nothing_beyond_the_end)
{
	cut_value(answer, look_at);
	change_value(answer, look_at);
}

Test(load_scan, values_are_cut_at_commas_outside_quotes_and_brackets)
{
	struct wsip_span list = wsip_span_of("\"a, \\\" b\" <sip:x,y> , <sip:z>,last");

	expect_text("1", wsip_scan_value(&list), "\"a, \\\" b\" <sip:x,y>");
	expect_text("2", wsip_scan_value(&list), "<sip:z>");
	expect_text("3", wsip_scan_value(&list), "last");
	cr_expect(list.size == 0);
}

static void expect_hop(const char *uri, const char *expected)
{
	struct wsip_addr addr;
	char text[WSIP_ADDR_TEXT_BYTES] = "";

	if (wsip_dialog_hop(wsip_span_of(uri), &addr))
		wsip_addr_text(&addr, text);
	cr_expect_str_eq(text, expected, "%s: %s", uri, text);
}

Test(load_dialog, the_next_hop_is_an_address)
{
	expect_hop("sip:10.0.0.1", "10.0.0.1:5060");
	expect_hop("sip:10.0.0.1:5090;lr", "10.0.0.1:5090");
	expect_hop("sip:user;x=y:pw@10.0.0.1:7?h=v", "10.0.0.1:7");
	expect_hop("sip:[2001:db8::1]:5080;lr", "[2001:db8::1]:5080");
	expect_hop("sip:proxy.example.com;lr", "");
	expect_hop("sip:10.0.0.1:99999", "");
	expect_hop("10.0.0.1", "");
	expect_hop("sip:", "");
}

/* RFC 3261 12.1.2: the route set of the caller is the Record-Route in reverse order. */
Test(load_dialog, keeps_target_routes_and_to)
{
	struct wsip_dialog dialog;
	struct wsip_span hop;

	cr_assert(scan(answer) == WSIP_OK);
	cr_assert(wsip_dialog_keep(&dialog, &scanned, &hop) == WSIP_OK);
	expect_text("hop", hop, "sip:10.0.0.7;lr");
	expect_text("target", (struct wsip_span){ dialog.text, dialog.target_bytes },
		"sip:bench@10.0.0.2:5070;transport=udp");
	expect_text("rest",
		(struct wsip_span){ dialog.text + dialog.target_bytes, dialog.rest_bytes },
		"Route: <sip:10.0.0.7;lr>\r\n"
		"Route: <sip:p2@10.0.0.8;lr>\r\n"
		"Route: <sip:10.0.0.9:5090;lr>\r\n"
		"To: <sip:bench@10.0.0.2;tag=no>\r\n ;x=\"tag=no\";tag=b-2\r\n");
}

Test(load_dialog, without_a_contact_there_is_none)
{
	struct wsip_dialog dialog;
	struct wsip_span hop;
	char text[sizeof(answer)];

	memcpy(text, answer, sizeof(answer));
	strstr(text, "m: ")[0] = 'q';
	cr_assert(scan(text) == WSIP_OK);
	cr_expect(wsip_dialog_keep(&dialog, &scanned, &hop) == WSIP_ERR_SYNTAX);
}
