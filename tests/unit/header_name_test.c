/* SPDX-License-Identifier: MIT
 * Header names (RFC 3261 7.3.3): every spelling and every compact form has its id, nothing else
 * has.
 */
#include "tests/unit/exact.h"

#include <ctype.h>
#include <stdio.h>

static enum wsip_header_id id_of(const char *name, size_t size)
{
	struct wsip_span span = exact_span(name, size);
	enum wsip_header_id id = wsip_header_id_of(span);

	exact_span_free(span);
	return id;
}

Test(header_name, every_id_has_a_name_that_leads_back_to_it_in_any_case)
{
	for (int id = WSIP_HEADER_OTHER + 1; id < WSIP_HEADER_IDS; id++) {
		const char *name = wsip_header_name((enum wsip_header_id)id);
		char other_case[64];

		cr_assert(name != NULL, "id %d", id);
		cr_expect((int)id_of(name, strlen(name)) == id, "%s", name);
		for (size_t i = 0; i <= strlen(name); i++)
			other_case[i] = (char)(i % 2 ? toupper(name[i]) : tolower(name[i]));
		cr_expect((int)id_of(other_case, strlen(name)) == id, "%s", other_case);
	}
}

Test(header_name, a_name_one_octet_shorter_longer_or_different_is_another)
{
	for (int id = WSIP_HEADER_OTHER + 1; id < WSIP_HEADER_IDS; id++) {
		const char *name = wsip_header_name((enum wsip_header_id)id);
		size_t size = strlen(name);
		char changed[64];

		for (size_t cut = 2; cut < size; cut++) /* "C" and its like are compact forms */
			cr_expect((int)id_of(name, cut) != id, "%.*s", (int)cut, name);
		snprintf(changed, sizeof(changed), "%sx", name);
		cr_expect(id_of(changed, size + 1) == WSIP_HEADER_OTHER, "%s", changed);
		for (size_t i = 0; i < size; i++) {
			snprintf(changed, sizeof(changed), "%s", name);
			changed[i] ^= 0x40;
			cr_expect((int)id_of(changed, size) != id, "%s", changed);
		}
	}
}

/* A letter may be of either case and nothing else: what stands for "-" is no control character,
 * even if it differs from it in no more than a letter does from its other case. */
Test(header_name, an_octet_changed_to_any_other_but_its_other_case_makes_another_name)
{
	for (int id = WSIP_HEADER_OTHER + 1; id < WSIP_HEADER_IDS; id++) {
		const char *name = wsip_header_name((enum wsip_header_id)id);
		size_t size = strlen(name);

		for (size_t i = 0; i < size; i++) {
			for (int octet = 0; octet < 256; octet++) {
				bool same = octet < 0x80 && tolower(octet) == tolower(name[i]);
				char changed[64];

				memcpy(changed, name, size);
				changed[i] = (char)octet;
				cr_expect(((int)id_of(changed, size) == id) == same,
					"%s with %#x at %zu", name, octet, i);
			}
		}
	}
}

Test(header_name, it_is_known_in_upper_and_lower_case_however_long)
{
	static const char *const longest[] = { "P-Asserted-Identity", "P-Preferred-Identity",
		"Proxy-Authenticate", "Proxy-Authorization", "Subscription-State" };

	for (size_t i = 0; i < sizeof(longest) / sizeof(longest[0]); i++)
		cr_expect(id_of(longest[i], strlen(longest[i])) != WSIP_HEADER_OTHER, "%s",
			longest[i]);
	for (int id = WSIP_HEADER_OTHER + 1; id < WSIP_HEADER_IDS; id++) {
		const char *name = wsip_header_name((enum wsip_header_id)id);
		size_t size = strlen(name);
		char lower[64], upper[64];

		for (size_t c = 0; c < size; c++) {
			lower[c] = (char)tolower(name[c]);
			upper[c] = (char)toupper(name[c]);
		}
		cr_expect((int)id_of(lower, size) == id, "%s", name);
		cr_expect((int)id_of(upper, size) == id, "%s", name);
	}
}

/* What stands behind a name in the message is not the name's. */
Test(header_name, the_octets_behind_a_name_do_not_matter)
{
	for (int id = WSIP_HEADER_OTHER + 1; id < WSIP_HEADER_IDS; id++) {
		const char *name = wsip_header_name((enum wsip_header_id)id);
		size_t size = strlen(name);
		char room[WSIP_NAME_ROOM];

		for (int octet = 0; octet < 256; octet++) {
			memset(room, octet, sizeof(room));
			memcpy(room, name, size);
			cr_expect((int)wsip_header_id_at(room, size) == id, "%s, %#x", name, octet);
		}
	}
}

Test(header_name, one_of_any_length_that_is_not_known_is_another)
{
	char name[300];

	memset(name, 'x', sizeof(name));
	for (size_t size = 2; size <= sizeof(name); size++)
		cr_expect(id_of(name, size) == WSIP_HEADER_OTHER, "%zu", size);
	memcpy(name, "P-Preferred-Identity", 20);
	for (size_t size = 21; size <= sizeof(name); size++)
		cr_expect(id_of(name, size) == WSIP_HEADER_OTHER, "%zu", size);
}

/* RFC 3261 20 and RFC 3515, 3892, 4028, 4474, 6665. */
Test(header_name, compact_forms_are_the_header_and_other_letters_are_none)
{
	static const enum wsip_header_id compact[26] = {
		['b' - 'a'] = WSIP_REFERRED_BY,
		['c' - 'a'] = WSIP_CONTENT_TYPE,
		['f' - 'a'] = WSIP_FROM,
		['i' - 'a'] = WSIP_CALL_ID,
		['k' - 'a'] = WSIP_SUPPORTED,
		['l' - 'a'] = WSIP_CONTENT_LENGTH,
		['m' - 'a'] = WSIP_CONTACT,
		['o' - 'a'] = WSIP_EVENT,
		['r' - 'a'] = WSIP_REFER_TO,
		['s' - 'a'] = WSIP_SUBJECT,
		['t' - 'a'] = WSIP_TO,
		['v' - 'a'] = WSIP_VIA,
		['x' - 'a'] = WSIP_SESSION_EXPIRES,
		['y' - 'a'] = WSIP_IDENTITY,
	};

	for (int c = 'a'; c <= 'z'; c++) {
		char lower = (char)c, upper = (char)toupper(c);

		cr_expect(id_of(&lower, 1) == compact[c - 'a'], "%c", c);
		cr_expect(id_of(&upper, 1) == compact[c - 'a'], "%c", upper);
	}
}

Test(header_name, anything_else_is_another)
{
	static const char *const others[] = { "", "X-Own", "Too", "To ", " To", "To:", "Via\r", "-",
		"Content_Length", "Call-ID\t" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		cr_expect(id_of(others[i], strlen(others[i])) == WSIP_HEADER_OTHER, "\"%s\"",
			others[i]);
	cr_expect(id_of("To\0", 3) == WSIP_HEADER_OTHER);
	cr_expect(id_of("To\1", 3) == WSIP_HEADER_OTHER);
}
