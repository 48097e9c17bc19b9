/* SPDX-License-Identifier: MIT
 * Connections that say nothing: what one costs the proxy in memory.
 */
#ifndef WSIP_BENCH_IDLE_H
#define WSIP_BENCH_IDLE_H

#include "bench/load/peer.h"

struct wsip_idle {
	int *fds;
	uint32_t count; /* that are open */
};

/* WSIP_ERR_SYSTEM when one could not be opened: `idle->count` are. */
WSIP_MUST_CHECK enum wsip_err wsip_idle_open(struct wsip_idle *idle, const union wsip_peer *proxy,
	uint32_t count);
void wsip_idle_close(struct wsip_idle *idle);

#endif
