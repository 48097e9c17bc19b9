/* SPDX-License-Identifier: MIT
 * Which URIs are the same by RFC 3261 19.1.4, and which are not; and unescaping.
 */
#include <criterion/criterion.h>
#include <string.h>

#include <wiresip/uri.h>

static const struct {
	const char *a;
	const char *b;
	bool same;
} pairs[] = {
	{ "sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true },
	{ "sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true },
	{ "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5", true },
	{ "sip:b@h;lr;x=1?a=1&b=2", "SIP:b@H;x=1;lr?b=2&A=1", true },
	{ "sip:b%40c@h", "sip:b%40c@h", true },
	{ "tel:+1", "tel:+1", true },
	{ "SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false },
	{ "sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false },
	{ "sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false },
	{ "sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp", false },
	{ "sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", false },
	{ "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false },
	{ "sip:bob@h;user=phone", "sip:bob@h", false },
	{ "sip:bob@h;maddr=1.2.3.4", "sip:bob@h", false },
	{ "sip:bob@h", "sips:bob@h", false },
	{ "sip:bob@h", "sip:bob:secret@h", false },
	{ "sip:h", "sip:bob@h", false },
	{ "sip:b%2Bc@h", "sip:b+c@h", false },
	{ "sip:bob@h", "sip:bobb@h", false },
	{ "tel:+1", "tel:+2", false },
	{ "tel:+1", "urn:+1", false },
};

Test(rfc3261_19_1_4, uris_are_compared_in_both_directions)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct wsip_uri a, b;

		cr_assert(wsip_uri_parse(wsip_span_of(pairs[i].a), &a) == WSIP_OK, "%s",
			pairs[i].a);
		cr_assert(wsip_uri_parse(wsip_span_of(pairs[i].b), &b) == WSIP_OK, "%s",
			pairs[i].b);
		cr_expect(wsip_uri_equal(&a, &b) == pairs[i].same, "%s %s", pairs[i].a, pairs[i].b);
		cr_expect(wsip_uri_equal(&b, &a) == pairs[i].same, "%s %s", pairs[i].b, pairs[i].a);
		cr_expect(wsip_uri_equal(&a, &a), "%s", pairs[i].a);
	}
}

static const struct {
	const char *a;
	const char *b;
	bool same;
} tel_pairs[] = {
	{ "tel:+1-201-555-0123", "tel:+12015550123", true },
	{ "tel:+1(201)555.0123", "TEL:+1-201-555-0123", true },
	{ "tel:7042;phone-context=a.example", "tel:70-42;Phone-Context=A.EXAMPLE", true },
	{ "tel:7042;phone-context=+1-201", "tel:7042;phone-context=+1.2.0.1", true },
	{ "tel:+1;ext=12-3;isub=9", "tel:+1;ISUB=9;EXT=(123)", true },
	{ "tel:+1;isub=abc", "tel:+1;isub=ABC", true },
	{ "tel:+1;x;y=1", "tel:+1;Y=1;X", true },
	{ "tel:aF*#", "tel:Af*-#", true },
	{ "tel:+1;x=%61", "tel:+1;x=a", true },
	{ "tel:+1", "tel:1", false },
	{ "tel:+1", "tel:+12", false },
	{ "tel:+12", "tel:+1", false },
	{ "tel:7042;phone-context=a.example", "tel:7042", false },
	{ "tel:7042;phone-context=a.example", "tel:7042;phone-context=b.example", false },
	{ "tel:7042;phone-context=a-b.example", "tel:7042;phone-context=ab.example", false },
	{ "tel:7042;phone-context=+1", "tel:7042;phone-context=1", false },
	{ "tel:+1;ext=1", "tel:+1", false },
	{ "tel:+1;ext=1", "tel:+1;ext=2", false },
	{ "tel:+1;ext=1", "tel:+1;ext=12", false },
	{ "tel:+1;isub=1-2", "tel:+1;isub=12", false },
	{ "tel:+1;x=1", "tel:+1;x=2", false },
	{ "tel:+1;x=1", "tel:+1;y=1", false },
	{ "tel:+1;x=1", "tel:+1;x", false },
	{ "tel:+1;x", "tel:+1;y", false },
};

/* Numbers without their visual separators; parameters by name, and none is passed over. */
Test(rfc3966_4, tel_uris_are_compared_in_both_directions)
{
	for (size_t i = 0; i < sizeof(tel_pairs) / sizeof(tel_pairs[0]); i++) {
		struct wsip_uri a, b;

		cr_assert(wsip_uri_parse(wsip_span_of(tel_pairs[i].a), &a) == WSIP_OK, "%s",
			tel_pairs[i].a);
		cr_assert(wsip_uri_parse(wsip_span_of(tel_pairs[i].b), &b) == WSIP_OK, "%s",
			tel_pairs[i].b);
		cr_expect(wsip_uri_equal(&a, &b) == tel_pairs[i].same, "%s %s", tel_pairs[i].a,
			tel_pairs[i].b);
		cr_expect(wsip_uri_equal(&b, &a) == tel_pairs[i].same, "%s %s", tel_pairs[i].b,
			tel_pairs[i].a);
		cr_expect(wsip_uri_equal(&a, &a), "%s", tel_pairs[i].a);
	}
}

Test(rfc3261_19_1_2, escapes_are_replaced_and_nothing_else)
{
	char out[16];

	cr_expect(wsip_uri_unescape(wsip_span_of("a%62c%2B%00"), out) == 5);
	cr_expect(memcmp(out, "abc+\0", 5) == 0);
	cr_expect(wsip_uri_unescape(wsip_span_of("%"), out) == 1 && out[0] == '%');
	cr_expect(wsip_uri_unescape(wsip_span_of("%4"), out) == 2);
	cr_expect(wsip_uri_unescape(wsip_span_of("%4g"), out) == 3);
}
