/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <wiresip/contact.h>

#include "core/answer.h"
#include "core/text.h"
#include "testkit/agent.h"

static void add_contact(struct wsip_text *text, const struct wsip_agent *agent)
{
	const struct wsip_listener *listener = &agent->listeners[0];

	wsip_text_add(text, "<sip:");
	wsip_text_add(text, agent->options.name);
	wsip_text_add(text, "@");
	wsip_text_add(text, listener->text);
	wsip_text_add(text, listener->transport == WSIP_TCP ? ";transport=tcp>" : ">");
}

static void add_address(struct wsip_text *text, const char *name, const char *uri, const char *tag)
{
	wsip_text_add(text, name);
	wsip_text_add(text, ": <");
	wsip_text_add(text, uri);
	wsip_text_add(text, ">");
	if (tag[0]) {
		wsip_text_add(text, ";tag=");
		wsip_text_add(text, tag);
	}
	wsip_text_add(text, "\r\n");
}

static void add_via(struct wsip_text *text, const struct wsip_agent *agent,
	const struct wsip_agent_request *request)
{
	wsip_text_add(text, request->by_tcp ? "Via: SIP/2.0/TCP " : "Via: SIP/2.0/UDP ");
	wsip_text_add(text, agent->listeners[0].text);
	wsip_text_add(text, ";branch=");
	wsip_text_add(text, request->branch);
	wsip_text_add(text, "\r\n");
}

static void add_body(struct wsip_text *text, size_t size)
{
	wsip_text_add(text, "Content-Length: ");
	wsip_text_add_number(text, size);
	wsip_text_add(text, size > 0 ? "\r\nContent-Type: text/plain\r\n\r\n" : "\r\n\r\n");
	while (size-- > 0)
		wsip_text_add(text, "x");
}

static void add_identity(struct wsip_text *text, const struct wsip_call *call,
	const struct wsip_agent_request *request)
{
	const struct wsip_dialog *dialog = request->dialog;

	for (size_t i = 0; dialog && i < dialog->route_count; i++)
		wsip_text_add_header(text, "Route", wsip_span_of(dialog->routes[i]));
	wsip_text_add(text, "Max-Forwards: 70\r\n");
	add_address(text, "From", call->local_uri, call->local_tag);
	add_address(text, "To", call->remote_uri, dialog ? dialog->remote_tag : "");
	wsip_text_add_header(text, "Call-ID", wsip_span_of(call->call_id));
	wsip_text_add(text, "CSeq: ");
	wsip_text_add_number(text, request->cseq);
	wsip_text_add(text, " ");
	wsip_text_add(text, request->method);
	wsip_text_add(text, "\r\n");
}

struct wsip_buf *wsip_agent_write_request(struct wsip_call *call,
	const struct wsip_agent_request *request)
{
	struct wsip_agent *agent = call->agent;
	struct wsip_text text = wsip_text_begin(&agent->bufs, 8192 + request->body_bytes);

	wsip_text_add(&text, request->method);
	wsip_text_add(&text, " ");
	wsip_text_add(&text, request->uri);
	wsip_text_add(&text, " SIP/2.0\r\n");
	add_via(&text, agent, request);
	add_identity(&text, call, request);
	if (!request->headers || !strstr(request->headers, "Contact:")) {
		wsip_text_add(&text, "Contact: ");
		add_contact(&text, agent);
		wsip_text_add(&text, "\r\n");
	}
	wsip_text_add(&text, request->headers ? request->headers : "");
	add_body(&text, request->body_bytes);
	return wsip_text_end(&text);
}

void wsip_agent_read_dialog(struct wsip_dialog *dialog, const struct wsip_msg *msg)
{
	struct wsip_values values = wsip_msg_values(msg, WSIP_RECORD_ROUTE);
	bool backwards = !msg->is_request; /* 12.1.2: the caller's route set is reversed */
	struct wsip_contact contact;
	struct wsip_span value;

	dialog->route_count = 0;
	while (dialog->route_count < WSIP_CALL_ROUTES_MAX &&
		wsip_values_next(&values, &value) == WSIP_OK)
		wsip_agent_copy(dialog->routes[dialog->route_count++], value);
	for (size_t i = 0; backwards && i < dialog->route_count / 2; i++) {
		char other[WSIP_AGENT_TEXT_BYTES];
		size_t mirror = dialog->route_count - 1 - i;

		memcpy(other, dialog->routes[i], sizeof(other));
		memcpy(dialog->routes[i], dialog->routes[mirror], sizeof(other));
		memcpy(dialog->routes[mirror], other, sizeof(other));
	}
	if (wsip_msg_header(msg, WSIP_CONTACT, &value) &&
		wsip_contact_parse(value, &contact) == WSIP_OK)
		wsip_agent_copy(dialog->target, contact.address.uri);
}

struct wsip_buf *wsip_agent_write_response(struct wsip_agent *agent, const struct wsip_msg *request,
	unsigned int status)
{
	struct wsip_text contact = wsip_text_begin(&agent->bufs, WSIP_AGENT_TEXT_BYTES);
	struct wsip_buf *contact_buf, *routes, *response;
	struct wsip_answer_header headers[2];
	size_t count = 0;

	add_contact(&contact, agent);
	contact_buf = wsip_text_end(&contact);
	routes = wsip_text_join_values(&agent->bufs, request, WSIP_RECORD_ROUTE);
	if (contact_buf && status > 100 && status < 300)
		headers[count++] = (struct wsip_answer_header){ "Contact",
			{ contact_buf->data, contact_buf->used } };
	if (routes && routes->used > 0 && status > 100 && status < 300)
		headers[count++] = (struct wsip_answer_header){ "Record-Route",
			{ routes->data, routes->used } };
	response = wsip_answer_build(request,
		&(struct wsip_answer){
			.status = status, .headers = headers, .header_count = count },
		&agent->tx.secret, &agent->bufs);
	wsip_buf_unref(contact_buf);
	wsip_buf_unref(routes);
	return response;
}
