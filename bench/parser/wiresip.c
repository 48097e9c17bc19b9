/* SPDX-License-Identifier: MIT
 * Wiresip's parser as its own core uses it: the message is sliced where it lies, in the buffer that
 * it was received into, and a value is taken apart by the machine of its type.
 */
#include <string.h>

#include <wiresip/wiresip.h>

#include "bench/parser/contestant.h"
#include "parser/msg.h"

static struct wsip_buf_pool pool;
static struct wsip_buf *received;

static void start(void)
{
	wsip_buf_pool_init(&pool);
}

static void stop(void)
{
	wsip_buf_unref(received);
	wsip_buf_pool_finish(&pool);
}

static void receive(const char *bytes, size_t size)
{
	wsip_buf_unref(received);
	received = wsip_buf_get(&pool, size);
	memcpy(received->data, bytes, size);
	received->used = (uint32_t)size;
}

static size_t read_uri(struct wsip_span text)
{
	struct wsip_uri uri;

	return wsip_uri_parse(text, &uri) == WSIP_OK ? uri.host.size + uri.user.size + uri.port : 0;
}

static size_t read_head(const struct wsip_msg *msg)
{
	struct wsip_name_addr from, to;
	struct wsip_cseq cseq;
	struct wsip_via via;
	size_t sum = 0;

	if (wsip_msg_is_request(msg)) {
		sum = read_uri(wsip_msg_request_uri(msg));
		if (sum == 0)
			return 0;
	}
	if (wsip_msg_top_via(msg, &via) != WSIP_OK || wsip_msg_from(msg, &from) != WSIP_OK ||
		wsip_msg_to(msg, &to) != WSIP_OK || wsip_msg_cseq(msg, &cseq) != WSIP_OK)
		return 0;
	return sum + via.branch.size + via.sent_by.size + from.tag.size + to.tag.size +
	       cseq.number + cseq.method.size + wsip_msg_call_id(msg).size;
}

static size_t read_route(const struct wsip_msg *msg)
{
	struct wsip_values routes = wsip_msg_values(msg, WSIP_ROUTE);
	struct wsip_name_addr route;
	enum wsip_err err = wsip_values_next_name_addr(&routes, &route);

	if (err == WSIP_ERR_NOT_FOUND)
		return 1;
	return err ? 0 : read_uri(route.uri);
}

static size_t relay(const char *bytes, size_t size)
{
	struct wsip_msg msg;
	uint32_t max_forwards = 0;
	size_t sum = 0;

	(void)bytes;
	(void)size;
	if (wsip_msg_parse(&msg, received) == WSIP_OK) {
		size_t head = read_head(&msg), route = read_route(&msg);
		enum wsip_err err = wsip_msg_max_forwards(&msg, &max_forwards);

		if (head && route && (err == WSIP_OK || err == WSIP_ERR_NOT_FOUND))
			sum = head + route + max_forwards;
	}
	wsip_msg_finish(&msg);
	return sum;
}

/* ---- Every header typed. Each of these reads all values of one header; 0 when one is refused.
 * ---- */

static size_t read_vias(struct wsip_values *values)
{
	struct wsip_via via;
	size_t sum = 1;
	enum wsip_err err;

	while ((err = wsip_values_next_via(values, &via)) == WSIP_OK)
		sum += via.branch.size + via.host.size;
	return err == WSIP_ERR_NOT_FOUND ? sum : 0;
}

static size_t read_addresses(struct wsip_values *values)
{
	struct wsip_name_addr address;
	size_t sum = 1;
	enum wsip_err err;

	while ((err = wsip_values_next_name_addr(values, &address)) == WSIP_OK) {
		size_t uri = read_uri(address.uri);

		if (uri == 0)
			return 0;
		sum += uri + address.tag.size;
	}
	return err == WSIP_ERR_NOT_FOUND ? sum : 0;
}

static size_t read_contacts(struct wsip_values *values)
{
	struct wsip_contact contact;
	struct wsip_span value;
	size_t sum = 1;
	enum wsip_err err;

	while ((err = wsip_values_next(values, &value)) == WSIP_OK) {
		size_t uri = 0;

		if (wsip_contact_parse(value, &contact) == WSIP_OK)
			uri = read_uri(contact.address.uri);
		if (uri == 0)
			return 0;
		sum += uri + contact.q + contact.expires_s;
	}
	return err == WSIP_ERR_NOT_FOUND ? sum : 0;
}

static size_t read_tokens(struct wsip_values *values)
{
	struct wsip_span value;
	size_t sum = 1;
	enum wsip_err err;

	while ((err = wsip_values_next(values, &value)) == WSIP_OK)
		sum += value.size;
	return err == WSIP_ERR_NOT_FOUND ? sum : 0;
}

static size_t read_single(const struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_span value)
{
	struct wsip_media_type media_type;
	struct wsip_delta delta;
	struct wsip_cseq cseq;
	struct wsip_date date;
	struct wsip_auth auth;
	uint32_t number;

	switch (id) {
	case WSIP_CSEQ:
		return wsip_cseq_parse(value, &cseq) == WSIP_OK ? cseq.number : 0;
	case WSIP_MAX_FORWARDS:
	case WSIP_EXPIRES:
	case WSIP_CONTENT_LENGTH:
		return wsip_msg_number(msg, id, &number) == WSIP_OK ? number + 1 : 0;
	case WSIP_SESSION_EXPIRES:
	case WSIP_MIN_SE:
		return wsip_delta_parse(value, &delta) == WSIP_OK ? delta.seconds : 0;
	case WSIP_DATE:
		return wsip_date_parse(value, &date) == WSIP_OK ? (size_t)date.unix_s : 0;
	case WSIP_CONTENT_TYPE:
		return wsip_media_type_parse(value, &media_type) == WSIP_OK ? media_type.type.size
									    : 0;
	case WSIP_AUTHORIZATION:
		return wsip_auth_parse(value, &auth) == WSIP_OK ? auth.username.size : 0;
	default:
		return value.size;
	}
}

/* Of the header at `index`; a list that is repeated is read with its first field. */
static size_t read_header(const struct wsip_msg *msg, size_t index)
{
	struct wsip_header header = wsip_msg_header_at(msg, index);
	struct wsip_values values = { .msg = msg, .id = header.id, .next_header = index };

	if (header.id != WSIP_HEADER_OTHER && msg->first[header.id] != index)
		return 1;
	switch (header.id) {
	case WSIP_VIA:
		return read_vias(&values);
	case WSIP_FROM:
	case WSIP_TO:
	case WSIP_ROUTE:
	case WSIP_RECORD_ROUTE:
	case WSIP_P_ASSERTED_IDENTITY:
		return read_addresses(&values);
	case WSIP_CONTACT:
		return read_contacts(&values);
	case WSIP_ALLOW:
	case WSIP_SUPPORTED:
	case WSIP_REQUIRE:
		return read_tokens(&values);
	default:
		return read_single(msg, header.id, header.value);
	}
}

static size_t read_all(const struct wsip_msg *msg)
{
	size_t sum = wsip_msg_is_request(msg) ? read_uri(wsip_msg_request_uri(msg)) : 1;

	for (size_t i = 0; i < wsip_msg_header_count(msg) && sum > 0; i++) {
		size_t header = read_header(msg, i);

		sum = header ? sum + header : 0;
	}
	return sum;
}

static size_t full(const char *bytes, size_t size)
{
	struct wsip_msg msg;
	size_t sum = 0;

	(void)bytes;
	(void)size;
	if (wsip_msg_parse(&msg, received) == WSIP_OK)
		sum = read_all(&msg);
	wsip_msg_finish(&msg);
	return sum;
}

const struct contestant wiresip = {
	.name = "Wiresip",
	.start = start,
	.stop = stop,
	.receive = receive,
	.relay = relay,
	.full = full,
};
