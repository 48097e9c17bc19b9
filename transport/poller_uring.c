/* SPDX-License-Identifier: MIT
 * The poller on io_uring: one system call a round submits what is to be sent and waits for what
 * comes. Receiving and accepting need no call of their own: the kernel goes on with them, into
 * buffers that it was lent. uring.h says who owns what.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "transport/outgoing.h"
#include "transport/sockets.h"
#include "transport/uring.h"

/* Datagrams that came and were not looked at yet. What is more waits in the socket. */
#define DATAGRAM_BUFFERS 256
/* The longest datagram, with what the kernel puts before it. */
#define DATAGRAM_BYTES (WSIP_MESSAGE_MAX_BYTES + 1 + 128)
#define STREAM_BUFFERS 64
#define STREAM_BYTES   16384
/* Looks at what is still in hand after everything was cancelled. */
#define LEAVE_ROUNDS 100
/* When the kernel had no room for all there is to submit. */
#define AGAIN_MS 1

static struct wsip_uring_poller *self_of(struct wsip_poller *poller)
{
	return wsip_container_of(poller, struct wsip_uring_poller, base);
}

/* ---- Watches ---- */

void wsip_uring_mark_dirty(struct wsip_uring_poller *self, struct wsip_watch *watch)
{
	if (wsip_list_empty(&watch->dirty))
		wsip_list_append(&self->dirty, &watch->dirty);
}

/* Not while it is being handled, and not before the last of its operations was reported. */
static void free_unused(struct wsip_uring_poller *self, struct wsip_watch *watch)
{
	if (watch->endpoint || watch->standing || watch->send || watch == self->handled)
		return;
	wsip_list_remove(&watch->dirty);
	wsip_pool_free(&self->watches, watch);
}

/* From now on its owner hears nothing of it; what is in hand is cancelled with the next wait. */
static void detach(struct wsip_uring_poller *self, struct wsip_watch *watch)
{
	watch->endpoint->watch = NULL;
	watch->endpoint = NULL;
	wsip_uring_forget_datagrams(self, watch);
	wsip_uring_mark_dirty(self, watch);
	free_unused(self, watch);
}

static enum wsip_err poller_add(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	struct wsip_uring_poller *self = self_of(poller);
	struct wsip_watch *watch = wsip_pool_alloc(&self->watches);

	endpoint->removed = false;
	endpoint->outgoing_bytes = 0;
	endpoint->sent_of_first = 0;
	endpoint->watch = watch;
	wsip_list_init(&endpoint->outgoing);
	if (!watch)
		return WSIP_ERR_MEMORY;
	watch->endpoint = endpoint;
	watch->fd = endpoint->fd;
	watch->kind = endpoint->kind;
	wsip_list_init(&watch->dirty);
	wsip_uring_mark_dirty(self, watch);
	return WSIP_OK;
}

static void poller_remove(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	struct wsip_uring_poller *self = self_of(poller);

	if (endpoint->removed)
		return;
	endpoint->removed = true;
	wsip_outgoing_clear(&self->outgoing, endpoint);
	if (endpoint->watch)
		detach(self, endpoint->watch);
}

/* ---- Submitting ---- */

static bool cancel(struct wsip_uring_poller *self, const struct wsip_watch *watch,
	enum wsip_uring_operation operation)
{
	struct io_uring_sqe *sqe = wsip_uring_sqe(&self->ring);

	if (!sqe)
		return false;
	io_uring_prep_cancel64(sqe, wsip_uring_user_data(watch, operation), 0);
	sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
	sqe->user_data = WSIP_URING_IGNORED;
	return true;
}

static bool cancel_all(struct wsip_uring_poller *self, const struct wsip_watch *watch)
{
	return (!watch->standing || cancel(self, watch, WSIP_URING_STANDING)) &&
	       (!watch->send || cancel(self, watch, WSIP_URING_STREAM_SENT));
}

static bool arm(struct wsip_uring_poller *self, struct wsip_watch *watch)
{
	if (watch->standing)
		return true;
	return watch->kind == WSIP_ENDPOINT_DATAGRAM ? wsip_uring_arm_datagrams(self, watch)
						     : wsip_uring_arm_stream(self, watch);
}

static bool prepare(struct wsip_uring_poller *self, struct wsip_watch *watch)
{
	if (!watch->endpoint)
		return cancel_all(self, watch);
	return arm(self, watch) && wsip_uring_send_stream(self, watch);
}

/* Entries for all that waits. Returns false when some of it has to wait longer. */
static bool prepare_all(struct wsip_uring_poller *self)
{
	struct wsip_list dirty;

	wsip_list_init(&dirty);
	wsip_list_splice(&dirty, &self->dirty);
	while (!wsip_list_empty(&dirty)) {
		struct wsip_watch *watch = wsip_container_of(dirty.next, struct wsip_watch, dirty);

		wsip_list_remove(&watch->dirty);
		if (!prepare(self, watch))
			wsip_uring_mark_dirty(self, watch);
	}
	return wsip_uring_submit_datagrams(self) && wsip_list_empty(&self->dirty);
}

static void poller_wait(struct wsip_poller *poller, int timeout_ms)
{
	struct wsip_uring_poller *self = self_of(poller);

	if (!self->ring.enabled && wsip_uring_ring_enable(&self->ring) != 0)
		return;
	if (!prepare_all(self) && timeout_ms != 0)
		timeout_ms = AGAIN_MS;
	if (self->datagrams.failed_count > 0)
		timeout_ms = 0;
	if (wsip_uring_wait(&self->ring, timeout_ms, self->base.coalesce_us))
		wsip_uring_settle_datagrams(self);
}

/* ---- What happened ---- */

static void handle_standing(struct wsip_uring_poller *self, struct wsip_watch *watch,
	const struct io_uring_cqe *event)
{
	if (!(event->flags & IORING_CQE_F_MORE)) {
		watch->standing = false;
		wsip_uring_mark_dirty(self, watch);
	}
	if (watch->kind == WSIP_ENDPOINT_DATAGRAM)
		wsip_uring_datagram_came(self, watch, event);
	else
		wsip_uring_stream_came(self, watch, event);
}

static void handle(struct wsip_uring_poller *self, const struct io_uring_cqe *event)
{
	uint64_t operation = event->user_data & ((1 << WSIP_URING_OPERATION_BITS) - 1);
	struct wsip_watch *watch = (void *)(uintptr_t)(event->user_data - operation);

	if (operation == WSIP_URING_DATAGRAM_SENT)
		wsip_uring_note_datagram(self, event->user_data, event->res);
	if (operation != WSIP_URING_STANDING && operation != WSIP_URING_STREAM_SENT)
		return;
	self->handled = watch;
	if (operation == WSIP_URING_STANDING)
		handle_standing(self, watch, event);
	else
		wsip_uring_stream_sent(self, watch, event);
	self->handled = NULL;
	free_unused(self, watch);
}

static void poller_dispatch(struct wsip_poller *poller)
{
	struct wsip_uring_poller *self = self_of(poller);
	unsigned int ready = io_uring_cq_ready(&self->ring.io);
	struct io_uring_cqe event;

	wsip_uring_tell_datagrams(self);
	for (; ready > 0 && wsip_uring_next(&self->ring, &event); ready--)
		handle(self, &event);
}

/* ---- Start and end ---- */

static int init_ring(struct wsip_uring_poller *self)
{
	int error = wsip_uring_ring_init(&self->ring);

	if (error)
		return error;
	error = wsip_uring_buffers_init(&self->datagram_buffers, &self->ring, 0, DATAGRAM_BUFFERS,
		DATAGRAM_BYTES);
	if (!error)
		error = wsip_uring_buffers_init(&self->stream_buffers, &self->ring, 1,
			STREAM_BUFFERS, STREAM_BYTES);
	if (error)
		wsip_uring_ring_finish(&self->ring);
	if (error)
		wsip_uring_buffers_finish(&self->datagram_buffers);
	return error;
}

static struct wsip_poller *poller_create(struct wsip_buf_pool *bufs)
{
	struct wsip_uring_poller *self = calloc(1, sizeof(*self));
	int error;

	if (!self)
		return NULL;
	error = init_ring(self);
	if (error) {
		free(self);
		errno = error;
		return NULL;
	}
	self->base.ops = &wsip_poller_uring;
	self->bufs = bufs;
	wsip_uring_datagrams_init(&self->datagrams);
	wsip_outgoing_pool_init(&self->outgoing);
	wsip_pool_init(&self->watches, "watches", sizeof(struct wsip_watch), UINT32_MAX);
	wsip_pool_init(&self->sends, "sends", sizeof(struct wsip_uring_send), UINT32_MAX);
	wsip_list_init(&self->dirty);
	return &self->base;
}

static void detach_each(void *watch, void *self)
{
	if (((struct wsip_watch *)watch)->endpoint)
		detach(self, watch);
}

/* The kernel lets go of everything, or nearly: what it does not give back in time ends with the
 * ring. */
static void take_back(struct wsip_uring_poller *self)
{
	struct io_uring_cqe event;

	wsip_pool_each(&self->watches, detach_each, self);
	for (int round = 0; round < LEAVE_ROUNDS && self->watches.in_use > 0; round++) {
		prepare_all(self);
		wsip_uring_wait(&self->ring, AGAIN_MS, 0);
		while (wsip_uring_next(&self->ring, &event))
			handle(self, &event);
	}
}

static void poller_leave(struct wsip_poller *poller)
{
	struct wsip_uring_poller *self = self_of(poller);

	poller_wait(poller, 0);
	if (wsip_uring_ring_is_mine(&self->ring))
		take_back(self);
}

static void free_send(void *send, void *self)
{
	wsip_uring_send_free(self, send);
}

static void poller_destroy(struct wsip_poller *poller)
{
	struct wsip_uring_poller *self = self_of(poller);

	if (wsip_uring_ring_is_mine(&self->ring))
		take_back(self);
	wsip_uring_ring_finish(&self->ring);
	wsip_uring_buffers_finish(&self->datagram_buffers);
	wsip_uring_buffers_finish(&self->stream_buffers);
	wsip_uring_datagrams_finish(&self->datagrams);
	wsip_pool_each(&self->sends, free_send, self);
	wsip_pool_finish(&self->sends);
	wsip_pool_finish(&self->watches);
	wsip_pool_finish(&self->outgoing);
	free(self);
}

/* ---- Calls of the owners ---- */

static int poller_connect(struct wsip_poller *poller, const struct wsip_addr *remote)
{
	(void)poller;
	return wsip_socket_connect(remote);
}

static void poller_close(struct wsip_poller *poller, int fd)
{
	(void)poller;
	close(fd);
}

static enum wsip_err poller_send_datagram(struct wsip_poller *poller,
	struct wsip_endpoint *endpoint, struct wsip_buf *buf, const struct wsip_addr *to)
{
	return wsip_uring_send_datagram(self_of(poller), endpoint, buf, to);
}

static enum wsip_err poller_send_stream(struct wsip_poller *poller, struct wsip_endpoint *endpoint,
	struct wsip_buf *buf, uint64_t ticket)
{
	struct wsip_uring_poller *self = self_of(poller);
	enum wsip_err err = wsip_outgoing_add(&self->outgoing, endpoint, buf, ticket);

	if (!err && endpoint->watch)
		wsip_uring_mark_dirty(self, endpoint->watch);
	return err;
}

static uint64_t poller_datagrams_lost(const struct wsip_poller *poller)
{
	return wsip_container_of(poller, const struct wsip_uring_poller, base)->lost;
}

/* What is received into is the kernel's, and none of the pool's. */
const struct wsip_poller_ops wsip_poller_uring = {
	.name = "uring",
	.create = poller_create,
	.destroy = poller_destroy,
	.add = poller_add,
	.remove = poller_remove,
	.connect = poller_connect,
	.close = poller_close,
	.send_datagram = poller_send_datagram,
	.send_stream = poller_send_stream,
	.wait = poller_wait,
	.dispatch = poller_dispatch,
	.leave = poller_leave,
	.datagrams_lost = poller_datagrams_lost,
};
