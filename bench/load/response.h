/* SPDX-License-Identifier: MIT
 * What the callee's responses copy from a request, and where they go (RFC 3261 8.2.6.2, 18.2).
 */
#ifndef WSIP_BENCH_RESPONSE_H
#define WSIP_BENCH_RESPONSE_H

#include "bench/load/load.h"

/* Via, Record-Route, From, To (with `tag` and the mark when it has no tag), Call-ID and CSeq. */
void wsip_response_write_head(struct wsip_writer *writer, const struct wsip_scanned *request,
	const struct wsip_path *from, enum wsip_transport transport,
	const char mark[WSIP_MARK_BYTES]);

/* RFC 3261 18.2.2, RFC 3581 4: over TCP the connection it came by; over UDP the address it came
 * from, with the port of the Via unless the peer asked for the one it came from. */
struct wsip_path wsip_response_path(const struct wsip_path *from,
	const struct wsip_scanned *request, enum wsip_transport transport);

#endif
