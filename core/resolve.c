/* SPDX-License-Identifier: MIT
 * From a SIP URI to a flow (RFC 3263 4.1, 4.2 for literal addresses). Names are not looked up here.
 */
#include "core/forward.h"

#define SIP_PORT 5060

static bool has_own_address(const struct wsip_core *core, const struct wsip_addr *addr)
{
	for (size_t i = 0; i < core->options.listener_count; i++) {
		if (wsip_addr_equal(&core->options.listeners[i].addr, addr))
			return true;
	}
	return false;
}

static enum wsip_err literal_address(struct wsip_span host, uint16_t port, struct wsip_addr *addr)
{
	enum wsip_err err = wsip_addr_parse_ip(host, addr);

	addr->port = port ? port : SIP_PORT;
	return err;
}

/* A name without a port stands for every port we listen on; one with a port for that. */
static bool is_alias(const struct wsip_core *core, const struct wsip_uri *uri)
{
	for (size_t i = 0; i < core->options.alias_count; i++) {
		const struct wsip_alias *alias = &core->options.aliases[i];

		if (wsip_span_equal_nocase(alias->host, uri->host) &&
			(alias->port == 0 || alias->port == (uri->port ? uri->port : SIP_PORT)))
			return true;
	}
	return false;
}

bool wsip_core_is_own_uri(const struct wsip_core *core, const struct wsip_uri *uri)
{
	struct wsip_addr addr;

	if (uri->scheme != WSIP_SCHEME_SIP && uri->scheme != WSIP_SCHEME_SIPS)
		return false;
	if (literal_address(uri->host, uri->port, &addr) == WSIP_OK && has_own_address(core, &addr))
		return true;
	return is_alias(core, uri);
}

bool wsip_core_is_own_sent_by(const struct wsip_core *core, const struct wsip_via *via)
{
	for (size_t i = 0; i < core->options.listener_count; i++) {
		const struct wsip_listener *listener = &core->options.listeners[i];

		if (wsip_span_equal_nocase(via->sent_by,
			    (struct wsip_span){ listener->text, listener->text_bytes }))
			return true;
	}
	return false;
}

/* How well a listener suits for sending to `flow`: 0 not at all. */
static int suitability(const struct wsip_listener *listener, const struct wsip_flow *flow)
{
	bool same_scope = wsip_addr_is_loopback(&listener->addr) ==
			  wsip_addr_is_loopback(&flow->remote);

	if (listener->addr.family != flow->remote.family)
		return 0;
	/* Without a listener of its own a stream may still be opened; a datagram needs one. */
	if (listener->transport != flow->transport)
		return wsip_transport_is_reliable(flow->transport) ? 1 : 0;
	return same_scope ? 3 : 2;
}

enum wsip_err wsip_forward_choose_listener(const struct wsip_core *core,
	const struct wsip_flow *from, struct wsip_flow *flow)
{
	int best = 0;

	for (size_t i = 0; i < core->options.listener_count; i++) {
		int score = 2 * suitability(&core->options.listeners[i], flow);

		if (score > 0 && from && from->listener == i)
			score++; /* among equals the one that the request came in by */
		if (score > best) {
			best = score;
			flow->listener = (uint16_t)i;
		}
	}
	return best > 0 ? WSIP_OK : WSIP_ERR_UNREACHABLE;
}

enum wsip_err wsip_forward_resolve(const struct wsip_core *core, const struct wsip_uri *uri,
	const struct wsip_flow *from, struct wsip_flow *flow)
{
	enum wsip_transport transport = WSIP_UDP;
	struct wsip_span value;

	*flow = (struct wsip_flow){ 0 };
	if (uri->scheme != WSIP_SCHEME_SIP)
		return WSIP_ERR_UNREACHABLE;
	if (wsip_uri_param(uri, "transport", &value) &&
		wsip_transport_parse(value, &transport) != WSIP_OK)
		return WSIP_ERR_UNREACHABLE;
	flow->transport = (uint8_t)transport;
	if (!wsip_uri_param(uri, "maddr", &value))
		value = uri->host;
	if (literal_address(value, uri->port, &flow->remote) != WSIP_OK ||
		wsip_addr_is_unsendable(&flow->remote))
		return WSIP_ERR_UNREACHABLE;
	if (has_own_address(core, &flow->remote))
		return WSIP_ERR_STATE;
	return wsip_forward_choose_listener(core, from, flow);
}
