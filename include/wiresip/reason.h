/* SPDX-License-Identifier: MIT
 * One value of a Reason header (RFC 3326): why a request was sent. Spans borrow the header's value.
 */
#ifndef WIRESIP_REASON_H
#define WIRESIP_REASON_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_reason {
	struct wsip_span protocol; /* "SIP", "Q.850", ... */
	bool has_cause;
	uint32_t cause;          /* in the numbers of that protocol */
	struct wsip_span text;   /* with its quotes; empty when absent */
	struct wsip_span params; /* from the first ";", or empty */
};

WSIP_MUST_CHECK enum wsip_err wsip_reason_parse(struct wsip_span value, struct wsip_reason *reason);

#pragma GCC visibility pop
#endif
