/* SPDX-License-Identifier: MIT
 * The scans at memory speed: each octet at every place of every length, compared with a plain loop.
 */
#include "parser/scan.h"

#include "tests/unit/exact.h"

#define LONGEST 70

static size_t scan(const unsigned char *bytes, size_t size)
{
	struct wsip_span span = exact_span((const char *)bytes, size);
	const unsigned char *start = (const unsigned char *)span.data;
	size_t found = (size_t)(wsip_scan_line(start, start + size) - start);

	exact_span_free(span);
	return found;
}

Test(scan, finds_the_first_octet_that_ends_a_line)
{
	static const unsigned char ends[] = { '\r', '\n', '\0' };
	unsigned char bytes[LONGEST];

	for (size_t size = 0; size <= LONGEST; size++) {
		for (size_t at = 0; at < size; at++) {
			for (int i = 0; i < 3; i++) {
				memset(bytes, 'x', size);
				memset(bytes + at, ends[(i + 1) % 3], size - at);
				bytes[at] = ends[i];
				cr_assert(scan(bytes, size) == at, "%zu of %zu", at, size);
			}
		}
	}
}

Test(scan, any_other_octet_is_passed_over)
{
	unsigned char bytes[LONGEST];

	for (int c = 1; c < 256; c++) {
		if (c == '\r' || c == '\n')
			continue;
		memset(bytes, c, sizeof(bytes));
		for (size_t size = 0; size <= LONGEST; size++)
			cr_assert(scan(bytes, size) == size, "octet %d", c);
	}
}

static bool ends_visible(unsigned char octet)
{
	return octet <= ' ' || octet == 0x7f;
}

static bool ends_uri(unsigned char octet)
{
	return ends_visible(octet) || octet == '<' || octet == '>' || octet == '"';
}

static bool ends_printable(unsigned char octet)
{
	return octet <= '\r';
}

static bool ends_plain(unsigned char octet)
{
	return octet == '"' || octet == ',' || octet == 0xff;
}

static const unsigned char *scan_to_plain(const unsigned char *p, const unsigned char *end)
{
	return wsip_scan_to(p, end, '"', ',', 0xff);
}

static const struct {
	const char *name;
	const unsigned char *(*scan)(const unsigned char *p, const unsigned char *end);
	bool (*ends)(unsigned char octet);
} scans[] = {
	{ "visible", wsip_scan_visible, ends_visible },
	{ "uri", wsip_scan_uri, ends_uri },
	{ "printable", wsip_scan_printable, ends_printable },
	{ "to", scan_to_plain, ends_plain },
};

static void expect_as_plain(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < sizeof(scans) / sizeof(scans[0]); i++) {
		size_t at = 0;

		while (at < size && !scans[i].ends(bytes[at]))
			at++;
		cr_assert(scans[i].scan(bytes, bytes + size) == bytes + at, "%s: %zu of %zu",
			scans[i].name, at, size);
	}
}

Test(scan, each_octet_at_each_place_ends_what_a_plain_loop_ends)
{
	unsigned char filler[LONGEST];

	memset(filler, 'x', sizeof(filler));
	for (size_t size = 0; size <= LONGEST; size++) {
		struct wsip_span span = exact_span((const char *)filler, size);
		unsigned char *bytes = (unsigned char *)(uintptr_t)span.data;

		expect_as_plain(bytes, size);
		for (size_t at = 0; at < size; at++) {
			for (int octet = 0; octet < 256; octet++) {
				bytes[at] = (unsigned char)octet;
				expect_as_plain(bytes, size);
			}
			bytes[at] = 'x';
		}
		exact_span_free(span);
	}
}

/* Of several that end a stretch it is the first, wherever in a vector it stands. */
Test(scan, the_first_of_two_octets_counts)
{
	static const unsigned char octets[] = { '\0', '\t', '\r', ' ', '"', ',', '<', '>', 0x7f,
		0x80, 0xff };
	unsigned char bytes[LONGEST];

	for (size_t first = 0; first < LONGEST; first++) {
		for (size_t second = first + 1; second < LONGEST; second++) {
			for (size_t i = 0; i < sizeof(octets); i++) {
				memset(bytes, 'x', sizeof(bytes));
				bytes[first] = octets[i];
				bytes[second] = octets[(i + 1) % sizeof(octets)];
				expect_as_plain(bytes, sizeof(bytes));
			}
		}
	}
}

#define COLON_ROOM 32

static size_t colon_in(const unsigned char *bytes)
{
	struct wsip_span span = exact_span((const char *)bytes, COLON_ROOM);
	const unsigned char *start = (const unsigned char *)span.data;
	size_t found = (size_t)(wsip_scan_colon(start) - start);

	exact_span_free(span);
	return found;
}

Test(scan, the_first_colon_of_thirty_two_octets_is_found)
{
	unsigned char bytes[COLON_ROOM];

	for (size_t first = 0; first < COLON_ROOM; first++) {
		for (size_t second = first; second < COLON_ROOM; second++) {
			memset(bytes, 'x', sizeof(bytes));
			bytes[first] = bytes[second] = ':';
			cr_assert(colon_in(bytes) == first, "%zu, %zu", first, second);
		}
	}
}

Test(scan, no_other_octet_is_a_colon)
{
	unsigned char bytes[COLON_ROOM];

	for (int octet = 0; octet < 256; octet++) {
		if (octet == ':')
			continue;
		memset(bytes, octet, sizeof(bytes));
		cr_assert(colon_in(bytes) == 0, "octet %#x", octet);
	}
}
