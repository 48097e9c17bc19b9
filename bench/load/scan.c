/* SPDX-License-Identifier: MIT */
#include "bench/load/scan.h"

#include <string.h>
#include <strings.h>

static const struct {
	struct wsip_span name;
	enum wsip_load_method method;
} methods[] = {
	{ { "INVITE", 6 }, WSIP_LOAD_INVITE },
	{ { "ACK", 3 }, WSIP_LOAD_ACK },
	{ { "BYE", 3 }, WSIP_LOAD_BYE },
	{ { "CANCEL", 6 }, WSIP_LOAD_CANCEL },
	{ { "OPTIONS", 7 }, WSIP_LOAD_OPTIONS },
	{ { "REGISTER", 8 }, WSIP_LOAD_REGISTER },
};

static enum wsip_load_method method_of(struct wsip_span name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (name.size == methods[i].name.size &&
			memcmp(name.data, methods[i].name.data, name.size) == 0)
			return methods[i].method;
	}
	return WSIP_LOAD_OTHER;
}

/* "SIP/2.0 200 OK" or "INVITE sip:... SIP/2.0". */
static enum wsip_err read_start_line(struct wsip_span line, struct wsip_scanned *scanned)
{
	uint64_t status;
	const char *blank = memchr(line.data, ' ', line.size);

	if (!blank)
		return WSIP_ERR_SYNTAX;
	if (line.size < 12 || memcmp(line.data, "SIP/2.0 ", 8) != 0) {
		scanned->method = method_of((struct wsip_span){
			line.data, (size_t)(blank - line.data) });
		return WSIP_OK;
	}
	if (wsip_span_number((struct wsip_span){ line.data + 8, 3 }, 699, &status) != WSIP_OK ||
		status < 100)
		return WSIP_ERR_SYNTAX;
	scanned->status = (unsigned int)status;
	return WSIP_OK;
}

static bool name_is(struct wsip_span name, const char *known)
{
	return strncasecmp(name.data, known, name.size) == 0;
}

static enum wsip_err keep(struct wsip_line *lines, uint32_t *count, struct wsip_line line)
{
	if (*count >= WSIP_SCANNED_LINES)
		return WSIP_ERR_LIMIT;
	lines[(*count)++] = line;
	return WSIP_OK;
}

/* A compact form (RFC 3261 7.3.3). */
static struct wsip_span long_name(struct wsip_span name)
{
	switch (name.size == 1 ? name.data[0] | 32 : 0) {
	case 'v':
		return (struct wsip_span){ "via", 3 };
	case 'f':
		return (struct wsip_span){ "from", 4 };
	case 't':
		return (struct wsip_span){ "to", 2 };
	case 'i':
		return (struct wsip_span){ "call-id", 7 };
	case 'm':
		return (struct wsip_span){ "contact", 7 };
	default:
		return name;
	}
}

/* Names are told by their length first. */
static enum wsip_err keep_by_name(struct wsip_scanned *scanned, struct wsip_span name,
	struct wsip_line line)
{
	struct wsip_line *place = NULL;

	if (name.size == 3 && name_is(name, "via"))
		return keep(scanned->via, &scanned->via_count, line);
	if (name.size == 12 && name_is(name, "record-route"))
		return keep(scanned->record_route, &scanned->record_route_count, line);
	if ((name.size == 16 && name_is(name, "www-authenticate")) ||
		(name.size == 18 && name_is(name, "proxy-authenticate")))
		return keep(scanned->challenge, &scanned->challenge_count, line);
	if (name.size == 4 && name_is(name, "from"))
		place = &scanned->from;
	else if (name.size == 4 && name_is(name, "cseq"))
		place = &scanned->cseq_line;
	else if (name.size == 2 && name_is(name, "to"))
		place = &scanned->to;
	else if (name.size == 7 && name_is(name, "call-id"))
		place = &scanned->call_id;
	else if (name.size == 7 && name_is(name, "contact"))
		place = &scanned->contact;
	else if (name.size == 11 && name_is(name, "retry-after"))
		place = &scanned->retry_after;
	if (place && !place->whole.data)
		*place = line;
	return WSIP_OK;
}

static enum wsip_err read_field(struct wsip_scanned *scanned, struct wsip_span whole)
{
	const char *colon = memchr(whole.data, ':', whole.size);
	struct wsip_span name;

	if (!colon)
		return WSIP_OK;
	name = wsip_span_trim((struct wsip_span){ whole.data, (size_t)(colon - whole.data) });
	return keep_by_name(scanned, long_name(name),
		(struct wsip_line){
			whole, wsip_span_trim((struct wsip_span){ colon + 1,
				       (size_t)(whole.data + whole.size - colon - 1) }) });
}

/* One header field with all its folded lines, and its line end. Empty when it does not end. */
static struct wsip_span next_field(struct wsip_span rest)
{
	size_t size = 0;

	do {
		const char *end = memchr(rest.data + size, '\n', rest.size - size);

		if (!end)
			return (struct wsip_span){ NULL, 0 };
		size = (size_t)(end + 1 - rest.data);
	} while (size < rest.size && size > 2 &&
		 (rest.data[size] == ' ' || rest.data[size] == '\t'));
	return (struct wsip_span){ rest.data, size };
}

static enum wsip_err read_cseq(struct wsip_scanned *scanned)
{
	struct wsip_span value = scanned->cseq_line.value;
	const char *blank = value.size ? memchr(value.data, ' ', value.size) : NULL;
	uint64_t number;

	if (!blank ||
		wsip_span_number((struct wsip_span){ value.data, (size_t)(blank - value.data) },
			UINT32_MAX, &number) != WSIP_OK)
		return WSIP_ERR_SYNTAX;
	scanned->cseq = (uint32_t)number;
	if (scanned->status)
		scanned->method = method_of(wsip_span_trim((struct wsip_span){
			blank, (size_t)(value.data + value.size - blank) }));
	return WSIP_OK;
}

static enum wsip_err check_all(struct wsip_scanned *scanned)
{
	if (!scanned->via_count || !scanned->from.whole.data || !scanned->to.whole.data ||
		!scanned->call_id.whole.data)
		return WSIP_ERR_SYNTAX;
	if (wsip_mark_read(scanned->call_id.value, &scanned->mark) != WSIP_OK)
		return WSIP_ERR_SYNTAX;
	return read_cseq(scanned);
}

static void forget(struct wsip_scanned *scanned)
{
	const struct wsip_line none = { { NULL, 0 }, { NULL, 0 } };

	scanned->status = 0;
	scanned->method = WSIP_LOAD_OTHER;
	scanned->via_count = scanned->record_route_count = scanned->challenge_count = 0;
	scanned->from = scanned->to = scanned->call_id = scanned->cseq_line = none;
	scanned->contact = scanned->retry_after = none;
}

enum wsip_err wsip_scan(struct wsip_span message, struct wsip_scanned *scanned)
{
	struct wsip_span field = next_field(message);
	enum wsip_err err;

	forget(scanned);
	if (!field.data)
		return WSIP_ERR_SYNTAX;
	err = read_start_line(field, scanned);
	while (!err) {
		message.data += field.size;
		message.size -= field.size;
		field = next_field(message);
		if (!field.data)
			return WSIP_ERR_SYNTAX;
		if (field.data[0] == '\r' || field.data[0] == '\n')
			return check_all(scanned);
		err = read_field(scanned, field);
	}
	return err;
}

/* Where a quoted string ends: at its closing quote, or at the end. */
static const char *end_of_quoted(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
	}
	return p;
}

/* The first `wanted` outside quotes and outside angle brackets, or the end. */
static const char *find_outside(struct wsip_span text, char wanted)
{
	const char *end = text.data + text.size;
	bool bracketed = false;

	for (const char *p = text.data; p < end; p++) {
		if (*p == '"' && !bracketed) {
			p = end_of_quoted(p, end);
			if (p == end)
				break;
			continue;
		}
		if (*p == wanted && !bracketed)
			return p;
		if (*p == '<')
			bracketed = true;
		else if (*p == '>')
			bracketed = false;
	}
	return end;
}

struct wsip_span wsip_scan_value(struct wsip_span *list)
{
	const char *end = list->data + list->size;
	const char *comma = memchr(list->data, ',', list->size) ? find_outside(*list, ',') : end;
	struct wsip_span value = { list->data, (size_t)(comma - list->data) };

	*list = comma < end ? (struct wsip_span){ comma + 1, (size_t)(end - comma - 1) }
			    : (struct wsip_span){ end, 0 };
	return wsip_span_trim(value);
}

struct wsip_span wsip_scan_tag(struct wsip_span name_addr)
{
	const char *end = name_addr.data + name_addr.size;
	const char *p = find_outside(name_addr, ';');

	while (p < end) {
		struct wsip_span rest = { p + 1, (size_t)(end - p - 1) };
		const char *next = find_outside(rest, ';');
		struct wsip_span param = wsip_span_trim((struct wsip_span){
			rest.data, (size_t)(next - rest.data) });

		if (param.size > 4 && strncasecmp(param.data, "tag=", 4) == 0)
			return (struct wsip_span){ param.data + 4, param.size - 4 };
		p = next;
	}
	return (struct wsip_span){ end, 0 };
}

struct wsip_span wsip_scan_uri(struct wsip_span name_addr)
{
	const char *end = name_addr.data + name_addr.size;
	const char *open = find_outside(name_addr, '<');
	const char *close;

	if (open == end)
		return wsip_span_trim((struct wsip_span){
			name_addr.data, (size_t)(find_outside(name_addr, ';') - name_addr.data) });
	close = memchr(open, '>', (size_t)(end - open));
	if (!close)
		return (struct wsip_span){ end, 0 };
	return (struct wsip_span){ open + 1, (size_t)(close - open - 1) };
}
