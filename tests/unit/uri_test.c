/* SPDX-License-Identifier: MIT
 * URIs taken apart (RFC 3261 19.1, 25.1): each row is a URI and its parts, or one that is refused.
 */
#include "tests/unit/exact.h"

#include <stdio.h>

static const struct {
	const char *text;
	enum wsip_scheme scheme;
	const char *scheme_name, *user, *password, *host;
	unsigned int port;
	const char *params, *headers;
} accepted[] = {
	{ "sip:a.example", WSIP_SCHEME_SIP, "sip", "", "", "a.example", 0, "", "" },
	{ "SIPS:a.example", WSIP_SCHEME_SIPS, "SIPS", "", "", "a.example", 0, "", "" },
	{ "sip:bob@a.example:5061", WSIP_SCHEME_SIP, "sip", "bob", "", "a.example", 5061, "", "" },
	{ "sip:bob:pw@192.0.2.1", WSIP_SCHEME_SIP, "sip", "bob", "pw", "192.0.2.1", 0, "", "" },
	{ "sip:bob:@h", WSIP_SCHEME_SIP, "sip", "bob", "", "h", 0, "", "" },
	{ "sip:[2001:db8::9:1]", WSIP_SCHEME_SIP, "sip", "", "", "[2001:db8::9:1]", 0, "", "" },
	{ "sip:x@[::1]:5060;lr", WSIP_SCHEME_SIP, "sip", "x", "", "[::1]", 5060, ";lr", "" },
	{ "sip:h;transport=tcp;lr", WSIP_SCHEME_SIP, "sip", "", "", "h", 0, ";transport=tcp;lr",
		"" },
	{ "sip:h?Subject=a&To=b", WSIP_SCHEME_SIP, "sip", "", "", "h", 0, "", "Subject=a&To=b" },
	{ "sip:h;p=1?X=", WSIP_SCHEME_SIP, "sip", "", "", "h", 0, ";p=1", "X=" },
	{ "sip:h:1", WSIP_SCHEME_SIP, "sip", "", "", "h", 1, "", "" },
	{ "sip:h:65535", WSIP_SCHEME_SIP, "sip", "", "", "h", 65535, "", "" },
	/* RFC 3261 19.1.2: the user part may hold what elsewhere separates. */
	{ "sip:user;par=u%40e.example@h", WSIP_SCHEME_SIP, "sip", "user;par=u%40e.example", "", "h",
		0, "", "" },
	{ "sip:a?b/c,d&e=f+g$@h", WSIP_SCHEME_SIP, "sip", "a?b/c,d&e=f+g$", "", "h", 0, "", "" },
	{ "sip:null-%00-x@h", WSIP_SCHEME_SIP, "sip", "null-%00-x", "", "h", 0, "", "" },
	{ "sip:+1-212-555-0101@gw.example;user=phone", WSIP_SCHEME_SIP, "sip", "+1-212-555-0101",
		"", "gw.example", 0, ";user=phone", "" },
	{ "tel:+358-555-1234567", WSIP_SCHEME_TEL, "tel", "+358-555-1234567", "", "", 0, "", "" },
	{ "tel:7042;phone-context=a.example", WSIP_SCHEME_TEL, "tel", "7042", "", "", 0,
		";phone-context=a.example", "" },
	/* RFC 3966 3: visual separators, and the parameters that it names. */
	{ "tel:+(1)-212.555-0101", WSIP_SCHEME_TEL, "tel", "+(1)-212.555-0101", "", "", 0, "", "" },
	{ "TEL:+1;EXT=12-3;isub=a%20b;x", WSIP_SCHEME_TEL, "TEL", "+1", "", "", 0,
		";EXT=12-3;isub=a%20b;x", "" },
	{ "tel:863-1234;phone-context=+1-914-555", WSIP_SCHEME_TEL, "tel", "863-1234", "", "", 0,
		";phone-context=+1-914-555", "" },
	{ "tel:*#06#", WSIP_SCHEME_TEL, "tel", "*#06#", "", "", 0, "", "" },
	{ "tel:aF9", WSIP_SCHEME_TEL, "tel", "aF9", "", "", 0, "", "" },
	{ "tel:-1-", WSIP_SCHEME_TEL, "tel", "-1-", "", "", 0, "", "" },
	{ "tels:+1", WSIP_SCHEME_OTHER, "tels", "", "", "", 0, "", "" },
	{ "te:+1", WSIP_SCHEME_OTHER, "te", "", "", "", 0, "", "" },
	{ "urn:service:sos", WSIP_SCHEME_OTHER, "urn", "", "", "", 0, "", "" },
	{ "sipx:bob@h", WSIP_SCHEME_OTHER, "sipx", "", "", "", 0, "", "" },
	{ "si:bob@h", WSIP_SCHEME_OTHER, "si", "", "", "", 0, "", "" },
	{ "h323+x.y-z:1", WSIP_SCHEME_OTHER, "h323+x.y-z", "", "", "", 0, "", "" },
};

Test(uri, each_part_is_found)
{
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_uri uri;

		cr_expect(wsip_uri_parse(span, &uri) == WSIP_OK, "%s", text);
		cr_expect(wsip_span_equal(uri.text, span), "%s", text);
		cr_expect(uri.scheme == accepted[i].scheme, "%s", text);
		cr_expect(wsip_span_is(uri.scheme_name, accepted[i].scheme_name), "%s", text);
		cr_expect(wsip_span_is(uri.opaque, strchr(text, ':') + 1), "%s", text);
		cr_expect(wsip_span_is(uri.user, accepted[i].user), "%s", text);
		cr_expect(wsip_span_is(uri.password, accepted[i].password), "%s", text);
		cr_expect(wsip_span_is(uri.host, accepted[i].host), "%s", text);
		cr_expect(uri.port == accepted[i].port, "%s", text);
		cr_expect(wsip_span_is(uri.params, accepted[i].params), "%s", text);
		cr_expect(wsip_span_is(uri.headers, accepted[i].headers), "%s", text);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	"sip",
	"sip:",
	":",
	"sip:@h",
	"sip::pw@h",
	"sip:b:p;w@h",
	"sip:b:p?w@h",
	"sip:b:p/w@h",
	"sip:a@",
	"sip:a@@h",
	"sip:a@b@h",
	"sip:a b@h",
	"sip:h:",
	"sip:h:0",
	"sip:h:65536",
	"sip:h:99999",
	"sip:h:5060x",
	"sip:h:-1",
	"sip:h:+1",
	"sip:h:4294972356", /* 2^32 + 5060 */
	"sip:h ",
	" sip:h",
	"sip:h;",
	"sip:h;;lr",
	"sip:h;=x",
	"sip:h?",
	"sip:h?a",
	"sip:h?a=1&",
	"sip:h?a=1&&b=2",
	"sip:%4@h",
	"sip:%zz@h",
	"sip:a%@h",
	"sip:h;p=%",
	"sip:h?a=%0",
	"sip:[::1",
	"sip:::1",
	"sip:[]",
	"sip:[::g]",
	"sip:]",
	"sip:-h",
	"sip:.h",
	"sip:h\r\n",
	"sip:a\r\nX: y@h",
	"<sip:h>",
	"sip:<h>",
	"sip:\"h\"",
	"sip:h;p=\"x\"",
	"1sip:h",
	"tel:",
	"tel:1 2",
	"tel:<1>",
	/* RFC 3966 3: a number has a digit; "+" stands in front of decimal ones only. */
	"tel:+",
	"tel:-",
	"tel:+-()",
	"tel:+a",
	"tel:+1*",
	"tel:1+2",
	"tel:++1",
	"tel:g",
	"tel:+1;",
	"tel:+1;;x",
	"tel:+1;=x",
	"tel:+1;ext=",
	"tel:+1;a_b=c",
	"tel:+1;x=%zz",
	"tel:+1;x=\"y\"",
	"tel:+1?a=b",
	"tel:+1@h",
	"tel:;ext=1",
	"sip:h\x80",
	"sip:a\x80@h",
	"*",
};

Test(uri, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_uri uri;

		cr_expect(wsip_uri_parse(span, &uri) == WSIP_ERR_SYNTAX, "%s", refused[i]);
		exact_span_free(span);
	}
}

Test(uri, a_nul_is_refused_everywhere)
{
	static const char full[] = "sip:bob:pw@h.example:5060;p=v?X=y";

	for (size_t i = 0; i < sizeof(full) - 1; i++) {
		struct wsip_span span = exact_span(full, sizeof(full) - 1);
		struct wsip_uri uri;

		((char *)(uintptr_t)span.data)[i] = '\0';
		cr_expect(wsip_uri_parse(span, &uri) == WSIP_ERR_SYNTAX, "NUL at %zu", i);
		exact_span_free(span);
	}
}

Test(uri, cut_at_every_offset_it_is_read_without_harm)
{
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		for (size_t size = 0; size < strlen(accepted[i].text); size++) {
			struct wsip_span span = exact_span(accepted[i].text, size);
			struct wsip_uri uri;

			if (wsip_uri_parse(span, &uri) == WSIP_OK)
				(void)wsip_uri_param(&uri, "lr", NULL);
			exact_span_free(span);
		}
	}
}

Test(uri, longer_than_the_limit_it_is_told_apart)
{
	char text[WSIP_URI_MAX_BYTES + 2];
	struct wsip_uri uri;

	memset(text, 'a', sizeof(text));
	memcpy(text, "sip:", 4);
	cr_expect(wsip_uri_parse((struct wsip_span){ text, WSIP_URI_MAX_BYTES }, &uri) == WSIP_OK);
	cr_expect(wsip_uri_parse((struct wsip_span){ text, WSIP_URI_MAX_BYTES + 1 }, &uri) ==
		  WSIP_ERR_LIMIT);
}

Test(uri, parameters_are_found_by_name_in_any_case)
{
	struct wsip_span value;
	struct wsip_uri uri;

	cr_assert(wsip_uri_parse(wsip_span_of("sip:h;Transport=tcp;lr;ttl=15;maddr=[::1]"), &uri) ==
		  WSIP_OK);
	cr_expect(wsip_uri_param(&uri, "transport", &value) && wsip_span_is(value, "tcp"));
	cr_expect(wsip_uri_param(&uri, "LR", &value) && value.size == 0);
	cr_expect(wsip_uri_param(&uri, "ttl", &value) && wsip_span_is(value, "15"));
	cr_expect(wsip_uri_param(&uri, "maddr", &value) && wsip_span_is(value, "[::1]"));
	cr_expect(!wsip_uri_param(&uri, "l", &value));
	cr_expect(!wsip_uri_param(&uri, "tcp", &value));
	cr_expect(wsip_uri_param(&uri, "ttl", NULL));
}

/* RFC 3261 25.1: every character that a uri-parameter may hold, in a name and in a value. */
Test(uri, every_parameter_the_grammar_takes_can_be_found)
{
	static const char chars[] = "[]/:&+$-_.!~*'()";

	for (const char *c = chars; *c; c++) {
		char text[64], name[8];
		struct wsip_span value;
		struct wsip_uri uri;

		snprintf(name, sizeof(name), "a%cb", *c);
		snprintf(text, sizeof(text), "sip:h;%s=c%cd;last=1", name, *c);
		cr_assert(wsip_uri_parse(wsip_span_of(text), &uri) == WSIP_OK, "%s", text);
		cr_expect(wsip_uri_param(&uri, name, &value) && value.size == 3, "%s", text);
		cr_expect(wsip_uri_param(&uri, "last", &value), "%s", text);
	}
}
