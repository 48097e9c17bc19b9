/* SPDX-License-Identifier: MIT */
#include "bench/load/wire.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum wsip_err wsip_wire_init(struct wsip_wire *wire, const struct wsip_wire_options *options)
{
	wire->options = *options;
	wire->epoll = epoll_create1(EPOLL_CLOEXEC);
	wire->room = malloc(WSIP_WIRE_ROOM_BYTES);
	wire->callers = calloc(options->pairs, sizeof(*wire->callers));
	wire->callees = calloc(options->pairs, sizeof(*wire->callees));
	if (!wire->room || !wire->callers || !wire->callees)
		return WSIP_ERR_MEMORY;
	return wire->epoll < 0 ? WSIP_ERR_SYSTEM : WSIP_OK;
}

void wsip_wire_finish(struct wsip_wire *wire)
{
	if (wire->epoll >= 0)
		close(wire->epoll);
	free(wire->room);
	free(wire->callers);
	free(wire->callees);
}

enum wsip_err wsip_wire_watch(struct wsip_wire *wire, int fd, uint32_t port)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = port };

	return epoll_ctl(wire->epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? WSIP_OK : WSIP_ERR_SYSTEM;
}

struct wsip_writer wsip_wire_room(struct wsip_wire *wire)
{
	if (wire->room_used + WSIP_WIRE_MESSAGE_BYTES > WSIP_WIRE_ROOM_BYTES)
		wsip_wire_flush(wire);
	return wsip_writer_of(wire->room + wire->room_used, WSIP_WIRE_MESSAGE_BYTES);
}

void wsip_wire_send(struct wsip_wire *wire, const struct wsip_path *to,
	const struct wsip_writer *message)
{
	struct wsip_span span = { message->start, wsip_writer_size(message) };

	if (message->full) {
		wire->unsent++;
		return;
	}
	wire->room_used += span.size;
	wire->ops->send(wire, to, span);
}

void wsip_wire_flush(struct wsip_wire *wire)
{
	wire->ops->flush(wire);
	wire->room_used = 0;
}
