/* SPDX-License-Identifier: MIT */
#include "core/preprocess.h"

#include <string.h>

#include "core/uri_text.h"

#define SIP_PORT 5060

/* RFC 3261 16.4: a strict router before us has put our Record-Route into the Request-URI, and the
 * Request-URI behind the last Route. */
static void undo_strict_router(struct wsip_core *core, struct wsip_msg *request,
	const struct wsip_uri *request_uri)
{
	struct wsip_values routes = wsip_msg_values(request, WSIP_ROUTE);
	struct wsip_span value, last = { 0 };
	struct wsip_name_addr route;
	struct wsip_uri uri;

	if (request_uri->user.size > 0 || !wsip_uri_param(request_uri, "lr", NULL) ||
		!wsip_core_is_own_uri(core, request_uri))
		return;
	while (wsip_values_next(&routes, &value) == WSIP_OK)
		last = value;
	if (last.size == 0 || wsip_name_addr_parse(last, &route) != WSIP_OK ||
		wsip_uri_parse(route.uri, &uri) != WSIP_OK ||
		wsip_msg_set_request_uri(request, route.uri) != WSIP_OK)
		return;
	(void)!wsip_msg_remove_last_value(request, WSIP_ROUTE);
}

/* RFC 3261 16.4: an maddr that is ours, reached by the port and transport it names, has done its
 * work: it is taken off, with that port and transport. */
static void take_off_maddr(struct wsip_core *core, struct wsip_msg *request)
{
	static const char *const done[] = { "maddr", "transport", NULL };
	struct wsip_uri uri, reached;
	struct wsip_span maddr;
	struct wsip_buf *text;

	if (wsip_uri_parse(wsip_msg_request_uri(request), &uri) != WSIP_OK ||
		uri.scheme != WSIP_SCHEME_SIP || !wsip_uri_param(&uri, "maddr", &maddr))
		return;
	reached = uri;
	reached.host = maddr;
	if (!wsip_core_is_own_uri(core, &reached))
		return;
	if (uri.port != SIP_PORT)
		uri.port = 0;
	text = wsip_uri_text(&core->bufs, &uri, done);
	if (text)
		(void)!wsip_msg_set_request_uri(request,
			(struct wsip_span){ text->data, text->used });
	wsip_buf_unref(text);
}

/* As we write it ourselves (16.6 step 4). */
static bool is_own_record_route(const struct wsip_core *core, struct wsip_span value)
{
	static const char start[] = "<sip:", end[] = ";lr>";
	size_t start_bytes = sizeof(start) - 1, end_bytes = sizeof(end) - 1;

	for (size_t i = 0; i < core->options.listener_count; i++) {
		const struct wsip_listener *listener = &core->options.listeners[i];

		if (value.size == start_bytes + listener->text_bytes + end_bytes &&
			memcmp(value.data, start, start_bytes) == 0 &&
			memcmp(value.data + start_bytes, listener->text, listener->text_bytes) ==
				0 &&
			memcmp(value.data + value.size - end_bytes, end, end_bytes) == 0)
			return true;
	}
	return false;
}

static bool is_own_route(const struct wsip_core *core, struct wsip_span value)
{
	struct wsip_name_addr route;
	struct wsip_uri uri;

	return is_own_record_route(core, value) ||
	       (wsip_name_addr_parse(value, &route) == WSIP_OK &&
		       wsip_uri_parse(route.uri, &uri) == WSIP_OK &&
		       wsip_core_is_own_uri(core, &uri));
}

/* RFC 3261 16.4: every listener and alias is ours; both values of a double Record-Route go in one
 * pass (RFC 5658 5). */
static void take_own_routes(struct wsip_core *core, struct wsip_msg *request)
{
	struct wsip_values values;
	struct wsip_span value;

	for (;;) {
		values = wsip_msg_values(request, WSIP_ROUTE);
		if (wsip_values_next(&values, &value) != WSIP_OK || !is_own_route(core, value) ||
			wsip_msg_remove_first_value(request, WSIP_ROUTE) != WSIP_OK)
			return;
	}
}

void wsip_preprocess(struct wsip_core *core, struct wsip_msg *request)
{
	struct wsip_span text = wsip_msg_request_uri(request);
	struct wsip_uri uri;

	/* What there is to repair shows by a parameter. */
	if (memchr(text.data, ';', text.size) && wsip_uri_parse(text, &uri) == WSIP_OK) {
		undo_strict_router(core, request, &uri);
		take_off_maddr(core, request);
	}
	take_own_routes(core, request);
}
