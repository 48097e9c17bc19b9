/* SPDX-License-Identifier: MIT */
#include "core/loop.h"

#include <string.h>

static void write_hex(char *out, unsigned int digits, uint64_t number)
{
	static const char hex[] = "0123456789abcdef";

	while (digits-- > 0) {
		out[digits] = hex[number & 15];
		number >>= 4;
	}
}

void wsip_branch_write(char branch[WSIP_BRANCH_BYTES], char mark, uint64_t id, uint32_t loop_hash)
{
	memcpy(branch, WSIP_BRANCH_COOKIE, 7);
	branch[7] = mark;
	write_hex(branch + 8, 16, id);
	branch[WSIP_BRANCH_ID_BYTES] = '-';
	write_hex(branch + WSIP_BRANCH_ID_BYTES + 1, 8, loop_hash);
}

static void add_all(struct wsip_siphash *hash, const struct wsip_msg *request,
	enum wsip_header_id id)
{
	struct wsip_values values = wsip_msg_values(request, id);
	struct wsip_span value;

	while (wsip_values_next(&values, &value) == WSIP_OK)
		wsip_siphash_add_field(hash, value);
}

/* RFC 5393 4.2.1: what a location service looks at, and what tells one request of a call from the
 * next; not Via and Max-Forwards, which change on every round. */
uint32_t wsip_loop_hash(const struct wsip_core *core, const struct wsip_msg *request)
{
	struct wsip_siphash hash;
	struct wsip_cseq cseq;

	wsip_siphash_init(&hash, &core->options.secret);
	wsip_siphash_add_field(&hash, wsip_msg_request_uri(request));
	wsip_siphash_add_field(&hash, wsip_msg_call_id(request));
	if (wsip_msg_cseq(request, &cseq) == WSIP_OK)
		wsip_siphash_add_field(&hash,
			(struct wsip_span){ (const char *)&cseq.number, sizeof(cseq.number) });
	add_all(&hash, request, WSIP_ROUTE);
	add_all(&hash, request, WSIP_PROXY_REQUIRE);
	add_all(&hash, request, WSIP_PROXY_AUTHORIZATION);
	return (uint32_t)wsip_siphash_end(&hash).high;
}

static bool is_own_branch(const struct wsip_core *core, const struct wsip_via *via,
	const char hash[8])
{
	return via->branch.size == WSIP_BRANCH_BYTES &&
	       memcmp(via->branch.data, WSIP_BRANCH_COOKIE, 7) == 0 &&
	       memcmp(via->branch.data + WSIP_BRANCH_ID_BYTES + 1, hash, 8) == 0 &&
	       wsip_core_is_own_sent_by(core, via);
}

/* In our branch a dash stands in front of it, which few other places have. */
static bool has_behind_dash(struct wsip_span text, const char hash[8])
{
	const char *end = text.data + text.size, *p = text.data;

	while ((p = memchr(p, '-', (size_t)(end - p))) && end - p > 8) {
		if (memcmp(++p, hash, 8) == 0)
			return true;
	}
	return false;
}

/* Where the hash is not to be seen no Via has it; taking them all apart costs more. */
static bool may_have(const struct wsip_msg *request, const char hash[8])
{
	for (size_t i = 0; i < wsip_msg_header_count(request); i++) {
		struct wsip_header header = wsip_msg_header_at(request, i);

		if (header.id == WSIP_VIA && has_behind_dash(header.value, hash))
			return true;
	}
	return false;
}

bool wsip_loop_closes(const struct wsip_core *core, const struct wsip_msg *request,
	uint32_t loop_hash)
{
	struct wsip_values values = wsip_msg_values(request, WSIP_VIA);
	struct wsip_via via;
	char hash[8];

	write_hex(hash, sizeof(hash), loop_hash);
	if (!may_have(request, hash))
		return false;
	while (wsip_values_next_via(&values, &via) == WSIP_OK) {
		if (is_own_branch(core, &via, hash))
			return true;
	}
	return false;
}
