/* SPDX-License-Identifier: MIT
 * A poller with endpoints that note what they are told, and the other side of their wires. A scene
 * plays on each poller that the system allows; it waits for what it expects, and gives up after
 * ROUNDS looks.
 */
#ifndef WSIP_TESTS_POLLER_STAGE_H
#define WSIP_TESTS_POLLER_STAGE_H

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/sockaddr.h"
#include "transport/poller.h"
#include "transport/sockets.h"

#define ROUNDS   100
#define ROUND_MS 100

enum event { DATAGRAM, REFUSED, ACCEPTED, DATA, CONNECTED, CLOSED, WOKEN, EVENTS };

struct stage {
	struct wsip_poller *poller;
	struct wsip_buf_pool bufs;
	unsigned int counts[EVENTS];
	bool removes[EVENTS]; /* the endpoint is removed, and a stream freed, inside this call */
	int error;            /* of the last one closed */
	struct wsip_addr from;
	struct wsip_buf *last; /* datagram */
	struct peer_data {
		char *bytes;
		size_t size;
		size_t room;
	} data;
	struct end *accepted; /* the last one */
};

/* An endpoint that knows its stage. */
struct end {
	struct wsip_endpoint endpoint;
	struct wsip_addr addr;
	struct stage *stage;
};

static const struct wsip_endpoint_ops ops;

static inline struct stage *stage_open(const struct wsip_poller_ops *poller)
{
	struct stage *stage = calloc(1, sizeof(*stage));

	wsip_buf_pool_init(&stage->bufs);
	stage->poller = poller->create(&stage->bufs);
	cr_assert(stage->poller != NULL, "%s: %s", poller->name, strerror(errno));
	return stage;
}

static inline void stage_close(struct stage *stage)
{
	wsip_buf_unref(stage->last);
	stage->poller->ops->destroy(stage->poller);
	cr_expect(stage->bufs.in_use == 0, "%u buffers left", stage->bufs.in_use);
	wsip_buf_pool_finish(&stage->bufs);
	free(stage->data.bytes);
	free(stage);
}

static inline bool is_allowed(const struct wsip_poller_ops *poller)
{
	struct wsip_buf_pool bufs;
	struct wsip_poller *attempt;

	wsip_buf_pool_init(&bufs);
	attempt = poller->create(&bufs);
	if (attempt)
		poller->destroy(attempt);
	return attempt != NULL;
}

static inline void on_each(void (*scene)(struct stage *stage))
{
	static const struct wsip_poller_ops *const pollers[] = { &wsip_poller_epoll,
		&wsip_poller_uring };

	for (size_t i = 0; i < sizeof(pollers) / sizeof(pollers[0]); i++) {
		struct stage *stage;

		if (!is_allowed(pollers[i])) {
			cr_log_warn("%s is not allowed here", pollers[i]->name);
			continue;
		}
		stage = stage_open(pollers[i]);
		scene(stage);
		stage_close(stage);
	}
}

/* ---- Endpoints ---- */

static inline struct end *add(struct stage *stage, int fd, enum wsip_endpoint_kind kind)
{
	struct end *end = calloc(1, sizeof(*end));

	cr_assert(fd >= 0, "%s", strerror(errno));
	end->stage = stage;
	end->endpoint.fd = fd;
	end->endpoint.kind = kind;
	end->endpoint.ops = &ops;
	cr_assert(stage->poller->ops->add(stage->poller, &end->endpoint) == WSIP_OK);
	return end;
}

static inline void take_away(struct end *end)
{
	struct wsip_poller *poller = end->stage->poller;

	poller->ops->remove(poller, &end->endpoint);
	poller->ops->close(poller, end->endpoint.fd);
}

static inline void drop(struct end *end)
{
	take_away(end);
	free(end);
}

static inline struct end *listen_on(struct stage *stage, enum wsip_transport transport)
{
	struct wsip_addr addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int fd = wsip_socket_listen(transport, &addr, false);
	struct end *end = add(stage, fd,
		transport == WSIP_UDP ? WSIP_ENDPOINT_DATAGRAM : WSIP_ENDPOINT_LISTENER);

	end->addr = addr;
	return end;
}

static inline struct end *connect_to(struct stage *stage, const struct wsip_addr *remote)
{
	struct end *end = calloc(1, sizeof(*end));

	end->stage = stage;
	end->endpoint.fd = stage->poller->ops->connect(stage->poller, remote);
	end->endpoint.kind = WSIP_ENDPOINT_STREAM;
	end->endpoint.ops = &ops;
	end->endpoint.connecting = true;
	cr_assert(end->endpoint.fd >= 0);
	cr_assert(stage->poller->ops->add(stage->poller, &end->endpoint) == WSIP_OK);
	return end;
}

/* What is told is counted; memory of streams goes at once, as an owner may let it. */
static inline void tell(struct wsip_endpoint *endpoint, enum event event)
{
	struct end *end = wsip_container_of(endpoint, struct end, endpoint);
	struct stage *stage = end->stage;

	stage->counts[event]++;
	if (!stage->removes[event])
		return;
	if (endpoint->kind == WSIP_ENDPOINT_STREAM)
		drop(end);
	else
		take_away(end);
}

static inline struct stage *stage_of(struct wsip_endpoint *endpoint)
{
	return wsip_container_of(endpoint, struct end, endpoint)->stage;
}

static inline void datagram(struct wsip_endpoint *endpoint, struct wsip_buf *buf,
	const struct wsip_addr *from)
{
	struct stage *stage = stage_of(endpoint);

	wsip_buf_unref(stage->last);
	stage->last = buf;
	stage->from = *from;
	tell(endpoint, DATAGRAM);
}

static inline void refused(struct wsip_endpoint *endpoint, struct wsip_buf *buf)
{
	struct stage *stage = stage_of(endpoint);

	wsip_buf_unref(stage->last);
	stage->last = wsip_buf_ref(buf);
	tell(endpoint, REFUSED);
}

static inline void accepted(struct wsip_endpoint *endpoint, int fd, const struct wsip_addr *from)
{
	struct stage *stage = stage_of(endpoint);

	stage->from = *from;
	stage->accepted = add(stage, fd, WSIP_ENDPOINT_STREAM);
	tell(endpoint, ACCEPTED);
}

static inline void data(struct wsip_endpoint *endpoint, const char *data, size_t size)
{
	struct stage *stage = stage_of(endpoint);

	if (stage->data.size + size > stage->data.room) {
		stage->data.room = 2 * (stage->data.size + size);
		stage->data.bytes = realloc(stage->data.bytes, stage->data.room);
	}
	memcpy(stage->data.bytes + stage->data.size, data, size);
	stage->data.size += size;
	tell(endpoint, DATA);
}

static inline void connected(struct wsip_endpoint *endpoint)
{
	tell(endpoint, CONNECTED);
}

static inline void closed(struct wsip_endpoint *endpoint, int error)
{
	stage_of(endpoint)->error = error;
	tell(endpoint, CLOSED);
}

static inline void woken(struct wsip_endpoint *endpoint)
{
	tell(endpoint, WOKEN);
}

static const struct wsip_endpoint_ops ops = {
	.datagram = datagram,
	.refused = refused,
	.accepted = accepted,
	.data = data,
	.connected = connected,
	.closed = closed,
	.woken = woken,
};

/* ---- Rounds ---- */

static inline void round_of(struct stage *stage, int timeout_ms)
{
	stage->poller->ops->wait(stage->poller, timeout_ms);
	stage->poller->ops->dispatch(stage->poller);
}

/* Whatever is there gets as far as it can without being looked at. */
static inline void pile_up(struct stage *stage)
{
	for (int i = 0; i < ROUNDS; i++)
		stage->poller->ops->wait(stage->poller, 0);
}

/* Nothing more is expected; what is in hand gets its turn. */
static inline void settle(struct stage *stage)
{
	for (int i = 0; i < 3; i++)
		round_of(stage, 0);
}

static inline void run_until(struct stage *stage, enum event event, unsigned int count)
{
	for (int i = 0; i < ROUNDS && stage->counts[event] < count; i++)
		round_of(stage, ROUND_MS);
	cr_expect(stage->counts[event] == count, "%s: %u of event %d, expected %u",
		stage->poller->ops->name, stage->counts[event], event, count);
}

static inline void run_until_bytes(struct stage *stage, size_t size)
{
	for (int i = 0; i < ROUNDS && stage->data.size < size; i++)
		round_of(stage, ROUND_MS);
	cr_expect(stage->data.size == size, "%s: %zu octets, expected %zu",
		stage->poller->ops->name, stage->data.size, size);
}

/* Octets that show when one is missing or out of its place. */
static inline char octet_at(size_t index)
{
	return (char)(index * 31 + index / 251);
}

static inline struct wsip_buf *octets(struct stage *stage, size_t from, size_t size)
{
	struct wsip_buf *buf = wsip_buf_get(&stage->bufs, size);

	cr_assert(buf != NULL);
	for (size_t i = 0; i < size; i++)
		buf->data[i] = octet_at(from + i);
	buf->used = (uint32_t)size;
	return buf;
}

static inline bool are_octets(const char *bytes, size_t from, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] != octet_at(from + i))
			return false;
	}
	return true;
}

static inline enum wsip_err send_to(struct end *end, const struct wsip_addr *to, size_t size)
{
	struct stage *stage = end->stage;
	struct wsip_buf *buf = octets(stage, 0, size);
	enum wsip_err err = stage->poller->ops->send_datagram(stage->poller, &end->endpoint, buf,
		to);

	wsip_buf_unref(buf);
	return err;
}

static inline enum wsip_err write_to(struct end *end, size_t from, size_t size)
{
	struct stage *stage = end->stage;
	struct wsip_buf *buf = octets(stage, from, size);
	enum wsip_err err = stage->poller->ops->send_stream(stage->poller, &end->endpoint, buf, 0);

	wsip_buf_unref(buf);
	return err;
}

/* Writes until nothing more is taken. Returns how much was. */
static inline size_t fill_up(struct end *stream)
{
	size_t sent = 0;

	while (write_to(stream, sent, 30000) == WSIP_OK) {
		sent += 30000;
		if (stream->endpoint.outgoing_bytes > WSIP_STREAM_QUEUE_MAX_BYTES / 2)
			round_of(stream->stage, 0);
	}
	return sent;
}

/* ---- The other side ---- */

static inline int peer_open(int type, struct wsip_addr *addr)
{
	struct timeval limit = { .tv_sec = ROUNDS * ROUND_MS / 1000 };
	int fd = wsip_socket_listen(type == SOCK_DGRAM ? WSIP_UDP : WSIP_TCP, addr, false);

	cr_assert(fd >= 0);
	cr_assert(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
	return fd;
}

/* A port where nobody is. */
static inline struct wsip_addr nobody(enum wsip_transport transport)
{
	struct wsip_addr addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };

	close(wsip_socket_listen(transport, &addr, false));
	return addr;
}

static inline void peer_send(int fd, const struct wsip_addr *to, const void *bytes, size_t size)
{
	union wsip_sockaddr name;
	socklen_t name_bytes = wsip_sockaddr_of(to, &name);

	cr_assert(sendto(fd, bytes, size, 0, &name.any, name_bytes) == (ssize_t)size, "%s",
		strerror(errno));
}

static inline int peer_connect(const struct wsip_addr *to)
{
	struct timeval limit = { .tv_sec = ROUNDS * ROUND_MS / 1000 };
	union wsip_sockaddr name;
	socklen_t name_bytes = wsip_sockaddr_of(to, &name);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	cr_assert(connect(fd, &name.any, name_bytes) == 0, "%s", strerror(errno));
	cr_assert(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
	return fd;
}

/* A stream of ours and the other side of it. */
static inline struct end *accept_one(struct stage *stage, int *peer)
{
	struct end *listener = listen_on(stage, WSIP_TCP);

	*peer = peer_connect(&listener->addr);
	run_until(stage, ACCEPTED, stage->counts[ACCEPTED] + 1);
	drop(listener);
	return stage->accepted;
}

#endif
