/* SPDX-License-Identifier: MIT
 * What a caller keeps of the 200 to its INVITE (RFC 3261 12.1.2), as ACK and BYE will say it.
 */
#ifndef WSIP_BENCH_DIALOG_H
#define WSIP_BENCH_DIALOG_H

#include "bench/load/call.h"
#include "bench/load/template.h"

/* `next_hop` is the URI that requests are sent to: the first of the route set, else the remote
 * target. Every route is taken to be a loose one. WSIP_ERR_SYNTAX without a Contact,
 * WSIP_ERR_LIMIT when there is too much to keep. */
WSIP_MUST_CHECK enum wsip_err wsip_dialog_keep(struct wsip_dialog *dialog,
	const struct wsip_scanned *response, struct wsip_span *next_hop);

/* METHOD, target, `via`, routes and To, `rest`. */
void wsip_dialog_write(const struct wsip_dialog *dialog, struct wsip_writer *writer,
	const char *method, const struct wsip_template *const pieces[2],
	const char mark[WSIP_MARK_BYTES]);

/* Where a URI points to; false when its host is no IP address. */
bool wsip_dialog_hop(struct wsip_span uri, struct wsip_addr *addr);

#endif
