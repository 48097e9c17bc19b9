/* SPDX-License-Identifier: MIT */
#include "bench/load/digest.h"

#include <stdio.h>

#include <wiresip/auth.h>

/* Ours; one for all is enough, because it only protects the password against a false server. */
#define CNONCE "77697265736970"

enum wsip_err wsip_digests_init(struct wsip_digests *digests)
{
	digests->md5 = EVP_MD_fetch(NULL, "MD5", NULL);
	digests->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	digests->context = EVP_MD_CTX_new();
	return digests->md5 && digests->sha256 && digests->context ? WSIP_OK : WSIP_ERR_SYSTEM;
}

void wsip_digests_finish(struct wsip_digests *digests)
{
	EVP_MD_free(digests->md5);
	EVP_MD_free(digests->sha256);
	EVP_MD_CTX_free(digests->context);
}

/* Of the texts, with colons between them. */
static void hash(struct wsip_digests *digests, const struct wsip_credentials *credentials,
	const char *const *texts, char out[WSIP_DIGEST_TEXT_BYTES])
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	EVP_DigestInit_ex2(digests->context,
		credentials->is_sha256 ? digests->sha256 : digests->md5, NULL);
	for (size_t i = 0; texts[i]; i++) {
		if (i > 0)
			EVP_DigestUpdate(digests->context, ":", 1);
		EVP_DigestUpdate(digests->context, texts[i], strlen(texts[i]));
	}
	EVP_DigestFinal_ex(digests->context, bytes, &size);
	for (unsigned int i = 0; i < size && 2 * i + 2 < WSIP_DIGEST_TEXT_BYTES; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static bool copy(char *place, size_t room, struct wsip_span span)
{
	if (span.size >= room)
		return false;
	if (span.size)
		memcpy(place, span.data, span.size);
	place[span.size] = '\0';
	return true;
}

/* RFC 7616 3.3: a list of tokens in one quoted string. */
static bool offers_auth(struct wsip_span qop)
{
	while (qop.size) {
		const char *comma = memchr(qop.data, ',', qop.size);
		size_t size = comma ? (size_t)(comma - qop.data) : qop.size;

		if (wsip_span_is_nocase(wsip_span_trim((struct wsip_span){ qop.data, size }),
			    "auth"))
			return true;
		size += comma ? 1 : 0;
		qop.data += size;
		qop.size -= size;
	}
	return false;
}

static enum wsip_err check(const struct wsip_auth *challenge)
{
	if (!challenge->is_digest || !challenge->nonce.size)
		return WSIP_ERR_NOT_FOUND;
	if (challenge->qop.data && !offers_auth(challenge->qop))
		return WSIP_ERR_NOT_FOUND;
	if (challenge->algorithm.data && !wsip_span_is_nocase(challenge->algorithm, "MD5") &&
		!wsip_span_is_nocase(challenge->algorithm, "SHA-256"))
		return WSIP_ERR_NOT_FOUND;
	return WSIP_OK;
}

enum wsip_err wsip_digest_take(struct wsip_digests *digests, struct wsip_credentials *credentials,
	struct wsip_span value, const struct wsip_digest_user *user)
{
	struct wsip_auth challenge;
	char name[256];
	enum wsip_err err = wsip_auth_parse(value, &challenge);

	if (!err)
		err = check(&challenge);
	if (err)
		return err;
	if (!copy(credentials->realm, sizeof(credentials->realm), challenge.realm) ||
		!copy(credentials->nonce, sizeof(credentials->nonce), challenge.nonce) ||
		!copy(credentials->opaque, sizeof(credentials->opaque), challenge.opaque) ||
		!copy(name, sizeof(name), user->name)) {
		credentials->nonce[0] = '\0';
		return WSIP_ERR_LIMIT;
	}
	credentials->count = 0;
	credentials->has_opaque = challenge.opaque.data != NULL;
	credentials->has_qop = challenge.qop.data != NULL;
	credentials->is_sha256 = wsip_span_is_nocase(challenge.algorithm, "SHA-256");
	hash(digests, credentials,
		(const char *[]){ name, credentials->realm, user->password, NULL },
		credentials->ha1);
	return WSIP_OK;
}

static void write_quoted(struct wsip_writer *writer, const char *name, const char *value)
{
	wsip_write_text(writer, name);
	wsip_write_literal(writer, "=\"");
	wsip_write_text(writer, value);
	wsip_write_literal(writer, "\"");
}

void wsip_digest_write(struct wsip_digests *digests, struct wsip_credentials *credentials,
	struct wsip_writer *writer, struct wsip_span user, const char *method, const char *uri)
{
	char ha2[WSIP_DIGEST_TEXT_BYTES] = "", response[WSIP_DIGEST_TEXT_BYTES] = "";
	char count[16];

	snprintf(count, sizeof(count), "%08x", ++credentials->count);
	hash(digests, credentials, (const char *[]){ method, uri, NULL }, ha2);
	if (credentials->has_qop)
		hash(digests, credentials,
			(const char *[]){ credentials->ha1, credentials->nonce, count, CNONCE,
				"auth", ha2, NULL },
			response);
	else
		hash(digests, credentials,
			(const char *[]){ credentials->ha1, credentials->nonce, ha2, NULL },
			response);
	wsip_write_literal(writer, "Digest username=\"");
	wsip_write(writer, user);
	write_quoted(writer, "\", realm", credentials->realm);
	write_quoted(writer, ", nonce", credentials->nonce);
	write_quoted(writer, ", uri", uri);
	write_quoted(writer, ", response", response);
	wsip_write_text(writer, credentials->is_sha256 ? ", algorithm=SHA-256" : ", algorithm=MD5");
	if (credentials->has_opaque)
		write_quoted(writer, ", opaque", credentials->opaque);
	if (credentials->has_qop) {
		wsip_write_literal(writer, ", qop=auth, cnonce=\"" CNONCE "\", nc=");
		wsip_write_text(writer, count);
	}
}
