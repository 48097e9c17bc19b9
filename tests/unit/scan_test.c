/* SPDX-License-Identifier: MIT
 * The scan for the end of a line: CR, LF and NUL at every place of every length, and nothing else.
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
