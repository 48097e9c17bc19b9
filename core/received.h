/* SPDX-License-Identifier: MIT
 * Where a request came from, as its top Via has to say (RFC 3261 18.2.1, RFC 3581 4), and the way
 * back that follows from it (18.2.2).
 */
#ifndef WSIP_CORE_RECEIVED_H
#define WSIP_CORE_RECEIVED_H

#include "core/core.h"

/* Adds `received` where the source is not the sent-by; fills in `rport` where it is asked for, and
 * then adds `received` always. What the sender says of itself in these is replaced. */
WSIP_MUST_CHECK enum wsip_err wsip_received_note(struct wsip_core *core, struct wsip_msg *request,
	const struct wsip_via *via, const struct wsip_flow *flow);

/* The flow of the responses. On a stream it is the connection; the address is for when that is
 * gone. */
struct wsip_flow wsip_received_flow_back(const struct wsip_via *via, const struct wsip_flow *flow);

#endif
