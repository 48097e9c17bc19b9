/* SPDX-License-Identifier: MIT
 * Changing a message: new bytes go behind those in the buffer, the table of slots says what counts.
 */
#include "parser/msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser/list.h"

static bool grow_slots(struct wsip_msg *msg)
{
	uint16_t room = (uint16_t)(msg->slot_room * 2);
	bool inlined = msg->slots == msg->inline_slots;
	struct wsip_header_slot *slots;

	slots = realloc(inlined ? NULL : msg->slots, room * sizeof(*slots));
	if (!slots)
		return false;
	if (inlined)
		memcpy(slots, msg->inline_slots, sizeof(msg->inline_slots));
	msg->slots = slots;
	msg->slot_room = room;
	return true;
}

/* The slots from `index` on have moved by one. */
static void move_first(struct wsip_msg *msg, size_t index, int by)
{
	for (int id = 0; id < WSIP_HEADER_IDS; id++) {
		bool moves = msg->first[id] >= index && msg->first[id] != WSIP_SLOT_NONE;

		msg->first[id] = (uint16_t)(msg->first[id] + (moves ? by : 0));
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
	if (msg->slot_count > WSIP_SLOTS_INLINE) {
		copy->slots = malloc(msg->slot_room * sizeof(*copy->slots));
		copy->slot_room = msg->slot_room;
	}
	if (!copy->slots) {
		wsip_msg_init(copy);
		return WSIP_ERR_MEMORY;
	}
	memcpy(copy->slots, msg->slots, msg->slot_count * sizeof(*copy->slots));
	wsip_buf_ref(copy->buf);
	for (int i = 0; i < WSIP_OLDER_BUFS; i++) {
		if (copy->older[i])
			wsip_buf_ref(copy->older[i]);
	}
	return WSIP_OK;
}

/* Moves the bytes to a larger buffer; offsets stay, spans stay true through msg->older. */
static enum wsip_err outgrow(struct wsip_msg *msg, size_t bytes)
{
	struct wsip_buf *bigger = wsip_buf_get(msg->buf->pool, bytes);
	int i = 0;

	if (!bigger)
		return WSIP_ERR_MEMORY;
	while (i < WSIP_OLDER_BUFS && msg->older[i])
		i++;
	if (i == WSIP_OLDER_BUFS) {
		wsip_buf_unref(bigger);
		return WSIP_ERR_LIMIT;
	}
	memcpy(bigger->data, msg->buf->data, msg->buf->used);
	bigger->used = msg->buf->used;
	msg->older[i] = msg->buf;
	msg->buf = bigger;
	return WSIP_OK;
}

/* Appends bytes to the buffer and says where they are. */
static enum wsip_err append(struct wsip_msg *msg, struct wsip_span bytes, struct wsip_piece *piece)
{
	if (bytes.size > WSIP_MESSAGE_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	msg->edited = 1;
	if (msg->buf->used + bytes.size > msg->buf->capacity) {
		enum wsip_err err = outgrow(msg, msg->buf->used + bytes.size);

		if (err)
			return err;
	}
	piece->offset = msg->buf->used;
	piece->size = (uint32_t)bytes.size;
	if (bytes.size > 0)
		memcpy(msg->buf->data + msg->buf->used, bytes.data, bytes.size);
	msg->buf->used += (uint32_t)bytes.size;
	return WSIP_OK;
}

/* Neither blanks nor control characters. */
static bool is_visible(struct wsip_span text)
{
	for (size_t i = 0; i < text.size; i++) {
		if ((unsigned char)text.data[i] <= ' ' || text.data[i] == 0x7f)
			return false;
	}
	return true;
}

enum wsip_err wsip_msg_set_request_uri(struct wsip_msg *msg, struct wsip_span uri)
{
	enum wsip_err err;

	if (uri.size == 0 || !is_visible(uri))
		return WSIP_ERR_ARGUMENT;
	err = append(msg, uri, &msg->request_uri);
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
	err = append(msg, reason, &msg->reason);
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

static enum wsip_err insert_header(struct wsip_msg *msg, size_t index, enum wsip_header_id id,
	struct wsip_span name, struct wsip_span value)
{
	struct wsip_piece name_piece, value_piece;
	struct wsip_header_slot *slot;
	enum wsip_err err;

	if (!wsip_span_is_one_line(value) || !is_visible(name) || name.size == 0 ||
		memchr(name.data, ':', name.size) || name.size > UINT16_MAX)
		return WSIP_ERR_ARGUMENT;
	err = append(msg, name, &name_piece);
	if (!err)
		err = append(msg, value, &value_piece);
	if (err)
		return err;
	slot = wsip_msg_insert_slot(msg, index, id);
	if (!slot)
		return WSIP_ERR_LIMIT;
	slot->line = name_piece.offset;
	slot->name_bytes = (uint16_t)name.size;
	slot->value = value_piece.offset;
	slot->value_bytes = value_piece.size;
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
	return insert_header(msg, index, id, text, value);
}

static enum wsip_err prepend(struct wsip_msg *msg, enum wsip_header_id id, struct wsip_span name,
	struct wsip_span value)
{
	size_t index = first_index(msg, id, name);

	return insert_header(msg, index == msg->slot_count ? 0 : index, id, name, value);
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
	enum wsip_err err = insert_header(msg, index, id, name, value);

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

/* The first value of the field at `index`; `rest` is what follows its comma. */
static enum wsip_err first_element(const struct wsip_msg *msg, size_t index,
	struct wsip_span *element, struct wsip_span *rest)
{
	struct wsip_header header = wsip_msg_header_at(msg, index);

	*rest = header.value;
	if (wsip_header_is_list(header.id))
		return wsip_list_next(rest, element);
	*element = header.value;
	*rest = (struct wsip_span){ 0 };
	return WSIP_OK;
}

/* Takes the first element off the list header at `index`; an empty header goes altogether. */
static enum wsip_err remove_first_element(struct wsip_msg *msg, size_t index)
{
	struct wsip_header_slot *slot = &msg->slots[index];
	struct wsip_span rest, element;
	enum wsip_err err = first_element(msg, index, &element, &rest);

	if (err)
		return err;
	msg->edited = 1;
	if (rest.size == 0) {
		wsip_msg_remove_slot(msg, index);
		return WSIP_OK;
	}
	rest = wsip_span_trim(rest);
	slot->value = (uint32_t)(rest.data - msg->buf->data);
	slot->value_bytes = (uint32_t)rest.size;
	slot->line_bytes = 0;
	return WSIP_OK;
}

/* The field that wsip_values_next reads from first: one that is not empty. */
static size_t first_with_value(const struct wsip_msg *msg, enum wsip_header_id id)
{
	size_t i = 0;

	while (i < msg->slot_count && (msg->slots[i].id != id || msg->slots[i].value_bytes == 0))
		i++;
	return i;
}

enum wsip_err wsip_msg_remove_first_value(struct wsip_msg *msg, enum wsip_header_id id)
{
	size_t index = first_with_value(msg, id);

	if (index == msg->slot_count)
		return WSIP_ERR_NOT_FOUND;
	return remove_first_element(msg, index);
}

enum wsip_err wsip_msg_remove_last_value(struct wsip_msg *msg, enum wsip_header_id id)
{
	struct wsip_span rest, element = { 0 }, before = { 0 };
	size_t index = msg->slot_count;

	while (index > 0 && msg->slots[index - 1].id != id)
		index--;
	if (index == 0)
		return WSIP_ERR_NOT_FOUND;
	index--;
	rest = wsip_msg_header_at(msg, index).value;
	while (rest.size > 0) {
		before = element;
		if (wsip_list_next(&rest, &element) != WSIP_OK)
			return WSIP_ERR_SYNTAX;
	}
	if (before.size == 0) {
		wsip_msg_remove_slot(msg, index);
		return WSIP_OK;
	}
	msg->edited = 1;
	msg->slots[index].value_bytes = (uint32_t)(before.data + before.size -
						   (msg->buf->data + msg->slots[index].value));
	msg->slots[index].line_bytes = 0;
	return WSIP_OK;
}

enum wsip_err wsip_msg_set_first_value(struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_span value)
{
	size_t index = first_with_value(msg, id);
	enum wsip_err err;

	if (index == msg->slot_count)
		return WSIP_ERR_NOT_FOUND;
	err = insert_header(msg, index, id, wsip_span_of(wsip_header_name(id)), value);
	return err ? err : remove_first_element(msg, index + 1);
}

/* Appends `bytes` behind `piece`, which has to be the last that was appended. */
static enum wsip_err append_to(struct wsip_msg *msg, struct wsip_span bytes,
	struct wsip_piece *piece)
{
	struct wsip_piece more;
	enum wsip_err err = append(msg, bytes, &more);

	if (!err)
		piece->size += more.size;
	return err;
}

/* The value of a header as it will be written, from pieces that follow each other. */
static void set_slot_value(struct wsip_header_slot *slot, struct wsip_piece value)
{
	slot->value = value.offset;
	slot->value_bytes = value.size;
	slot->line_bytes = 0;
}

enum wsip_err wsip_msg_append_value(struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_span value)
{
	struct wsip_piece piece;
	size_t index = msg->slot_count;
	enum wsip_err err;

	if (id == WSIP_HEADER_OTHER || !wsip_header_is_list(id) || !wsip_span_is_one_line(value) ||
		value.size == 0)
		return WSIP_ERR_ARGUMENT;
	while (index > 0 &&
		(msg->slots[index - 1].id != id || msg->slots[index - 1].value_bytes == 0))
		index--;
	if (index == 0)
		return wsip_msg_add(msg, wsip_header_name(id), value);
	index--;
	err = append(msg, wsip_msg_header_at(msg, index).value, &piece);
	if (!err)
		err = append_to(msg, wsip_span_of(", "), &piece);
	if (!err)
		err = append_to(msg, value, &piece);
	if (!err)
		set_slot_value(&msg->slots[index], piece);
	return err;
}

enum wsip_err wsip_msg_append_param(struct wsip_msg *msg, enum wsip_header_id id, const char *name,
	struct wsip_span value)
{
	size_t index = first_with_value(msg, id);
	struct wsip_span element, whole;
	struct wsip_span after = { 0 };
	struct wsip_piece piece;
	enum wsip_err err;

	if (index == msg->slot_count)
		return WSIP_ERR_NOT_FOUND;
	if (*name == '\0' || !is_visible(wsip_span_of(name)) || !wsip_span_is_one_line(value))
		return WSIP_ERR_ARGUMENT;
	whole = wsip_msg_header_at(msg, index).value;
	err = first_element(msg, index, &element, &after);
	if (err)
		return err;
	after = (struct wsip_span){ element.data + element.size,
		(size_t)(whole.data + whole.size - (element.data + element.size)) };
	err = append(msg, element, &piece);
	if (!err)
		err = append_to(msg, wsip_span_of(";"), &piece);
	if (!err)
		err = append_to(msg, wsip_span_of(name), &piece);
	if (!err && value.size > 0)
		err = append_to(msg, wsip_span_of("="), &piece);
	if (!err && value.size > 0)
		err = append_to(msg, value, &piece);
	if (!err)
		err = append_to(msg, after, &piece);
	if (!err)
		set_slot_value(&msg->slots[index], piece);
	return err;
}

enum wsip_err wsip_msg_set_body(struct wsip_msg *msg, const char *content_type,
	struct wsip_span body)
{
	struct wsip_piece piece;
	char length[16];
	enum wsip_err err = append(msg, body, &piece);

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
