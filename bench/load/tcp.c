/* SPDX-License-Identifier: MIT
 * Connections: one to the proxy for the caller's side of each pair (ports 0 to pairs - 1), one
 * listening socket for the callee's (port pairs), then those that were accepted there, or opened to
 * a callee whose calls the proxy has left. All are kept for the whole run.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/list.h"
#include "bench/load/wire.h"
#include "parser/frame.h"

#define STREAMS_MAX 4096
#define IN_BYTES    (2 * WSIP_MESSAGE_MAX_BYTES)
/* What a peer does not take in time waits here; beyond that it is not sent. */
#define OUT_BYTES (1024 * 1024)

struct stream {
	int fd; /* -1: none */
	uint32_t serial;
	bool is_extra;    /* opened to somebody else than the proxy */
	bool is_flushing; /* is among those to write to with the next flush */
	bool is_blocked;  /* writes again when the epoll instance says so */
	union wsip_peer peer;
	struct wsip_frame frame;
	size_t in_used, out_from, out_used;
	char *in, *out;
};

struct tcp {
	struct wsip_wire wire;
	int listener;
	uint32_t first, used; /* streams that are not the caller's: from `first`, below `used` */
	uint32_t flushing[STREAMS_MAX];
	uint32_t flushing_count;
	struct stream streams[STREAMS_MAX];
};

static struct tcp *tcp_of(struct wsip_wire *wire)
{
	return wsip_container_of(wire, struct tcp, wire);
}

/* ---- One stream ---------------------------------------------------------------------------------
 */

static void close_stream(struct stream *stream)
{
	if (stream->fd >= 0)
		close(stream->fd);
	stream->fd = -1;
}

/* A stream takes over a descriptor; its buffers are kept for the next one in its place. */
static enum wsip_err start_stream(struct tcp *tcp, uint32_t port, int fd,
	const union wsip_peer *peer)
{
	struct stream *stream = &tcp->streams[port];
	int on = 1;

	stream->fd = fd;
	stream->serial++;
	stream->peer = *peer;
	stream->is_extra = stream->is_blocked = false;
	stream->in_used = stream->out_from = stream->out_used = 0;
	if (!stream->in)
		stream->in = malloc(IN_BYTES);
	if (!stream->out)
		stream->out = malloc(OUT_BYTES);
	wsip_frame_init(&stream->frame);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!stream->in || !stream->out)
		return WSIP_ERR_MEMORY;
	return wsip_wire_watch(&tcp->wire, fd, port);
}

/* A place for one more stream, or STREAMS_MAX. */
static uint32_t free_place(struct tcp *tcp)
{
	for (uint32_t i = tcp->first; i < tcp->used; i++) {
		if (tcp->streams[i].fd < 0)
			return i;
	}
	if (tcp->used == STREAMS_MAX)
		return STREAMS_MAX;
	tcp->streams[tcp->used].fd = -1;
	return tcp->used++;
}

/* ---- Writing ------------------------------------------------------------------------------------
 */

static void watch_for(struct tcp *tcp, uint32_t port, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.u32 = port };

	epoll_ctl(tcp->wire.epoll, EPOLL_CTL_MOD, tcp->streams[port].fd, &event);
}

static void write_stream(struct tcp *tcp, uint32_t port)
{
	struct stream *stream = &tcp->streams[port];
	ssize_t sent;

	if (stream->fd < 0 || stream->out_from == stream->out_used)
		return;
	sent = send(stream->fd, stream->out + stream->out_from, stream->out_used - stream->out_from,
		MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent > 0)
		stream->out_from += (size_t)sent;
	if (stream->out_from == stream->out_used) {
		stream->out_from = stream->out_used = 0;
		if (stream->is_blocked)
			watch_for(tcp, port, EPOLLIN);
		stream->is_blocked = false;
	} else if (sent >= 0 || errno == EAGAIN || errno == EINTR) {
		if (!stream->is_blocked)
			watch_for(tcp, port, EPOLLIN | EPOLLOUT);
		stream->is_blocked = true;
	} else {
		close_stream(stream);
	}
}

static void flush(struct wsip_wire *wire)
{
	struct tcp *tcp = tcp_of(wire);

	for (uint32_t i = 0; i < tcp->flushing_count; i++) {
		struct stream *stream = &tcp->streams[tcp->flushing[i]];

		stream->is_flushing = false;
		if (!stream->is_blocked)
			write_stream(tcp, tcp->flushing[i]);
	}
	tcp->flushing_count = 0;
}

static void append(struct tcp *tcp, uint32_t port, struct wsip_span bytes)
{
	struct stream *stream = &tcp->streams[port];

	if (stream->out_used + bytes.size > OUT_BYTES) {
		memmove(stream->out, stream->out + stream->out_from,
			stream->out_used - stream->out_from);
		stream->out_used -= stream->out_from;
		stream->out_from = 0;
	}
	if (stream->out_used + bytes.size > OUT_BYTES) {
		tcp->wire.unsent++;
		return;
	}
	memcpy(stream->out + stream->out_used, bytes.data, bytes.size);
	stream->out_used += bytes.size;
	if (!stream->is_flushing)
		tcp->flushing[tcp->flushing_count++] = port;
	stream->is_flushing = true;
}

/* The callers' paths have no serial: their connections are the first and only ones. */
static void send_message(struct wsip_wire *wire, const struct wsip_path *to,
	struct wsip_span message)
{
	struct tcp *tcp = tcp_of(wire);
	struct stream *stream = &tcp->streams[to->port];

	if (stream->fd < 0 || (to->serial && to->serial != stream->serial))
		wire->unsent++;
	else
		append(tcp, to->port, message);
}

/* ---- Reading ------------------------------------------------------------------------------------
 */

/* Hands over all whole messages; false when the stream makes no sense any more. */
static bool take_messages(struct tcp *tcp, uint32_t port)
{
	struct stream *stream = &tcp->streams[port];
	struct wsip_path from = { .port = port, .serial = stream->serial, .peer = stream->peer };
	enum wsip_frame_result result;
	size_t taken = 0;

	while (taken < stream->in_used) {
		result = wsip_frame_next(&stream->frame, stream->in + taken,
			stream->in_used - taken);
		if (result == WSIP_FRAME_MORE)
			break;
		if (result == WSIP_FRAME_BROKEN)
			return false;
		if (result == WSIP_FRAME_PING)
			append(tcp, port, (struct wsip_span){ "\r\n", 2 });
		if (result == WSIP_FRAME_MESSAGE) {
			tcp->wire.received++;
			tcp->wire.receive(tcp->wire.user, &from,
				(struct wsip_span){ stream->in + taken, stream->frame.bytes });
		}
		taken += stream->frame.bytes;
		wsip_frame_restart(&stream->frame);
	}
	memmove(stream->in, stream->in + taken, stream->in_used - taken);
	stream->in_used -= taken;
	return stream->in_used < IN_BYTES;
}

static void read_stream(struct tcp *tcp, uint32_t port)
{
	struct stream *stream = &tcp->streams[port];
	ssize_t got = recv(stream->fd, stream->in + stream->in_used, IN_BYTES - stream->in_used,
		MSG_DONTWAIT);

	if (got > 0) {
		stream->in_used += (size_t)got;
		if (!take_messages(tcp, port))
			close_stream(stream);
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		close_stream(stream);
	}
}

static void accept_all(struct tcp *tcp)
{
	union wsip_peer peer;
	socklen_t size = sizeof(peer);
	uint32_t place;
	int fd;

	while ((fd = accept4(tcp->listener, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		place = free_place(tcp);
		if (place == STREAMS_MAX)
			close(fd);
		else if (start_stream(tcp, place, fd, &peer) != WSIP_OK)
			close_stream(&tcp->streams[place]);
		size = sizeof(peer);
	}
}

static void ready(struct wsip_wire *wire, uint32_t port, uint32_t events)
{
	struct tcp *tcp = tcp_of(wire);

	if (port == wire->options.pairs) {
		accept_all(tcp);
		return;
	}
	if (tcp->streams[port].fd >= 0 && (events & EPOLLOUT))
		write_stream(tcp, port);
	if (tcp->streams[port].fd >= 0 && (events & ~(uint32_t)EPOLLOUT))
		read_stream(tcp, port);
}

/* ---- Opening and closing ------------------------------------------------------------------------
 */

static enum wsip_err open_extra(struct tcp *tcp, const union wsip_peer *peer, uint32_t *port)
{
	uint32_t place = free_place(tcp);
	int fd = socket(peer->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || place == STREAMS_MAX ||
		(connect(fd, &peer->any, wsip_peer_size(peer)) != 0 && errno != EINPROGRESS)) {
		if (fd >= 0)
			close(fd);
		return WSIP_ERR_UNREACHABLE;
	}
	if (start_stream(tcp, place, fd, peer) != WSIP_OK) {
		close_stream(&tcp->streams[place]);
		return WSIP_ERR_UNREACHABLE;
	}
	tcp->streams[place].is_extra = true;
	*port = place;
	return WSIP_OK;
}

/* RFC 3261 18.1.1: a connection that is there is used again. */
static enum wsip_err path(struct wsip_wire *wire, uint32_t pair, const union wsip_peer *peer,
	struct wsip_path *path)
{
	struct tcp *tcp = tcp_of(wire);
	enum wsip_err err = WSIP_OK;
	uint32_t place = tcp->first;

	(void)pair;
	while (place < tcp->used && (tcp->streams[place].fd < 0 || !tcp->streams[place].is_extra ||
					    !wsip_peer_equal(&tcp->streams[place].peer, peer)))
		place++;
	if (place == tcp->used)
		err = open_extra(tcp, peer, &place);
	if (!err)
		*path = (struct wsip_path){
			.port = place, .serial = tcp->streams[place].serial, .peer = *peer
		};
	return err;
}

static void close_all(struct wsip_wire *wire)
{
	struct tcp *tcp = tcp_of(wire);

	for (uint32_t i = 0; i < STREAMS_MAX; i++) {
		close_stream(&tcp->streams[i]);
		free(tcp->streams[i].in);
		free(tcp->streams[i].out);
	}
	if (tcp->listener >= 0)
		close(tcp->listener);
	wsip_wire_finish(wire);
	free(tcp);
}

static const struct wsip_wire_ops tcp_ops = {
	.ready = ready,
	.send = send_message,
	.flush = flush,
	.path = path,
	.close = close_all,
};

static enum wsip_err listen_for_proxy(struct tcp *tcp)
{
	const struct wsip_wire_options *options = &tcp->wire.options;
	int on = 1;

	tcp->listener = socket(options->callee.any.sa_family,
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (tcp->listener < 0)
		return WSIP_ERR_SYSTEM;
	setsockopt(tcp->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(tcp->listener, &options->callee.any, wsip_peer_size(&options->callee)) != 0 ||
		listen(tcp->listener, SOMAXCONN) != 0)
		return WSIP_ERR_SYSTEM;
	for (uint32_t i = 0; i < options->pairs; i++)
		tcp->wire.callees[i] = wsip_peer_of_socket(tcp->listener);
	return wsip_wire_watch(&tcp->wire, tcp->listener, options->pairs);
}

static enum wsip_err connect_caller(struct tcp *tcp, uint32_t pair)
{
	const struct wsip_wire_options *options = &tcp->wire.options;
	bool direct = options->route == WSIP_WIRE_DIRECT;
	const union wsip_peer *peer = direct ? &tcp->wire.callees[pair] : &options->proxy;
	int fd = socket(peer->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return WSIP_ERR_SYSTEM;
	if (connect(fd, &peer->any, wsip_peer_size(peer)) != 0) {
		close(fd);
		return WSIP_ERR_SYSTEM;
	}
	tcp->wire.callers[pair] = wsip_peer_of_socket(fd);
	return start_stream(tcp, pair, fd, peer);
}

static enum wsip_err open_all(struct tcp *tcp)
{
	enum wsip_err err;

	tcp->listener = -1;
	tcp->first = tcp->used = tcp->wire.options.pairs + 1;
	for (uint32_t i = 0; i < STREAMS_MAX; i++)
		tcp->streams[i].fd = -1;
	err = wsip_wire_init(&tcp->wire, &tcp->wire.options);
	if (!err)
		err = listen_for_proxy(tcp);
	for (uint32_t i = 0; i < tcp->wire.options.pairs && !err; i++)
		err = connect_caller(tcp, i);
	return err;
}

static void describe(const struct tcp *tcp, enum wsip_err err, char problem[256])
{
	const char *why = err == WSIP_ERR_SYSTEM ? strerror(errno) : wsip_err_text(err);
	bool listens = tcp && tcp->listener >= 0;
	const union wsip_peer *peer = !tcp      ? NULL
				      : listens ? &tcp->wire.options.proxy
						: &tcp->wire.options.callee;
	char text[WSIP_ADDR_TEXT_BYTES] = "";
	struct wsip_addr addr;

	if (peer) {
		addr = wsip_peer_addr(peer);
		wsip_addr_text(&addr, text);
	}
	snprintf(problem, 256, "cannot %s %s: %s", listens ? "connect to" : "listen on", text, why);
}

struct wsip_wire *wsip_tcp_open(const struct wsip_wire_options *options, char problem[256])
{
	struct tcp *tcp = calloc(1, sizeof(*tcp));
	enum wsip_err err = WSIP_ERR_MEMORY;

	if (tcp) {
		tcp->wire.ops = &tcp_ops;
		tcp->wire.via = "TCP";
		tcp->wire.uri_param = ";transport=tcp";
		tcp->wire.options = *options;
		err = open_all(tcp);
	}
	if (!err)
		return &tcp->wire;
	describe(tcp, err, problem);
	if (tcp)
		close_all(&tcp->wire);
	return NULL;
}
