/* SPDX-License-Identifier: MIT */
#include "core/received.h"

#include <string.h>

#include "core/text.h"
#include "parser/edit.h"

#define SIP_PORT 5060

static uint16_t port_of_via(const struct wsip_via *via)
{
	return via->port ? via->port : SIP_PORT;
}

/* RFC 3261 18.2.2: over UDP, maddr says where the response goes, unless that is a place that the
 * sender could not reach himself. */
static bool take_maddr(const struct wsip_via *via, const struct wsip_flow *flow,
	struct wsip_addr *remote)
{
	struct wsip_addr maddr;

	if (via->maddr.size == 0 || wsip_transport_is_reliable(flow->transport) ||
		wsip_addr_parse_ip(via->maddr, &maddr) != WSIP_OK ||
		maddr.family != flow->remote.family || wsip_addr_is_unsendable(&maddr) ||
		wsip_flow_reaches_inside(&flow->remote, &maddr))
		return false;
	maddr.port = port_of_via(via);
	*remote = maddr;
	return true;
}

struct wsip_flow wsip_received_flow_back(const struct wsip_via *via, const struct wsip_flow *flow)
{
	struct wsip_flow back = *flow;

	if (take_maddr(via, flow, &back.remote))
		return back;
	if (wsip_transport_is_reliable(flow->transport) || !via->has_rport)
		back.remote.port = port_of_via(via);
	return back;
}

/* A value may be folded; what we write is not. */
static void add_unfolded(struct wsip_text *text, struct wsip_span value)
{
	for (size_t i = 0; i < value.size; i++) {
		char c = value.data[i] == '\r' || value.data[i] == '\n' ? ' ' : value.data[i];

		wsip_text_add_span(text, (struct wsip_span){ &c, 1 });
	}
}

/* RFC 3261 25.1: via-received has no brackets. */
static void add_received(struct wsip_text *text, const struct wsip_addr *source)
{
	char ip[WSIP_ADDR_TEXT_BYTES];
	size_t ip_bytes = wsip_addr_ip_text(source, ip);
	size_t bracket = source->family == WSIP_IPV6 ? 1 : 0;

	wsip_text_add(text, ";received=");
	wsip_text_add_span(text, (struct wsip_span){ ip + bracket, ip_bytes - 2 * bracket });
}

/* Nearly all are in one piece, or in two around `rport`. */
static bool add_around_rport(struct wsip_text *text, const struct wsip_via *via)
{
	struct wsip_span before = via->params, after = { 0 };

	if (via->received.size > 0 || via->rport.size > 0 || !wsip_span_is_visible(via->params))
		return false;
	if (via->has_rport) {
		after.data = via->rport.data;
		after.size = (size_t)(before.data + before.size - after.data);
		before.size -= after.size + sizeof(";rport") - 1;
	}
	wsip_text_add_span(text, before);
	wsip_text_add_span(text, after);
	return true;
}

static void add_other_params(struct wsip_text *text, struct wsip_span params)
{
	struct wsip_param param;

	while (wsip_params_next(&params, &param) == WSIP_OK) {
		if (wsip_span_is_nocase(param.name, "received") ||
			wsip_span_is_nocase(param.name, "rport"))
			continue;
		wsip_text_add(text, ";");
		wsip_text_add_span(text, param.name);
		wsip_text_add(text, param.value.size ? "=" : "");
		add_unfolded(text, param.value);
	}
}

static struct wsip_buf *via_with_source(struct wsip_core *core, const struct wsip_via *via,
	const struct wsip_addr *source)
{
	struct wsip_text text = wsip_text_begin(&core->bufs,
		via->transport.size + via->sent_by.size + via->params.size + 128);

	wsip_text_add(&text, "SIP/2.0/");
	wsip_text_add_span(&text, via->transport);
	wsip_text_add(&text, " ");
	wsip_text_add_span(&text, via->host);
	if (via->port) {
		wsip_text_add(&text, ":");
		wsip_text_add_number(&text, via->port);
	}
	add_received(&text, source);
	if (via->has_rport) {
		wsip_text_add(&text, ";rport=");
		wsip_text_add_number(&text, source->port);
	}
	if (!add_around_rport(&text, via))
		add_other_params(&text, via->params);
	return wsip_text_end(&text);
}

/* RFC 3261 18.2.1, RFC 3581 4. */
enum wsip_err wsip_received_note(struct wsip_core *core, struct wsip_msg *request,
	const struct wsip_via *via, const struct wsip_flow *flow)
{
	struct wsip_addr sent_by;
	struct wsip_buf *value;
	enum wsip_err err;

	if (!via->has_rport && wsip_addr_parse_ip(via->host, &sent_by) == WSIP_OK &&
		wsip_addr_equal_ip(&sent_by, &flow->remote) && via->received.size == 0)
		return WSIP_OK;
	value = via_with_source(core, via, &flow->remote);
	if (!value)
		return WSIP_ERR_MEMORY;
	err = wsip_msg_set_first_value(request, WSIP_VIA,
		(struct wsip_span){ value->data, value->used });
	wsip_buf_unref(value);
	return err;
}
