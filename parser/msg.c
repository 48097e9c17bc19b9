/* SPDX-License-Identifier: MIT
 * Reading a message: the start line, headers by id and name, typed values.
 */
#include "parser/msg.h"

#include <string.h>

#include "parser/edit.h"
#include "parser/list.h"

bool wsip_msg_is_request(const struct wsip_msg *msg)
{
	return msg->is_request;
}

bool wsip_msg_is_response(const struct wsip_msg *msg)
{
	struct wsip_span rest = wsip_span_trim((struct wsip_span){
		msg->buf->data, msg->buf->used });

	if (msg->start.size > 0)
		return !msg->is_request;
	return rest.size >= 4 && wsip_span_is_nocase((struct wsip_span){ rest.data, 4 }, "SIP/");
}

enum wsip_method wsip_msg_method(const struct wsip_msg *msg)
{
	return (enum wsip_method)msg->method;
}

struct wsip_span wsip_msg_method_text(const struct wsip_msg *msg)
{
	return wsip_msg_piece(msg, msg->method_text);
}

struct wsip_span wsip_msg_request_uri(const struct wsip_msg *msg)
{
	return wsip_msg_piece(msg, msg->request_uri);
}

unsigned int wsip_msg_status(const struct wsip_msg *msg)
{
	return msg->status;
}

struct wsip_span wsip_msg_reason(const struct wsip_msg *msg)
{
	return wsip_msg_piece(msg, msg->reason);
}

struct wsip_span wsip_msg_body(const struct wsip_msg *msg)
{
	return wsip_msg_piece(msg, msg->body);
}

size_t wsip_msg_header_count(const struct wsip_msg *msg)
{
	return msg->slot_count;
}

static struct wsip_span slot_name(const struct wsip_msg *msg, const struct wsip_header_slot *slot)
{
	return (struct wsip_span){ msg->buf->data + slot->line, slot->name_bytes };
}

static struct wsip_span slot_value(const struct wsip_msg *msg, const struct wsip_header_slot *slot)
{
	return (struct wsip_span){ msg->buf->data + slot->value, slot->value_bytes };
}

struct wsip_header wsip_msg_header_at(const struct wsip_msg *msg, size_t index)
{
	const struct wsip_header_slot *slot = &msg->slots[index];

	return (struct wsip_header){ (enum wsip_header_id)slot->id, slot_name(msg, slot),
		slot_value(msg, slot) };
}

bool wsip_msg_header(const struct wsip_msg *msg, enum wsip_header_id id, struct wsip_span *value)
{
	for (size_t i = msg->first[id]; i < msg->slot_count; i++) {
		if (msg->slots[i].id == id) {
			*value = slot_value(msg, &msg->slots[i]);
			return true;
		}
	}
	return false;
}

bool wsip_msg_header_named(const struct wsip_msg *msg, const char *name, struct wsip_span *value)
{
	enum wsip_header_id id = wsip_header_id_of(wsip_span_of(name));

	if (id != WSIP_HEADER_OTHER)
		return wsip_msg_header(msg, id, value);
	for (size_t i = 0; i < msg->slot_count; i++) {
		if (wsip_span_is_nocase(slot_name(msg, &msg->slots[i]), name)) {
			*value = slot_value(msg, &msg->slots[i]);
			return true;
		}
	}
	return false;
}

struct wsip_values wsip_msg_values(const struct wsip_msg *msg, enum wsip_header_id id)
{
	return (struct wsip_values){ .msg = msg, .id = id, .next_header = msg->first[id] };
}

/* Sees to it that there is a rest of a field to take the next value from. */
static bool has_rest(struct wsip_values *values)
{
	const struct wsip_msg *msg = values->msg;

	while (values->rest.size == 0) {
		const struct wsip_header_slot *slot;

		if (values->next_header >= msg->slot_count)
			return false;
		if (values->next_header > msg->first[values->id] &&
			!(msg->repeated >> values->id & 1))
			return false;
		slot = &msg->slots[values->next_header++];
		if (slot->id == values->id)
			values->rest = slot_value(msg, slot);
	}
	return true;
}

enum wsip_err wsip_values_next(struct wsip_values *values, struct wsip_span *value)
{
	if (!has_rest(values))
		return WSIP_ERR_NOT_FOUND;
	if (wsip_header_is_list(values->id))
		return wsip_list_next(&values->rest, value);
	*value = values->rest;
	values->rest = (struct wsip_span){ 0 };
	return WSIP_OK;
}

enum wsip_err wsip_values_next_via(struct wsip_values *values, struct wsip_via *via)
{
	return has_rest(values) ? wsip_via_next(&values->rest, via) : WSIP_ERR_NOT_FOUND;
}

enum wsip_err wsip_values_next_name_addr(struct wsip_values *values,
	struct wsip_name_addr *name_addr)
{
	return has_rest(values) ? wsip_name_addr_next(&values->rest, name_addr)
				: WSIP_ERR_NOT_FOUND;
}

enum wsip_err wsip_msg_top_via(const struct wsip_msg *msg, struct wsip_via *via)
{
	struct wsip_values values = wsip_msg_values(msg, WSIP_VIA);

	return wsip_values_next_via(&values, via);
}

static enum wsip_err name_addr_of(const struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_name_addr *name_addr)
{
	struct wsip_span value;

	if (!wsip_msg_header(msg, id, &value))
		return WSIP_ERR_NOT_FOUND;
	return wsip_name_addr_parse(value, name_addr);
}

enum wsip_err wsip_msg_from(const struct wsip_msg *msg, struct wsip_name_addr *from)
{
	return name_addr_of(msg, WSIP_FROM, from);
}

enum wsip_err wsip_msg_to(const struct wsip_msg *msg, struct wsip_name_addr *to)
{
	return name_addr_of(msg, WSIP_TO, to);
}

bool wsip_msg_to_tag(const struct wsip_msg *msg, struct wsip_span *tag)
{
	struct wsip_name_addr to;

	if (msg->to_tag_known) {
		*tag = wsip_msg_piece(msg, msg->to_tag);
		return true;
	}
	if (wsip_msg_to(msg, &to) != WSIP_OK)
		return false;
	*tag = to.tag;
	return true;
}

struct wsip_span wsip_msg_call_id(const struct wsip_msg *msg)
{
	struct wsip_span call_id = { 0 };

	wsip_msg_header(msg, WSIP_CALL_ID, &call_id);
	return call_id;
}

enum wsip_err wsip_msg_cseq(const struct wsip_msg *msg, struct wsip_cseq *cseq)
{
	struct wsip_span value;

	if (!wsip_msg_header(msg, WSIP_CSEQ, &value))
		return WSIP_ERR_NOT_FOUND;
	return wsip_cseq_parse(value, cseq);
}

bool wsip_msg_has_token(const struct wsip_msg *msg, enum wsip_header_id id, const char *token)
{
	struct wsip_values values = wsip_msg_values(msg, id);
	struct wsip_span value;

	while (wsip_values_next(&values, &value) == WSIP_OK) {
		if (wsip_span_is_nocase(value, token))
			return true;
	}
	return false;
}

/* The largest number that a header may hold; 0 for one that holds none. */
static uint64_t number_max(enum wsip_header_id id)
{
	switch (id) {
	case WSIP_MAX_BREADTH:
		return WSIP_MAX_BREADTH_MAX;
	case WSIP_MAX_FORWARDS:
		return WSIP_MAX_FORWARDS_MAX;
	case WSIP_EXPIRES:
	case WSIP_MIN_EXPIRES:
		return WSIP_EXPIRES_MAX;
	case WSIP_CONTENT_LENGTH:
		return WSIP_MESSAGE_MAX_BYTES;
	case WSIP_RSEQ:
		return WSIP_RSEQ_MAX;
	default:
		return 0;
	}
}

enum wsip_err wsip_msg_number(const struct wsip_msg *msg, enum wsip_header_id id, uint32_t *number)
{
	uint64_t max = number_max(id), parsed;
	struct wsip_span value;
	enum wsip_err err;

	if (!wsip_msg_header(msg, id, &value))
		return WSIP_ERR_NOT_FOUND;
	if (max == 0)
		return WSIP_ERR_SYNTAX;
	err = wsip_span_number(value, max, &parsed);
	if (!err)
		*number = (uint32_t)parsed;
	return err;
}

enum wsip_err wsip_msg_max_forwards(const struct wsip_msg *msg, uint32_t *max_forwards)
{
	return wsip_msg_number(msg, WSIP_MAX_FORWARDS, max_forwards);
}

enum wsip_err wsip_msg_expires(const struct wsip_msg *msg, uint32_t *seconds)
{
	return wsip_msg_number(msg, WSIP_EXPIRES, seconds);
}

void wsip_msg_init(struct wsip_msg *msg)
{
	memset(msg, 0, offsetof(struct wsip_msg, first));
	memset(msg->first, 0xff, sizeof(msg->first));
	msg->slots = msg->inline_slots;
	msg->slot_room = WSIP_SLOTS_INLINE;
}

void wsip_msg_finish(struct wsip_msg *msg)
{
	wsip_msg_give_back_slots(msg);
	wsip_buf_unref(msg->buf);
	wsip_msg_init(msg);
}
