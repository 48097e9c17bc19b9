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

bool wsip_msg_pack(const struct wsip_msg *msg)
{
	struct wsip_buf *buf = msg->buf;
	char *place = place_behind(buf);
	ptrdiff_t room = buf->data + buf->capacity - place;

	if (msg->slots != msg->inline_slots || room < (ptrdiff_t)(HEAD_BYTES + table_bytes(msg)))
		return false;
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
