/* SPDX-License-Identifier: MIT
 * Answers to a digest challenge (RFC 3261 22.4, RFC 7616 3.4, RFC 8760): MD5 and SHA-256, with
 * qop=auth or without any.
 */
#ifndef WSIP_BENCH_DIGEST_H
#define WSIP_BENCH_DIGEST_H

#include <openssl/evp.h>

#include "bench/load/text.h"

/* A hash in hexadecimal: of SHA-256, and the final zero. */
#define WSIP_DIGEST_TEXT_BYTES 65

struct wsip_digests {
	EVP_MD *md5, *sha256;
	EVP_MD_CTX *context;
};

/* What a challenge leaves behind for one user: the nonce is good until the other side says it is
 * stale. */
struct wsip_credentials {
	char realm[128], nonce[256], opaque[128]; /* nonce "": not challenged yet */
	char ha1[WSIP_DIGEST_TEXT_BYTES];
	uint32_t count; /* "nc": how often the nonce was used */
	bool has_opaque, has_qop, is_sha256, is_for_proxy;
};

struct wsip_digest_user {
	struct wsip_span name;
	const char *password;
};

WSIP_MUST_CHECK enum wsip_err wsip_digests_init(struct wsip_digests *digests);
void wsip_digests_finish(struct wsip_digests *digests);

/* `value` is of a WWW-Authenticate or Proxy-Authenticate. WSIP_ERR_NOT_FOUND when it asks for what
 * is not spoken here, WSIP_ERR_LIMIT when it is too long to keep. */
WSIP_MUST_CHECK enum wsip_err wsip_digest_take(struct wsip_digests *digests,
	struct wsip_credentials *credentials, struct wsip_span value,
	const struct wsip_digest_user *user);

/* The value of the Authorization for this request; counts a use of the nonce. */
void wsip_digest_write(struct wsip_digests *digests, struct wsip_credentials *credentials,
	struct wsip_writer *writer, struct wsip_span user, const char *method, const char *uri);

#endif
