/* SPDX-License-Identifier: MIT
 * The request as it goes on (RFC 3261 16.6), up to the point where it is sent.
 */
#ifndef WSIP_CORE_FORWARD_H
#define WSIP_CORE_FORWARD_H

#include "core/core.h"
#include "core/loop.h"

/* RFC 3261 18.1.1: what is larger goes by TCP, and what comes within this of the path's MTU. */
#define WSIP_DATAGRAM_MAX_BYTES 1300
#define WSIP_DATAGRAM_MARGIN    200

enum wsip_size_rule {
	WSIP_LARGE_BY_TCP,
	WSIP_LARGE_BY_UDP, /* TCP was refused */
};

struct wsip_forward_plan {
	const struct wsip_flow *from;               /* where the request came from */
	const struct wsip_destination *destination; /* NULL: Route, or else the Request-URI */
	struct wsip_span uri;                       /* of the destination */
	enum wsip_record_route record_route;
	enum wsip_size_rule size_rule;
	uint32_t loop_hash;
	uint32_t breadth; /* the branch's share of Max-Breadth; 0: as it came */
};

struct wsip_forward {
	struct wsip_buf *bytes;
	struct wsip_flow flow;
	char branch[WSIP_BRANCH_BYTES];
	bool by_size; /* it goes by TCP for its size alone */
};

/* Builds the forwarded request under a new branch. WSIP_ERR_UNREACHABLE when the next hop cannot be
 * sent to, WSIP_ERR_STATE when it is this proxy itself. */
WSIP_MUST_CHECK enum wsip_err wsip_forward_build(struct wsip_core *core,
	const struct wsip_msg *request, const struct wsip_forward_plan *plan,
	struct wsip_forward *forward);

/* The flow to a SIP URI, leaving by the listener that suits (RFC 3263 for literal addresses). */
WSIP_MUST_CHECK enum wsip_err wsip_forward_resolve(const struct wsip_core *core,
	const struct wsip_uri *uri, const struct wsip_flow *from, struct wsip_flow *flow);

/* The listener that suits for flow->remote and its transport, `from`'s among equals.
 * WSIP_ERR_UNREACHABLE when there is none. */
WSIP_MUST_CHECK enum wsip_err wsip_forward_choose_listener(const struct wsip_core *core,
	const struct wsip_flow *from, struct wsip_flow *flow);

/* RFC 3261 16.6 step 9 and 16.7 step 9: a message without Content-Length gets one, since a stream
 * cannot do without. */
WSIP_MUST_CHECK enum wsip_err wsip_forward_add_content_length(struct wsip_msg *msg);

/* Forwards a request, or a response to such a request, without a transaction. What fails is
 * counted; the error says why. */
enum wsip_err wsip_forward_request_statelessly(struct wsip_core *core, struct wsip_msg *request,
	const struct wsip_forward_plan *plan);
void wsip_forward_response_statelessly(struct wsip_core *core, struct wsip_msg *response);

#endif
