/* SPDX-License-Identifier: MIT
 * Credentials and challenges (RFC 3261 25.1; RFC 7616 3.3, 3.4): every parameter of a Digest, in
 * quotes or not, and other schemes as they came.
 */
#include <wiresip/auth.h>

#include "tests/unit/value.h"

static const struct {
	const char *name;
	size_t offset;
} known[] = {
	{ "realm", offsetof(struct wsip_auth, realm) },
	{ "nonce", offsetof(struct wsip_auth, nonce) },
	{ "opaque", offsetof(struct wsip_auth, opaque) },
	{ "algorithm", offsetof(struct wsip_auth, algorithm) },
	{ "qop", offsetof(struct wsip_auth, qop) },
	{ "userhash", offsetof(struct wsip_auth, userhash) },
	{ "charset", offsetof(struct wsip_auth, charset) },
	{ "username", offsetof(struct wsip_auth, username) },
	{ "uri", offsetof(struct wsip_auth, uri) },
	{ "response", offsetof(struct wsip_auth, response) },
	{ "cnonce", offsetof(struct wsip_auth, cnonce) },
	{ "nc", offsetof(struct wsip_auth, nc) },
	{ "domain", offsetof(struct wsip_auth, domain) },
	{ "stale", offsetof(struct wsip_auth, stale) },
};

static const struct wsip_span *param_at(const struct wsip_auth *auth, size_t index)
{
	return (const struct wsip_span *)(const void *)((const char *)auth + known[index].offset);
}

/* Each known parameter of `auth` is that of `expected`, "" for an empty one and NULL when absent,
 * in the order of known[]. */
static void expect_params(const char *text, const struct wsip_auth *auth,
	const char *const *expected)
{
	for (size_t i = 0; i < ROWS(known); i++) {
		const struct wsip_span *param = param_at(auth, i);

		cr_expect((param->data != NULL) == (expected[i] != NULL), "%s: %s", text,
			known[i].name);
		if (expected[i])
			expect_text(text, *param, expected[i]);
	}
}

static const struct {
	const char *text, *scheme, *params, *values[ROWS(known)];
} digests[] = {
	/* RFC 3261 20.7 */
	{ "Digest username=\"Alice\", realm=\"atlanta.com\",\r\n nonce=\"84a4cc6f3082121f\",\r\n"
	  "\tresponse=\"7587245234b3434cc3412213e5f113a5432\"",
		"Digest",
		"username=\"Alice\", realm=\"atlanta.com\",\r\n nonce=\"84a4cc6f3082121f\",\r\n"
		"\tresponse=\"7587245234b3434cc3412213e5f113a5432\"",
		{ "atlanta.com", "84a4cc6f3082121f", NULL, NULL, NULL, NULL, NULL, "Alice", NULL,
			"7587245234b3434cc3412213e5f113a5432", NULL, NULL, NULL, NULL } },
	/* RFC 3261 20.44 */
	{ "Digest realm=\"atlanta.com\",domain=\"sip:boxesbybob.com sip:b\", qop=\"auth,auth-int\","
	  "nonce=\"f84f1c\",opaque=\"\", stale=FALSE, algorithm=MD5,charset=UTF-8,userhash=true",
		"Digest",
		"realm=\"atlanta.com\",domain=\"sip:boxesbybob.com sip:b\", qop=\"auth,auth-int\","
		"nonce=\"f84f1c\",opaque=\"\", stale=FALSE, algorithm=MD5,charset=UTF-8,"
		"userhash=true",
		{ "atlanta.com", "f84f1c", "", "MD5", "auth,auth-int", "true", "UTF-8", NULL, NULL,
			NULL, NULL, NULL, "sip:boxesbybob.com sip:b", "FALSE" } },
	{ "dIGEST \t USERNAME = bob , Realm = r,NONCE=n==,uri=sip:b@h:5060,response=e,algorithm="
	  "\"SHA-256\",cnonce=c,opaque=o,qop=auth,NC=00000001,x-own=\"realm=no, nonce=no\"",
		"dIGEST",
		"USERNAME = bob , Realm = r,NONCE=n==,uri=sip:b@h:5060,response=e,algorithm="
		"\"SHA-256\",cnonce=c,opaque=o,qop=auth,NC=00000001,x-own=\"realm=no, nonce=no\"",
		{ "r", "n==", "o", "SHA-256", "auth", NULL, NULL, "bob", "sip:b@h:5060", "e", "c",
			"00000001", NULL, NULL } },
	{ "Digest username=\"a\\\"b\\\\\",realm=\"x,\\\", nonce=\\\"y\"", "Digest",
		"username=\"a\\\"b\\\\\",realm=\"x,\\\", nonce=\\\"y\"",
		{ "x,\\\", nonce=\\\"y", NULL, NULL, NULL, NULL, NULL, NULL, "a\\\"b\\\\", NULL,
			NULL, NULL, NULL, NULL, NULL } },
	{ "Digest realm=\"a\r\n b\"", "Digest", "realm=\"a\r\n b\"", { "a\r\n b" } },
	{ " Digest\r\n realms=\"x\",real=y,username*=UTF-8''x ", "Digest",
		"realms=\"x\",real=y,username*=UTF-8''x", { NULL } },
	{ "Digest x=1,x=2", "Digest", "x=1,x=2", { NULL } },
};

Test(auth, each_parameter_of_a_digest_is_found)
{
	for (size_t i = 0; i < ROWS(digests); i++) {
		const char *text = digests[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_auth auth;

		cr_expect(wsip_auth_parse(span, &auth) == WSIP_OK, "%s", text);
		cr_expect(auth.is_digest, "%s", text);
		expect_text(text, auth.scheme, digests[i].scheme);
		expect_text(text, auth.params, digests[i].params);
		expect_params(text, &auth, digests[i].values);
		exact_span_free(span);
	}
}

/* Parses "Digest NAME=VALUE,x=y" and expects that parameter alone. */
static void expect_alone(size_t index, const char *name, const char *value, const char *expected)
{
	const char *values[ROWS(known)] = { NULL };
	struct wsip_auth auth;
	struct wsip_span span;
	char text[100];
	int size = snprintf(text, sizeof(text), "Digest %s=%s,x=y", name, value);

	span = exact_span(text, (size_t)size);
	values[index] = expected;
	cr_expect(wsip_auth_parse(span, &auth) == WSIP_OK, "%s", text);
	expect_params(text, &auth, values);
	exact_span_free(span);
}

Test(auth, each_parameter_is_taken_with_and_without_quotes_and_may_be_empty)
{
	for (size_t i = 0; i < ROWS(known); i++) {
		char upper[16] = "";

		for (size_t c = 0; known[i].name[c]; c++)
			upper[c] = (char)(known[i].name[c] & ~0x20);
		expect_alone(i, known[i].name, "v", "v");
		expect_alone(i, upper, "v", "v");
		expect_alone(i, known[i].name, "\"v w\"", "v w");
		expect_alone(i, known[i].name, "\"\"", "");
		expect_alone(i, known[i].name, " \"\" ", "");
		expect_alone(i, known[i].name, "\"\\\"\"", "\\\"");
	}
}

Test(rfc3261_7_3_1, a_known_parameter_of_a_digest_is_there_once)
{
	static const char *const values[] = { "v", "\"v\"", "\"\"" };

	for (size_t i = 0; i < ROWS(known); i++) {
		for (size_t first = 0; first < ROWS(values); first++) {
			for (size_t second = 0; second < ROWS(values); second++) {
				struct wsip_auth auth;
				char text[100];

				snprintf(text, sizeof(text), "Digest %s=%s, x=y, %s=%s",
					known[i].name, values[first], known[i].name,
					values[second]);
				cr_expect(wsip_auth_parse(wsip_span_of(text), &auth) ==
						  WSIP_ERR_SYNTAX,
					"%s", text);
			}
		}
	}
}

static const struct {
	const char *text, *scheme, *params;
} others[] = {
	{ "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
	{ "Bearer realm=\"a\", realm=\"b\", scope=\"open", "Bearer",
		"realm=\"a\", realm=\"b\", scope=\"open" },
	{ "NTLM", "NTLM", "" },
	{ "DigestX realm=\"a\"", "DigestX", "realm=\"a\"" },
	{ "Diges realm=\"a\"", "Diges", "realm=\"a\"" },
	{ " x-own \t \r\n a\r\n b", "x-own", "a\r\n b" },
};

Test(auth, another_scheme_is_kept_as_it_came)
{
	static const char *const none[ROWS(known)] = { NULL };

	for (size_t i = 0; i < ROWS(others); i++) {
		struct wsip_span span = exact_span(others[i].text, strlen(others[i].text));
		struct wsip_auth auth;

		cr_expect(wsip_auth_parse(span, &auth) == WSIP_OK, "%s", others[i].text);
		cr_expect(!auth.is_digest, "%s", others[i].text);
		expect_text(others[i].text, auth.scheme, others[i].scheme);
		expect_text(others[i].text, auth.params, others[i].params);
		expect_params(others[i].text, &auth, none);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	" ",
	"\"Digest\" realm=\"a\"",
	"Digest",
	"Digest ",
	"Digest realm",
	"Digest realm=",
	"Digest =\"a\"",
	"Digest ,",
	"Digest realm=\"a\",",
	"Digest realm=\"a\",,nonce=\"b\"",
	"Digest ,realm=\"a\"",
	"Digest realm=\"a\" nonce=\"b\"",
	"Digest realm=\"a\";nonce=\"b\"",
	"Digest realm=\"open",
	"Digest realm=\"open\\\"",
	"Digest realm=\"a\"b",
	"Digest realm=a b",
	"Digest realm=\"a\r\nb\"",
	"Digest realm=\"a\nb\"",
	"Digest realm=\"a\",\r\nnonce=\"b\"",
	"Digest realm=\"a\"\r\n",
	"Digest/realm=\"a\"",
};

Test(auth, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_auth auth;

		cr_expect(wsip_auth_parse(span, &auth) == WSIP_ERR_SYNTAX, "%s", refused[i]);
		exact_span_free(span);
	}
}

Test(auth, one_parameter_beyond_the_limit_is_told)
{
	char text[4000] = "Digest realm=\"a\"";
	size_t used = strlen(text);
	struct wsip_auth auth;

	for (int i = 1; i < WSIP_PARAMS_MAX; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, ", p%d=v", i);
	cr_expect(wsip_auth_parse(wsip_span_of(text), &auth) == WSIP_OK);
	snprintf(text + used, sizeof(text) - used, ", last=v");
	cr_expect(wsip_auth_parse(wsip_span_of(text), &auth) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_auth auth;

	if (wsip_auth_parse(value, &auth) != WSIP_OK)
		return;
	expect_within(value, auth.scheme);
	expect_within(value, auth.params);
	for (size_t i = 0; i < ROWS(known); i++)
		expect_within(value, *param_at(&auth, i));
}

Test(auth, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(digests); i++) {
		cut_value(digests[i].text, read);
		change_value(digests[i].text, read);
	}
	for (size_t i = 0; i < ROWS(others); i++) {
		cut_value(others[i].text, read);
		change_value(others[i].text, read);
	}
}
