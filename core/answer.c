/* SPDX-License-Identifier: MIT */
#include "core/answer.h"

#include <stdio.h>

#include "core/text.h"

static const struct {
	uint16_t status;
	const char *reason;
} reasons[] = {
	{ 100, "Trying" },
	{ 180, "Ringing" },
	{ 181, "Call Is Being Forwarded" },
	{ 182, "Queued" },
	{ 183, "Session Progress" },
	{ 200, "OK" },
	{ 202, "Accepted" },
	{ 300, "Multiple Choices" },
	{ 301, "Moved Permanently" },
	{ 302, "Moved Temporarily" },
	{ 305, "Use Proxy" },
	{ 380, "Alternative Service" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 402, "Payment Required" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 407, "Proxy Authentication Required" },
	{ 408, "Request Timeout" },
	{ 410, "Gone" },
	{ 413, "Request Entity Too Large" },
	{ 414, "Request-URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Unsupported URI Scheme" },
	{ 420, "Bad Extension" },
	{ 421, "Extension Required" },
	{ 423, "Interval Too Brief" },
	{ 430, "Flow Failed" },
	{ 440, "Max-Breadth Exceeded" },
	{ 480, "Temporarily Unavailable" },
	{ 481, "Call/Transaction Does Not Exist" },
	{ 482, "Loop Detected" },
	{ 483, "Too Many Hops" },
	{ 484, "Address Incomplete" },
	{ 485, "Ambiguous" },
	{ 486, "Busy Here" },
	{ 487, "Request Terminated" },
	{ 488, "Not Acceptable Here" },
	{ 491, "Request Pending" },
	{ 493, "Undecipherable" },
	{ 500, "Server Internal Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Server Time-out" },
	{ 505, "Version Not Supported" },
	{ 513, "Message Too Large" },
	{ 600, "Busy Everywhere" },
	{ 603, "Decline" },
	{ 604, "Does Not Exist Anywhere" },
	{ 606, "Not Acceptable" },
};

const char *wsip_status_reason(unsigned int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Unknown";
}

/* RFC 3261 8.2.7: a stateless element makes the same tag for the same request. */
static struct wsip_key to_tag(const struct wsip_msg *request, const struct wsip_secret *secret)
{
	struct wsip_siphash hash;
	struct wsip_via via;

	wsip_siphash_init(&hash, secret);
	wsip_siphash_add_field(&hash, wsip_msg_call_id(request));
	if (wsip_msg_top_via(request, &via) == WSIP_OK)
		wsip_siphash_add_field(&hash, via.branch);
	return wsip_siphash_end(&hash);
}

#define OWN_TAG_BYTES 16

bool wsip_answer_is_acked_by(const struct wsip_msg *ack, const struct wsip_secret *secret)
{
	struct wsip_span tag;
	char ours[OWN_TAG_BYTES + 1];

	if (!wsip_msg_to_tag(ack, &tag) || tag.size != OWN_TAG_BYTES)
		return false;
	snprintf(ours, sizeof(ours), "%016llx", (unsigned long long)to_tag(ack, secret).high);
	return wsip_span_is(tag, ours);
}

static void add_to(struct wsip_text *text, const struct wsip_msg *request,
	const struct wsip_answer *answer, const struct wsip_secret *secret)
{
	struct wsip_span value = { 0 }, tag;

	wsip_msg_header(request, WSIP_TO, &value);
	wsip_text_add(text, "To: ");
	wsip_text_add_span(text, value);
	if (answer->status != 100 && wsip_msg_to_tag(request, &tag) && tag.size == 0) {
		wsip_text_add(text, ";tag=");
		wsip_text_add_hex(text, to_tag(request, secret).high);
	}
	wsip_text_add(text, "\r\n");
}

/* RFC 3261 8.2.6.2: Via, From, Call-ID and CSeq are those of the request. */
static void add_repeated(struct wsip_text *text, const struct wsip_msg *request,
	const struct wsip_answer *answer, const struct wsip_secret *secret)
{
	for (size_t i = 0; i < wsip_msg_header_count(request); i++) {
		struct wsip_header header = wsip_msg_header_at(request, i);

		switch (header.id) {
		case WSIP_VIA:
		case WSIP_FROM:
		case WSIP_CALL_ID:
		case WSIP_CSEQ:
			wsip_text_add_header(text, wsip_header_name(header.id), header.value);
			break;
		case WSIP_TIMESTAMP:
			if (answer->status == 100) /* RFC 3261 8.2.6.1 */
				wsip_text_add_header(text, "Timestamp", header.value);
			break;
		default:
			break;
		}
	}
	add_to(text, request, answer, secret);
}

static bool has_repeated(const struct wsip_msg *request)
{
	struct wsip_span value;

	return wsip_msg_header(request, WSIP_VIA, &value) &&
	       wsip_msg_header(request, WSIP_FROM, &value) &&
	       wsip_msg_header(request, WSIP_TO, &value) &&
	       wsip_msg_header(request, WSIP_CALL_ID, &value) &&
	       wsip_msg_header(request, WSIP_CSEQ, &value);
}

static size_t extra_bytes(const struct wsip_answer *answer)
{
	size_t bytes = 512 + answer->body.size;

	for (size_t i = 0; i < answer->header_count; i++)
		bytes += wsip_span_of(answer->headers[i].name).size +
			 answer->headers[i].value.size + 4;
	return bytes;
}

struct wsip_buf *wsip_answer_build(const struct wsip_msg *request, const struct wsip_answer *answer,
	const struct wsip_secret *secret, struct wsip_buf_pool *pool)
{
	const char *reason = answer->reason ? answer->reason : wsip_status_reason(answer->status);
	struct wsip_text text;

	if (!has_repeated(request))
		return NULL;
	text = wsip_text_begin(pool, request->buf->used - request->body.size + extra_bytes(answer));
	wsip_text_add(&text, "SIP/2.0 ");
	wsip_text_add_number(&text, answer->status);
	wsip_text_add(&text, " ");
	wsip_text_add(&text, reason);
	wsip_text_add(&text, "\r\n");
	add_repeated(&text, request, answer, secret);
	for (size_t i = 0; i < answer->header_count; i++)
		wsip_text_add_header(&text, answer->headers[i].name, answer->headers[i].value);
	if (answer->content_type)
		wsip_text_add_header(&text, "Content-Type", wsip_span_of(answer->content_type));
	wsip_text_add(&text, "Content-Length: ");
	wsip_text_add_number(&text, answer->body.size);
	wsip_text_add(&text, "\r\n\r\n");
	wsip_text_add_span(&text, answer->body);
	return wsip_text_end(&text);
}
