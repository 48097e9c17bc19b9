/* SPDX-License-Identifier: MIT
 * How a message finds its transaction (RFC 3261 17.1.3, 17.2.3). What has to match is hashed with
 * the worker's secret; 128 equal bits are taken for a match.
 */
#include <string.h>

#include "core/tx.h"

struct wsip_key wsip_tx_client_key(const struct wsip_secret *secret, struct wsip_span branch,
	struct wsip_span method, struct wsip_span call_id)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, secret);
	wsip_siphash_add_field(&hash, branch);
	wsip_siphash_add_field(&hash, method);
	wsip_siphash_add_field(&hash, call_id);
	return wsip_siphash_end(&hash);
}

/* A branch of the cookie alone identifies nothing: it is treated as one of RFC 2543. */
static bool has_unique_branch(const struct wsip_via *via)
{
	size_t cookie = sizeof(WSIP_BRANCH_COOKIE) - 1;

	return via->branch.size > cookie &&
	       wsip_span_equal_nocase((struct wsip_span){ via->branch.data, cookie },
		       wsip_span_of(WSIP_BRANCH_COOKIE));
}

/* RFC 3261 17.2.3, for RFC 2543: Request-URI, From tag, Call-ID, CSeq number and top Via. The To
 * tag of an ACK is that of the response and is left out; nothing else has the same top Via and
 * CSeq. */
static void add_rfc2543(struct wsip_siphash *hash, const struct wsip_msg *request,
	const struct wsip_via *via)
{
	struct wsip_name_addr from;
	struct wsip_cseq cseq;

	wsip_siphash_add_field(hash, wsip_msg_request_uri(request));
	if (wsip_msg_from(request, &from) == WSIP_OK)
		wsip_siphash_add_field(hash, from.tag);
	if (wsip_msg_cseq(request, &cseq) == WSIP_OK)
		wsip_siphash_add_field(hash,
			(struct wsip_span){ (const char *)&cseq.number, sizeof(cseq.number) });
	wsip_siphash_add_field(hash, via->branch);
}

struct wsip_key wsip_tx_server_key(const struct wsip_secret *secret, const struct wsip_msg *request,
	const struct wsip_via *via, struct wsip_span method)
{
	struct wsip_siphash hash;
	uint16_t port = via->port ? via->port : 5060;

	wsip_siphash_init(&hash, secret);
	wsip_siphash_add_nocase(&hash, via->host);
	wsip_siphash_add_field(&hash, (struct wsip_span){ (const char *)&port, sizeof(port) });
	wsip_siphash_add_field(&hash, method);
	wsip_siphash_add_field(&hash, wsip_msg_call_id(request));
	if (has_unique_branch(via))
		wsip_siphash_add_field(&hash, via->branch);
	else
		add_rfc2543(&hash, request, via);
	return wsip_siphash_end(&hash);
}
