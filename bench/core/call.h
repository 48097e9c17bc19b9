/* SPDX-License-Identifier: MIT
 * The messages of a call as its two ends write them, made from what the proxy sent to them.
 */
#ifndef WSIP_BENCH_CORE_CALL_H
#define WSIP_BENCH_CORE_CALL_H

#include "base/buf.h"

#define CALLER "10.0.0.2:5060"
#define PROXY  "10.0.0.1:5060"
#define CALLEE "10.0.0.3:5060"

/* NULL when memory ran out; as all of these. */
struct wsip_buf *call_invite(struct wsip_buf_pool *pool, unsigned int number);
/* Requests within the dialog: along our Record-Route. */
struct wsip_buf *call_ack(struct wsip_buf_pool *pool, unsigned int number);
struct wsip_buf *call_bye(struct wsip_buf_pool *pool, unsigned int number);
/* The callee's answer to `request` as the proxy sent it. */
struct wsip_buf *call_answer(struct wsip_buf_pool *pool, const struct wsip_buf *request,
	const char *status_line);

#endif
