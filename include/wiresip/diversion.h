/* SPDX-License-Identifier: MIT
 * One value of a Diversion header (RFC 5806): who sent the call on, and why. Spans borrow the
 * header's value; texts keep their quotes, if any.
 */
#ifndef WIRESIP_DIVERSION_H
#define WIRESIP_DIVERSION_H

#include <wiresip/name_addr.h>

#pragma GCC visibility push(default)

struct wsip_diversion {
	struct wsip_name_addr address; /* its params hold those below too, and the unknown ones */
	struct wsip_span reason;       /* "user-busy", "no-answer", ...; empty when absent */
	bool has_counter;
	uint32_t counter;
	bool has_limit;
	uint32_t limit;
	struct wsip_span privacy;
	struct wsip_span screen;
};

WSIP_MUST_CHECK enum wsip_err wsip_diversion_parse(struct wsip_span value,
	struct wsip_diversion *diversion);

#pragma GCC visibility pop
#endif
