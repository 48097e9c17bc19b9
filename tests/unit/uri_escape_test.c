/* SPDX-License-Identifier: MIT
 * Escapes in URIs (RFC 3261 19.1.2, 25.1): what is escaped may stand in its part of a URI, comes
 * back as it was, and no more is escaped than has to be.
 */
#include "parser/uri.h"

#include "tests/unit/value.h"

static const enum wsip_uri_part parts[] = { WSIP_URI_USER, WSIP_URI_PARAM, WSIP_URI_HEADER };

/* RFC 3261 25.1: unreserved, and what each part may hold besides. */
static const char *const plain[] = {
	[WSIP_URI_USER] = "-_.!~*'()&=+$,;?/",
	[WSIP_URI_PARAM] = "-_.!~*'()[]/:&+$",
	[WSIP_URI_HEADER] = "-_.!~*'()[]/?:+$",
};

static bool may_stand(enum wsip_uri_part part, int octet)
{
	return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
	       (octet >= 'a' && octet <= 'z') || (octet && strchr(plain[part], octet));
}

Test(uri_escape, each_octet_is_escaped_where_it_may_not_stand_and_nowhere_else)
{
	for (size_t i = 0; i < ROWS(parts); i++) {
		for (int octet = 0; octet < 256; octet++) {
			char text = (char)octet, expected[4], out[4] = "";
			size_t size = wsip_uri_escape(parts[i], (struct wsip_span){ &text, 1 },
				out);

			if (may_stand(parts[i], octet))
				snprintf(expected, sizeof(expected), "%c", octet);
			else
				snprintf(expected, sizeof(expected), "%%%02X", octet);
			cr_expect(size == strlen(expected) && memcmp(out, expected, size) == 0,
				"part %d, octet %#x: %.*s", parts[i], octet, (int)size, out);
		}
	}
}

Test(uri_escape, all_octets_come_back_from_each_part)
{
	char all[256];

	for (int octet = 0; octet < 256; octet++)
		all[octet] = (char)octet;
	for (size_t i = 0; i < ROWS(parts); i++) {
		/* As large as it may have to be, and no larger. */
		char *escaped = malloc(3 * sizeof(all)), *back;
		size_t size = wsip_uri_escape(parts[i], (struct wsip_span){ all, sizeof(all) },
			escaped);
		struct wsip_span span = exact_span(escaped, size);

		cr_assert(size <= 3 * sizeof(all));
		back = malloc(size);
		cr_expect(wsip_uri_unescape(span, back) == sizeof(all), "part %d", parts[i]);
		cr_expect(memcmp(back, all, sizeof(all)) == 0, "part %d", parts[i]);
		free(back);
		free(escaped);
		exact_span_free(span);
	}
}

/* "sip:USER@h;NAME=VALUE?NAME=VALUE" of one octet, escaped each. */
Test(uri_escape, whatever_is_escaped_can_be_parsed_in_its_part)
{
	for (int octet = 0; octet < 256; octet++) {
		char text[100], part[3][4], octets[4];
		struct wsip_uri uri;

		for (size_t i = 0; i < ROWS(parts); i++) {
			char one = (char)octet;
			size_t size = wsip_uri_escape(parts[i], (struct wsip_span){ &one, 1 },
				part[i]);

			part[i][size] = '\0';
		}
		snprintf(text, sizeof(text), "sip:%s@h;%s=%s?%s=%s", part[0], part[1], part[1],
			part[2], part[2]);
		cr_assert(wsip_uri_parse(wsip_span_of(text), &uri) == WSIP_OK, "%s", text);
		expect_text(text, uri.user, part[0]);
		expect_text(text, uri.host, "h");
		cr_expect(wsip_uri_unescape(uri.user, octets) == 1, "%s", text);
		cr_expect((unsigned char)octets[0] == octet, "%s", text);
		cr_expect(uri.params.size == 2 * strlen(part[1]) + 2, "%s", text);
		cr_expect(uri.headers.size == 2 * strlen(part[2]) + 1, "%s", text);
	}
}

Test(uri_escape, what_is_no_escape_stays_as_it_is)
{
	static const char *const texts[] = { "", "%", "a%", "%4", "%4g", "%g4", "%%", "% 41",
		"%-1" };

	for (size_t i = 0; i < ROWS(texts); i++) {
		struct wsip_span span = exact_span(texts[i], strlen(texts[i]));
		char out[8];

		cr_expect(wsip_uri_unescape(span, out) == span.size, "%s", texts[i]);
		cr_expect(memcmp(out, texts[i], span.size) == 0, "%s", texts[i]);
		exact_span_free(span);
	}
}

Test(uri_escape, an_escape_is_read_once_and_in_either_case)
{
	char out[16];

	cr_expect(wsip_uri_unescape(wsip_span_of("%2541"), out) == 3);
	cr_expect(memcmp(out, "%41", 3) == 0);
	cr_expect(wsip_uri_unescape(wsip_span_of("%fF%Ff%e9"), out) == 3);
	cr_expect(memcmp(out, "\xff\xff\xe9", 3) == 0);
}

/* RFC 3261 19.1.4, RFC 2396 2.2: an unreserved character is the same escaped, a reserved one is
 * not. */
Test(uri_escape, only_an_escaped_reserved_character_differs_from_itself)
{
	for (int octet = 1; octet < 256; octet++) {
		char escaped[4], itself[2] = { (char)octet, '\0' };
		struct wsip_span a, b = { itself, 1 };
		bool unreserved = may_stand(WSIP_URI_USER, octet) && !strchr("&=+$,;?/", octet);

		snprintf(escaped, sizeof(escaped), "%%%02x", octet);
		a = wsip_span_of(escaped);
		cr_expect((wsip_uri_next_character(&a) == wsip_uri_next_character(&b)) ==
				  unreserved,
			"octet %#x", octet);
		cr_expect(a.size == 0 && b.size == 0, "octet %#x", octet);
	}
}
