/* SPDX-License-Identifier: MIT
 * Classes of octets: each is the set that parser/grammar/ has under that name (RFC 3261 25.1),
 * written out here once more; and a scan over a class stops where a plain loop does.
 */
#include "parser/char_class.h"

#include "parser/scan.h"
#include "tests/unit/value.h"

#define LONGEST 70

#define ALPHANUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static bool is_one_of(int octet, const char *set)
{
	return octet != 0 && strchr(set, octet) != NULL;
}

static bool is_in(enum wsip_char_class char_class, int octet)
{
	bool is_visible = octet > ' ' && octet != 0x7f;

	switch (char_class) {
	case WSIP_TOKEN_CHARS:
		return is_one_of(octet, ALPHANUM "-.!%*_+`'~");
	case WSIP_PARAM_VALUE_CHARS:
		return is_one_of(octet, ALPHANUM "-.!%*_+`'~:@/[]=$&?#{}|^");
	case WSIP_USER_CHARS:
		return is_one_of(octet, ALPHANUM "-_.!~*'()&=+$,;?/#");
	case WSIP_HOST_CHARS:
		return is_one_of(octet, ALPHANUM "-_.");
	case WSIP_PARAM_CHARS:
		return is_one_of(octet, ALPHANUM "-_.!~*'()[]/:&+$");
	case WSIP_URI_CHARS:
		return is_visible && !is_one_of(octet, "<>\"");
	case WSIP_QUOTED_CHARS:
		return octet == ' ' || octet == '\t' || (is_visible && !is_one_of(octet, "\"\\"));
	case WSIP_ELEMENT_CHARS:
		return !is_one_of(octet, "\",<");
	case WSIP_VISIBLE_CHARS:
		return is_visible;
	default:
		return false;
	}
}

static const enum wsip_char_class classes[] = { WSIP_TOKEN_CHARS, WSIP_PARAM_VALUE_CHARS,
	WSIP_USER_CHARS, WSIP_HOST_CHARS, WSIP_PARAM_CHARS, WSIP_URI_CHARS, WSIP_QUOTED_CHARS,
	WSIP_ELEMENT_CHARS, WSIP_VISIBLE_CHARS };

Test(char_class, each_octet_is_in_the_classes_that_the_grammar_has_it_in)
{
	for (size_t i = 0; i < ROWS(classes); i++) {
		for (int octet = 0; octet < 256; octet++)
			cr_expect(!!(wsip_char_classes[octet] & classes[i]) ==
					  is_in(classes[i], octet),
				"class %#x, octet %#x", classes[i], octet);
	}
}

Test(char_class, no_octet_is_in_a_class_that_has_no_name)
{
	unsigned int all = 0;

	for (size_t i = 0; i < ROWS(classes); i++)
		all |= classes[i];
	for (int octet = 0; octet < 256; octet++)
		cr_expect((wsip_char_classes[octet] & ~all) == 0, "octet %#x", octet);
}

/* "x" is in every class, so the octet at `at` is what a scan may stop at. */
static void scan_with(struct wsip_span span, size_t at, int octet)
{
	unsigned char *bytes = (unsigned char *)(uintptr_t)span.data;

	bytes[at] = (unsigned char)octet;
	for (size_t i = 0; i < ROWS(classes); i++) {
		const unsigned char *stop = wsip_scan_class(bytes, bytes + span.size, classes[i]);

		cr_assert(stop == bytes + (is_in(classes[i], octet) ? span.size : at),
			"class %#x, octet %#x at %zu of %zu", classes[i], octet, at, span.size);
	}
	bytes[at] = 'x';
}

Test(char_class, a_scan_stops_at_the_first_octet_that_is_not_in_the_class)
{
	unsigned char filler[LONGEST];

	memset(filler, 'x', sizeof(filler));
	for (size_t size = 1; size <= LONGEST; size++) {
		struct wsip_span span = exact_span((const char *)filler, size);

		for (size_t at = 0; at < size; at++) {
			for (int octet = 0; octet < 256; octet++)
				scan_with(span, at, octet);
		}
		exact_span_free(span);
	}
}

Test(char_class, a_scan_over_nothing_ends_where_it_starts)
{
	struct wsip_span span = exact_span("", 0);
	const unsigned char *start = (const unsigned char *)span.data;

	for (size_t i = 0; i < ROWS(classes); i++)
		cr_expect(wsip_scan_class(start, start, classes[i]) == start);
	exact_span_free(span);
}
