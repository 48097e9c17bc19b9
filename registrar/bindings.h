/* SPDX-License-Identifier: MIT
 * Who is where: bindings of addresses-of-record to contacts (RFC 3261 10), in memory, for all
 * workers: shards with a lock each.
 */
#ifndef WSIP_REGISTRAR_BINDINGS_H
#define WSIP_REGISTRAR_BINDINGS_H

#include "base/limits.h"
#include "base/siphash.h"
#include "core/flow.h"

#define WSIP_CONTACT_MAX_BYTES 256

struct wsip_binding {
	char uri[WSIP_CONTACT_MAX_BYTES];
	struct wsip_key call_id;
	uint16_t uri_bytes;
	uint16_t q; /* in thousandths */
	uint32_t cseq;
	uint64_t expires_at_ms;
	struct wsip_flow flow; /* the way its REGISTER came */
};

/* The contacts of one address-of-record, best first. */
struct wsip_binding_list {
	size_t count;
	struct wsip_binding items[WSIP_BINDINGS_PER_AOR_MAX];
};

struct wsip_bindings;

/* NULL when memory ran out. */
struct wsip_bindings *wsip_bindings_create(void);
void wsip_bindings_destroy(struct wsip_bindings *bindings);

/* The key of an address-of-record. An empty host stands for this proxy's own addresses. */
struct wsip_key wsip_bindings_key(const struct wsip_bindings *bindings, struct wsip_span user,
	struct wsip_span host);

/* Copies what has not expired at `now_ms`; an empty list when that is nothing. */
void wsip_bindings_get(struct wsip_bindings *bindings, struct wsip_key key, uint64_t now_ms,
	struct wsip_binding_list *list);

/* Calls `change` with what has not expired, under the lock; when it returns true the list as it
 * left it is kept. WSIP_ERR_MEMORY and WSIP_ERR_LIMIT leave everything as it was. */
WSIP_MUST_CHECK enum wsip_err wsip_bindings_change(struct wsip_bindings *bindings,
	struct wsip_key key, uint64_t now_ms,
	bool (*change)(struct wsip_binding_list *list, void *user), void *user);

#endif
