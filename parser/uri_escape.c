/* SPDX-License-Identifier: MIT
 * Escapes in URIs, "%" and two hexadecimal digits: read and written (RFC 3261 19.1.2, 25.1).
 */
#include "parser/uri.h"

#include <string.h>

#include "parser/char_class.h"

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

int wsip_uri_next_character(struct wsip_span *text)
{
	int octet = escaped_octet(*text);
	size_t size = octet < 0 ? 1 : 3;
	int character = octet < 0              ? (unsigned char)text->data[0]
			: is_unreserved(octet) ? octet
					       : WSIP_URI_ESCAPED | octet;

	text->data += size;
	text->size -= size;
	return character;
}

size_t wsip_uri_unescape(struct wsip_span text, char *out)
{
	size_t size = 0;

	while (text.size > 0)
		out[size++] = (char)(wsip_uri_next_character(&text) & ~WSIP_URI_ESCAPED);
	return size;
}

static bool may_stand(enum wsip_uri_part part, unsigned char octet)
{
	if (octet >= 0x80)
		return false;
	switch (part) {
	case WSIP_URI_USER:
		/* "#" is taken there, but ought not to be sent. */
		return octet != '#' && wsip_char_classes[octet] & WSIP_USER_CHARS;
	case WSIP_URI_PARAM:
		return wsip_char_classes[octet] & WSIP_PARAM_CHARS;
	default:
		return is_unreserved(octet) || (octet && strchr("[]/?:+$", octet));
	}
}

size_t wsip_uri_escape(enum wsip_uri_part part, struct wsip_span text, char *out)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t size = 0;

	for (size_t i = 0; i < text.size; i++) {
		unsigned char octet = (unsigned char)text.data[i];

		if (may_stand(part, octet)) {
			out[size++] = (char)octet;
			continue;
		}
		out[size++] = '%';
		out[size++] = digits[octet >> 4];
		out[size++] = digits[octet & 15];
	}
	return size;
}
