/* SPDX-License-Identifier: MIT */
#include "transport/error_queue.h"

#include <sys/socket.h>
#include <sys/uio.h>

/* Before the others get their turn. */
#define ERRORS_A_ROUND 32

/* Returns what came back, or NULL. */
static struct wsip_buf *read_one(int fd, struct wsip_buf_pool *bufs)
{
	struct wsip_buf *buf = wsip_buf_get(bufs, wsip_buf_small_bytes());
	char ancillary[512];
	struct iovec iovec;
	struct msghdr message;
	ssize_t size;

	if (!buf)
		return NULL;
	iovec = (struct iovec){ buf->data, buf->capacity };
	message = (struct msghdr){ .msg_iov = &iovec,
		.msg_iovlen = 1,
		.msg_control = ancillary,
		.msg_controllen = sizeof(ancillary) };
	size = recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT);
	if (size < 0) {
		wsip_buf_unref(buf);
		return NULL;
	}
	buf->used = (uint32_t)size;
	return buf;
}

/* RFC 3261 18.4: ICMP errors come with the datagram they are about. */
void wsip_error_queue_read(struct wsip_endpoint *endpoint, struct wsip_buf_pool *bufs)
{
	struct wsip_buf *buf;

	for (int i = 0; i < ERRORS_A_ROUND && !endpoint->removed; i++) {
		buf = read_one(endpoint->fd, bufs);
		if (!buf)
			return;
		if (buf->used > 0)
			endpoint->ops->refused(endpoint, buf);
		wsip_buf_unref(buf);
	}
}
