/* SPDX-License-Identifier: MIT
 * Whether two URIs are the same (RFC 3261 19.1.4), and what their escapes stand for.
 */
#include <string.h>

#include <wiresip/name_addr.h>
#include <wiresip/uri.h>

/* An escaped octet that may not stand unescaped is none of the characters. */
#define ESCAPED 0x100

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The octet of the escape at the start of `text`, or -1. */
static int escaped_octet(struct wsip_span text)
{
	int high, low;

	if (text.size < 3 || text.data[0] != '%')
		return -1;
	high = hex_value(text.data[1]);
	low = hex_value(text.data[2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool is_unreserved(int octet)
{
	return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
	       (octet >= 'a' && octet <= 'z') || (octet > 0 && strchr("-_.!~*'()", octet));
}

/* Takes the next character off `text`, escaped or not. */
static int next_character(struct wsip_span *text)
{
	int octet = escaped_octet(*text);
	size_t size = octet < 0 ? 1 : 3;
	int character = octet < 0              ? (unsigned char)text->data[0]
			: is_unreserved(octet) ? octet
					       : ESCAPED | octet;

	text->data += size;
	text->size -= size;
	return character;
}

static int lower(int character)
{
	return character >= 'A' && character <= 'Z' ? character | 0x20 : character;
}

static bool same_text(struct wsip_span a, struct wsip_span b)
{
	while (a.size > 0 && b.size > 0) {
		if (next_character(&a) != next_character(&b))
			return false;
	}
	return a.size == b.size;
}

static bool same_text_nocase(struct wsip_span a, struct wsip_span b)
{
	while (a.size > 0 && b.size > 0) {
		if (lower(next_character(&a)) != lower(next_character(&b)))
			return false;
	}
	return a.size == b.size;
}

/* 19.1.4: these never match where only one URI has them. `transport` is among them because it has
 * a default, and a default that is left out is not the same as one that is there. */
static bool must_be_in_both(struct wsip_span name)
{
	static const char *const names[] = { "user", "ttl", "method", "maddr", "transport" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (same_text_nocase(name, wsip_span_of(names[i])))
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

bool wsip_uri_equal(const struct wsip_uri *a, const struct wsip_uri *b)
{
	if (a->scheme != b->scheme || !wsip_span_equal_nocase(a->scheme_name, b->scheme_name))
		return false;
	if (a->scheme == WSIP_SCHEME_OTHER)
		return wsip_span_equal(a->opaque, b->opaque);
	return same_text(a->user, b->user) && same_text(a->password, b->password) &&
	       wsip_span_equal_nocase(a->host, b->host) && a->port == b->port &&
	       params_agree(a->params, b->params) && params_agree(b->params, a->params) &&
	       has_headers(a->headers, b->headers) && has_headers(b->headers, a->headers);
}

size_t wsip_uri_unescape(struct wsip_span text, char *out)
{
	size_t size = 0;

	while (text.size > 0)
		out[size++] = (char)(next_character(&text) & ~ESCAPED);
	return size;
}
