/* SPDX-License-Identifier: MIT */
#include "core/forward_write.h"

#include "core/text.h"
#include "parser/list.h"

/* Names, separators and numbers of the few lines that are written anew. */
#define OWN_LINES_BYTES 160

#define NO_SLOT SIZE_MAX

struct writing {
	struct wsip_text text;
	const struct wsip_msg *request;
	const struct wsip_forward_edits *edits;
	size_t first_route; /* slots, where the routes change */
	size_t last_route;
	bool max_forwards; /* was written */
	bool max_breadth;
};

static struct wsip_span value_of(const struct wsip_msg *msg, const struct wsip_header_slot *slot)
{
	return (struct wsip_span){ msg->buf->data + slot->value, slot->value_bytes };
}

static void write_line(struct wsip_text *text, const char *name, struct wsip_span value)
{
	if (value.size > 0)
		wsip_text_add_header(text, name, value);
}

static void write_number(struct wsip_text *text, const char *name, uint32_t number)
{
	wsip_text_add(text, name);
	wsip_text_add_number(text, number);
	wsip_text_add(text, "\r\n");
}

static void write_top(struct writing *writing)
{
	const struct wsip_forward_edits *edits = writing->edits;
	struct wsip_text *text = &writing->text;

	wsip_text_add_span(text, wsip_msg_method_text(writing->request));
	wsip_text_add(text, " ");
	wsip_text_add_span(text, edits->request_uri);
	wsip_text_add(text, " SIP/2.0\r\n");
	wsip_text_add_header(text, "Via", edits->via);
	write_line(text, "Record-Route", edits->record_route[0]);
	write_line(text, "Record-Route", edits->record_route[1]);
}

/* RFC 3261 16.6 step 6. */
static void write_route(struct writing *writing, size_t index)
{
	struct wsip_span rest = value_of(writing->request, &writing->request->slots[index]), first;

	if (index == writing->first_route && wsip_list_next(&rest, &first) != WSIP_OK)
		rest.size = 0;
	write_line(&writing->text, "Route", wsip_span_trim(rest));
	if (index != writing->last_route)
		return;
	wsip_text_add(&writing->text, "Route: <");
	wsip_text_add_span(&writing->text, writing->edits->last_route);
	wsip_text_add(&writing->text, ">\r\n");
}

/* Does the line at `index` go on as it came? A name that blanks separate from its colon is written
 * without them: not everybody behind us reads "Name :" as that header (CVE-2020-28361). */
static bool stays(const struct writing *writing, size_t index)
{
	const struct wsip_header_slot *slot = &writing->request->slots[index];

	switch (slot->id) {
	case WSIP_MAX_FORWARDS:
		return false;
	case WSIP_MAX_BREADTH:
		return writing->edits->max_breadth == 0;
	case WSIP_ROUTE:
		if (writing->edits->last_route.size > 0)
			return false;
		break;
	default:
		break;
	}
	return slot->line_bytes > 0 && !slot->spaced;
}

static void write_changed(struct writing *writing, size_t index)
{
	const struct wsip_msg *request = writing->request;
	const struct wsip_header_slot *slot = &request->slots[index];
	struct wsip_text *text = &writing->text;

	if (slot->id == WSIP_MAX_FORWARDS) {
		if (!writing->max_forwards)
			write_number(text, "Max-Forwards: ", writing->edits->max_forwards);
		writing->max_forwards = true;
	} else if (slot->id == WSIP_MAX_BREADTH && writing->edits->max_breadth > 0) {
		if (!writing->max_breadth)
			write_number(text, "Max-Breadth: ", writing->edits->max_breadth);
		writing->max_breadth = true;
	} else if (slot->id == WSIP_ROUTE && writing->edits->last_route.size > 0) {
		write_route(writing, index);
	} else {
		wsip_text_add_span(text,
			(struct wsip_span){ request->buf->data + slot->line, slot->name_bytes });
		wsip_text_add(text, ": ");
		wsip_text_add_span(text, value_of(request, slot));
		wsip_text_add(text, "\r\n");
	}
}

/* Neighbouring lines that stay go on in one copy. */
static void write_headers(struct writing *writing)
{
	const struct wsip_msg *request = writing->request;

	for (size_t i = 0; i < request->slot_count;) {
		const struct wsip_header_slot *slot = &request->slots[i];
		uint32_t end = slot->line;

		if (!stays(writing, i)) {
			write_changed(writing, i++);
			continue;
		}
		for (; i < request->slot_count && request->slots[i].line == end &&
			stays(writing, i);
			i++)
			end += request->slots[i].line_bytes;
		wsip_text_add_span(&writing->text,
			(struct wsip_span){ request->buf->data + slot->line, end - slot->line });
	}
}

static void write_missing(struct writing *writing)
{
	struct wsip_text *text = &writing->text;
	struct wsip_span value;

	if (!writing->max_forwards)
		write_number(text, "Max-Forwards: ", writing->edits->max_forwards);
	if (!writing->max_breadth && writing->edits->max_breadth > 0)
		write_number(text, "Max-Breadth: ", writing->edits->max_breadth);
	if (!wsip_msg_header(writing->request, WSIP_CONTENT_LENGTH, &value))
		write_number(text,
			"Content-Length: ", (uint32_t)wsip_msg_body(writing->request).size);
}

static void find_routes(struct writing *writing)
{
	const struct wsip_msg *request = writing->request;

	writing->first_route = writing->last_route = NO_SLOT;
	for (size_t i = 0; i < request->slot_count && writing->edits->last_route.size > 0; i++) {
		if (request->slots[i].id != WSIP_ROUTE || request->slots[i].value_bytes == 0)
			continue;
		if (writing->first_route == NO_SLOT)
			writing->first_route = i;
		writing->last_route = i;
	}
}

/* No less than what will be written. */
static size_t room_for(const struct wsip_msg *request, const struct wsip_forward_edits *edits)
{
	size_t bytes = OWN_LINES_BYTES + request->method_text.size + edits->request_uri.size +
		       edits->via.size + edits->record_route[0].size + edits->record_route[1].size +
		       edits->last_route.size + request->body.size;

	for (size_t i = 0; i < request->slot_count; i++) {
		const struct wsip_header_slot *slot = &request->slots[i];

		/* A line that is written anew may get a blank behind its colon. */
		bytes += slot->line_bytes ? slot->line_bytes + 1u
					  : slot->name_bytes + slot->value_bytes + 4u;
	}
	return bytes;
}

struct wsip_buf *wsip_forward_write(const struct wsip_msg *request,
	const struct wsip_forward_edits *edits, struct wsip_buf_pool *pool)
{
	struct writing writing = { .text = wsip_text_begin(pool, room_for(request, edits)),
		.request = request,
		.edits = edits };

	find_routes(&writing);
	write_top(&writing);
	write_headers(&writing);
	write_missing(&writing);
	wsip_text_add(&writing.text, "\r\n");
	wsip_text_add_span(&writing.text, wsip_msg_body(request));
	return wsip_text_end(&writing.text);
}
