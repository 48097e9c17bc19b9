/* SPDX-License-Identifier: MIT
 * Listeners, streams and wake-ups on io_uring. One standing operation each: accepting and receiving
 * go on by themselves until they say otherwise; a connection that is being opened is waited for.
 * Beside it a stream has at most one send in hand, so its bytes stay in order.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "transport/outgoing.h"
#include "transport/sockets.h"
#include "transport/uring.h"

/* When the system has no descriptor for an accepted connection, the next one is not tried at once.
 */
static struct __kernel_timespec rest = { .tv_nsec = 100000000 };

/* ---- Standing operations ---- */

static void prepare_receive(struct wsip_uring_poller *self, const struct wsip_watch *watch,
	struct io_uring_sqe *sqe)
{
	io_uring_prep_recv_multishot(sqe, watch->fd, NULL, 0, 0);
	sqe->flags |= IOSQE_BUFFER_SELECT;
	sqe->buf_group = self->stream_buffers.group;
}

bool wsip_uring_arm_stream(struct wsip_uring_poller *self, struct wsip_watch *watch)
{
	struct io_uring_sqe *sqe = wsip_uring_sqe(&self->ring);

	if (!sqe)
		return false;
	if (watch->resting)
		io_uring_prep_timeout(sqe, &rest, 0, 0);
	else if (watch->kind == WSIP_ENDPOINT_LISTENER)
		io_uring_prep_multishot_accept(sqe, watch->fd, NULL, NULL,
			SOCK_NONBLOCK | SOCK_CLOEXEC);
	else if (watch->kind == WSIP_ENDPOINT_WAKE)
		io_uring_prep_read(sqe, watch->fd, &watch->wakes, sizeof(watch->wakes), 0);
	else if (watch->endpoint->connecting)
		io_uring_prep_poll_add(sqe, watch->fd, POLLOUT);
	else
		prepare_receive(self, watch, sqe);
	sqe->user_data = wsip_uring_user_data(watch, WSIP_URING_STANDING);
	watch->standing = true;
	return true;
}

static bool is_transient(int result)
{
	return result == -EAGAIN || result == -EINTR || result == -ECONNABORTED ||
	       result == -ENOBUFS || result == -ECANCELED;
}

static void accepted(struct wsip_watch *watch, int result)
{
	union wsip_sockaddr name;
	socklen_t size = sizeof(name);
	struct wsip_addr from;

	if (result < 0) {
		watch->resting = !watch->resting && !is_transient(result);
		return;
	}
	/* It may be gone again, which the first receive will tell. */
	if (!watch->endpoint || getpeername(result, &name.any, &size) != 0) {
		close(result);
		return;
	}
	from = wsip_addr_of(&name.any);
	wsip_socket_tune_stream(result);
	watch->endpoint->ops->accepted(watch->endpoint, result, &from);
}

static void finish_connect(struct wsip_endpoint *endpoint)
{
	int error = wsip_socket_error(endpoint->fd);

	if (error) {
		endpoint->ops->closed(endpoint, error);
		return;
	}
	endpoint->connecting = false;
	endpoint->ops->connected(endpoint);
}

static void received(struct wsip_uring_poller *self, struct wsip_endpoint *endpoint,
	const struct io_uring_cqe *event)
{
	if (event->res > 0)
		endpoint->ops->data(endpoint, wsip_uring_buffers_of(&self->stream_buffers, event),
			(size_t)event->res);
	else if (!is_transient(event->res))
		endpoint->ops->closed(endpoint, -event->res);
}

void wsip_uring_stream_came(struct wsip_uring_poller *self, struct wsip_watch *watch,
	const struct io_uring_cqe *event)
{
	struct wsip_endpoint *endpoint = watch->endpoint;

	if (watch->kind == WSIP_ENDPOINT_LISTENER)
		accepted(watch, event->res);
	else if (endpoint && watch->kind == WSIP_ENDPOINT_WAKE && event->res > 0)
		endpoint->ops->woken(endpoint);
	else if (endpoint && watch->kind == WSIP_ENDPOINT_STREAM && endpoint->connecting)
		finish_connect(endpoint);
	else if (endpoint && watch->kind == WSIP_ENDPOINT_STREAM)
		received(self, endpoint, event);
	if (event->flags & IORING_CQE_F_BUFFER)
		wsip_uring_buffers_return(&self->stream_buffers, event);
}

/* ---- Sending ---- */

static void fill(struct wsip_uring_send *send, const struct wsip_endpoint *endpoint)
{
	const struct wsip_list *link = &endpoint->outgoing;

	send->count = wsip_outgoing_iovecs(endpoint, send->iovecs, WSIP_URING_STREAM_PIECES);
	for (int i = 0; i < send->count; i++) {
		link = link->next;
		send->bufs[i] =
			wsip_buf_ref(wsip_container_of(link, struct wsip_outgoing, link)->buf);
	}
	send->message.msg_iov = send->iovecs;
	send->message.msg_iovlen = (size_t)send->count;
}

void wsip_uring_send_free(struct wsip_uring_poller *self, struct wsip_uring_send *send)
{
	for (int i = 0; i < send->count; i++)
		wsip_buf_unref(send->bufs[i]);
	wsip_pool_free(&self->sends, send);
}

bool wsip_uring_send_stream(struct wsip_uring_poller *self, struct wsip_watch *watch)
{
	struct wsip_endpoint *endpoint = watch->endpoint;
	struct io_uring_sqe *sqe;

	if (watch->send || endpoint->connecting || wsip_list_empty(&endpoint->outgoing))
		return true;
	watch->send = wsip_pool_alloc(&self->sends);
	if (!watch->send)
		return false;
	sqe = wsip_uring_sqe(&self->ring);
	if (!sqe) {
		wsip_pool_free(&self->sends, watch->send);
		watch->send = NULL;
		return false;
	}
	fill(watch->send, endpoint);
	io_uring_prep_sendmsg(sqe, watch->fd, &watch->send->message, MSG_NOSIGNAL);
	sqe->user_data = wsip_uring_user_data(watch, WSIP_URING_STREAM_SENT);
	return true;
}

void wsip_uring_stream_sent(struct wsip_uring_poller *self, struct wsip_watch *watch,
	const struct io_uring_cqe *event)
{
	struct wsip_endpoint *endpoint = watch->endpoint;

	wsip_uring_send_free(self, watch->send);
	watch->send = NULL;
	if (!endpoint)
		return;
	if (event->res < 0 && !is_transient(event->res)) {
		endpoint->ops->closed(endpoint, -event->res);
		return;
	}
	if (event->res > 0)
		wsip_outgoing_written(&self->outgoing, endpoint, (size_t)event->res);
	if (!wsip_list_empty(&endpoint->outgoing))
		wsip_uring_mark_dirty(self, watch);
}
