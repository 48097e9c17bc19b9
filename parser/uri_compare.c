/* SPDX-License-Identifier: MIT
 * Whether two URIs are the same (RFC 3261 19.1.4, RFC 3966 4), and a keyed hash that is the same
 * for those that are.
 */
#include "parser/uri.h"

#include <string.h>

#include <wiresip/param.h>

static int lower(int character)
{
	return character >= 'A' && character <= 'Z' ? character | 0x20 : character;
}

static bool same_text(struct wsip_span a, struct wsip_span b)
{
	while (a.size > 0 && b.size > 0) {
		if (wsip_uri_next_character(&a) != wsip_uri_next_character(&b))
			return false;
	}
	return a.size == b.size;
}

static bool same_text_nocase(struct wsip_span a, struct wsip_span b)
{
	while (a.size > 0 && b.size > 0) {
		if (lower(wsip_uri_next_character(&a)) != lower(wsip_uri_next_character(&b)))
			return false;
	}
	return a.size == b.size;
}

/* 19.1.4: these never match where only one URI has them. `transport` is among them because it has
 * a default, and a default that is left out is not the same as one that is there. */
static const char *const in_both[] = { "user", "ttl", "method", "maddr", "transport" };
#define IN_BOTH (sizeof(in_both) / sizeof(in_both[0]))

static bool must_be_in_both(struct wsip_span name)
{
	for (size_t i = 0; i < IN_BOTH; i++) {
		if (same_text_nocase(name, wsip_span_of(in_both[i])))
			return true;
	}
	return false;
}

static bool find_param(struct wsip_span params, struct wsip_span name, struct wsip_span *value)
{
	struct wsip_param param;

	while (wsip_params_next(&params, &param) == WSIP_OK) {
		if (same_text_nocase(param.name, name)) {
			*value = param.value;
			return true;
		}
	}
	return false;
}

/* Does `b` agree with each parameter of `a`? */
static bool params_agree(struct wsip_span a, struct wsip_span b)
{
	struct wsip_param param;
	struct wsip_span value;

	while (wsip_params_next(&a, &param) == WSIP_OK) {
		if (find_param(b, param.name, &value)) {
			if (!same_text_nocase(param.value, value))
				return false;
		} else if (must_be_in_both(param.name)) {
			return false;
		}
	}
	return true;
}

/* Takes the next "name=value" off `headers`. */
static struct wsip_span next_header(struct wsip_span *headers)
{
	const char *end = memchr(headers->data, '&', headers->size);
	size_t size = end ? (size_t)(end - headers->data) : headers->size;
	struct wsip_span header = { headers->data, size };

	headers->data += end ? size + 1 : size;
	headers->size -= end ? size + 1 : size;
	return header;
}

/* 19.1.4: header components are never ignored; their order does not matter. */
static bool has_headers(struct wsip_span headers, struct wsip_span wanted)
{
	while (wanted.size > 0) {
		struct wsip_span one = next_header(&wanted), rest = headers;
		bool found = false;

		while (rest.size > 0 && !found)
			found = same_text_nocase(next_header(&rest), one);
		if (!found)
			return false;
	}
	return true;
}

/* RFC 3966 3: visual separators of a number do not count. */
static char next_digit(struct wsip_span *number)
{
	while (number->size > 0) {
		char digit = number->data[0];

		number->data++;
		number->size--;
		if (!strchr("-.()", digit))
			return (char)lower(digit);
	}
	return '\0';
}

static bool same_number(struct wsip_span a, struct wsip_span b)
{
	char digit;

	do {
		digit = next_digit(&a);
		if (digit != next_digit(&b))
			return false;
	} while (digit);
	return true;
}

/* An extension is a number, a phone-context may be one. */
static bool same_tel_value(struct wsip_span name, struct wsip_span a, struct wsip_span b)
{
	bool is_number = same_text_nocase(name, wsip_span_of("ext")) ||
			 (same_text_nocase(name, wsip_span_of("phone-context")) && a.size > 0 &&
				 a.data[0] == '+');

	return is_number ? same_number(a, b) : same_text_nocase(a, b);
}

/* RFC 3966 4: a parameter that one of them lacks makes them differ. */
static bool has_tel_params(struct wsip_span params, struct wsip_span wanted)
{
	struct wsip_param param;
	struct wsip_span value;

	while (wsip_params_next(&wanted, &param) == WSIP_OK) {
		if (!find_param(params, param.name, &value) ||
			!same_tel_value(param.name, param.value, value))
			return false;
	}
	return true;
}

static bool same_tel(const struct wsip_uri *a, const struct wsip_uri *b)
{
	return same_number(a->user, b->user) && has_tel_params(a->params, b->params) &&
	       has_tel_params(b->params, a->params);
}

bool wsip_uri_equal(const struct wsip_uri *a, const struct wsip_uri *b)
{
	if (a->scheme != b->scheme || !wsip_span_equal_nocase(a->scheme_name, b->scheme_name))
		return false;
	if (a->scheme == WSIP_SCHEME_OTHER)
		return wsip_span_equal(a->opaque, b->opaque);
	if (a->scheme == WSIP_SCHEME_TEL)
		return same_tel(a, b);
	return same_text(a->user, b->user) && same_text(a->password, b->password) &&
	       wsip_span_equal_nocase(a->host, b->host) && a->port == b->port &&
	       params_agree(a->params, b->params) && params_agree(b->params, a->params) &&
	       has_headers(a->headers, b->headers) && has_headers(b->headers, a->headers);
}

/* The characters that `text` stands for, and where it ends. */
static void hash_text(struct wsip_siphash *hash, struct wsip_span text, int (*fold)(int))
{
	static const char end[2] = { 2, 2 };

	while (text.size > 0) {
		int character = fold(wsip_uri_next_character(&text));
		char bytes[2] = { (char)character, (char)(character >> 8) };

		wsip_siphash_add(hash, (struct wsip_span){ bytes, 2 });
	}
	wsip_siphash_add(hash, (struct wsip_span){ end, 2 });
}

static int as_it_is(int character)
{
	return character;
}

static void hash_tel(struct wsip_siphash *hash, struct wsip_span number)
{
	char digit;

	while ((digit = next_digit(&number)) != '\0')
		wsip_siphash_add(hash, (struct wsip_span){ &digit, 1 });
}

static void hash_sip(struct wsip_siphash *hash, const struct wsip_uri *uri)
{
	char port[2] = { (char)uri->port, (char)(uri->port >> 8) };

	hash_text(hash, uri->user, as_it_is);
	hash_text(hash, uri->password, as_it_is);
	wsip_siphash_add_nocase(hash, uri->host);
	wsip_siphash_add(hash, (struct wsip_span){ port, 2 });
	for (size_t i = 0; i < IN_BOTH; i++) {
		struct wsip_span value = { 0 };
		bool present = find_param(uri->params, wsip_span_of(in_both[i]), &value);

		wsip_siphash_add(hash, wsip_span_of(present ? "+" : "-"));
		hash_text(hash, value, lower);
	}
}

struct wsip_key wsip_uri_hash(const struct wsip_uri *uri, const struct wsip_secret *secret)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, secret);
	wsip_siphash_add_nocase(&hash, uri->scheme_name);
	wsip_siphash_add(&hash, wsip_span_of(":"));
	if (uri->scheme == WSIP_SCHEME_OTHER)
		wsip_siphash_add(&hash, uri->opaque);
	else if (uri->scheme == WSIP_SCHEME_TEL)
		hash_tel(&hash, uri->user);
	else
		hash_sip(&hash, uri);
	return wsip_siphash_end(&hash);
}
