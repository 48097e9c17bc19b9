/* SPDX-License-Identifier: MIT
 * One value of a Via header (RFC 3261 20.42, RFC 3581). Spans borrow the header's value.
 */
#ifndef WIRESIP_VIA_H
#define WIRESIP_VIA_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

/* RFC 3261 8.1.1.7: a branch that starts so is unique; any other is of RFC 2543. */
#define WSIP_BRANCH_COOKIE "z9hG4bK"

struct wsip_via {
	struct wsip_span transport; /* "UDP", as it came */
	struct wsip_span sent_by;   /* host and port, as they came */
	struct wsip_span host;
	uint16_t port;           /* 0 when absent */
	struct wsip_span params; /* from the first ";", or empty */
	struct wsip_span branch; /* empty when absent */
	struct wsip_span received;
	struct wsip_span
		rport; /* empty when absent, or without a value: it is where the name ends */
	bool has_rport;
	struct wsip_span maddr;
	struct wsip_span ttl;
};

WSIP_MUST_CHECK enum wsip_err wsip_via_parse(struct wsip_span value, struct wsip_via *via);

#pragma GCC visibility pop
#endif
