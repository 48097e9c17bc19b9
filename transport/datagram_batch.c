/* SPDX-License-Identifier: MIT */
#include "transport/datagram_batch.h"

#include <string.h>

/* ---- Receiving ---- */

void wsip_receive_batch_init(struct wsip_receive_batch *batch, struct wsip_buf_pool *pool)
{
	batch->pool = pool;
	for (unsigned int i = 0; i < WSIP_RECEIVE_BATCH; i++) {
		batch->iovecs[i] = (struct iovec){ batch->octets[i], sizeof(batch->octets[i]) };
		batch->messages[i].msg_hdr = (struct msghdr){ .msg_name = &batch->from[i],
			.msg_namelen = sizeof(batch->from[i]),
			.msg_iov = &batch->iovecs[i],
			.msg_iovlen = 1 };
	}
}

int wsip_receive_batch_fill(struct wsip_receive_batch *batch, int fd)
{
	return recvmmsg(fd, batch->messages, WSIP_RECEIVE_BATCH, MSG_DONTWAIT, NULL);
}

struct wsip_buf *wsip_receive_batch_take(struct wsip_receive_batch *batch, unsigned int index)
{
	batch->messages[index].msg_hdr.msg_namelen = sizeof(batch->from[index]);
	return wsip_buf_of(batch->pool, batch->octets[index], batch->messages[index].msg_len);
}

/* ---- Sending ---- */

void wsip_send_batch_init(struct wsip_send_batch *batch)
{
	batch->first = 0;
	batch->end = 0;
	for (unsigned int i = 0; i < WSIP_SEND_BATCH; i++)
		batch->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &batch->to[i], .msg_iov = &batch->iovecs[i], .msg_iovlen = 1
		};
}

void wsip_send_batch_finish(struct wsip_send_batch *batch)
{
	while (batch->first < batch->end)
		wsip_buf_unref(batch->bufs[batch->first++]);
}

/* Those that wait go to the front. */
static void close_up(struct wsip_send_batch *batch)
{
	unsigned int count = batch->end - batch->first;

	for (unsigned int i = 0; i < count; i++) {
		unsigned int from = batch->first + i;

		batch->bufs[i] = batch->bufs[from];
		batch->to[i] = batch->to[from];
		batch->iovecs[i] = batch->iovecs[from];
		batch->messages[i].msg_hdr.msg_namelen = batch->messages[from].msg_hdr.msg_namelen;
	}
	batch->first = 0;
	batch->end = count;
}

bool wsip_send_batch_is_full(const struct wsip_send_batch *batch)
{
	return batch->end - batch->first == WSIP_SEND_BATCH;
}

void wsip_send_batch_add(struct wsip_send_batch *batch, struct wsip_buf *buf,
	const struct wsip_addr *to)
{
	unsigned int at;

	if (batch->end == WSIP_SEND_BATCH)
		close_up(batch);
	at = batch->end++;
	batch->bufs[at] = wsip_buf_ref(buf);
	batch->iovecs[at] = (struct iovec){ buf->data, buf->used };
	batch->messages[at].msg_hdr.msg_namelen = wsip_sockaddr_of(to, &batch->to[at]);
}

struct wsip_buf *wsip_send_batch_first(const struct wsip_send_batch *batch)
{
	return batch->first < batch->end ? batch->bufs[batch->first] : NULL;
}

void wsip_send_batch_skip(struct wsip_send_batch *batch)
{
	wsip_buf_unref(batch->bufs[batch->first++]);
	if (batch->first == batch->end)
		batch->first = batch->end = 0;
}

int wsip_send_batch_send(struct wsip_send_batch *batch, int fd)
{
	int sent = sendmmsg(fd, batch->messages + batch->first, batch->end - batch->first,
		MSG_DONTWAIT);

	for (int i = 0; i < sent; i++)
		wsip_send_batch_skip(batch);
	return sent;
}
