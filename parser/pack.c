/* SPDX-License-Identifier: MIT */
#include "parser/pack.h"

#include <string.h>

/* Everything in front of the slots; its pointers mean nothing on the other side. */
#define HEAD_BYTES offsetof(struct wsip_msg, inline_slots)

static char *place_behind(struct wsip_buf *buf)
{
	size_t beyond = (uintptr_t)(buf->data + buf->used) % _Alignof(struct wsip_msg);

	return buf->data + buf->used + (beyond ? _Alignof(struct wsip_msg) - beyond : 0);
}

static size_t table_bytes(const struct wsip_msg *msg)
{
	return msg->slot_count * sizeof(msg->slots[0]);
}

static bool make_room(struct wsip_msg *msg, size_t bytes)
{
	struct wsip_buf *buf = msg->buf, *larger;

	if (place_behind(buf) + bytes <= buf->data + buf->capacity)
		return true;
	larger = wsip_buf_get(buf->pool, buf->used + _Alignof(struct wsip_msg) + bytes);
	if (!larger)
		return false;
	memcpy(larger->data, buf->data, buf->used);
	larger->used = buf->used;
	wsip_buf_unref(buf);
	msg->buf = larger;
	return true;
}

bool wsip_msg_pack(struct wsip_msg *msg)
{
	char *place;

	if (msg->slots != msg->inline_slots || !make_room(msg, HEAD_BYTES + table_bytes(msg)))
		return false;
	place = place_behind(msg->buf);
	memcpy(place, msg, HEAD_BYTES);
	memcpy(place + HEAD_BYTES, msg->slots, table_bytes(msg));
	return true;
}

void wsip_msg_unpack(struct wsip_msg *msg, struct wsip_buf *buf)
{
	const char *place = place_behind(buf);

	memcpy(msg, place, HEAD_BYTES);
	msg->buf = buf;
	msg->slots = msg->inline_slots;
	memcpy(msg->slots, place + HEAD_BYTES, table_bytes(msg));
}
