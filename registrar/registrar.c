/* SPDX-License-Identifier: MIT */
#include "registrar/registrar.h"

#include <stdio.h>
#include <string.h>

#include "core/request_state.h"

#define DEFAULT_EXPIRES_S 3600
#define MIN_EXPIRES_S     60
#define MAX_EXPIRES_S     86400
#define DEFAULT_Q         1000

/* What a REGISTER asks for. */
struct registration {
	const struct wsip_msg *msg;
	struct wsip_cseq cseq;
	struct wsip_key call_id; /* hashed: it may be of any length */
	uint64_t now_ms;
	bool remove_all;
	struct wsip_binding_list wanted; /* expires_at_ms == now_ms: to be removed */
	unsigned int status;             /* what became of it */
	struct wsip_binding_list result;
};

static struct wsip_key aor_key(const struct wsip_bindings *bindings, const struct wsip_core *core,
	const struct wsip_uri *uri)
{
	char user[WSIP_URI_MAX_BYTES];
	struct wsip_span host = uri->host;
	size_t size = wsip_uri_unescape(uri->user, user); /* RFC 3261 10.3 step 5 */

	if (wsip_core_is_own_uri(core, uri))
		host = wsip_span_of("");
	return wsip_bindings_key(bindings, (struct wsip_span){ user, size }, host);
}

/* ---- What is asked for ---- */

/* RFC 3261 20.10: qvalue, "0" to "1" with up to three decimals. */
static bool read_q(struct wsip_span params, uint16_t *q)
{
	struct wsip_span value;
	unsigned int thousandths = 0, weight = 100;

	*q = DEFAULT_Q;
	if (!wsip_params_find(params, "q", &value))
		return true;
	if (value.size == 0 || value.size > 5 || (value.data[0] != '0' && value.data[0] != '1') ||
		(value.size > 1 && value.data[1] != '.'))
		return false;
	for (size_t i = 2; i < value.size; i++, weight /= 10) {
		if (value.data[i] < '0' || value.data[i] > '9')
			return false;
		thousandths += (unsigned int)(value.data[i] - '0') * weight;
	}
	thousandths += value.data[0] == '1' ? 1000 : 0;
	*q = (uint16_t)thousandths;
	return thousandths <= 1000;
}

/* RFC 3261 10.2.1.1 and 10.3 step 7: the contact's own, the request's, or ours; what cannot be read
 * counts as 3600 (20.10, 20.19). */
static uint32_t read_expires(const struct registration *registration, struct wsip_span params)
{
	struct wsip_span value;
	uint64_t number;
	uint32_t seconds;

	if (wsip_params_find(params, "expires", &value))
		return wsip_span_number(value, WSIP_EXPIRES_MAX, &number) == WSIP_OK
			       ? (uint32_t)number
			       : DEFAULT_EXPIRES_S;
	return wsip_msg_expires(registration->msg, &seconds) == WSIP_OK ? seconds
									: DEFAULT_EXPIRES_S;
}

/* Does the contact lie at the other end of the stream that the REGISTER came along? Only the phone
 * itself, without a proxy in between, names its own address in its Via. */
static bool is_at(const struct wsip_uri *contact, const struct wsip_msg *msg)
{
	struct wsip_values vias = wsip_msg_values(msg, WSIP_VIA);
	struct wsip_span value;
	struct wsip_via via;

	return wsip_values_next(&vias, &value) == WSIP_OK &&
	       wsip_via_parse(value, &via) == WSIP_OK &&
	       wsip_values_next(&vias, &value) == WSIP_ERR_NOT_FOUND &&
	       wsip_span_equal_nocase(contact->host, via.host) && contact->port == via.port;
}

/* Returns the status that refuses this contact, or 0. */
static unsigned int read_contact(struct registration *registration, struct wsip_span value,
	const struct wsip_flow *flow)
{
	struct wsip_binding *binding = &registration->wanted.items[registration->wanted.count];
	struct wsip_name_addr contact;
	struct wsip_uri uri;
	uint32_t seconds;

	if (registration->wanted.count == WSIP_BINDINGS_PER_AOR_MAX)
		return 403;
	if (wsip_name_addr_parse(value, &contact) != WSIP_OK ||
		wsip_uri_parse(contact.uri, &uri) != WSIP_OK || uri.scheme != WSIP_SCHEME_SIP ||
		contact.uri.size > sizeof(binding->uri) || !read_q(contact.params, &binding->q))
		return 400;
	seconds = read_expires(registration, contact.params);
	if (seconds > 0 && seconds < MIN_EXPIRES_S)
		return 423;
	if (seconds > MAX_EXPIRES_S)
		seconds = MAX_EXPIRES_S;
	memcpy(binding->uri, contact.uri.data, contact.uri.size);
	binding->uri_bytes = (uint16_t)contact.uri.size;
	binding->call_id = registration->call_id;
	binding->cseq = registration->cseq.number;
	binding->expires_at_ms = registration->now_ms + (uint64_t)seconds * 1000;
	if (is_at(&uri, registration->msg))
		binding->flow = *flow;
	registration->wanted.count++;
	return 0;
}

/* RFC 3261 10.3 step 6: "*" stands alone, with Expires 0. */
static unsigned int read_star(struct registration *registration)
{
	uint32_t seconds;

	if (wsip_msg_expires(registration->msg, &seconds) != WSIP_OK || seconds != 0)
		return 400;
	registration->remove_all = true;
	return 0;
}

static struct wsip_key call_id_key(const struct wsip_bindings *bindings, const struct wsip_msg *msg)
{
	return wsip_bindings_key(bindings, wsip_msg_call_id(msg), (struct wsip_span){ 0 });
}

static unsigned int read_registration(struct registration *registration,
	const struct wsip_flow *flow)
{
	struct wsip_values values = wsip_msg_values(registration->msg, WSIP_CONTACT);
	unsigned int status = 0, contacts = 0;
	struct wsip_span value;
	enum wsip_err err;

	if (wsip_msg_cseq(registration->msg, &registration->cseq) != WSIP_OK)
		return 400;
	while ((err = wsip_values_next(&values, &value)) == WSIP_OK && status == 0) {
		contacts++;
		status = wsip_span_is(value, "*") ? read_star(registration)
						  : read_contact(registration, value, flow);
	}
	if (status == 0 && err != WSIP_ERR_NOT_FOUND && err != WSIP_OK)
		return 400;
	if (status == 0 && registration->remove_all && contacts > 1)
		return 400;
	return status;
}

/* ---- Carrying it out ---- */

static bool is_older(const struct registration *registration, const struct wsip_binding *binding)
{
	return wsip_key_equal(binding->call_id, registration->call_id) &&
	       registration->cseq.number <= binding->cseq;
}

static struct wsip_uri uri_of(const struct wsip_binding *binding)
{
	struct wsip_uri uri;

	/* It was read before it was stored. */
	if (wsip_uri_parse((struct wsip_span){ binding->uri, binding->uri_bytes }, &uri) != WSIP_OK)
		uri = (struct wsip_uri){ 0 };
	return uri;
}

/* RFC 3261 10.3 step 7: by the comparison of 19.1.4. */
static struct wsip_binding *find_binding(struct wsip_binding_list *list,
	const struct wsip_binding *wanted)
{
	struct wsip_uri uri = uri_of(wanted);

	for (size_t i = 0; i < list->count; i++) {
		struct wsip_uri other = uri_of(&list->items[i]);

		if (wsip_uri_equal(&uri, &other))
			return &list->items[i];
	}
	return NULL;
}

static unsigned int apply_one(const struct registration *registration,
	struct wsip_binding_list *list, const struct wsip_binding *wanted)
{
	struct wsip_binding *binding = find_binding(list, wanted);

	if (binding && is_older(registration, binding))
		return 500; /* RFC 3261 10.3 step 7: the update MUST be aborted */
	if (wanted->expires_at_ms == registration->now_ms) {
		if (binding)
			*binding = list->items[--list->count];
		return 0;
	}
	if (!binding && list->count == WSIP_BINDINGS_PER_AOR_MAX)
		return 403;
	if (!binding)
		binding = &list->items[list->count++];
	*binding = *wanted;
	return 0;
}

/* All or nothing (RFC 3261 10.3 step 7). */
static bool apply(struct wsip_binding_list *list, void *user)
{
	struct registration *registration = user;

	for (size_t i = 0; i < list->count && registration->remove_all; i++) {
		if (is_older(registration, &list->items[i]))
			registration->status = 500;
	}
	if (registration->remove_all)
		list->count = 0;
	for (size_t i = 0; i < registration->wanted.count && !registration->status; i++)
		registration->status = apply_one(registration, list,
			&registration->wanted.items[i]);
	registration->result = *list;
	return registration->status == 0 &&
	       (registration->remove_all || registration->wanted.count > 0);
}

static void answer_bindings(struct wsip_request *request, const struct registration *registration)
{
	char texts[WSIP_BINDINGS_PER_AOR_MAX][WSIP_CONTACT_MAX_BYTES + 64];
	struct wsip_answer_header headers[WSIP_BINDINGS_PER_AOR_MAX];
	const struct wsip_binding_list *list = &registration->result;

	for (size_t i = 0; i < list->count; i++) {
		const struct wsip_binding *binding = &list->items[i];
		unsigned long long seconds = (binding->expires_at_ms - registration->now_ms + 999) /
					     1000;
		int size = snprintf(texts[i], sizeof(texts[i]), "<%.*s>;expires=%llu;q=%u.%03u",
			binding->uri_bytes, binding->uri, seconds, binding->q / 1000u,
			binding->q % 1000u);

		headers[i] = (struct wsip_answer_header){ "Contact", { texts[i], (size_t)size } };
	}
	wsip_request_answer_with(request,
		&(struct wsip_answer){
			.status = 200, .headers = headers, .header_count = list->count });
}

static void answer_refusal(struct wsip_request *request, unsigned int status)
{
	static const struct wsip_answer_header min_expires = { "Min-Expires", { "60", 2 } };

	wsip_request_answer_with(request,
		&(struct wsip_answer){
			.status = status, .headers = &min_expires, .header_count = status == 423 });
}

void wsip_registrar_answer(struct wsip_bindings *bindings, struct wsip_request *request)
{
	struct registration registration = { .msg = request->msg,
		.call_id = call_id_key(bindings, request->msg),
		.now_ms = request->core->timers.now_ms };
	struct wsip_name_addr to;
	struct wsip_uri aor;
	unsigned int status;

	if (wsip_request_is_merged(request)) {
		answer_refusal(request, 482); /* RFC 3261 8.2.2.2 */
		return;
	}
	if (wsip_msg_to(request->msg, &to) != WSIP_OK || wsip_uri_parse(to.uri, &aor) != WSIP_OK ||
		aor.scheme != WSIP_SCHEME_SIP || aor.user.size == 0) {
		answer_refusal(request, 404); /* RFC 3261 10.3 step 5 */
		return;
	}
	status = read_registration(&registration, &request->flow);
	if (status == 0 && wsip_bindings_change(bindings, aor_key(bindings, request->core, &aor),
				   registration.now_ms, apply, &registration) != WSIP_OK)
		status = 503;
	if (status == 0)
		status = registration.status;
	if (status)
		answer_refusal(request, status);
	else
		answer_bindings(request, &registration);
}

/* ---- Looking up ---- */

static enum wsip_err find(void *self, const struct wsip_core *core, const struct wsip_msg *request,
	struct wsip_route *route)
{
	struct wsip_bindings *bindings = self;
	struct wsip_binding_list list;
	struct wsip_uri uri;

	if (wsip_uri_parse(wsip_msg_request_uri(request), &uri) != WSIP_OK || uri.user.size == 0)
		return WSIP_ERR_NOT_FOUND;
	wsip_bindings_get(bindings, aor_key(bindings, core, &uri), core->timers.now_ms, &list);
	for (size_t i = 0; i < list.count; i++) {
		const struct wsip_binding *binding = &list.items[i];
		enum wsip_err err = wsip_route_add(route,
			(struct wsip_span){ binding->uri, binding->uri_bytes }, WSIP_USE_CONTACT,
			&binding->flow);

		if (err)
			return err;
		/* RFC 3261 16.6: contacts of equal q ring together. */
		if (i > 0 && binding->q == list.items[i - 1].q)
			wsip_route_join(route, route->count - 1);
	}
	return list.count > 0 ? WSIP_OK : WSIP_ERR_NOT_FOUND;
}

struct wsip_route_source wsip_registrar_source(struct wsip_bindings *bindings)
{
	return (struct wsip_route_source){ .name = "registrar", .find = find, .self = bindings };
}
