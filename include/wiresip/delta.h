/* SPDX-License-Identifier: MIT
 * Seconds with what may stand behind them: the value of Retry-After (RFC 3261 20.33),
 * Session-Expires and Min-SE (RFC 4028). Spans borrow the header's value.
 */
#ifndef WIRESIP_DELTA_H
#define WIRESIP_DELTA_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_delta {
	uint32_t seconds;
	struct wsip_span comment;   /* of Retry-After, with its brackets; empty when absent */
	struct wsip_span params;    /* from the first ";", or empty */
	struct wsip_span refresher; /* of Session-Expires: "uac" or "uas"; empty when absent */
	bool has_duration;
	uint32_t duration_s; /* of Retry-After */
};

/* WSIP_ERR_LIMIT above 2^32-1 seconds. */
WSIP_MUST_CHECK enum wsip_err wsip_delta_parse(struct wsip_span value, struct wsip_delta *delta);

#pragma GCC visibility pop
#endif
