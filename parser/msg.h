/* SPDX-License-Identifier: MIT
 * The message inside: one buffer and a table of header slots with offsets into it. Editing appends
 * to the buffer behind what is there and changes the table, so it is seen at once; when the buffer
 * is full its bytes move to a larger one and the old one is kept for the spans that point into it.
 */
#ifndef WSIP_PARSER_MSG_H
#define WSIP_PARSER_MSG_H

#include <wiresip/msg.h>

#include "base/buf.h"
#include "base/limits.h"

/* Offsets into the message's buffer. */
struct wsip_piece {
	uint32_t offset;
	uint32_t size;
};

struct wsip_header_slot {
	uint32_t line; /* where the name starts */
	uint32_t value;
	uint16_t line_bytes; /* with the final CR LF; 0: written from name and value */
	uint16_t value_bytes;
	uint16_t name_bytes;
	uint8_t id;
	uint8_t spaced; /* blanks stand between the name and its colon */
};

/* What is wrong with a message, and the answer to it (RFC 3261 16.3). */
struct wsip_problem {
	unsigned int status; /* 0: nothing is wrong */
	const char *reason;  /* a constant */
	uint32_t offset;     /* of the first byte that does not fit, where known */
};

_Static_assert(WSIP_MESSAGE_MAX_BYTES <= UINT16_MAX, "a slot has the sizes of its parts");

/* Ordinary messages have no more headers than this; beyond it the table is in a buffer. */
#define WSIP_SLOTS_INLINE 24
/* wsip_msg.first: there is no slot with this id. */
#define WSIP_SLOT_NONE UINT16_MAX
/* A place for each id, and a few more: whole vectors. */
#define WSIP_FIRST_PLACES 64

struct wsip_msg {
	struct wsip_buf *buf;
	struct wsip_header_slot *slots;
	uint16_t slot_count;
	uint16_t slot_room;
	uint8_t is_request;
	uint8_t method;
	uint16_t status;
	struct wsip_piece start; /* the whole start line with CR LF, while unedited */
	struct wsip_piece method_text;
	struct wsip_piece request_uri;
	struct wsip_piece version;
	struct wsip_piece reason;
	struct wsip_piece body;
	uint8_t start_edited;
	uint8_t edited; /* anything at all */
	struct wsip_problem problem;
	struct wsip_piece to_tag; /* where `to_tag_known` */
	uint8_t to_tag_known;
	uint64_t repeated;                 /* a bit for each id that more than one slot has had */
	uint16_t first[WSIP_FIRST_PLACES]; /* index of the first slot with this id */
	struct wsip_header_slot inline_slots[WSIP_SLOTS_INLINE];
};

/* Slices the message in `buf` (taking a reference). Wrong lines are noted in msg->problem, the rest
 * of the message is sliced all the same, so that it can be answered. Fails only when there is no
 * message to speak of (WSIP_ERR_SYNTAX) or no memory. The message must be finished either way. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_parse(struct wsip_msg *msg, struct wsip_buf *buf);

/* A response, also one whose start line is wrong but for "SIP/". Never answered. */
bool wsip_msg_is_response(const struct wsip_msg *msg);

/* Checks what any element needs of a message (RFC 3261 16.3, 8.1.1): returns the first problem,
 * that of the slicing included. This is the check that the proxy makes. Octets of a datagram behind
 * the end that Content-Length gives are not the body's afterwards (18.3). */
struct wsip_problem wsip_msg_check(struct wsip_msg *msg);
/* The same, and what it has read of the first Via when nothing is wrong. */
struct wsip_problem wsip_msg_check_via(struct wsip_msg *msg, struct wsip_via *top);

/* The tag of the To, empty where it has none. False when there is no To that can be read. */
bool wsip_msg_to_tag(const struct wsip_msg *msg, struct wsip_span *tag);

/* A copy that shares the bytes and can be edited by itself. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_copy(struct wsip_msg *copy, const struct wsip_msg *msg);

/* An empty message is fine. */
void wsip_msg_finish(struct wsip_msg *msg);

/* The message as it goes out, in one flat buffer with one reference; unedited parts byte for byte.
 * NULL when memory ran out or the result is too long. */
struct wsip_buf *wsip_msg_serialize(const struct wsip_msg *msg, struct wsip_buf_pool *pool);

/* Whether a comma separates values of this header (RFC 3261 7.3.1); parser/header_name.c. */
bool wsip_header_is_list(enum wsip_header_id id);

/* By id, where the caller knows it. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_prepend_id(struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_span value);
WSIP_MUST_CHECK enum wsip_err wsip_msg_set_id(struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_span value);
/* Replaces the first element of the first header with this id. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_set_first_value(struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_span value);
/* Removes the last element of the last header with this id. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_remove_last_value(struct wsip_msg *msg,
	enum wsip_header_id id);
size_t wsip_msg_remove_id(struct wsip_msg *msg, enum wsip_header_id id);

/* Empty, without a buffer. */
void wsip_msg_init(struct wsip_msg *msg);

/* A slot more at `index`, for parser and editor; NULL beyond the limit, or without memory. */
struct wsip_header_slot *wsip_msg_insert_slot(struct wsip_msg *msg, size_t index,
	enum wsip_header_id id);
_Static_assert(WSIP_HEADER_IDS <= WSIP_FIRST_PLACES, "wsip_msg.first has a place for each id");
_Static_assert(WSIP_HEADER_IDS <= 64, "wsip_msg.repeated has a bit for each id");

static inline void wsip_msg_note_slot(struct wsip_msg *msg, size_t index, enum wsip_header_id id)
{
	if (msg->first[id] != WSIP_SLOT_NONE)
		msg->repeated |= UINT64_C(1) << id;
	if (index < msg->first[id])
		msg->first[id] = (uint16_t)index;
}

/* The same behind the last one. */
static inline struct wsip_header_slot *wsip_msg_append_slot(struct wsip_msg *msg,
	enum wsip_header_id id)
{
	uint16_t index = msg->slot_count;

	if (index == msg->slot_room)
		return wsip_msg_insert_slot(msg, index, id);
	msg->slot_count++;
	msg->slots[index].id = (uint8_t)id;
	msg->slots[index].spaced = 0;
	wsip_msg_note_slot(msg, index, id);
	return &msg->slots[index];
}
void wsip_msg_remove_slot(struct wsip_msg *msg, size_t index);

static inline struct wsip_span wsip_msg_piece(const struct wsip_msg *msg, struct wsip_piece piece)
{
	return (struct wsip_span){ msg->buf->data + piece.offset, piece.size };
}

/* The id of a header name in any spelling, and the name we write: parser/header_name.c. */
enum wsip_header_id wsip_header_id_of(struct wsip_span name);
/* The same for a name of `size` octets with so many to read from its first on, whatever they are.
 */
#define WSIP_NAME_ROOM 32
enum wsip_header_id wsip_header_id_at(const char *name, size_t size);
const char *wsip_header_name(enum wsip_header_id id);
/* parser/method.rl */
enum wsip_method wsip_method_of(struct wsip_span text);

#endif
