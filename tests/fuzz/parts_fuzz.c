/* SPDX-License-Identifier: MIT
 * Any bytes as a URI, a list, parameters, a q-value, a comment, a name: the first byte chooses
 * which. What comes out lies within the text and, written again, is read as the same.
 */
#include <wiresip/addr.h>
#include <wiresip/param.h>

#include "base/limits.h"
#include "parser/comment.h"
#include "parser/list.h"
#include "parser/msg.h"
#include "parser/qvalue.h"
#include "parser/uri.h"
#include "tests/fuzz/fuzz.h"

static const struct wsip_secret secret = { 1, 2 };

static bool is_within(struct wsip_span part, struct wsip_span text)
{
	return !part.data || (part.data >= text.data && part.size <= text.size &&
				     (size_t)(part.data - text.data) <= text.size - part.size);
}

/* ---- URIs ---- */

/* Two parameters whose names may be the same: such a URI is not equal to itself. */
static bool has_twins(struct wsip_span params)
{
	struct wsip_param one, other;
	char name[2][WSIP_URI_MAX_BYTES];

	while (wsip_params_next(&params, &one) == WSIP_OK) {
		struct wsip_span rest = params;
		struct wsip_span a = { name[0], wsip_uri_unescape(one.name, name[0]) };

		while (wsip_params_next(&rest, &other) == WSIP_OK) {
			struct wsip_span b = { name[1], wsip_uri_unescape(other.name, name[1]) };

			if (wsip_span_equal_nocase(a, b))
				return true;
		}
	}
	return false;
}

static void check_uri(const struct wsip_uri *uri, struct wsip_span text)
{
	const struct wsip_span parts[] = { uri->text, uri->scheme_name, uri->opaque, uri->user,
		uri->params, uri->password, uri->host, uri->headers };
	struct wsip_span params = uri->params;
	struct wsip_param param;
	enum wsip_err err;
	int count = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		must(is_within(parts[i], text));
	while ((err = wsip_params_next(&params, &param)) == WSIP_OK)
		must(is_within(param.name, text) && is_within(param.value, text) &&
			++count <= WSIP_PARAMS_MAX);
	must(err == WSIP_ERR_NOT_FOUND);
}

static void swap_case(const char *base, struct wsip_span part, char *copy)
{
	for (size_t i = 0; i < part.size; i++) {
		unsigned char lower = (unsigned char)part.data[i] | 0x20;

		if (lower >= 'a' && lower <= 'z')
			copy[part.data - base + (ptrdiff_t)i] = (char)(part.data[i] ^ 0x20);
	}
}

/* RFC 3261 19.1.4: case counts in user, password and headers only; RFC 3966 4: nowhere. */
static void compare_with_other_case(const struct wsip_uri *uri)
{
	struct wsip_span text = exact_span(uri->text.data, uri->text.size);
	char *copy = (char *)text.data;
	struct wsip_uri other;

	swap_case(uri->text.data, uri->scheme_name, copy);
	swap_case(uri->text.data, uri->host, copy);
	swap_case(uri->text.data, uri->params, copy);
	if (uri->scheme == WSIP_SCHEME_TEL)
		swap_case(uri->text.data, uri->user, copy);
	must(wsip_uri_parse(text, &other) == WSIP_OK);
	must(other.scheme == uri->scheme && other.port == uri->port);
	if (!has_twins(uri->params)) {
		must(wsip_uri_equal(uri, uri));
		must(wsip_uri_equal(uri, &other) && wsip_uri_equal(&other, uri));
		must(wsip_key_equal(wsip_uri_hash(uri, &secret), wsip_uri_hash(&other, &secret)));
	}
	free(copy);
}

/* A blank separates two of them. */
static void read_uri(struct wsip_span text)
{
	const char *blank = text.size > 0 ? memchr(text.data, ' ', text.size) : NULL;
	size_t first = blank ? (size_t)(blank - text.data) : text.size;
	struct wsip_span a_text = { text.data, first };
	struct wsip_span b_text = { blank ? blank + 1 : NULL, blank ? text.size - first - 1 : 0 };
	struct wsip_uri a, b;

	if (wsip_uri_parse(a_text, &a) != WSIP_OK)
		return;
	check_uri(&a, a_text);
	compare_with_other_case(&a);
	if (!blank || wsip_uri_parse(b_text, &b) != WSIP_OK)
		return;
	check_uri(&b, b_text);
	must(wsip_uri_equal(&a, &b) == wsip_uri_equal(&b, &a));
	if (wsip_uri_equal(&a, &b))
		must(wsip_key_equal(wsip_uri_hash(&a, &secret), wsip_uri_hash(&b, &secret)));
}

/* What was escaped may stand there, and is what it was when its escapes are replaced. */
static void check_escape(enum wsip_uri_part part, struct wsip_span text)
{
	static const char *const before[] = { "sip:", "sip:h;x=", "sip:h?x=" };
	static const char *const behind[] = { "@h", "", "" };
	size_t start = strlen(before[part]), room = start + 3 * text.size + strlen(behind[part]);
	char *uri_text = malloc(room + 1), *back = malloc(3 * text.size);
	size_t size = start + wsip_uri_escape(part, text, uri_text + start);
	struct wsip_uri uri;

	must(wsip_uri_unescape((struct wsip_span){ uri_text + start, size - start }, back) ==
			text.size &&
		(text.size == 0 || memcmp(back, text.data, text.size) == 0));
	memcpy(uri_text, before[part], start);
	memcpy(uri_text + size, behind[part], strlen(behind[part]));
	size += strlen(behind[part]);
	if (text.size > 0 && size <= WSIP_URI_MAX_BYTES)
		must(wsip_uri_parse((struct wsip_span){ uri_text, size }, &uri) == WSIP_OK &&
			(part != WSIP_URI_USER || uri.user.size == size - start - 2));
	free(back);
	free(uri_text);
}

static void read_escapes(struct wsip_span text)
{
	char *out = malloc(text.size);
	size_t size = wsip_uri_unescape(text, out);

	must(size <= text.size);
	for (enum wsip_uri_part part = WSIP_URI_USER; part <= WSIP_URI_HEADER; part++) {
		check_escape(part, text);
		check_escape(part, (struct wsip_span){ out, size });
	}
	free(out);
}

/* ---- The others ---- */

/* An element by itself is a list of one. */
static void read_list(struct wsip_span text)
{
	struct wsip_span rest = text, element, one, same;
	size_t left = text.size;
	enum wsip_err err;

	while ((err = wsip_list_next(&rest, &element)) == WSIP_OK) {
		must(is_within(element, text) && is_within(rest, text) && rest.size < left);
		left = rest.size;
		must(element.size > 0 && wsip_span_trim(element).size == element.size);
		one = element;
		must(wsip_list_next(&one, &same) == WSIP_OK && one.size == 0);
		must(same.data == element.data && same.size == element.size);
	}
	must(err == WSIP_ERR_SYNTAX || rest.size == 0);
}

/* Line breaks only as RFC 3261 25.1 has them in LWS: one, and a blank behind it. */
static bool is_folded_well(struct wsip_span text)
{
	bool breaks = true;

	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == ' ' || text.data[i] == '\t')
			continue;
		if (text.data[i] != '\r' && text.data[i] != '\n') {
			breaks = true;
			continue;
		}
		if (!breaks || text.size - i < 3 || memcmp(text.data + i, "\r\n", 2) != 0 ||
			(text.data[i + 2] != ' ' && text.data[i + 2] != '\t'))
			return false;
		breaks = false;
		i += 2;
	}
	return true;
}

static bool is_same_part(struct wsip_span a, struct wsip_span b)
{
	return a.size == b.size && (a.size == 0 || a.data == b.data);
}

/* Reading a list in one go finds what its elements are by themselves. */
static void read_vias(struct wsip_span text)
{
	struct wsip_span rest = text, rest_in_one = text, element;
	struct wsip_via via, in_one;

	while (rest.size > 0 && is_folded_well(text)) {
		bool good = wsip_list_next(&rest, &element) == WSIP_OK &&
			    wsip_via_parse(element, &via) == WSIP_OK;

		must(good == (wsip_via_next(&rest_in_one, &in_one) == WSIP_OK));
		if (!good)
			return;
		must(is_same_part(rest, rest_in_one) && via.port == in_one.port);
		must(is_same_part(via.transport, in_one.transport));
		must(is_same_part(via.sent_by, in_one.sent_by));
		must(is_same_part(via.branch, in_one.branch));
		must(via.has_rport == in_one.has_rport && is_same_part(via.rport, in_one.rport));
		must(is_same_part(wsip_span_trim(via.params), wsip_span_trim(in_one.params)));
	}
}

static void read_addresses(struct wsip_span text)
{
	struct wsip_span rest = text, rest_in_one = text, element;
	struct wsip_name_addr address, in_one;

	while (rest.size > 0 && is_folded_well(text)) {
		bool good = wsip_list_next(&rest, &element) == WSIP_OK &&
			    wsip_name_addr_parse(element, &address) == WSIP_OK;

		must(good == (wsip_name_addr_next(&rest_in_one, &in_one) == WSIP_OK));
		if (!good)
			return;
		must(is_same_part(rest, rest_in_one));
		must(is_same_part(address.display_name, in_one.display_name));
		must(is_same_part(address.uri, in_one.uri));
		must(is_same_part(address.tag, in_one.tag));
		must(is_same_part(wsip_span_trim(address.params), wsip_span_trim(in_one.params)));
	}
}

/* ";name=value", or ";name". */
static struct wsip_span write_param(const struct wsip_param *param)
{
	char *text = malloc(param->name.size + param->value.size + 2);
	size_t size = 1 + param->name.size;

	text[0] = ';';
	memcpy(text + 1, param->name.data, param->name.size);
	if (param->value.size > 0) {
		text[size++] = '=';
		memcpy(text + size, param->value.data, param->value.size);
		size += param->value.size;
	}
	return (struct wsip_span){ text, size };
}

static void read_params(struct wsip_span text)
{
	struct wsip_span rest = text, written, one;
	struct wsip_param param, again;
	size_t left = text.size;

	while (wsip_params_next(&rest, &param) == WSIP_OK) {
		must(is_within(param.name, text) && is_within(param.value, text) &&
			rest.size < left);
		left = rest.size;
		written = one = write_param(&param);
		must(wsip_params_next(&one, &again) == WSIP_OK && one.size == 0);
		must(wsip_span_equal(again.name, param.name));
		must(wsip_span_equal(again.value, param.value));
		free((char *)written.data);
	}
}

/* Three digits count. */
static void read_qvalue(struct wsip_span text)
{
	uint16_t thousandths;
	unsigned int expected = 0, weight = 1000;

	if (wsip_qvalue_parse(text, &thousandths) != WSIP_OK)
		return;
	must(thousandths <= 1000);
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '.') {
			weight = 100;
			continue;
		}
		expected += weight * (unsigned int)(text.data[i] - '0');
		weight /= 10;
	}
	must(thousandths == expected);
}

static void read_comment(struct wsip_span text)
{
	const unsigned char *start = (const unsigned char *)text.data;
	const unsigned char *end;

	if (text.size == 0 || text.data[0] != '(')
		return;
	end = wsip_comment_end(start, start + text.size);
	must(end == start || (end > start + 1 && end <= start + text.size && end[-1] == ')'));
	must(wsip_comment_end(start, end) == end);
}

static void read_names(struct wsip_span text)
{
	enum wsip_header_id id = wsip_header_id_of(text);
	struct wsip_span copy = exact_span(text.data, text.size);

	swap_case(text.data, text, (char *)copy.data);
	must(wsip_header_id_of(copy) == id && id < WSIP_HEADER_IDS);
	if (id != WSIP_HEADER_OTHER)
		must(wsip_header_id_of(wsip_span_of(wsip_header_name(id))) == id);
	/* RFC 3261 7.1: the case of a method counts. */
	if (wsip_method_of(text) != WSIP_METHOD_OTHER)
		must(wsip_method_of(copy) == WSIP_METHOD_OTHER);
	free((char *)copy.data);
}

/* An address that was read is written, and read as the same. */
static void read_ip(struct wsip_span text)
{
	struct wsip_addr addr, again;
	char written[WSIP_ADDR_TEXT_BYTES];
	size_t size;

	if (wsip_addr_parse_ip(text, &addr) != WSIP_OK)
		return;
	size = wsip_addr_ip_text(&addr, written);
	must(wsip_addr_parse_ip((struct wsip_span){ written, size }, &again) == WSIP_OK);
	must(wsip_addr_equal(&addr, &again));
}

/* Chosen by 'A', 'B', ... in the first byte, and the seeds start so: new ones go to the end. */
static void (*const readers[])(struct wsip_span text) = {
	read_uri,
	read_escapes,
	read_list,
	read_params,
	read_qvalue,
	read_comment,
	read_names,
	read_ip,
	read_vias,
	read_addresses,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wsip_span text;

	if (size < 1)
		return 0;
	text = exact_span(data + 1, size - 1);
	readers[(uint8_t)(data[0] - 'A') % (sizeof(readers) / sizeof(readers[0]))](text);
	free((char *)text.data);
	return 0;
}
