/* SPDX-License-Identifier: MIT
 * What every element needs of a message before it looks further (RFC 3261 16.3 step 1, 8.1.1,
 * 20): the headers that must be there are, once where they may be there once, and can be read.
 */
#include <string.h>

#include "parser/edit.h"
#include "parser/list.h"

static const struct wsip_problem no_problem;

static struct wsip_problem problem(unsigned int status, const char *reason)
{
	return (struct wsip_problem){ .status = status, .reason = reason };
}

/* RFC 3261 7.3.1: these have one value, so a second field makes a message that two elements may
 * read in two ways. Lists, credentials and Identity (RFC 8224 4) may repeat, Content-Length is
 * looked at below. */
static const char *const repeated[WSIP_HEADER_IDS] = {
	[WSIP_CALL_ID] = "Repeated Call-ID",
	[WSIP_CONTENT_TYPE] = "Repeated Content-Type",
	[WSIP_CSEQ] = "Repeated CSeq",
	[WSIP_DATE] = "Repeated Date",
	[WSIP_EVENT] = "Repeated Event",
	[WSIP_EXPIRES] = "Repeated Expires",
	[WSIP_FROM] = "Repeated From",
	[WSIP_MAX_FORWARDS] = "Repeated Max-Forwards",
	[WSIP_MIN_EXPIRES] = "Repeated Min-Expires",
	[WSIP_MIN_SE] = "Repeated Min-SE",
	[WSIP_RACK] = "Repeated RAck",
	[WSIP_REFER_TO] = "Repeated Refer-To",
	[WSIP_REFERRED_BY] = "Repeated Referred-By",
	[WSIP_REPLACES] = "Repeated Replaces",
	[WSIP_REPLY_TO] = "Repeated Reply-To",
	[WSIP_RETRY_AFTER] = "Repeated Retry-After",
	[WSIP_RSEQ] = "Repeated RSeq",
	[WSIP_SESSION_EXPIRES] = "Repeated Session-Expires",
	[WSIP_SUBJECT] = "Repeated Subject",
	[WSIP_SUBSCRIPTION_STATE] = "Repeated Subscription-State",
	[WSIP_TIMESTAMP] = "Repeated Timestamp",
	[WSIP_TO] = "Repeated To",
	[WSIP_USER_AGENT] = "Repeated User-Agent",
};

static struct wsip_problem check_single_headers(const struct wsip_msg *msg)
{
	for (size_t i = 0; i < msg->slot_count && msg->repeated; i++) {
		uint8_t id = msg->slots[i].id;

		if (repeated[id] && msg->first[id] < i)
			return problem(400, repeated[id]);
	}
	return no_problem;
}

/* RFC 3261 8.1.1. */
static struct wsip_problem check_mandatory_headers(const struct wsip_msg *msg)
{
	static const struct {
		uint8_t id;
		const char *missing;
	} mandatory[] = {
		{ WSIP_FROM, "Missing From" },
		{ WSIP_TO, "Missing To" },
		{ WSIP_CALL_ID, "Missing Call-ID" },
		{ WSIP_CSEQ, "Missing CSeq" },
		{ WSIP_VIA, "Missing Via" },
	};

	for (size_t i = 0; i < sizeof(mandatory) / sizeof(mandatory[0]); i++) {
		if (msg->first[mandatory[i].id] == WSIP_SLOT_NONE)
			return problem(400, mandatory[i].missing);
	}
	return no_problem;
}

static struct wsip_problem check_start_line(const struct wsip_msg *msg)
{
	struct wsip_uri uri;

	if (!wsip_span_is_nocase(wsip_msg_piece(msg, msg->version), "SIP/2.0"))
		return problem(505, "Version Not Supported");
	if (!msg->is_request)
		return msg->status >= 100 && msg->status <= 699 ? no_problem
								: problem(400, "Bad Status Code");
	if (msg->method_text.size > WSIP_METHOD_MAX_BYTES)
		return problem(400, "Method Too Long");
	switch (wsip_uri_parse(wsip_msg_request_uri(msg), &uri)) {
	case WSIP_OK:
		return no_problem;
	case WSIP_ERR_LIMIT:
		return problem(414, "Request-URI Too Long");
	default:
		return problem(400, "Bad Request-URI");
	}
}

/* Of the lists that a proxy needs none may be empty. */
static bool has_empty_field(const struct wsip_msg *msg, enum wsip_header_id id)
{
	for (size_t i = msg->first[id]; i < msg->slot_count; i++) {
		if (msg->slots[i].id == id && msg->slots[i].value_bytes == 0)
			return true;
	}
	return false;
}

/* No fewer than there are values: a comma may stand in quotes. */
static size_t commas_and_fields(const struct wsip_msg *msg, enum wsip_header_id id)
{
	size_t count = 0;

	for (size_t i = msg->first[id]; i < msg->slot_count; i++) {
		struct wsip_span value = wsip_msg_header_at(msg, i).value;
		const char *end = value.data + value.size, *comma = value.data;

		if (msg->slots[i].id != id)
			continue;
		for (count++; (comma = memchr(comma, ',', (size_t)(end - comma))); comma++)
			count++;
	}
	return count;
}

static bool is_too_long(const struct wsip_msg *msg, enum wsip_header_id id)
{
	struct wsip_values values = wsip_msg_values(msg, id);
	struct wsip_span value;
	int count = 0;

	if (commas_and_fields(msg, id) <= WSIP_LIST_MAX)
		return false;
	while (count <= WSIP_LIST_MAX && wsip_values_next(&values, &value) == WSIP_OK)
		count++;
	return count > WSIP_LIST_MAX;
}

/* Of all lists, those too that are not read here. One of few octets cannot hold many values. */
static struct wsip_problem check_lists(const struct wsip_msg *msg)
{
	for (size_t i = 0; i < msg->slot_count; i++) {
		enum wsip_header_id id = msg->slots[i].id;
		bool may_be_long = msg->slots[i].value_bytes > WSIP_LIST_MAX ||
				   msg->repeated >> id & 1;

		if (may_be_long && msg->first[id] == i && wsip_header_is_list(id) &&
			is_too_long(msg, id))
			return problem(400, "Too Many Values");
	}
	return no_problem;
}

static struct wsip_problem check_vias(const struct wsip_msg *msg, struct wsip_via *top)
{
	struct wsip_values values = wsip_msg_values(msg, WSIP_VIA);
	struct wsip_via below, *via = top;
	enum wsip_err err;

	while ((err = wsip_values_next_via(&values, via)) == WSIP_OK) {
		if (via->transport.size > WSIP_TRANSPORT_MAX_BYTES)
			return problem(400, "Bad Via");
		via = &below;
	}
	if (err != WSIP_ERR_NOT_FOUND || has_empty_field(msg, WSIP_VIA))
		return problem(400, "Bad Via");
	return no_problem;
}

static struct wsip_problem check_routes(const struct wsip_msg *msg, enum wsip_header_id id,
	const char *bad)
{
	struct wsip_values values = wsip_msg_values(msg, id);
	struct wsip_name_addr route;
	enum wsip_err err;

	do {
		err = wsip_values_next_name_addr(&values, &route);
	} while (err == WSIP_OK);
	if (err != WSIP_ERR_NOT_FOUND || has_empty_field(msg, id))
		return problem(400, bad);
	return no_problem;
}

static struct wsip_problem check_parties(struct wsip_msg *msg)
{
	struct wsip_name_addr from, to;
	struct wsip_span call_id = wsip_msg_call_id(msg);

	if (wsip_msg_from(msg, &from) != WSIP_OK)
		return problem(400, "Bad From");
	if (wsip_msg_to(msg, &to) != WSIP_OK)
		return problem(400, "Bad To");
	if (call_id.size == 0 || !wsip_span_is_visible(call_id))
		return problem(400, "Bad Call-ID");
	if (to.tag.size > 0)
		msg->to_tag = (struct wsip_piece){ (uint32_t)(to.tag.data - msg->buf->data),
			(uint32_t)to.tag.size };
	msg->to_tag_known = 1;
	return no_problem;
}

static struct wsip_problem check_cseq(const struct wsip_msg *msg)
{
	struct wsip_cseq cseq;

	if (wsip_msg_cseq(msg, &cseq) != WSIP_OK)
		return problem(400, "Bad CSeq");
	/* RFC 3261 8.1.1.5: the method MUST match that of the request. */
	if (msg->is_request && !wsip_span_equal(cseq.method, wsip_msg_method_text(msg)))
		return problem(400, "CSeq Does Not Match The Method");
	return no_problem;
}

static struct wsip_problem check_numbers(const struct wsip_msg *msg)
{
	uint32_t number;
	enum wsip_err err = wsip_msg_max_forwards(msg, &number);

	if (err != WSIP_OK && err != WSIP_ERR_NOT_FOUND)
		return problem(400, "Bad Max-Forwards");
	return no_problem;
}

/* RFC 3261 20.14, 18.3. Several equal ones do no harm, two that differ are an attack. */
static struct wsip_problem check_content_length(struct wsip_msg *msg)
{
	uint64_t length = 0, first = 0;
	int count = 0;

	for (size_t i = 0; i < msg->slot_count; i++) {
		if (msg->slots[i].id != WSIP_CONTENT_LENGTH)
			continue;
		if (wsip_span_number(wsip_msg_header_at(msg, i).value, WSIP_MESSAGE_MAX_BYTES,
			    &length) != WSIP_OK)
			return problem(400, "Bad Content-Length");
		if (count++ == 0)
			first = length;
		if (length != first)
			return problem(400, "Differing Content-Lengths");
	}
	if (count > 0 && length > msg->body.size)
		return problem(400, "Body Shorter Than Content-Length");
	if (count > 0)
		msg->body.size = (uint32_t)length;
	return no_problem;
}

struct wsip_problem wsip_msg_check_via(struct wsip_msg *msg, struct wsip_via *top)
{
	struct wsip_problem found = msg->problem;

	if (found.status == 0)
		found = check_start_line(msg);
	if (found.status == 0)
		found = check_mandatory_headers(msg);
	if (found.status == 0)
		found = check_single_headers(msg);
	if (found.status == 0)
		found = check_lists(msg);
	if (found.status == 0)
		found = check_vias(msg, top);
	if (found.status == 0)
		found = check_parties(msg);
	if (found.status == 0)
		found = check_cseq(msg);
	if (found.status == 0)
		found = check_numbers(msg);
	if (found.status == 0)
		found = check_content_length(msg);
	if (found.status == 0)
		found = check_routes(msg, WSIP_ROUTE, "Bad Route");
	if (found.status == 0)
		found = check_routes(msg, WSIP_RECORD_ROUTE, "Bad Record-Route");
	return found;
}

struct wsip_problem wsip_msg_check(struct wsip_msg *msg)
{
	struct wsip_via top;

	return wsip_msg_check_via(msg, &top);
}
