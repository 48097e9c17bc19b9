/* SPDX-License-Identifier: MIT
 * Answers to a digest challenge (RFC 3261 22.4, RFC 7616 3.4): the hashes were calculated by
 * another program.
 */
#include "bench/load/digest.h"

#include <wiresip/auth.h>

#include "tests/unit/exact.h"
#include "tests/unit/value.h"

#define NONCE  "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
#define DIGEST "Digest realm=\"http-auth@example.org\", nonce=\"" NONCE "\""

static const struct wsip_digest_user user = { { "Mufasa", 6 }, "Circle of Life" };
static struct wsip_digests digests;
static struct wsip_credentials credentials;

static void begin(void)
{
	credentials = (struct wsip_credentials){ .count = 0 };
	cr_assert(wsip_digests_init(&digests) == WSIP_OK);
}

static void end(void)
{
	wsip_digests_finish(&digests);
}

TestSuite(load_digest, .init = begin, .fini = end);

static enum wsip_err take(const char *challenge)
{
	return wsip_digest_take(&digests, &credentials, wsip_span_of(challenge), &user);
}

/* The next answer, as the library's parser reads it. */
static struct wsip_auth answer(void)
{
	static char text[1024];
	struct wsip_writer writer = wsip_writer_of(text, sizeof(text));
	struct wsip_auth auth;

	wsip_digest_write(&digests, &credentials, &writer, user.name, "REGISTER", "sip:p");
	cr_assert(!writer.full);
	cr_assert(wsip_auth_parse((struct wsip_span){ text, wsip_writer_size(&writer) }, &auth) ==
		  WSIP_OK);
	expect_text("username", auth.username, "Mufasa");
	expect_text("realm", auth.realm, "http-auth@example.org");
	expect_text("nonce", auth.nonce, NONCE);
	expect_text("uri", auth.uri, "sip:p");
	return auth;
}

Test(load_digest, md5_with_qop)
{
	struct wsip_auth auth;

	cr_assert(take(DIGEST ", qop=\"auth-int, auth\", opaque=\"o\"") == WSIP_OK);
	auth = answer();
	expect_text("response", auth.response, "930620547735156becee002554ddb96b");
	expect_text("nc", auth.nc, "00000001");
	expect_text("qop", auth.qop, "auth");
	expect_text("opaque", auth.opaque, "o");
	expect_text("algorithm", auth.algorithm, "MD5");
}

Test(load_digest, each_use_of_a_nonce_is_counted)
{
	struct wsip_auth auth;

	cr_assert(take(DIGEST ", qop=\"auth\"") == WSIP_OK);
	answer();
	auth = answer();
	expect_text("nc", auth.nc, "00000002");
	expect_text("response", auth.response, "7f3d46ec259844220536ac2ec73ce144");
	cr_assert(take(DIGEST ", qop=\"auth\", stale=true") == WSIP_OK);
	auth = answer();
	expect_text("nc", auth.nc, "00000001");
}

Test(load_digest, sha_256)
{
	struct wsip_auth auth;

	cr_assert(take(DIGEST ", qop=\"auth\", algorithm=SHA-256") == WSIP_OK);
	auth = answer();
	expect_text("response", auth.response,
		"f5b901fce1615877ff80bc0712c0fd50f6b11ea071b483bb4e2e43fada298e08");
	expect_text("algorithm", auth.algorithm, "SHA-256");
}

Test(load_digest, without_qop)
{
	struct wsip_auth auth;

	cr_assert(take(DIGEST) == WSIP_OK);
	auth = answer();
	expect_text("response", auth.response, "c9486e9e9108f1d28075c22b9185494e");
	cr_expect(!auth.nc.data && !auth.cnonce.data && !auth.qop.data && !auth.opaque.data);
}

Test(load_digest, what_is_not_spoken_is_not_answered)
{
	char text[2048] = "Digest realm=\"r\", nonce=\"";

	cr_expect(take("Basic realm=\"r\"") == WSIP_ERR_NOT_FOUND);
	cr_expect(take("Digest realm=\"r\"") == WSIP_ERR_NOT_FOUND);
	cr_expect(take(DIGEST ", algorithm=SHA-512-256") == WSIP_ERR_NOT_FOUND);
	cr_expect(take(DIGEST ", algorithm=MD5-sess") == WSIP_ERR_NOT_FOUND);
	cr_expect(take(DIGEST ", qop=\"auth-int\"") == WSIP_ERR_NOT_FOUND);
	memset(text + strlen(text), 'n', 1000);
	strcat(text, "\"");
	cr_expect(take(text) == WSIP_ERR_LIMIT);
	cr_expect(credentials.nonce[0] == '\0');
}
