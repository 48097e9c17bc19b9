/* SPDX-License-Identifier: MIT */
#include "bench/load/dialog.h"

#define ROUTES_MAX 32

struct routes {
	struct wsip_span values[ROUTES_MAX];
	uint32_t count;
};

static enum wsip_err collect(struct routes *routes, const struct wsip_scanned *response)
{
	routes->count = 0;
	for (uint32_t i = 0; i < response->record_route_count; i++) {
		struct wsip_span list = response->record_route[i].value;

		while (list.size) {
			if (routes->count == ROUTES_MAX)
				return WSIP_ERR_LIMIT;
			routes->values[routes->count++] = wsip_scan_value(&list);
		}
	}
	return WSIP_OK;
}

/* RFC 3261 12.1.2: the route set is the Record-Route in reverse order. */
static void write_rest(struct wsip_writer *writer, const struct routes *routes, struct wsip_span to)
{
	for (uint32_t i = routes->count; i > 0; i--) {
		wsip_write_literal(writer, "Route: ");
		wsip_write(writer, routes->values[i - 1]);
		wsip_write_literal(writer, "\r\n");
	}
	wsip_write_literal(writer, "To: ");
	wsip_write(writer, to);
	wsip_write_literal(writer, "\r\n");
}

enum wsip_err wsip_dialog_keep(struct wsip_dialog *dialog, const struct wsip_scanned *response,
	struct wsip_span *next_hop)
{
	struct wsip_writer writer = wsip_writer_of(dialog->text, sizeof(dialog->text));
	struct wsip_span contacts = response->contact.value;
	struct wsip_span target;
	struct routes routes;
	enum wsip_err err = collect(&routes, response);

	if (err)
		return err;
	if (!contacts.size)
		return WSIP_ERR_SYNTAX;
	target = wsip_scan_uri(wsip_scan_value(&contacts));
	if (!target.size)
		return WSIP_ERR_SYNTAX;
	wsip_write(&writer, target);
	dialog->target_bytes = (uint16_t)wsip_writer_size(&writer);
	write_rest(&writer, &routes, response->to.value);
	dialog->rest_bytes = (uint16_t)(wsip_writer_size(&writer) - dialog->target_bytes);
	*next_hop = routes.count ? wsip_scan_uri(routes.values[routes.count - 1]) : target;
	return writer.full ? WSIP_ERR_LIMIT : WSIP_OK;
}

void wsip_dialog_write(const struct wsip_dialog *dialog, struct wsip_writer *writer,
	const char *method, const struct wsip_template *const pieces[2],
	const char mark[WSIP_MARK_BYTES])
{
	wsip_write_text(writer, method);
	wsip_write(writer, (struct wsip_span){ dialog->text, dialog->target_bytes });
	wsip_template_write(pieces[0], writer, mark);
	wsip_write(writer,
		(struct wsip_span){ dialog->text + dialog->target_bytes, dialog->rest_bytes });
	wsip_template_write(pieces[1], writer, mark);
}

/* "sip:user@host:port;params": from the host on. */
static struct wsip_span host_part(struct wsip_span uri)
{
	const char *start = memchr(uri.data, ':', uri.size);
	const char *end = uri.data + uri.size;
	const char *at;

	if (!start)
		return (struct wsip_span){ end, 0 };
	start++;
	at = memchr(start, '@', (size_t)(end - start));
	if (at)
		start = at + 1;
	return (struct wsip_span){ start, (size_t)(end - start) };
}

bool wsip_dialog_hop(struct wsip_span uri, struct wsip_addr *addr)
{
	struct wsip_span rest = host_part(uri);
	const char *end = rest.data + rest.size;
	const char *p = rest.data;
	uint64_t port = 0;

	if (p < end && *p == '[')
		p = memchr(p, ']', rest.size);
	while (p && p < end && *p != ':' && *p != ';' && *p != '?')
		p++;
	if (!p || wsip_addr_parse_ip((struct wsip_span){ rest.data, (size_t)(p - rest.data) },
			  addr) != WSIP_OK)
		return false;
	if (p < end && *p == ':') {
		const char *digits = ++p;

		while (p < end && *p >= '0' && *p <= '9')
			p++;
		if (wsip_span_number((struct wsip_span){ digits, (size_t)(p - digits) }, UINT16_MAX,
			    &port) != WSIP_OK)
			return false;
	}
	addr->port = port ? (uint16_t)port : 5060;
	return true;
}
