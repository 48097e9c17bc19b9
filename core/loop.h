/* SPDX-License-Identifier: MIT
 * The branch of our own Vias, and how a request that comes round is known by it (RFC 3261 16.3
 * step 4, 16.6 step 8, RFC 5393 4.2).
 */
#ifndef WSIP_CORE_LOOP_H
#define WSIP_CORE_LOOP_H

#include "core/core.h"

/* "z9hG4bK", a mark, 16 hex digits that identify the transaction, "-", 8 hex digits of the loop
 * hash. */
#define WSIP_BRANCH_BYTES    33
#define WSIP_BRANCH_ID_BYTES 24 /* without the hash */

/* Of a transaction, and of what is forwarded without one. */
#define WSIP_BRANCH_STATEFUL  '-'
#define WSIP_BRANCH_STATELESS '.'

void wsip_branch_write(char branch[WSIP_BRANCH_BYTES], char mark, uint64_t id, uint32_t loop_hash);

/* Over all that decides where the request goes, as it came: equal when it comes round unchanged,
 * another for a spiral (RFC 5393 4.2.1). */
uint32_t wsip_loop_hash(const struct wsip_core *core, const struct wsip_msg *request);

/* Has the request been here before, with this hash (RFC 5393 4.2.2)? */
bool wsip_loop_closes(const struct wsip_core *core, const struct wsip_msg *request,
	uint32_t loop_hash);

#endif
