/* SPDX-License-Identifier: MIT */
#include "core/ack.h"

#include "core/text.h"
#include "parser/list.h"

/* Room for the few headers that are repeated; each is a part of `invite`. */
#define MARGIN_BYTES 128

static void add_first(struct wsip_text *text, const struct wsip_msg *msg, enum wsip_header_id id)
{
	struct wsip_values values = wsip_msg_values(msg, id);
	struct wsip_span value;

	if (wsip_values_next(&values, &value) == WSIP_OK)
		wsip_text_add_header(text, wsip_header_name(id), value);
}

static void add_whole(struct wsip_text *text, const struct wsip_msg *msg, enum wsip_header_id id)
{
	struct wsip_span value;

	if (wsip_msg_header(msg, id, &value))
		wsip_text_add_header(text, wsip_header_name(id), value);
}

/* RFC 3261 17.1.1.3 and 9.1: Route as in the request. */
static void add_routes(struct wsip_text *text, const struct wsip_msg *invite)
{
	for (size_t i = 0; i < wsip_msg_header_count(invite); i++) {
		struct wsip_header header = wsip_msg_header_at(invite, i);

		if (header.id == WSIP_ROUTE)
			wsip_text_add_header(text, "Route", header.value);
	}
}

/* `to` is the message whose To is repeated: the response's in an ACK, the request's in a CANCEL. */
static struct wsip_buf *build(const char *method, const struct wsip_msg *invite,
	const struct wsip_msg *to, const struct wsip_buf *reason, struct wsip_buf_pool *pool)
{
	struct wsip_text text = wsip_text_begin(pool,
		invite->buf->used + to->buf->used + (reason ? reason->used : 0) + MARGIN_BYTES);
	struct wsip_cseq cseq;

	if (wsip_msg_cseq(invite, &cseq) != WSIP_OK)
		text.overflowed = 1;
	wsip_text_add(&text, method);
	wsip_text_add(&text, " ");
	wsip_text_add_span(&text, wsip_msg_request_uri(invite));
	wsip_text_add(&text, " SIP/2.0\r\n");
	add_first(&text, invite, WSIP_VIA);
	add_routes(&text, invite);
	wsip_text_add(&text, "Max-Forwards: 70\r\n");
	add_whole(&text, invite, WSIP_FROM);
	add_whole(&text, to, WSIP_TO);
	add_whole(&text, invite, WSIP_CALL_ID);
	wsip_text_add(&text, "CSeq: ");
	wsip_text_add_number(&text, cseq.number);
	wsip_text_add(&text, " ");
	wsip_text_add(&text, method);
	wsip_text_add(&text, "\r\n");
	if (reason)
		wsip_text_add_header(&text, "Reason",
			(struct wsip_span){ reason->data, reason->used });
	wsip_text_add(&text, "Content-Length: 0\r\n\r\n");
	return wsip_text_end(&text);
}

struct wsip_buf *wsip_ack_build(struct wsip_buf *invite, const struct wsip_msg *response,
	struct wsip_buf_pool *pool)
{
	struct wsip_buf *ack = NULL;
	struct wsip_msg msg;

	if (wsip_msg_parse(&msg, invite) == WSIP_OK)
		ack = build("ACK", &msg, response, NULL, pool);
	wsip_msg_finish(&msg);
	return ack;
}

struct wsip_buf *wsip_cancel_build(struct wsip_buf *invite, const struct wsip_buf *reason,
	struct wsip_buf_pool *pool)
{
	struct wsip_buf *cancel = NULL;
	struct wsip_msg msg;

	if (wsip_msg_parse(&msg, invite) == WSIP_OK)
		cancel = build("CANCEL", &msg, &msg, reason, pool);
	wsip_msg_finish(&msg);
	return cancel;
}
