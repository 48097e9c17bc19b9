/* SPDX-License-Identifier: MIT
 * One value of a Warning header (RFC 3261 20.43). Spans borrow the header's value.
 */
#ifndef WIRESIP_WARNING_H
#define WIRESIP_WARNING_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_warning {
	uint32_t code; /* 300 to 399 have a meaning */
	struct wsip_span agent;
	struct wsip_span text; /* with its quotes */
};

WSIP_MUST_CHECK enum wsip_err wsip_warning_parse(struct wsip_span value,
	struct wsip_warning *warning);

#pragma GCC visibility pop
#endif
