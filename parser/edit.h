/* SPDX-License-Identifier: MIT
 * What the functions that edit a message are made of.
 */
#ifndef WSIP_PARSER_EDIT_H
#define WSIP_PARSER_EDIT_H

#include "parser/msg.h"

/* Appends bytes to the buffer and says where they are. What is appended next lies behind them. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_append_bytes(struct wsip_msg *msg, struct wsip_span bytes,
	struct wsip_piece *piece);

/* A header field in front of the slot at `index`. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_insert_header(struct wsip_msg *msg, size_t index,
	enum wsip_header_id id, struct wsip_span name, struct wsip_span value);

/* The table of slots goes back to where it was taken from. */
void wsip_msg_give_back_slots(struct wsip_msg *msg);

/* Neither blanks nor control characters. */
bool wsip_span_is_visible(struct wsip_span text);

#endif
