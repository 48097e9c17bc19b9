/* SPDX-License-Identifier: MIT
 * The poller on epoll: datagrams come and go in batches (recvmmsg, sendmmsg), streams are written
 * once a round.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "transport/datagram_batch.h"
#include "transport/error_queue.h"
#include "transport/outgoing.h"
#include "transport/poller.h"
#include "transport/sockets.h"

#define EVENTS        64
#define STREAM_BYTES  65536
#define STREAM_IOVECS 64
/* Rounds of receiving before the others get their turn. */
#define RECEIVE_ROUNDS 4
/* Errors of others that a datagram may be blamed for before it is given up. */
#define OTHERS_ERRORS 8

struct epoll_poller {
	struct wsip_poller base;
	int fd;
	struct wsip_buf_pool *bufs;
	struct wsip_pool outgoing;
	struct wsip_list dirty;
	uint64_t lost;
	struct epoll_event events[EVENTS];
	int event_count;
	bool told;   /* an owner was told something while sending */
	bool behind; /* more datagrams are known to be there */
	struct wsip_receive_batch receive;
	char stream_bytes[STREAM_BYTES];
};

static struct epoll_poller *self_of(struct wsip_poller *poller)
{
	return wsip_container_of(poller, struct epoll_poller, base);
}

static struct wsip_poller *poller_create(struct wsip_buf_pool *bufs)
{
	struct epoll_poller *self = calloc(1, sizeof(*self));

	if (!self)
		return NULL;
	self->base.ops = &wsip_poller_epoll;
	self->bufs = bufs;
	wsip_outgoing_pool_init(&self->outgoing);
	wsip_receive_batch_init(&self->receive, bufs);
	wsip_list_init(&self->dirty);
	self->fd = epoll_create1(EPOLL_CLOEXEC);
	if (self->fd < 0) {
		free(self);
		return NULL;
	}
	return &self->base;
}

static void poller_destroy(struct wsip_poller *poller)
{
	struct epoll_poller *self = self_of(poller);

	wsip_pool_finish(&self->outgoing);
	close(self->fd);
	free(self);
}

static uint32_t wanted_events(const struct wsip_endpoint *endpoint)
{
	return EPOLLIN | (endpoint->wants_write || endpoint->connecting ? EPOLLOUT : 0);
}

static int control(struct epoll_poller *self, int operation, struct wsip_endpoint *endpoint)
{
	struct epoll_event event = { .events = wanted_events(endpoint), .data.ptr = endpoint };

	return epoll_ctl(self->fd, operation, endpoint->fd, &event);
}

static enum wsip_err poller_add(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	endpoint->wants_write = false;
	endpoint->removed = false;
	endpoint->outgoing_bytes = 0;
	endpoint->sent_of_first = 0;
	endpoint->batch = NULL;
	wsip_list_init(&endpoint->dirty);
	wsip_list_init(&endpoint->outgoing);
	if (endpoint->kind == WSIP_ENDPOINT_DATAGRAM) {
		endpoint->batch = malloc(sizeof(*endpoint->batch));
		if (!endpoint->batch)
			return WSIP_ERR_MEMORY;
		wsip_send_batch_init(endpoint->batch);
	}
	return control(self_of(poller), EPOLL_CTL_ADD, endpoint) == 0 ? WSIP_OK : WSIP_ERR_SYSTEM;
}

static void drop_outgoing(struct epoll_poller *self, struct wsip_endpoint *endpoint)
{
	wsip_outgoing_clear(&self->outgoing, endpoint);
	if (endpoint->batch) {
		wsip_send_batch_finish(endpoint->batch);
		free(endpoint->batch);
		endpoint->batch = NULL;
	}
}

static void poller_remove(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	struct epoll_poller *self = self_of(poller);

	if (endpoint->removed)
		return;
	endpoint->removed = true;
	wsip_list_remove(&endpoint->dirty);
	drop_outgoing(self, endpoint);
	epoll_ctl(self->fd, EPOLL_CTL_DEL, endpoint->fd, NULL);
	/* An event of this round may still name it. */
	for (int i = 0; i < self->event_count; i++) {
		if (self->events[i].data.ptr == endpoint)
			self->events[i].data.ptr = NULL;
	}
}

/* ---- Sending datagrams ---- */

static void want_write(struct epoll_poller *self, struct wsip_endpoint *endpoint, bool wants)
{
	if (endpoint->wants_write == wants)
		return;
	endpoint->wants_write = wants;
	control(self, EPOLL_CTL_MOD, endpoint);
}

/* The first one that waits cannot be sent. */
static void give_up_first(struct epoll_poller *self, struct wsip_endpoint *endpoint)
{
	struct wsip_buf *buf = wsip_buf_ref(wsip_send_batch_first(endpoint->batch));

	wsip_send_batch_skip(endpoint->batch);
	self->told = true;
	self->lost++;
	endpoint->ops->refused(endpoint, buf);
	wsip_buf_unref(buf);
}

static void flush_datagrams(struct epoll_poller *self, struct wsip_endpoint *endpoint)
{
	int others_errors = 0;

	while (!endpoint->removed && wsip_send_batch_first(endpoint->batch)) {
		if (wsip_send_batch_send(endpoint->batch, endpoint->fd) > 0 || errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == EWOULDBLOCK) {
			want_write(self, endpoint, true);
			return;
		}
		/* Either the ICMP error of an earlier datagram is reported here, which clears it,
		 * or the first one of the batch cannot be sent. */
		if (others_errors++ < OTHERS_ERRORS)
			continue;
		give_up_first(self, endpoint);
	}
	if (!endpoint->removed)
		want_write(self, endpoint, false);
}

static void mark_dirty(struct epoll_poller *self, struct wsip_endpoint *endpoint)
{
	if (wsip_list_empty(&endpoint->dirty))
		wsip_list_append(&self->dirty, &endpoint->dirty);
}

static enum wsip_err poller_send_datagram(struct wsip_poller *poller,
	struct wsip_endpoint *endpoint, struct wsip_buf *buf, const struct wsip_addr *to)
{
	struct epoll_poller *self = self_of(poller);

	if (wsip_send_batch_is_full(endpoint->batch))
		flush_datagrams(self, endpoint);
	if (endpoint->removed || wsip_send_batch_is_full(endpoint->batch)) {
		self->lost++; /* the system is full; UDP loses then, and SIP repeats */
		return WSIP_OK;
	}
	wsip_send_batch_add(endpoint->batch, buf, to);
	mark_dirty(self, endpoint);
	return WSIP_OK;
}

/* ---- Opening and closing ---- */

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

/* ---- Sending on streams ---- */

static enum wsip_err poller_send_stream(struct wsip_poller *poller, struct wsip_endpoint *endpoint,
	struct wsip_buf *buf, uint64_t ticket)
{
	struct epoll_poller *self = self_of(poller);
	enum wsip_err err = wsip_outgoing_add(&self->outgoing, endpoint, buf, ticket);

	if (!err)
		mark_dirty(self, endpoint);
	return err;
}

/* Returns 0, or the error that ends the stream. */
static int flush_stream(struct epoll_poller *self, struct wsip_endpoint *endpoint)
{
	struct iovec iovecs[STREAM_IOVECS];

	while (!endpoint->connecting && !wsip_list_empty(&endpoint->outgoing)) {
		struct msghdr message = { .msg_iov = iovecs,
			.msg_iovlen = (size_t)wsip_outgoing_iovecs(endpoint, iovecs,
				STREAM_IOVECS) };
		ssize_t written = sendmsg(endpoint->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			want_write(self, endpoint, true);
			return 0;
		}
		if (written < 0)
			return errno;
		wsip_outgoing_written(&self->outgoing, endpoint, (size_t)written);
	}
	want_write(self, endpoint, false);
	return 0;
}

static void flush_all(struct epoll_poller *self)
{
	struct wsip_list dirty;

	wsip_list_init(&dirty);
	wsip_list_splice(&dirty, &self->dirty);
	while (!wsip_list_empty(&dirty)) {
		struct wsip_endpoint *endpoint = wsip_container_of(dirty.next, struct wsip_endpoint,
			dirty);
		int error;

		wsip_list_remove(&endpoint->dirty);
		if (endpoint->kind == WSIP_ENDPOINT_DATAGRAM) {
			flush_datagrams(self, endpoint);
			continue;
		}
		error = flush_stream(self, endpoint);
		if (error) {
			self->told = true;
			endpoint->ops->closed(endpoint, error);
		}
	}
}

/* ---- Receiving ---- */

/* Returns whether more may be waiting. */
static bool receive_round(struct epoll_poller *self, struct wsip_endpoint *endpoint)
{
	int count = wsip_receive_batch_fill(&self->receive, endpoint->fd);

	for (int i = 0; i < count && !endpoint->removed; i++) {
		struct wsip_buf *buf = wsip_receive_batch_take(&self->receive, (unsigned int)i);
		struct wsip_addr from = wsip_addr_of(&self->receive.from[i].any);

		if (buf)
			endpoint->ops->datagram(endpoint, buf, &from);
		else
			self->lost++;
	}
	return count == WSIP_RECEIVE_BATCH;
}

static void receive_datagrams(struct epoll_poller *self, struct wsip_endpoint *endpoint)
{
	for (int round = 0; round < RECEIVE_ROUNDS && !endpoint->removed; round++) {
		if (!receive_round(self, endpoint))
			return;
	}
	self->behind = true;
}

static void accept_streams(struct wsip_endpoint *endpoint)
{
	for (int round = 0; round < EVENTS && !endpoint->removed; round++) {
		union wsip_sockaddr name;
		socklen_t size = sizeof(name);
		int fd = accept4(endpoint->fd, &name.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct wsip_addr from;

		if (fd < 0 && errno != EINTR && errno != ECONNABORTED)
			return;
		if (fd < 0)
			continue;
		from = wsip_addr_of(&name.any);
		wsip_socket_tune_stream(fd);
		endpoint->ops->accepted(endpoint, fd, &from);
	}
}

static void finish_connect(struct epoll_poller *self, struct wsip_endpoint *endpoint)
{
	int error = wsip_socket_error(endpoint->fd);

	if (error) {
		endpoint->ops->closed(endpoint, error);
		return;
	}
	endpoint->connecting = false;
	endpoint->wants_write = true;
	mark_dirty(self, endpoint);
	endpoint->ops->connected(endpoint);
}

static void read_stream(struct epoll_poller *self, struct wsip_endpoint *endpoint)
{
	ssize_t size = recv(endpoint->fd, self->stream_bytes, sizeof(self->stream_bytes),
		MSG_DONTWAIT);

	if (size > 0)
		endpoint->ops->data(endpoint, self->stream_bytes, (size_t)size);
	else if (size == 0)
		endpoint->ops->closed(endpoint, 0);
	else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
		endpoint->ops->closed(endpoint, errno);
}

static void read_wake(struct wsip_endpoint *endpoint)
{
	uint64_t count;

	if (read(endpoint->fd, &count, sizeof(count)) == sizeof(count))
		endpoint->ops->woken(endpoint);
}

static void handle_stream(struct epoll_poller *self, struct wsip_endpoint *endpoint,
	uint32_t events)
{
	if (endpoint->connecting) {
		if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
			finish_connect(self, endpoint);
		return;
	}
	if (events & EPOLLOUT)
		mark_dirty(self, endpoint);
	if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
		read_stream(self, endpoint);
}

static void handle(struct epoll_poller *self, struct wsip_endpoint *endpoint, uint32_t events)
{
	switch (endpoint->kind) {
	case WSIP_ENDPOINT_DATAGRAM:
		if (events & EPOLLERR)
			wsip_error_queue_read(endpoint, self->bufs);
		if (events & EPOLLOUT && !endpoint->removed)
			flush_datagrams(self, endpoint);
		if (events & EPOLLIN && !endpoint->removed)
			receive_datagrams(self, endpoint);
		return;
	case WSIP_ENDPOINT_LISTENER:
		accept_streams(endpoint);
		return;
	case WSIP_ENDPOINT_STREAM:
		handle_stream(self, endpoint, events);
		return;
	case WSIP_ENDPOINT_WAKE:
		read_wake(endpoint);
		return;
	}
}

/* What comes in the meantime is waiting when the sleep ends. Never when something is to be done at
 * once, nor when there is more company already than could be taken care of. */
static void sleep_for_company(const struct epoll_poller *self, int timeout_ms)
{
	uint32_t us = self->base.coalesce_us;

	if (us == 0 || timeout_ms == 0 || self->behind)
		return;
	if (timeout_ms > 0 && us / 1000 >= (unsigned int)timeout_ms)
		us = (uint32_t)timeout_ms * 1000;
	clock_nanosleep(CLOCK_MONOTONIC, 0,
		&(struct timespec){ us / 1000000, (long)(us % 1000000) * 1000 }, NULL);
}

static void poller_wait(struct wsip_poller *poller, int timeout_ms)
{
	struct epoll_poller *self = self_of(poller);

	self->told = false;
	flush_all(self);
	/* Who was told may have something to do that `timeout_ms` knows nothing of. */
	if (self->told)
		timeout_ms = 0;
	sleep_for_company(self, timeout_ms);
	self->behind = false;
	self->event_count = epoll_wait(self->fd, self->events, EVENTS, timeout_ms);
}

static void poller_leave(struct wsip_poller *poller)
{
	flush_all(self_of(poller));
}

static void poller_dispatch(struct wsip_poller *poller)
{
	struct epoll_poller *self = self_of(poller);

	for (int i = 0; i < self->event_count; i++) {
		struct wsip_endpoint *endpoint = self->events[i].data.ptr;

		if (endpoint)
			handle(self, endpoint, self->events[i].events);
	}
	self->event_count = 0;
}

static uint64_t poller_datagrams_lost(const struct wsip_poller *poller)
{
	return wsip_container_of(poller, const struct epoll_poller, base)->lost;
}

const struct wsip_poller_ops wsip_poller_epoll = {
	.name = "epoll",
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
