/* SPDX-License-Identifier: MIT
 * Event and Subscription-State (RFC 6665). Spans borrow the header's value.
 */
#ifndef WIRESIP_EVENT_H
#define WIRESIP_EVENT_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_event {
	struct wsip_span type;   /* "presence", "dialog", "presence.winfo" */
	struct wsip_span id;     /* empty when absent */
	struct wsip_span params; /* from the first ";", or empty */
};

WSIP_MUST_CHECK enum wsip_err wsip_event_parse(struct wsip_span value, struct wsip_event *event);

struct wsip_subscription_state {
	struct wsip_span state;  /* "active", "pending", "terminated", ... */
	struct wsip_span reason; /* of a terminated one; empty when absent */
	bool has_expires;
	uint32_t expires_s;
	bool has_retry_after;
	uint32_t retry_after_s;
	struct wsip_span params; /* from the first ";", or empty */
};

WSIP_MUST_CHECK enum wsip_err wsip_subscription_state_parse(struct wsip_span value,
	struct wsip_subscription_state *state);

#pragma GCC visibility pop
#endif
