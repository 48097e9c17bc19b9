/* SPDX-License-Identifier: MIT
 * Requests that are made from one that was sent: the ACK to a non-2xx response (RFC 3261 17.1.1.3)
 * and the CANCEL (9.1). Both repeat its top Via, and with it its branch.
 */
#ifndef WSIP_CORE_ACK_H
#define WSIP_CORE_ACK_H

#include "parser/msg.h"

/* NULL when memory ran out. */
struct wsip_buf *wsip_ack_build(struct wsip_buf *invite, const struct wsip_msg *response,
	struct wsip_buf_pool *pool);
/* `reason` is the value of its Reason (RFC 3326 2), or NULL. */
struct wsip_buf *wsip_cancel_build(struct wsip_buf *invite, const struct wsip_buf *reason,
	struct wsip_buf_pool *pool);

#endif
