/* SPDX-License-Identifier: MIT
 * libre. sip_msg_decode slices all headers into a list, and takes Via, From, To, CSeq and
 * Content-Type apart; other values are taken apart by the function of their type. It parses in the
 * buffer it is given, so nothing is copied.
 */
#define HAVE_INTTYPES_H 1
#define HAVE_STDBOOL_H  1
#include <re.h>

#include "bench/parser/contestant.h"

static struct mbuf *buffer;

static void start(void)
{
	buffer = mbuf_alloc(1);
}

static void stop(void)
{
	buffer->buf = NULL;
	mem_deref(buffer);
}

static size_t read_address(const struct pl *value)
{
	struct sip_addr address;

	return sip_addr_decode(&address, value) == 0 ? address.uri.host.l + address.uri.user.l : 0;
}

static size_t read_head(const struct sip_msg *msg)
{
	const struct sip_hdr *route = sip_msg_hdr(msg, SIP_HDR_ROUTE);
	size_t sum = 1 + msg->uri.host.l + msg->uri.user.l + msg->uri.port;

	if (route)
		sum += read_address(&route->val);
	if (pl_isset(&msg->maxfwd))
		sum += pl_u32(&msg->maxfwd);
	return sum + msg->via.branch.l + msg->via.sentby.l + msg->from.tag.l + msg->to.tag.l +
	       msg->callid.l + msg->cseq.num + msg->cseq.met.l;
}

/* Of the headers that the library has a type for and has not taken apart yet; 0 when refused. */
static size_t read_header(const struct sip_hdr *header)
{
	struct httpauth_digest_resp credentials;

	switch (header->id) {
	case SIP_HDR_CONTACT:
	case SIP_HDR_RECORD_ROUTE:
	case SIP_HDR_P_ASSERTED_IDENTITY:
		return read_address(&header->val);
	case SIP_HDR_AUTHORIZATION:
		return httpauth_digest_response_decode(&credentials, &header->val) == 0;
	case SIP_HDR_SESSION_EXPIRES:
	case SIP_HDR_MIN_SE:
	case SIP_HDR_CONTENT_LENGTH:
		return pl_u32(&header->val) + 1;
	default:
		return 1;
	}
}

static size_t read_all(const struct sip_msg *msg)
{
	size_t sum = read_head(msg);

	for (struct le *le = list_head(&msg->hdrl); le && sum > 0; le = le->next) {
		size_t header = read_header(le->data);

		sum = header ? sum + header : 0;
	}
	return sum;
}

static size_t parse(const char *bytes, size_t size, size_t (*read)(const struct sip_msg *msg))
{
	struct sip_msg *msg;
	size_t sum;

	buffer->buf = (uint8_t *)(uintptr_t)bytes;
	buffer->size = buffer->end = size;
	buffer->pos = 0;
	if (sip_msg_decode(&msg, buffer) != 0)
		return 0;
	sum = read(msg);
	mem_deref(msg);
	return sum;
}

static size_t relay(const char *bytes, size_t size)
{
	return parse(bytes, size, read_head);
}

static size_t full(const char *bytes, size_t size)
{
	return parse(bytes, size, read_all);
}

const struct contestant re = {
	.name = "libre",
	.start = start,
	.stop = stop,
	.relay = relay,
	.full = full,
};
