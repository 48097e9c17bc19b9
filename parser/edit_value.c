/* SPDX-License-Identifier: MIT
 * Changing one value of a header that is a list, or its parameters.
 */
#include "parser/edit.h"

#include <string.h>

#include "parser/list.h"

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

/* Without commas, quotes and brackets a field holds one value. */
static bool is_alone(const struct wsip_msg *msg, size_t index)
{
	struct wsip_span value = wsip_msg_header_at(msg, index).value;

	return !memchr(value.data, ',', value.size) && !memchr(value.data, '"', value.size) &&
	       !memchr(value.data, '<', value.size);
}

/* Takes the first element off the list header at `index`; an empty header goes altogether. */
static enum wsip_err remove_first_element(struct wsip_msg *msg, size_t index)
{
	struct wsip_header_slot *slot = &msg->slots[index];
	struct wsip_span rest, element;
	enum wsip_err err;

	if (is_alone(msg, index)) {
		wsip_msg_remove_slot(msg, index);
		return WSIP_OK;
	}
	err = first_element(msg, index, &element, &rest);
	if (err)
		return err;
	msg->edited = 1;
	if (rest.size == 0) {
		wsip_msg_remove_slot(msg, index);
		return WSIP_OK;
	}
	rest = wsip_span_trim(rest);
	slot->value = (uint32_t)(rest.data - msg->buf->data);
	slot->value_bytes = (uint16_t)rest.size;
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
	msg->slots[index].value_bytes = (uint16_t)(before.data + before.size -
						   (msg->buf->data + msg->slots[index].value));
	msg->slots[index].line_bytes = 0;
	return WSIP_OK;
}

/* The value of a header as it will be written, from pieces that follow each other. */
static void set_slot_value(struct wsip_msg *msg, size_t index, struct wsip_piece value)
{
	struct wsip_header_slot *slot = &msg->slots[index];

	if (slot->id == WSIP_TO)
		msg->to_tag_known = 0;
	slot->value = value.offset;
	slot->value_bytes = (uint16_t)value.size;
	slot->line_bytes = 0;
}

enum wsip_err wsip_msg_set_first_value(struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_span value)
{
	size_t index = first_with_value(msg, id);
	struct wsip_piece piece;
	enum wsip_err err;

	if (index == msg->slot_count)
		return WSIP_ERR_NOT_FOUND;
	if (is_alone(msg, index) && value.size > 0 && wsip_span_is_one_line(value)) {
		err = wsip_msg_append_bytes(msg, value, &piece);
		if (!err)
			set_slot_value(msg, index, piece);
		return err;
	}
	err = wsip_msg_insert_header(msg, index, id, wsip_span_of(wsip_header_name(id)), value);
	return err ? err : remove_first_element(msg, index + 1);
}

/* Appends `bytes` behind `piece`, which has to be the last that was appended. */
static enum wsip_err append_to(struct wsip_msg *msg, struct wsip_span bytes,
	struct wsip_piece *piece)
{
	struct wsip_piece more;
	enum wsip_err err;

	if (bytes.size > WSIP_MESSAGE_MAX_BYTES - piece->size)
		return WSIP_ERR_LIMIT;
	err = wsip_msg_append_bytes(msg, bytes, &more);
	if (!err)
		piece->size += more.size;
	return err;
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
	err = wsip_msg_append_bytes(msg, wsip_msg_header_at(msg, index).value, &piece);
	if (!err)
		err = append_to(msg, wsip_span_of(", "), &piece);
	if (!err)
		err = append_to(msg, value, &piece);
	if (!err)
		set_slot_value(msg, index, piece);
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
	if (*name == '\0' || !wsip_span_is_visible(wsip_span_of(name)) ||
		!wsip_span_is_one_line(value))
		return WSIP_ERR_ARGUMENT;
	whole = wsip_msg_header_at(msg, index).value;
	err = first_element(msg, index, &element, &after);
	if (err)
		return err;
	after = (struct wsip_span){ element.data + element.size,
		(size_t)(whole.data + whole.size - (element.data + element.size)) };
	err = wsip_msg_append_bytes(msg, element, &piece);
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
		set_slot_value(msg, index, piece);
	return err;
}
