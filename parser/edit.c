/* SPDX-License-Identifier: MIT
 * Changing a message: new bytes go behind those in the buffer, the table of slots says what counts.
 * What concerns single values of a list is in edit_value.c.
 */
#include "parser/edit.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "parser/scan.h"

/* ---- The table of slots ---- */

/* NULL for the table that every message has. */
static struct wsip_buf *buf_of_slots(const struct wsip_msg *msg)
{
	if (msg->slots == msg->inline_slots)
		return NULL;
	return wsip_container_of(msg->slots, struct wsip_buf, data);
}

/* Room for `room` slots with those of `from` in it. `msg` has a buffer. */
static bool take_slots(struct wsip_msg *msg, const struct wsip_msg *from, size_t room)
{
	struct wsip_buf *buf = wsip_buf_get(msg->buf->pool, room * sizeof(*msg->slots));

	if (!buf)
		return false;
	memcpy(buf->data, from->slots, from->slot_count * sizeof(*msg->slots));
	msg->slots = (void *)buf->data;
	msg->slot_room = (uint16_t)room;
	return true;
}

static bool grow_slots(struct wsip_msg *msg)
{
	struct wsip_buf *old = buf_of_slots(msg);

	if (!take_slots(msg, msg, 2u * msg->slot_room))
		return false;
	wsip_buf_unref(old);
	return true;
}

void wsip_msg_give_back_slots(struct wsip_msg *msg)
{
	if (msg->slots)
		wsip_buf_unref(buf_of_slots(msg));
}

/* The slots from `index` on have moved by one. WSIP_SLOT_NONE, the largest number, does not move.
 * Without branches, so that vectors do it in a few steps. */
static void move_first(struct wsip_msg *msg, size_t index, int by)
{
	uint16_t from = (uint16_t)index, moving = (uint16_t)(WSIP_SLOT_NONE - from);

	for (int id = 0; id < WSIP_FIRST_PLACES; id++) {
		uint16_t first = msg->first[id];

		msg->first[id] = (uint16_t)(first + ((uint16_t)(first - from) < moving ? by : 0));
	}
}

struct wsip_header_slot *wsip_msg_insert_slot(struct wsip_msg *msg, size_t index,
	enum wsip_header_id id)
{
	struct wsip_header_slot *slot;

	if (msg->slot_count >= WSIP_HEADERS_MAX + WSIP_HEADERS_OWN)
		return NULL;
	if (msg->slot_count == msg->slot_room && !grow_slots(msg))
		return NULL;
	if (id == WSIP_TO)
		msg->to_tag_known = 0;
	slot = &msg->slots[index];
	if (index < msg->slot_count) {
		memmove(slot + 1, slot, (msg->slot_count - index) * sizeof(*slot));
		move_first(msg, index, 1);
	}
	msg->slot_count++;
	*slot = (struct wsip_header_slot){ .id = (uint8_t)id };
	wsip_msg_note_slot(msg, index, id);
	return slot;
}

void wsip_msg_remove_slot(struct wsip_msg *msg, size_t index)
{
	struct wsip_header_slot *slot = &msg->slots[index];
	uint8_t id = slot->id;

	msg->edited = 1;
	if (id == WSIP_TO)
		msg->to_tag_known = 0;
	msg->slot_count--;
	memmove(slot, slot + 1, (msg->slot_count - index) * sizeof(*slot));
	if (msg->first[id] != index) {
		move_first(msg, index, -1);
		return;
	}
	msg->first[id] = WSIP_SLOT_NONE;
	move_first(msg, index, -1);
	while (index < msg->slot_count && msg->slots[index].id != id)
		index++;
	if (index < msg->slot_count)
		msg->first[id] = (uint16_t)index;
}

enum wsip_err wsip_msg_copy(struct wsip_msg *copy, const struct wsip_msg *msg)
{
	memcpy(copy, msg, offsetof(struct wsip_msg, inline_slots));
	copy->slots = copy->inline_slots;
	copy->slot_room = WSIP_SLOTS_INLINE;
	if (msg->slot_count <= WSIP_SLOTS_INLINE) {
		memcpy(copy->slots, msg->slots, msg->slot_count * sizeof(*copy->slots));
	} else if (!take_slots(copy, msg, msg->slot_room)) {
		wsip_msg_init(copy);
		return WSIP_ERR_MEMORY;
	}
	wsip_buf_ref(copy->buf);
	return WSIP_OK;
}

/* ---- Bytes ---- */

enum wsip_err wsip_msg_append_bytes(struct wsip_msg *msg, struct wsip_span bytes,
	struct wsip_piece *piece)
{
	if (bytes.size > WSIP_MESSAGE_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	msg->edited = 1;
	if (msg->buf->used + bytes.size > msg->buf->capacity) {
		struct wsip_buf *larger = wsip_buf_outgrow(msg->buf, msg->buf->used + bytes.size);

		if (!larger)
			return WSIP_ERR_MEMORY;
		msg->buf = larger;
	}
	piece->offset = msg->buf->used;
	piece->size = (uint32_t)bytes.size;
	if (bytes.size > 0)
		memcpy(msg->buf->data + msg->buf->used, bytes.data, bytes.size);
	msg->buf->used += (uint32_t)bytes.size;
	return WSIP_OK;
}

bool wsip_span_is_visible(struct wsip_span text)
{
	const unsigned char *start = (const unsigned char *)text.data;

	return text.size == 0 || wsip_scan_visible(start, start + text.size) == start + text.size;
}

enum wsip_err wsip_msg_set_request_uri(struct wsip_msg *msg, struct wsip_span uri)
{
	enum wsip_err err;

	if (uri.size == 0 || !wsip_span_is_visible(uri))
		return WSIP_ERR_ARGUMENT;
	err = wsip_msg_append_bytes(msg, uri, &msg->request_uri);
	if (!err)
		msg->start_edited = 1;
	return err;
}

enum wsip_err wsip_msg_set_status(struct wsip_msg *msg, unsigned int status,
	struct wsip_span reason)
{
	enum wsip_err err;

	if (!wsip_span_is_one_line(reason) || status < 100 || status > 699)
		return WSIP_ERR_ARGUMENT;
	err = wsip_msg_append_bytes(msg, reason, &msg->reason);
	if (err)
		return err;
	msg->status = (uint16_t)status;
	msg->start_edited = 1;
	return WSIP_OK;
}

static bool same_header(const struct wsip_msg *msg, const struct wsip_header_slot *slot,
	enum wsip_header_id id, struct wsip_span name)
{
	if (id != WSIP_HEADER_OTHER)
		return slot->id == id;
	return wsip_span_equal_nocase(name,
		(struct wsip_span){ msg->buf->data + slot->line, slot->name_bytes });
}

static size_t first_index(const struct wsip_msg *msg, enum wsip_header_id id, struct wsip_span name)
{
	size_t i = 0;

	while (i < msg->slot_count && !same_header(msg, &msg->slots[i], id, name))
		i++;
	return i;
}

enum wsip_err wsip_msg_insert_header(struct wsip_msg *msg, size_t index, enum wsip_header_id id,
	struct wsip_span name, struct wsip_span value)
{
	struct wsip_piece name_piece, value_piece;
	struct wsip_header_slot *slot;
	enum wsip_err err;

	if (!wsip_span_is_one_line(value) || !wsip_span_is_visible(name) || name.size == 0 ||
		memchr(name.data, ':', name.size) || name.size > UINT16_MAX)
		return WSIP_ERR_ARGUMENT;
	err = wsip_msg_append_bytes(msg, name, &name_piece);
	if (!err)
		err = wsip_msg_append_bytes(msg, value, &value_piece);
	if (err)
		return err;
	slot = wsip_msg_insert_slot(msg, index, id);
	if (!slot)
		return WSIP_ERR_LIMIT;
	slot->line = name_piece.offset;
	slot->name_bytes = (uint16_t)name.size;
	slot->value = value_piece.offset;
	slot->value_bytes = (uint16_t)value_piece.size;
	return WSIP_OK;
}

enum wsip_err wsip_msg_add(struct wsip_msg *msg, const char *name, struct wsip_span value)
{
	struct wsip_span text = wsip_span_of(name);
	enum wsip_header_id id = wsip_header_id_of(text);
	size_t index = msg->slot_count;

	while (index > 0 && !same_header(msg, &msg->slots[index - 1], id, text))
		index--;
	if (index == 0)
		index = msg->slot_count;
	return wsip_msg_insert_header(msg, index, id, text, value);
}

static enum wsip_err prepend(struct wsip_msg *msg, enum wsip_header_id id, struct wsip_span name,
	struct wsip_span value)
{
	size_t index = first_index(msg, id, name);

	return wsip_msg_insert_header(msg, index == msg->slot_count ? 0 : index, id, name, value);
}

enum wsip_err wsip_msg_prepend(struct wsip_msg *msg, const char *name, struct wsip_span value)
{
	return prepend(msg, wsip_header_id_of(wsip_span_of(name)), wsip_span_of(name), value);
}

enum wsip_err wsip_msg_prepend_id(struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_span value)
{
	return prepend(msg, id, wsip_span_of(wsip_header_name(id)), value);
}

static size_t remove_from(struct wsip_msg *msg, size_t from, enum wsip_header_id id,
	struct wsip_span name)
{
	size_t removed = 0;

	for (size_t i = from; i < msg->slot_count;) {
		if (!same_header(msg, &msg->slots[i], id, name)) {
			i++;
			continue;
		}
		wsip_msg_remove_slot(msg, i);
		removed++;
	}
	return removed;
}

static enum wsip_err set(struct wsip_msg *msg, enum wsip_header_id id, struct wsip_span name,
	struct wsip_span value)
{
	size_t index = first_index(msg, id, name);
	enum wsip_err err = wsip_msg_insert_header(msg, index, id, name, value);

	if (!err)
		remove_from(msg, index + 1, id, name);
	return err;
}

enum wsip_err wsip_msg_set(struct wsip_msg *msg, const char *name, struct wsip_span value)
{
	return set(msg, wsip_header_id_of(wsip_span_of(name)), wsip_span_of(name), value);
}

enum wsip_err wsip_msg_set_id(struct wsip_msg *msg, enum wsip_header_id id, struct wsip_span value)
{
	return set(msg, id, wsip_span_of(wsip_header_name(id)), value);
}

size_t wsip_msg_remove(struct wsip_msg *msg, const char *name)
{
	return remove_from(msg, 0, wsip_header_id_of(wsip_span_of(name)), wsip_span_of(name));
}

size_t wsip_msg_remove_id(struct wsip_msg *msg, enum wsip_header_id id)
{
	return remove_from(msg, 0, id, (struct wsip_span){ 0 });
}

enum wsip_err wsip_msg_set_body(struct wsip_msg *msg, const char *content_type,
	struct wsip_span body)
{
	struct wsip_piece piece;
	char length[16];
	enum wsip_err err = wsip_msg_append_bytes(msg, body, &piece);

	if (err)
		return err;
	snprintf(length, sizeof(length), "%zu", body.size);
	if (content_type)
		err = wsip_msg_set_id(msg, WSIP_CONTENT_TYPE, wsip_span_of(content_type));
	if (!err)
		err = wsip_msg_set_id(msg, WSIP_CONTENT_LENGTH, wsip_span_of(length));
	if (!err)
		msg->body = piece;
	return err;
}
