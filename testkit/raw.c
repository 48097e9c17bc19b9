/* SPDX-License-Identifier: MIT
 * An agent that knows nothing of SIP: bytes out, bytes in.
 */
#include <stdlib.h>
#include <string.h>

#include "base/timer.h"
#include "testkit/sim.h"

/* One datagram, or what a connection brought. */
struct piece {
	struct wsip_list link;
	size_t size;
	char bytes[];
};

struct wsip_raw {
	struct wsip_sim_node node;
	struct wsip_buf_pool bufs;
	struct wsip_addr addr;
	struct wsip_endpoint listener; /* or the datagram socket */
	struct wsip_endpoint stream;   /* the connection in use, while stream.fd > 0 */
	struct wsip_addr remote;       /* of the stream */
	struct wsip_list pieces;
	struct piece *shown; /* given out last */
};

static struct wsip_raw *raw_of(const struct wsip_sim_node *node)
{
	return wsip_container_of(node, struct wsip_raw, node);
}

static struct piece *add_piece(struct wsip_raw *raw, const char *bytes, size_t size)
{
	struct piece *piece = wsip_sim_alloc(sizeof(*piece) + size + 1);

	piece->size = size;
	memcpy(piece->bytes, bytes, size);
	wsip_list_append(&raw->pieces, &piece->link);
	return piece;
}

/* ---- What happens to it ---- */

static void datagram(struct wsip_endpoint *endpoint, struct wsip_buf *buf,
	const struct wsip_addr *from)
{
	(void)from;
	add_piece(wsip_container_of(endpoint, struct wsip_raw, listener), buf->data, buf->used);
	wsip_buf_unref(buf);
}

static void data(struct wsip_endpoint *endpoint, const char *bytes, size_t size)
{
	add_piece(wsip_container_of(endpoint, struct wsip_raw, stream), bytes, size);
}

static void connected(struct wsip_endpoint *endpoint)
{
	(void)endpoint;
}

static void close_stream(struct wsip_raw *raw)
{
	struct wsip_poller *poller = &raw->node.poller;

	if (raw->stream.fd <= 0)
		return;
	poller->ops->remove(poller, &raw->stream);
	poller->ops->close(poller, raw->stream.fd);
	raw->stream.fd = 0;
}

static void closed(struct wsip_endpoint *endpoint, int error)
{
	(void)error;
	close_stream(wsip_container_of(endpoint, struct wsip_raw, stream));
}

static const struct wsip_endpoint_ops stream_ops = {
	.data = data,
	.connected = connected,
	.closed = closed,
};

static void use_stream(struct wsip_raw *raw, int fd, const struct wsip_addr *remote)
{
	close_stream(raw);
	raw->stream = (struct wsip_endpoint){
		.fd = fd, .kind = WSIP_ENDPOINT_STREAM, .ops = &stream_ops
	};
	raw->remote = *remote;
	(void)!raw->node.poller.ops->add(&raw->node.poller, &raw->stream);
}

static void accepted(struct wsip_endpoint *endpoint, int fd, const struct wsip_addr *from)
{
	use_stream(wsip_container_of(endpoint, struct wsip_raw, listener), fd, from);
}

static const struct wsip_endpoint_ops listener_ops = {
	.datagram = datagram,
	.accepted = accepted,
};

/* ---- The node ---- */

static void no_time(struct wsip_sim_node *node, uint64_t now_ms)
{
	(void)node;
	(void)now_ms;
}

static uint64_t never(struct wsip_sim_node *node)
{
	(void)node;
	return WSIP_TIMER_NEVER;
}

static void destroy(struct wsip_sim_node *node)
{
	struct wsip_raw *raw = raw_of(node);

	close_stream(raw);
	node->poller.ops->remove(&node->poller, &raw->listener);
	while (!wsip_list_empty(&raw->pieces)) {
		struct piece *piece = wsip_container_of(raw->pieces.next, struct piece, link);

		wsip_list_remove(&piece->link);
		free(piece);
	}
	free(raw->shown);
	wsip_buf_pool_finish(&raw->bufs);
	free(raw);
}

static const struct wsip_sim_node_ops node_ops = {
	.set_now = no_time,
	.advance = no_time,
	.next_ms = never,
	.destroy = destroy,
};

struct wsip_raw *wsip_raw_create(struct wsip_sim *sim, const char *name, const char *listen)
{
	struct wsip_raw *raw = wsip_sim_alloc(sizeof(*raw));
	enum wsip_transport transport = wsip_sim_parse_listen(listen, &raw->addr);

	wsip_list_init(&raw->pieces);
	wsip_buf_pool_init(&raw->bufs);
	wsip_sim_add_node(sim, &raw->node, name, &node_ops);
	raw->node.bufs = &raw->bufs;
	raw->listener.kind = transport == WSIP_UDP ? WSIP_ENDPOINT_DATAGRAM
						   : WSIP_ENDPOINT_LISTENER;
	raw->listener.ops = &listener_ops;
	raw->listener.fd = wsip_net_open(&raw->node, raw->listener.kind, &raw->addr)->fd;
	(void)!raw->node.poller.ops->add(&raw->node.poller, &raw->listener);
	return raw;
}

/* ---- Bytes ---- */

static void send_on_stream(struct wsip_raw *raw, const struct wsip_addr *to, struct wsip_buf *buf)
{
	struct wsip_poller *poller = &raw->node.poller;
	int fd;

	if (raw->stream.fd <= 0 || !wsip_addr_equal(&raw->remote, to)) {
		fd = poller->ops->connect(poller, to);
		if (fd < 0)
			wsip_sim_misuse("%s: nothing to connect from", raw->node.name);
		use_stream(raw, fd, to);
		raw->stream.connecting = true;
	}
	(void)!poller->ops->send_stream(poller, &raw->stream, buf, 0);
}

void wsip_raw_send(struct wsip_raw *raw, const char *to, const char *bytes, size_t size)
{
	struct wsip_addr addr = wsip_sim_parse_addr(to);
	struct wsip_poller *poller = &raw->node.poller;
	struct wsip_buf *buf = wsip_buf_get(&raw->bufs, size);

	if (!buf)
		wsip_sim_misuse("%zu bytes are too many", size);
	memcpy(buf->data, bytes, size);
	buf->used = (uint32_t)size;
	if (raw->listener.kind == WSIP_ENDPOINT_DATAGRAM)
		poller->ops->send_datagram(poller, &raw->listener, buf, &addr);
	else
		send_on_stream(raw, &addr, buf);
	wsip_buf_unref(buf);
}

void wsip_raw_close(struct wsip_raw *raw)
{
	close_stream(raw);
}

/* Everything that is waiting, as one. */
static struct piece *join(struct wsip_raw *raw)
{
	struct piece *whole;
	size_t size = 0;

	for (struct wsip_list *link = raw->pieces.next; link != &raw->pieces; link = link->next)
		size += wsip_container_of(link, struct piece, link)->size;
	whole = wsip_sim_alloc(sizeof(*whole) + size + 1);
	while (!wsip_list_empty(&raw->pieces)) {
		struct piece *piece = wsip_container_of(raw->pieces.next, struct piece, link);

		memcpy(whole->bytes + whole->size, piece->bytes, piece->size);
		whole->size += piece->size;
		wsip_list_remove(&piece->link);
		free(piece);
	}
	return whole;
}

const char *wsip_raw_next(struct wsip_raw *raw)
{
	free(raw->shown);
	raw->shown = NULL;
	if (wsip_list_empty(&raw->pieces))
		return NULL;
	if (raw->listener.kind == WSIP_ENDPOINT_LISTENER) {
		raw->shown = join(raw);
	} else {
		raw->shown = wsip_container_of(raw->pieces.next, struct piece, link);
		wsip_list_remove(&raw->shown->link);
	}
	return raw->shown->bytes;
}
