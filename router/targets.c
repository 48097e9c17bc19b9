/* SPDX-License-Identifier: MIT */
#include "router/targets.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sockaddr.h"

static enum wsip_err complain(struct wsip_proxy_error *error, enum wsip_err err, const char *uri,
	const char *cause)
{
	error->err = err;
	snprintf(error->text, sizeof(error->text),
		"target '%s': %s; expected sip:HOST or sip:HOST:PORT, with ;transport=tcp for TCP",
		uri, cause);
	return err;
}

static enum wsip_err look_up(struct wsip_span host, struct wsip_addr *addr)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *results;
	char name[256];

	if (wsip_addr_parse_ip(host, addr) == WSIP_OK)
		return WSIP_OK;
	if (host.size >= sizeof(name))
		return WSIP_ERR_ADDRESS;
	memcpy(name, host.data, host.size);
	name[host.size] = '\0';
	if (getaddrinfo(name, NULL, &hints, &results) != 0)
		return WSIP_ERR_ADDRESS;
	*addr = wsip_addr_of(results->ai_addr);
	freeaddrinfo(results);
	return WSIP_OK;
}

static char *with_address(const struct wsip_uri *uri, struct wsip_addr addr)
{
	char host[WSIP_ADDR_TEXT_BYTES];
	size_t size = uri->text.size + sizeof(host) + 8;
	char *text = malloc(size);

	addr.port = uri->port;
	wsip_addr_text(&addr, host);
	if (text)
		snprintf(text, size, "sip:%.*s%s%s%.*s", (int)uri->user.size, uri->user.data,
			uri->user.size ? "@" : "", host, (int)uri->params.size,
			uri->params.data ? uri->params.data : "");
	return text;
}

static enum wsip_err add_target(struct wsip_targets *targets, const char *text,
	struct wsip_proxy_error *error)
{
	enum wsip_transport transport;
	struct wsip_span value;
	struct wsip_addr addr;
	struct wsip_uri uri;

	if (wsip_uri_parse(wsip_span_of(text), &uri) != WSIP_OK)
		return complain(error, WSIP_ERR_SYNTAX, text, "not a URI");
	if (uri.scheme != WSIP_SCHEME_SIP)
		return complain(error, WSIP_ERR_ARGUMENT, text, "not a sip: URI");
	if (wsip_uri_param(&uri, "transport", &value) &&
		wsip_transport_parse(value, &transport) != WSIP_OK)
		return complain(error, WSIP_ERR_ARGUMENT, text, "transport is not udp or tcp");
	if (look_up(uri.host, &addr) != WSIP_OK)
		return complain(error, WSIP_ERR_ADDRESS, text, "the host has no address");
	targets->uris[targets->count] = with_address(&uri, addr);
	if (!targets->uris[targets->count])
		return complain(error, WSIP_ERR_MEMORY, text, "out of memory");
	targets->count++;
	return WSIP_OK;
}

enum wsip_err wsip_targets_init(struct wsip_targets *targets, const char *const *uris,
	struct wsip_proxy_error *error)
{
	enum wsip_err err = WSIP_OK;

	*targets = (struct wsip_targets){ 0 };
	for (size_t i = 0; i < WSIP_TARGETS_MAX && uris[i] && !err; i++)
		err = add_target(targets, uris[i], error);
	return err;
}

void wsip_targets_finish(struct wsip_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		free(targets->uris[i]);
	targets->count = 0;
}

static enum wsip_err find(void *self, const struct wsip_core *core, const struct wsip_msg *request,
	struct wsip_route *route)
{
	const struct wsip_targets *targets = self;

	(void)core;
	(void)request;
	for (size_t i = 0; i < targets->count; i++) {
		enum wsip_err err = wsip_route_add(route, wsip_span_of(targets->uris[i]),
			WSIP_USE_NEXT_HOP, NULL);

		if (err)
			return err;
	}
	return targets->count > 0 ? WSIP_OK : WSIP_ERR_NOT_FOUND;
}

struct wsip_route_source wsip_targets_source(struct wsip_targets *targets)
{
	return (struct wsip_route_source){ .name = "targets", .find = find, .self = targets };
}
