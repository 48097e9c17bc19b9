/* SPDX-License-Identifier: MIT
 * The hash of a URI: the same for URIs that are the same (RFC 3261 19.1.4, RFC 3966 4), another
 * one with another secret, and for nearly all URIs that differ.
 */
#include "parser/uri.h"

#include "tests/unit/value.h"

static const struct wsip_secret secret = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };

static struct wsip_key hash_of(const char *text, const struct wsip_secret *with)
{
	struct wsip_uri uri;

	cr_assert(wsip_uri_parse(wsip_span_of(text), &uri) == WSIP_OK, "%s", text);
	return wsip_uri_hash(&uri, with);
}

static bool are_equal(const char *a, const char *b)
{
	struct wsip_uri uri_a, uri_b;

	cr_assert(wsip_uri_parse(wsip_span_of(a), &uri_a) == WSIP_OK, "%s", a);
	cr_assert(wsip_uri_parse(wsip_span_of(b), &uri_b) == WSIP_OK, "%s", b);
	return wsip_uri_equal(&uri_a, &uri_b);
}

static bool hash_equal(const char *a, const char *b)
{
	return wsip_key_equal(hash_of(a, &secret), hash_of(b, &secret));
}

static const char *const same[][2] = {
	/* RFC 3261 19.1.4 */
	{ "sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp" },
	{ "sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5" },
	{ "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5" },
	{ "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
		"sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com" },
	{ "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
		"sip:alice@atlanta.com?priority=urgent&subject=project%20x" },
	{ "sip:a%2fb:p%20w@h", "SIP:a%2Fb:p%20w@H" },
	{ "tel:+1-212-555-0101;ext=12-3", "TEL:+1(212)555.0101;EXT=123" },
	{ "tel:7042;phone-context=A.example;isub=1", "tel:70-42;isub=1;Phone-Context=a.EXAMPLE" },
	{ "urn:service:sos", "URN:service:sos" },
};

Test(uri_hash, it_is_the_same_for_uris_that_are_the_same)
{
	for (size_t i = 0; i < ROWS(same); i++) {
		cr_expect(are_equal(same[i][0], same[i][1]), "%s %s", same[i][0], same[i][1]);
		cr_expect(hash_equal(same[i][0], same[i][1]), "%s %s", same[i][0], same[i][1]);
	}
}

static const char *const different[][2] = {
	{ "sip:alice@h", "sip:ALICE@h" },
	{ "sip:alice@h", "sips:alice@h" },
	{ "sip:alice@h", "sip:alice@i" },
	{ "sip:alice@h", "sip:alice@h:5060" },
	{ "sip:alice@h:5060", "sip:alice@h:5061" },
	{ "sip:alice@h", "sip:alice:pw@h" },
	{ "sip:alice@h", "sip:h" },
	{ "sip:ab:c@h", "sip:a:bc@h" },
	{ "sip:a+b@h", "sip:a%2Bb@h" },
	{ "sip:alice@h", "sip:alice@h;transport=udp" },
	{ "sip:alice@h;transport=udp", "sip:alice@h;transport=tcp" },
	{ "sip:alice@h;user=phone", "sip:alice@h" },
	{ "sip:alice@h;ttl=1", "sip:alice@h;ttl=2" },
	{ "sip:alice@h;method=INVITE", "sip:alice@h" },
	{ "sip:alice@h;maddr=192.0.2.1", "sip:alice@h;maddr=192.0.2.2" },
	{ "sip:alice@h;maddr=x", "sip:alice@h;user=x" },
	{ "tel:+1", "tel:1" },
	{ "tel:+1", "sip:+1@h" },
	{ "urn:a", "urn:A" },
	{ "urn:a", "uri:a" },
};

Test(uri_hash, it_differs_where_the_uris_differ_in_more_than_what_may_be_passed_over)
{
	for (size_t i = 0; i < ROWS(different); i++) {
		cr_expect(!are_equal(different[i][0], different[i][1]), "%s %s", different[i][0],
			different[i][1]);
		cr_expect(!hash_equal(different[i][0], different[i][1]), "%s %s", different[i][0],
			different[i][1]);
	}
}

Test(uri_hash, it_differs_with_the_secret)
{
	static const struct wsip_secret others[] = { { 0x0706050403020101, 0x0f0e0d0c0b0a0908 },
		{ 0x0706050403020100, 0x0f0e0d0c0b0a0909 }, { 0, 0 } };

	for (size_t i = 0; i < ROWS(same); i++) {
		struct wsip_key key = hash_of(same[i][0], &secret);

		for (size_t other = 0; other < ROWS(others); other++)
			cr_expect(!wsip_key_equal(key, hash_of(same[i][0], &others[other])), "%s",
				same[i][0]);
	}
}

static uint32_t below(uint32_t *random, uint32_t bound)
{
	*random = *random * 1664525u + 1013904223u;
	return (*random >> 8) % bound;
}

static const char *pick(uint32_t *random, const char *const *choices, uint32_t count)
{
	return choices[below(random, count)];
}

static const char *const users[] = { "", "a@", "%61@", "A@", "%41@", "a+@", "a%2B@", "a%2b@",
	"a:p@", "a:P@", "a:%70@" };
static const char *const hosts[] = { "h", "H", "h.example", "[::1]", "h:5060", "H:5061" };
static const char *const params[] = { ";transport=udp", ";Transport=UDP", ";transport=tcp",
	";user=phone", ";USER=phone", ";ttl=1", ";maddr=h", ";method=BYE", ";lr", ";LR", ";x=1",
	";X=2", ";y=%61", ";y=a", ";%74tl=1" };
static const char *const headers[] = { "", "", "?a=1", "?A=1", "?b=2&a=1", "?a=1&b=2" };
static const char *const numbers[] = { "+1", "+1-", "+(1)", "1", "1.", "12", "a", "A", "*#" };
static const char *const tel_params[] = { ";ext=1", ";EXT=1-", ";isub=a", ";isub=A",
	";phone-context=+1", ";phone-context=+1-", ";phone-context=h", ";Phone-Context=H", ";x=1" };

/* One of a small number of URIs, so that many of them are the same. */
static void generate(uint32_t *random, char *out, size_t room)
{
	static const char *const schemes[] = { "sip:", "SIP:", "sips:" };
	uint32_t count = below(random, 3);
	size_t used;

	if (below(random, 4) == 0) {
		used = (size_t)snprintf(out, room, "%s%s",
			below(random, 2) ? "tel:" : "Tel:", pick(random, numbers, ROWS(numbers)));
		for (uint32_t i = 0; i < count; i++)
			used += (size_t)snprintf(out + used, room - used, "%s",
				pick(random, tel_params, ROWS(tel_params)));
		return;
	}
	used = (size_t)snprintf(out, room, "%s%s%s", pick(random, schemes, ROWS(schemes)),
		pick(random, users, ROWS(users)), pick(random, hosts, ROWS(hosts)));
	for (uint32_t i = 0; i < count; i++)
		used += (size_t)snprintf(out + used, room - used, "%s",
			pick(random, params, ROWS(params)));
	snprintf(out + used, room - used, "%s", pick(random, headers, ROWS(headers)));
}

Test(uri_hash, of_generated_uris_those_that_are_the_same_have_the_same)
{
	unsigned int equal = 0, unequal = 0, collided = 0;
	uint32_t random = 1;

	for (int i = 0; i < 60000; i++) {
		char a[200], b[200];

		generate(&random, a, sizeof(a));
		generate(&random, b, sizeof(b));
		cr_assert(are_equal(a, b) == are_equal(b, a), "%s %s", a, b);
		if (are_equal(a, b)) {
			equal++;
			cr_expect(hash_equal(a, b), "%s %s", a, b);
		} else {
			unequal++;
			collided += hash_equal(a, b);
		}
	}
	cr_expect(equal > 100, "%u", equal);
	cr_expect(collided < unequal / 20, "%u of %u", collided, unequal);
}

Test(uri_hash, no_two_of_many_users_have_the_same)
{
	static struct wsip_key keys[2000];

	for (size_t i = 0; i < ROWS(keys); i++) {
		char text[64];

		snprintf(text, sizeof(text), "sip:user%zu@h.example", i);
		keys[i] = hash_of(text, &secret);
		for (size_t before = 0; before < i; before++)
			cr_assert(!wsip_key_equal(keys[i], keys[before]), "%zu %zu", i, before);
	}
}
