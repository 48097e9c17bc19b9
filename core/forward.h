/* SPDX-License-Identifier: MIT
 * The request as it goes on (RFC 3261 16.6), up to the point where it is sent.
 */
#ifndef WSIP_CORE_FORWARD_H
#define WSIP_CORE_FORWARD_H

#include "core/core.h"

/* "z9hG4bK", a mark, 16 hex digits. */
#define WSIP_BRANCH_BYTES 24

struct wsip_forward_plan {
	const struct wsip_flow *from;               /* where the request came from */
	const struct wsip_destination *destination; /* NULL: Route, or else the Request-URI */
	struct wsip_span uri;                       /* of the destination */
	enum wsip_record_route record_route;
};

struct wsip_forward {
	struct wsip_buf *bytes;
	struct wsip_flow flow;
	char branch[WSIP_BRANCH_BYTES];
};

/* Builds the forwarded request under a new branch. WSIP_ERR_UNREACHABLE when the next hop cannot be
 * sent to, WSIP_ERR_STATE when it is this proxy itself. */
WSIP_MUST_CHECK enum wsip_err wsip_forward_build(struct wsip_core *core,
	const struct wsip_msg *request, const struct wsip_forward_plan *plan,
	struct wsip_forward *forward);

/* The flow to a SIP URI, leaving by the listener that suits (RFC 3263 for literal addresses). */
WSIP_MUST_CHECK enum wsip_err wsip_forward_resolve(const struct wsip_core *core,
	const struct wsip_uri *uri, const struct wsip_flow *from, struct wsip_flow *flow);

/* RFC 3261 16.11: the same request forwarded without a transaction gets the same branch, and its
 * response is recognised by it. `via` is the top Via that the request came with. */
void wsip_forward_stateless_branch(const struct wsip_core *core, const struct wsip_via *via,
	struct wsip_span call_id, char branch[WSIP_BRANCH_BYTES]);

/* RFC 3261 16.6 step 9 and 16.7 step 9: a message without Content-Length gets one, since a stream
 * cannot do without. */
WSIP_MUST_CHECK enum wsip_err wsip_forward_add_content_length(struct wsip_msg *msg);

/* Forwards a request, or a response to such a request, without a transaction. What fails is
 * counted; the error says why. */
enum wsip_err wsip_forward_request_statelessly(struct wsip_core *core, struct wsip_msg *request,
	const struct wsip_forward_plan *plan);
void wsip_forward_response_statelessly(struct wsip_core *core, struct wsip_msg *response);

#endif
