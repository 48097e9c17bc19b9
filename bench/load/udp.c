/* SPDX-License-Identifier: MIT
 * A socket for the caller's side of each pair, and one for the callee's: ports 0 to pairs - 1, and
 * pairs to 2 * pairs - 1. None is connected, because a callee without a Record-Route in its way is
 * spoken to directly.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/list.h"
#include "bench/load/outbox.h"
#include "bench/load/wire.h"

#define BATCH        64
#define KERNEL_BYTES (8 * 1024 * 1024)
/* Not a power of two: the starts of all places would fall on the same lines of the cache. */
#define PLACE_BYTES (WSIP_WIRE_MESSAGE_BYTES + 13 * 64)

struct udp {
	struct wsip_wire wire;
	uint32_t ports;
	struct wsip_outbox *outboxes;
	struct wsip_trains trains;
	uint32_t *waiting; /* the outboxes that are not empty */
	uint32_t waiting_count;
	struct mmsghdr messages[BATCH];
	struct iovec spans[BATCH];
	union wsip_peer peers[BATCH];
	char bytes[BATCH][PLACE_BYTES];
};

static struct udp *udp_of(struct wsip_wire *wire)
{
	return wsip_container_of(wire, struct udp, wire);
}

static void flush(struct wsip_wire *wire)
{
	struct udp *udp = udp_of(wire);

	for (uint32_t i = 0; i < udp->waiting_count; i++)
		wire->unsent += wsip_outbox_flush(&udp->outboxes[udp->waiting[i]], &udp->trains);
	udp->waiting_count = 0;
}

static void send_message(struct wsip_wire *wire, const struct wsip_path *to,
	struct wsip_span message)
{
	struct udp *udp = udp_of(wire);
	struct wsip_outbox *outbox = &udp->outboxes[to->port];

	if (outbox->count == 0)
		udp->waiting[udp->waiting_count++] = to->port;
	wsip_outbox_add(outbox, &to->peer, message);
	if (wsip_outbox_is_full(outbox))
		wsip_wire_flush(wire);
}

/* A datagram that was longer than its place is none of ours: its bytes end where they were cut, and
 * whoever reads it finds no end. */
static void ready(struct wsip_wire *wire, uint32_t port, uint32_t events)
{
	struct udp *udp = udp_of(wire);
	struct wsip_path from = { .port = port };
	int count;

	(void)events;
	for (int i = 0; i < BATCH; i++)
		udp->messages[i].msg_hdr.msg_namelen = sizeof(udp->peers[i]);
	count = recvmmsg(udp->outboxes[port].fd, udp->messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++) {
		from.peer = udp->peers[i];
		wire->received++;
		wire->receive(wire->user, &from,
			(struct wsip_span){ udp->bytes[i], udp->messages[i].msg_len });
	}
}

static enum wsip_err path(struct wsip_wire *wire, uint32_t pair, const union wsip_peer *peer,
	struct wsip_path *path)
{
	(void)wire;
	*path = (struct wsip_path){ .port = pair, .peer = *peer };
	return WSIP_OK;
}

static void close_all(struct wsip_wire *wire)
{
	struct udp *udp = udp_of(wire);

	for (uint32_t i = 0; udp->outboxes && i < udp->ports; i++) {
		if (udp->outboxes[i].fd > 0)
			close(udp->outboxes[i].fd);
	}
	free(udp->outboxes);
	free(udp->waiting);
	wsip_wire_finish(wire);
	free(udp);
}

static const struct wsip_wire_ops udp_ops = {
	.ready = ready,
	.send = send_message,
	.flush = flush,
	.path = path,
	.close = close_all,
};

/* As large as the system allows: what is lost for want of a buffer here would look like the
 * proxy's loss. */
static void enlarge_buffers(int fd)
{
	int size = KERNEL_BYTES;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

static enum wsip_err open_port(struct udp *udp, uint32_t port, const union wsip_peer *local)
{
	struct wsip_outbox *outbox = &udp->outboxes[port];

	outbox->fd = socket(local->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (outbox->fd < 0 || bind(outbox->fd, &local->any, wsip_peer_size(local)) != 0)
		return WSIP_ERR_SYSTEM;
	enlarge_buffers(outbox->fd);
	return wsip_wire_watch(&udp->wire, outbox->fd, port);
}

static enum wsip_err open_pair(struct udp *udp, uint32_t pair)
{
	const struct wsip_wire_options *options = &udp->wire.options;
	union wsip_peer callee = options->callee;
	enum wsip_err err;

	if (callee.v4.sin_port)
		callee.v4.sin_port = htons((uint16_t)(ntohs(callee.v4.sin_port) + pair));
	err = open_port(udp, pair, &options->local);
	if (!err)
		err = open_port(udp, options->pairs + pair, &callee);
	udp->wire.callers[pair] = wsip_peer_of_socket(udp->outboxes[pair].fd);
	udp->wire.callees[pair] = wsip_peer_of_socket(udp->outboxes[options->pairs + pair].fd);
	return err;
}

static enum wsip_err open_all(struct udp *udp)
{
	enum wsip_err err = WSIP_OK;

	udp->outboxes = calloc(udp->ports, sizeof(*udp->outboxes));
	udp->waiting = calloc(udp->ports, sizeof(*udp->waiting));
	if (!udp->outboxes || !udp->waiting)
		return WSIP_ERR_MEMORY;
	for (uint32_t i = 0; i < udp->wire.options.pairs && !err; i++)
		err = open_pair(udp, i);
	for (int i = 0; i < BATCH; i++) {
		udp->spans[i] = (struct iovec){ udp->bytes[i], sizeof(udp->bytes[i]) };
		udp->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &udp->peers[i], .msg_iov = &udp->spans[i], .msg_iovlen = 1
		};
	}
	return err;
}

struct wsip_wire *wsip_udp_open(const struct wsip_wire_options *options, char problem[256])
{
	struct udp *udp = calloc(1, sizeof(*udp));
	enum wsip_err err = WSIP_ERR_MEMORY;

	if (udp) {
		udp->wire.ops = &udp_ops;
		udp->wire.via = "UDP";
		udp->wire.uri_param = "";
		udp->ports = 2 * options->pairs;
		err = wsip_wire_init(&udp->wire, options);
		if (!err)
			err = open_all(udp);
	}
	if (!err)
		return &udp->wire;
	snprintf(problem, 256, "cannot open UDP sockets: %s",
		err == WSIP_ERR_SYSTEM ? strerror(errno) : wsip_err_text(err));
	if (udp)
		close_all(&udp->wire);
	return NULL;
}
