/* SPDX-License-Identifier: MIT
 * RFC 3261 16.5: where the request goes.
 */
#include <stdlib.h>

#include <wiresip/contact.h>

#include "core/request_state.h"
#include "core/text.h"

static bool is_in_dialog(const struct wsip_msg *request)
{
	struct wsip_span tag;

	return wsip_msg_to_tag(request, &tag) && tag.size > 0;
}

static enum wsip_err ask_sources(struct wsip_relay *relay)
{
	struct wsip_core *core = relay->request->core;

	for (size_t i = 0; i < core->options.source_count; i++) {
		const struct wsip_route_source *source = &core->options.sources[i];
		enum wsip_err err = source->find(source->self, core, relay->request->msg,
			&relay->route);

		if (err != WSIP_ERR_NOT_FOUND)
			return err;
	}
	return WSIP_ERR_NOT_FOUND;
}

/* ---- In the order of their q ---- */

struct candidate {
	struct wsip_span uri;
	unsigned int q;
	size_t index; /* as they came: equal ones keep their order */
};

static int by_q(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	if (left->q != right->q)
		return left->q < right->q ? 1 : -1;
	return left->index < right->index ? -1 : 1;
}

static enum wsip_err add_in_order(struct wsip_route *route, struct candidate *candidates,
	size_t count, enum wsip_destination_use use)
{
	qsort(candidates, count, sizeof(*candidates), by_q);
	for (size_t i = 0; i < count; i++) {
		unsigned int before = route->count;
		enum wsip_err err = wsip_route_add(route, candidates[i].uri, use, NULL);

		if (err)
			return err;
		if (route->count > before && i > 0 && candidates[i].q == candidates[i - 1].q)
			wsip_route_join(route, before);
	}
	return WSIP_OK;
}

/* ---- What the handler chose ---- */

static unsigned int take_chosen(struct wsip_relay *relay)
{
	const struct wsip_relay_options *options = &relay->options;
	struct candidate candidates[WSIP_RELAY_TARGETS_MAX];

	if (options->destination)
		return wsip_route_add(&relay->route, wsip_span_of(options->destination),
			       WSIP_USE_NEXT_HOP, NULL)
			       ? 500
			       : 0;
	for (size_t i = 0; i < options->target_count; i++)
		candidates[i] = (struct candidate){ wsip_span_of(options->targets[i].uri),
			options->targets[i].q, i };
	return add_in_order(&relay->route, candidates, options->target_count, WSIP_USE_NEXT_HOP)
		       ? 500
		       : 0;
}

unsigned int wsip_target_set_find(struct wsip_relay *relay)
{
	struct wsip_msg *request = relay->request->msg;
	struct wsip_core *core = relay->request->core;
	struct wsip_span value;
	struct wsip_uri uri;
	bool own;

	if (relay->options.destination || relay->options.target_count > 0)
		return take_chosen(relay);
	if (wsip_uri_parse(wsip_msg_request_uri(request), &uri) != WSIP_OK)
		return 400;
	own = wsip_core_is_own_uri(core, &uri);
	if (wsip_msg_header(request, WSIP_ROUTE, &value) || (!own && is_in_dialog(request)))
		return 0; /* where Route or Request-URI say */
	switch (ask_sources(relay)) {
	case WSIP_OK:
		return relay->route.count > 0 ? 0 : 480;
	case WSIP_ERR_NOT_FOUND:
		return own ? 404 : 403; /* not an open relay */
	default:
		return 500;
	}
}

/* ---- Redirection ---- */

/* RFC 3261 16.7 step 4 and 16.5: sip: only (a sips: one would need TLS), each one once. */
static bool may_be_tried(const struct wsip_relay *relay, const struct wsip_contact *contact)
{
	struct wsip_uri uri;

	return !contact->is_star && wsip_uri_parse(contact->address.uri, &uri) == WSIP_OK &&
	       uri.scheme == WSIP_SCHEME_SIP && contact->address.uri.size <= WSIP_URI_MAX_BYTES &&
	       !wsip_route_has(&relay->route, contact->address.uri);
}

/* What was not tried stays for the caller to try. */
static void put_back(struct wsip_msg *response, const struct wsip_text *rest)
{
	if (rest->overflowed)
		return;
	if (rest->buf->used == 0)
		wsip_msg_remove_id(response, WSIP_CONTACT);
	else
		(void)!wsip_msg_set_id(response, WSIP_CONTACT,
			(struct wsip_span){ rest->buf->data, rest->buf->used });
}

static size_t read_contacts(const struct wsip_relay *relay, const struct wsip_msg *response,
	struct candidate *candidates, struct wsip_text *rest)
{
	struct wsip_values values = wsip_msg_values(response, WSIP_CONTACT);
	size_t room = WSIP_BRANCHES_MAX - relay->route.count;
	struct wsip_span value;
	size_t count = 0;

	while (wsip_values_next(&values, &value) == WSIP_OK) {
		struct wsip_contact contact;

		if (count < room && wsip_contact_parse(value, &contact) == WSIP_OK &&
			may_be_tried(relay, &contact)) {
			candidates[count] = (struct candidate){ contact.address.uri, contact.q,
				count };
			count++;
			continue;
		}
		wsip_text_add(rest, rest->buf && rest->buf->used > 0 ? ", " : "");
		wsip_text_add_span(rest, value);
	}
	return count;
}

unsigned int wsip_target_set_recurse(struct wsip_relay *relay, struct wsip_msg *response)
{
	struct candidate candidates[WSIP_BRANCHES_MAX];
	unsigned int before = relay->route.count;
	struct wsip_text rest = wsip_text_begin(&relay->request->core->bufs,
		response->buf->used + 2 * WSIP_LIST_MAX);
	size_t count = rest.buf ? read_contacts(relay, response, candidates, &rest) : 0;

	/* RFC 3261 16.6: what the response says comes before what was to be tried anyway. */
	if (count > 0 &&
		add_in_order(&relay->route, candidates, count, WSIP_USE_CONTACT) == WSIP_OK) {
		wsip_route_advance(&relay->route, before);
		put_back(response, &rest);
	}
	wsip_buf_unref(rest.buf);
	return relay->route.count - before;
}
