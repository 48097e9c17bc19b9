/* SPDX-License-Identifier: MIT
 * Via values (RFC 3261 20.42, RFC 3581): each row is a value and its parts, or one that is refused.
 */
#include "tests/unit/exact.h"

static const struct {
	const char *text, *transport, *sent_by, *host;
	unsigned int port;
	const char *branch, *received, *rport;
	bool has_rport;
	const char *maddr;
} accepted[] = {
	{ "SIP/2.0/UDP a.example", "UDP", "a.example", "a.example", 0, "", "", "", false, "" },
	{ "SIP/2.0/TCP a.example:5061;branch=z9hG4bK1", "TCP", "a.example:5061", "a.example", 5061,
		"z9hG4bK1", "", "", false, "" },
	{ "SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bK1;received=192.0.2.2", "UDP", "192.0.2.1",
		"192.0.2.1", 0, "z9hG4bK1", "192.0.2.2", "", true, "" },
	{ "SIP/2.0/UDP h;rport=5062", "UDP", "h", "h", 0, "", "", "5062", true, "" },
	{ "SIP/2.0/UDP [2001:db8::1]:5060;BRANCH=x;MAddr=224.0.1.75", "UDP", "[2001:db8::1]:5060",
		"[2001:db8::1]", 5060, "x", "", "", false, "224.0.1.75" },
	{ "SIP/2.0/UDP [::1];received=[2001:db8::9]", "UDP", "[::1]", "[::1]", 0, "",
		"[2001:db8::9]", "", false, "" },
	{ "SIP/2.0/UDP h;received=2001:db8::9", "UDP", "h", "h", 0, "", "2001:db8::9", "", false,
		"" },
	/* RFC 3261 25.1: SLASH, COLON, SEMI and EQUAL take blanks, folds too. */
	{ "SIP / 2.0 / UDP \t h : 5060 ; branch = b ; rport", "UDP", "h : 5060", "h", 5060, "b", "",
		"", true, "" },
	{ "SIP/\r\n 2.0/UDP\r\n h\r\n ;branch=b", "UDP", "h", "h", 0, "b", "", "", false, "" },
	{ " sip/2.0/TLS-SCTP h;branch=z9hG4bK@x/y:z=1 ", "TLS-SCTP", "h", "h", 0, "z9hG4bK@x/y:z=1",
		"", "", false, "" },
	{ "SIP/2.0/UDP h;ttl=16;x=\"a;branch=no\";branch=b", "UDP", "h", "h", 0, "b", "", "", false,
		"" },
	{ "SIP/2.0/UNKNOWN h:1;branch=z9hG4bK", "UNKNOWN", "h:1", "h", 1, "z9hG4bK", "", "", false,
		"" },
};

Test(via, each_part_is_found)
{
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_via via;

		cr_expect(wsip_via_parse(span, &via) == WSIP_OK, "%s", text);
		cr_expect(wsip_span_is(via.transport, accepted[i].transport), "%s", text);
		cr_expect(wsip_span_is(via.sent_by, accepted[i].sent_by), "%s", text);
		cr_expect(wsip_span_is(via.host, accepted[i].host), "%s", text);
		cr_expect(via.port == accepted[i].port, "%s", text);
		cr_expect(wsip_span_is(via.branch, accepted[i].branch), "%s", text);
		cr_expect(wsip_span_is(via.received, accepted[i].received), "%s", text);
		cr_expect(wsip_span_is(via.rport, accepted[i].rport), "%s", text);
		cr_expect(via.has_rport == accepted[i].has_rport, "%s", text);
		cr_expect(wsip_span_is(via.maddr, accepted[i].maddr), "%s", text);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	" ",
	"SIP",
	"SIP/2.0",
	"SIP/2.0/",
	"SIP/2.0/UDP",
	"SIP/2.0/UDP ",
	"SIP/2.0/UDP :",
	"SIP/2.0/UDP :]",
	"SIP/2.0/UDP ]",
	"SIP/2.0/UDP [",
	"SIP/2.0/UDP []",
	"SIP/2.0/UDP [:",
	"SIP/2.0/UDP [::1",
	"SIP/2.0/UDP ::1",
	"SIP/2.0/UDP h:",
	"SIP/2.0/UDP h:0",
	"SIP/2.0/UDP h:65536",
	"SIP/2.0/UDP h:99999",
	"SIP/2.0/UDP h:x",
	"SIP/2.0/UDP h:-1",
	"SIP/2.0/UDP h:4294972356",
	"SIP/1.0/UDP h",
	"SIP/2.00/UDP h",
	"SIP/2.0 UDP h",
	"HTTP/2.0/UDP h",
	"SIP/2.0/UDP h;",
	"SIP/2.0/UDP h;;",
	"SIP/2.0/UDP h;;branch=x",
	"SIP/2.0/UDP h;branch=",
	"SIP/2.0/UDP h;branch=x;",
	"SIP/2.0/UDP h;=x",
	"SIP/2.0/UDP h i",
	"SIP/2.0/UDP h;branch=a b",
	"SIP/2.0/UDP h;branch=\"open",
	"SIP/2.0/UDP h, SIP/2.0/UDP i",
	"SIP/2.0/UDP h;branch=a\r\nX: y",
	"SIP/2.0/UDP h\r\n",
	"SIP/2.0/UDPh",
	"SIP/2.0/U[P h",
	"SIP/2.0/UDP <h>",
	"SIP/2.0/UDP h;branch=a,b",
};

Test(via, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_via via;

		cr_expect(wsip_via_parse(span, &via) == WSIP_ERR_SYNTAX, "%s", refused[i]);
		exact_span_free(span);
	}
}

Test(via, cut_at_every_offset_it_is_read_without_harm)
{
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		for (size_t size = 0; size < strlen(accepted[i].text); size++) {
			struct wsip_span span = exact_span(accepted[i].text, size);
			struct wsip_via via;

			(void)!wsip_via_parse(span, &via);
			exact_span_free(span);
		}
	}
}

/* Kamailio CVE-2018-8828: branches and parameters of several hundred octets. */
Test(via, a_branch_of_any_length_is_read_whole)
{
	char text[2000] = "SIP/2.0/UDP h;branch=z9hG4bK";
	size_t start = strlen(text);
	struct wsip_via via;

	for (size_t size = start; size < sizeof(text); size++) {
		struct wsip_span span;

		text[size] = 'x';
		span = exact_span(text, size + 1);
		cr_expect(wsip_via_parse(span, &via) == WSIP_OK);
		cr_expect(via.branch.size == size + 1 - start + 7, "%zu", size);
		exact_span_free(span);
	}
}
