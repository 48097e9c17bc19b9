/* SPDX-License-Identifier: MIT
 * A sliced message on its way to another worker: its table of slots travels in the free room of its
 * buffer, behind the bytes, so there is nothing to allocate on the one side and to give back on the
 * other.
 */
#ifndef WSIP_PARSER_PACK_H
#define WSIP_PARSER_PACK_H

#include "parser/msg.h"

/* Writes what was sliced behind the bytes of msg->buf, which changes for a larger one where there
 * is no room. `msg` is as wsip_msg_parse left it, and nobody else holds the buffer. False when
 * memory ran out, or when it has more headers than ordinary messages: the other side has to slice
 * again. */
bool wsip_msg_pack(struct wsip_msg *msg);

/* Makes `msg` of a buffer that was packed, whose reference is taken over. The room is free again
 * then. */
void wsip_msg_unpack(struct wsip_msg *msg, struct wsip_buf *buf);

#endif
