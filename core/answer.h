/* SPDX-License-Identifier: MIT
 * Responses of our own (RFC 3261 8.2.6).
 */
#ifndef WSIP_CORE_ANSWER_H
#define WSIP_CORE_ANSWER_H

#include <wiresip/request.h>

#include "base/siphash.h"
#include "parser/msg.h"

/* Is this the ACK of an answer that was made without a transaction? Its To tag tells (8.2.7). */
bool wsip_answer_is_acked_by(const struct wsip_msg *ack, const struct wsip_secret *secret);

/* The answer to `request` as it goes out. A To tag is added unless there is one or the status is
 * 100; the same request gets the same tag each time (8.2.7). NULL when memory ran out, or when the
 * request lacks what a response must repeat. */
struct wsip_buf *wsip_answer_build(const struct wsip_msg *request, const struct wsip_answer *answer,
	const struct wsip_secret *secret, struct wsip_buf_pool *pool);

#endif
