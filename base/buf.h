/* SPDX-License-Identifier: MIT
 * Pooled, reference-counted buffers: the one reference-counted type. A buffer holds the bytes of a
 * message as they came or as they go; messages borrow from it. Bytes below `used` never change once
 * written, new ones are appended behind them, so every span into a buffer stays true while somebody
 * holds a reference.
 * Not thread-safe: a buffer belongs to one worker at a time (wsip_buf_adopt moves it).
 */
#ifndef WSIP_BASE_BUF_H
#define WSIP_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#define WSIP_BUF_CLASSES 19

/* Room for what is added to a message that came in (`received`, `rport`). */
#define WSIP_BUF_EDIT_ROOM 128

struct wsip_buf_pool {
	struct wsip_buf *free[WSIP_BUF_CLASSES];
	uint32_t in_use;
};

struct wsip_buf {
	struct wsip_buf_pool *pool;
	struct wsip_buf *next; /* the one that this one has outgrown, or the next free one */
	uint32_t references;
	uint32_t size_class;
	uint32_t capacity;
	uint32_t used;
	char data[];
};

void wsip_buf_pool_init(struct wsip_buf_pool *pool);
/* Gives the free buffers back to the system; buffers in use are their holders' to return first. */
void wsip_buf_pool_finish(struct wsip_buf_pool *pool);

/* A buffer with room for at least `capacity` bytes and one reference, or NULL when memory ran out
 * or `capacity` is above the largest class. */
struct wsip_buf *wsip_buf_get(struct wsip_buf_pool *pool, size_t capacity);
/* One with these bytes in it and WSIP_BUF_EDIT_ROOM behind them: a message as it came. */
struct wsip_buf *wsip_buf_of(struct wsip_buf_pool *pool, const char *bytes, size_t size);
struct wsip_buf *wsip_buf_ref(struct wsip_buf *buf);
/* A larger one with the same bytes, in which offsets stay what they were. It takes over the
 * reference to `buf` and keeps it for the spans that point into it. NULL when there is none; `buf`
 * stays the caller's then. */
struct wsip_buf *wsip_buf_outgrow(struct wsip_buf *buf, size_t capacity);
/* NULL is fine. */
void wsip_buf_unref(struct wsip_buf *buf);

/* Moves a buffer with a single reference from its pool to that of the calling worker: `leave` on
 * the one side of a ring, `adopt` on the other. */
void wsip_buf_leave(struct wsip_buf *buf);
void wsip_buf_adopt(struct wsip_buf *buf, struct wsip_buf_pool *pool);

/* What an ordinary datagram has room in. */
size_t wsip_buf_small_bytes(void);

#endif
