/* SPDX-License-Identifier: MIT
 * Methods: known ones by their exact name, in its exact case (RFC 3261 7.1).
 */
#include "tests/unit/exact.h"

static const char *const names[] = {
	[WSIP_ACK] = "ACK",
	[WSIP_BYE] = "BYE",
	[WSIP_CANCEL] = "CANCEL",
	[WSIP_INFO] = "INFO",
	[WSIP_INVITE] = "INVITE",
	[WSIP_MESSAGE] = "MESSAGE",
	[WSIP_NOTIFY] = "NOTIFY",
	[WSIP_OPTIONS] = "OPTIONS",
	[WSIP_PRACK] = "PRACK",
	[WSIP_PUBLISH] = "PUBLISH",
	[WSIP_REFER] = "REFER",
	[WSIP_REGISTER] = "REGISTER",
	[WSIP_SUBSCRIBE] = "SUBSCRIBE",
	[WSIP_UPDATE] = "UPDATE",
};

static enum wsip_method method_of(const char *text, size_t size)
{
	struct wsip_span span = exact_span(text, size);
	enum wsip_method method = wsip_method_of(span);

	exact_span_free(span);
	return method;
}

Test(method, a_known_name_is_known_whole_and_in_its_case_only)
{
	for (int method = WSIP_ACK; method <= WSIP_UPDATE; method++) {
		size_t size = strlen(names[method]);
		char changed[16] = { 0 };

		cr_expect((int)method_of(names[method], size) == method, "%s", names[method]);
		for (size_t cut = 0; cut < size; cut++)
			cr_expect(method_of(names[method], cut) == WSIP_METHOD_OTHER, "%.*s",
				(int)cut, names[method]);
		for (size_t i = 0; i < size; i++) {
			memcpy(changed, names[method], size + 1);
			changed[i] |= 0x20;
			cr_expect(method_of(changed, size) == WSIP_METHOD_OTHER, "%s", changed);
		}
		memcpy(changed, names[method], size);
		changed[size] = 'S';
		cr_expect(method_of(changed, size + 1) == WSIP_METHOD_OTHER, "%s", changed);
	}
}

Test(method, an_unknown_name_is_another)
{
	cr_expect(method_of("NEWMETHOD", 9) == WSIP_METHOD_OTHER);
	cr_expect(method_of("ACK\0", 4) == WSIP_METHOD_OTHER);
	cr_expect(method_of(" ACK", 4) == WSIP_METHOD_OTHER);
}
