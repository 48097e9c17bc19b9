/* SPDX-License-Identifier: MIT
 * libosip2. Its parser takes all known headers apart at once and the rest are text, so both modes
 * do nearly the same. It copies what it keeps, header by header.
 */
#include <stdlib.h>
#include <string.h>

#include <osipparser2/osip_parser.h>

#include "bench/parser/contestant.h"

static void start(void)
{
	parser_init();
}

static size_t length(const char *text)
{
	return text ? strlen(text) : 0;
}

static size_t tag_of(osip_from_t *party)
{
	osip_generic_param_t *tag = NULL;

	return osip_from_get_tag(party, &tag) == 0 && tag ? length(tag->gvalue) : 0;
}

static size_t read_head(osip_message_t *msg)
{
	osip_via_t *via = osip_list_get(&msg->vias, 0);
	osip_generic_param_t *branch = NULL;
	osip_route_t *route = NULL;
	osip_header_t *max_forwards = NULL;
	size_t sum = 1;

	if (!via || !msg->from || !msg->to || !msg->cseq || !msg->call_id)
		return 0;
	osip_via_param_get_byname(via, (char *)"branch", &branch);
	if (msg->req_uri)
		sum += length(msg->req_uri->host) + length(msg->req_uri->username);
	if (osip_message_get_route(msg, 0, &route) >= 0 && route)
		sum += length(route->url->host);
	if (osip_message_get_max_forwards(msg, 0, &max_forwards) >= 0 && max_forwards)
		sum += (size_t)atoi(max_forwards->hvalue);
	return sum + (branch ? length(branch->gvalue) : 0) + length(via->host) + tag_of(msg->from) +
	       tag_of(msg->to) + length(msg->call_id->number) + (size_t)atoi(msg->cseq->number) +
	       length(msg->cseq->method);
}

static size_t parse(const char *bytes, size_t size, size_t (*read)(osip_message_t *msg))
{
	osip_message_t *msg;
	size_t sum = 0;

	if (osip_message_init(&msg) != 0)
		return 0;
	if (osip_message_parse(msg, bytes, size) == 0)
		sum = read(msg);
	osip_message_free(msg);
	return sum;
}

static size_t relay(const char *bytes, size_t size)
{
	return parse(bytes, size, read_head);
}

static size_t read_all(osip_message_t *msg)
{
	osip_contact_t *contact = NULL;
	size_t sum = read_head(msg);

	if (sum && osip_message_get_contact(msg, 0, &contact) >= 0 && contact && contact->url)
		sum += length(contact->url->host);
	if (sum && msg->content_type)
		sum += length(msg->content_type->type);
	if (sum && msg->content_length)
		sum += (size_t)atoi(msg->content_length->value);
	return sum;
}

static size_t full(const char *bytes, size_t size)
{
	return parse(bytes, size, read_all);
}

const struct contestant osip = {
	.name = "libosip2",
	.start = start,
	.relay = relay,
	.full = full,
};
