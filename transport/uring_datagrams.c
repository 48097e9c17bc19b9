/* SPDX-License-Identifier: MIT */
#include "transport/uring_datagrams.h"

#include <errno.h>
#include <string.h>

#include "transport/error_queue.h"
#include "transport/uring.h"

/* Errors of others that a datagram may be blamed for before it is given up. */
#define OTHERS_ERRORS 8

void wsip_uring_datagrams_init(struct wsip_uring_datagrams *datagrams)
{
	datagrams->receive.msg_namelen = sizeof(union wsip_sockaddr);
}

void wsip_uring_datagrams_finish(struct wsip_uring_datagrams *datagrams)
{
	while (datagrams->count > 0)
		wsip_buf_unref(datagrams->items[--datagrams->count].buf);
	while (datagrams->failed_count > 0)
		wsip_buf_unref(datagrams->failed[--datagrams->failed_count].buf);
}

/* ---- Receiving ---- */

bool wsip_uring_arm_datagrams(struct wsip_uring_poller *self, struct wsip_watch *watch)
{
	struct io_uring_sqe *sqe = wsip_uring_sqe(&self->ring);

	if (!sqe)
		return false;
	io_uring_prep_recvmsg_multishot(sqe, watch->fd, &self->datagrams.receive, 0);
	sqe->flags |= IOSQE_BUFFER_SELECT;
	sqe->buf_group = self->datagram_buffers.group;
	sqe->user_data = wsip_uring_user_data(watch, WSIP_URING_STANDING);
	watch->standing = true;
	return true;
}

/* What arrived is copied: the kernel's buffers have to hold the longest datagram there is, and a
 * request that is kept for seconds shall hold no more memory than it needs. */
static struct wsip_buf *copy_payload(struct wsip_uring_poller *self, char *buffer, int size,
	struct wsip_addr *from)
{
	struct msghdr *receive = &self->datagrams.receive;
	struct io_uring_recvmsg_out *out = io_uring_recvmsg_validate(buffer, size, receive);
	unsigned int payload_bytes;

	if (!out)
		return NULL;
	payload_bytes = io_uring_recvmsg_payload_length(out, size, receive);
	*from = wsip_addr_of(io_uring_recvmsg_name(out));
	return wsip_buf_of(self->bufs, io_uring_recvmsg_payload(out, receive), payload_bytes);
}

static void take_datagram(struct wsip_uring_poller *self, struct wsip_watch *watch,
	const struct io_uring_cqe *event)
{
	struct wsip_addr from;
	struct wsip_buf *buf = NULL;

	if (watch->endpoint && event->res >= 0)
		buf = copy_payload(self, wsip_uring_buffers_of(&self->datagram_buffers, event),
			event->res, &from);
	wsip_uring_buffers_return(&self->datagram_buffers, event);
	if (buf)
		watch->endpoint->ops->datagram(watch->endpoint, buf, &from);
	else if (watch->endpoint)
		self->lost++;
}

void wsip_uring_datagram_came(struct wsip_uring_poller *self, struct wsip_watch *watch,
	const struct io_uring_cqe *event)
{
	if (event->flags & IORING_CQE_F_BUFFER)
		take_datagram(self, watch, event);
	/* RFC 3261 18.4: an ICMP error ends the receiving, and has left the datagram in the error
	 * queue. */
	else if (event->res < 0 && event->res != -ENOBUFS && watch->endpoint)
		wsip_error_queue_read(watch->endpoint, self->bufs);
}

/* ---- Sending ---- */

/* An address beside the octets (Linux 6.1) is less for the kernel to read than a struct msghdr. */
static void prepare_send(const struct wsip_uring_datagram *datagram, struct io_uring_sqe *sqe)
{
	io_uring_prep_send(sqe, datagram->watch->fd, datagram->buf->data, datagram->bytes,
		MSG_DONTWAIT);
	io_uring_prep_send_set_addr(sqe, &datagram->to.any, (uint16_t)datagram->to_bytes);
}

bool wsip_uring_submit_datagrams(struct wsip_uring_poller *self)
{
	struct wsip_uring_datagrams *datagrams = &self->datagrams;

	for (; datagrams->prepared < datagrams->count; datagrams->prepared++) {
		uint32_t at = datagrams->prepared;
		struct io_uring_sqe *sqe;

		if (!datagrams->items[at].watch)
			continue;
		sqe = wsip_uring_sqe(&self->ring);
		if (!sqe)
			return false;
		prepare_send(&datagrams->items[at], sqe);
		sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
		sqe->user_data = (uint64_t)at << WSIP_URING_OPERATION_BITS |
				 WSIP_URING_DATAGRAM_SENT;
	}
	return true;
}

void wsip_uring_note_datagram(struct wsip_uring_poller *self, uint64_t user_data, int result)
{
	self->datagrams.items[user_data >> WSIP_URING_OPERATION_BITS].result = result;
}

/* The events of datagrams are taken out of turn, from among the others. */
static void note_results(struct wsip_uring_poller *self)
{
	struct io_uring_cqe *event;
	unsigned int head;

	io_uring_for_each_cqe(&self->ring.io, head, event)
	{
		uint64_t operation = event->user_data & ((1 << WSIP_URING_OPERATION_BITS) - 1);

		if (operation != WSIP_URING_DATAGRAM_SENT)
			continue;
		wsip_uring_note_datagram(self, event->user_data, event->res);
		event->user_data = WSIP_URING_IGNORED;
	}
}

/* Sent, or lost: a system that is full loses datagrams, and SIP repeats them. */
static void keep_or_drop(struct wsip_uring_poller *self, const struct wsip_uring_datagram *datagram)
{
	struct wsip_uring_datagrams *datagrams = &self->datagrams;

	if (datagram->result < 0 && datagram->result != -EAGAIN && datagram->watch &&
		datagrams->failed_count < WSIP_URING_DATAGRAMS) {
		datagrams->failed[datagrams->failed_count++] = *datagram;
		return;
	}
	if (datagram->result < 0)
		self->lost++;
	wsip_buf_unref(datagram->buf);
}

void wsip_uring_settle_datagrams(struct wsip_uring_poller *self)
{
	struct wsip_uring_datagrams *datagrams = &self->datagrams;

	if (datagrams->count == 0 || datagrams->prepared < datagrams->count ||
		wsip_uring_has_overflowed(&self->ring))
		return;
	note_results(self);
	for (uint32_t i = 0; i < datagrams->count; i++)
		keep_or_drop(self, &datagrams->items[i]);
	datagrams->count = 0;
	datagrams->prepared = 0;
}

static bool make_room(struct wsip_uring_poller *self)
{
	struct wsip_uring_datagrams *datagrams = &self->datagrams;

	if (datagrams->count == WSIP_URING_DATAGRAMS && wsip_uring_ring_is_mine(&self->ring) &&
		wsip_uring_submit_datagrams(self) && wsip_uring_submit(&self->ring))
		wsip_uring_settle_datagrams(self);
	return datagrams->count < WSIP_URING_DATAGRAMS;
}

enum wsip_err wsip_uring_send_datagram(struct wsip_uring_poller *self,
	struct wsip_endpoint *endpoint, struct wsip_buf *buf, const struct wsip_addr *to)
{
	struct wsip_uring_datagram *datagram;

	if (!endpoint->watch || !make_room(self)) {
		self->lost++;
		return WSIP_OK;
	}
	datagram = &self->datagrams.items[self->datagrams.count++];
	datagram->buf = wsip_buf_ref(buf);
	datagram->bytes = buf->used;
	datagram->watch = endpoint->watch;
	datagram->to_bytes = wsip_sockaddr_of(to, &datagram->to);
	datagram->others_errors = 0;
	datagram->result = 0;
	return WSIP_OK;
}

void wsip_uring_forget_datagrams(struct wsip_uring_poller *self, const struct wsip_watch *watch)
{
	struct wsip_uring_datagrams *datagrams = &self->datagrams;

	for (uint32_t i = 0; i < datagrams->count; i++) {
		if (datagrams->items[i].watch == watch)
			datagrams->items[i].watch = NULL;
	}
	for (uint32_t i = 0; i < datagrams->failed_count; i++) {
		if (datagrams->failed[i].watch == watch)
			datagrams->failed[i].watch = NULL;
	}
}

/* ---- What could not be sent ---- */

/* Either the ICMP error of an earlier datagram was reported to this one, which cleared it, or this
 * one cannot be sent. */
static void tell_failed(struct wsip_uring_poller *self, struct wsip_uring_datagram *failed)
{
	struct wsip_endpoint *endpoint = failed->watch->endpoint;

	wsip_error_queue_read(endpoint, self->bufs);
	if (endpoint->removed)
		return;
	if (failed->others_errors++ < OTHERS_ERRORS && make_room(self)) {
		failed->result = 0;
		wsip_buf_ref(failed->buf);
		self->datagrams.items[self->datagrams.count++] = *failed;
		return;
	}
	self->lost++;
	endpoint->ops->refused(endpoint, failed->buf);
}

void wsip_uring_tell_datagrams(struct wsip_uring_poller *self)
{
	struct wsip_uring_datagrams *datagrams = &self->datagrams;

	while (datagrams->failed_count > 0) {
		struct wsip_uring_datagram failed = datagrams->failed[--datagrams->failed_count];

		if (failed.watch)
			tell_failed(self, &failed);
		wsip_buf_unref(failed.buf);
	}
}
