/* SPDX-License-Identifier: MIT */
#include "bench/load/response.h"

#include <stdio.h>
#include <strings.h>

/* What a response needs to know of the topmost Via. */
struct top_via {
	struct wsip_span value; /* the first of the line */
	struct wsip_span host;
	uint64_t port;         /* 0: none */
	const char *rport_end; /* where the number belongs behind ";rport", or NULL */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "SIP/2.0/UDP host:port;params": from the host on. */
static struct wsip_span sent_by(struct wsip_span value)
{
	const char *end = value.data + value.size;
	const char *p = value.data;

	while (p < end && !is_blank(*p))
		p++;
	while (p < end && is_blank(*p))
		p++;
	return (struct wsip_span){ p, (size_t)(end - p) };
}

static size_t until_any(struct wsip_span text, const char *stops)
{
	size_t size = 0;

	while (size < text.size && !strchr(stops, text.data[size]))
		size++;
	return size;
}

static void read_sent_by(struct top_via *via, struct wsip_span rest)
{
	size_t size = rest.size && rest.data[0] == '[' ? until_any(rest, "]") + 1
						       : until_any(rest, ":; \t");

	if (size > rest.size)
		size = rest.size;
	via->host = (struct wsip_span){ rest.data, size };
	rest.data += size;
	rest.size -= size;
	via->port = 0;
	if (rest.size && rest.data[0] == ':' &&
		wsip_span_number((struct wsip_span){ rest.data + 1, until_any(rest, "; \t") - 1 },
			UINT16_MAX, &via->port) != WSIP_OK)
		via->port = 0;
}

static const char *find_rport(struct wsip_span value)
{
	const char *end = value.data + value.size;
	const char *found = memmem(value.data, value.size, ";rport", 6);

	if (!found || (found + 6 < end && found[6] != ';' && found[6] != '='))
		return NULL;
	return found + 6;
}

static struct top_via read_top_via(const struct wsip_scanned *request)
{
	struct wsip_span list = request->via[0].value;
	struct top_via via = { .value = wsip_scan_value(&list) };

	read_sent_by(&via, sent_by(via.value));
	via.rport_end = find_rport(via.value);
	return via;
}

/* Without the brackets of an IPv6 address: those are a host's (RFC 3261 25.1, via-received). */
static void write_received(struct wsip_writer *writer, const char *ip)
{
	size_t size = strlen(ip);

	if (ip[0] == '[') {
		ip++;
		size -= 2;
	}
	wsip_write_literal(writer, ";received=");
	wsip_write(writer, (struct wsip_span){ ip, size });
}

/* RFC 3261 18.2.1, RFC 3581 4: what the request did not say, or not rightly. Behind the first
 * value and before what follows it. */
static void write_top_via(struct wsip_writer *writer, const struct wsip_scanned *request,
	const struct wsip_path *from)
{
	struct wsip_span whole = request->via[0].whole;
	struct top_via via = read_top_via(request);
	const char *end = via.value.data + via.value.size;
	struct wsip_addr source = wsip_peer_addr(&from->peer);
	const char *rest = whole.data;
	char text[WSIP_ADDR_TEXT_BYTES + 16];
	char ip[WSIP_ADDR_TEXT_BYTES];

	wsip_addr_ip_text(&source, ip);
	if (via.rport_end && (via.rport_end == end || *via.rport_end == ';')) {
		snprintf(text, sizeof(text), "=%u", source.port);
		wsip_write(writer, (struct wsip_span){ rest, (size_t)(via.rport_end - rest) });
		wsip_write_text(writer, text);
		rest = via.rport_end;
	}
	wsip_write(writer, (struct wsip_span){ rest, (size_t)(end - rest) });
	if (via.rport_end || !wsip_span_is(via.host, ip))
		write_received(writer, ip);
	wsip_write(writer, (struct wsip_span){ end, (size_t)(whole.data + whole.size - end) });
}

static void write_to(struct wsip_writer *writer, const struct wsip_scanned *request,
	const char mark[WSIP_MARK_BYTES])
{
	struct wsip_span value = request->to.value;

	if (wsip_scan_tag(value).size) {
		wsip_write(writer, request->to.whole);
		return;
	}
	wsip_write_literal(writer, "To: ");
	wsip_write(writer, value);
	wsip_write_literal(writer, ";tag=" WSIP_CALLEE_TAG);
	wsip_write(writer, (struct wsip_span){ mark, WSIP_MARK_BYTES });
	wsip_write_literal(writer, "\r\n");
}

void wsip_response_write_head(struct wsip_writer *writer, const struct wsip_scanned *request,
	const struct wsip_path *from, enum wsip_transport transport,
	const char mark[WSIP_MARK_BYTES])
{
	if (transport == WSIP_UDP)
		write_top_via(writer, request, from);
	else
		wsip_write(writer, request->via[0].whole);
	for (uint32_t i = 1; i < request->via_count; i++)
		wsip_write(writer, request->via[i].whole);
	for (uint32_t i = 0; i < request->record_route_count; i++)
		wsip_write(writer, request->record_route[i].whole);
	wsip_write(writer, request->from.whole);
	write_to(writer, request, mark);
	wsip_write(writer, request->call_id.whole);
	wsip_write(writer, request->cseq_line.whole);
}

struct wsip_path wsip_response_path(const struct wsip_path *from,
	const struct wsip_scanned *request, enum wsip_transport transport)
{
	struct wsip_path path = *from;
	struct top_via via;

	if (transport != WSIP_UDP)
		return path;
	via = read_top_via(request);
	if (!via.rport_end)
		path.peer.v4.sin_port = htons((uint16_t)(via.port ? via.port : 5060));
	return path;
}
