/* SPDX-License-Identifier: MIT
 * What carries messages: UDP sockets or TCP connections, behind one interface. What is sent is
 * written into one room and goes out together with what else the same turn of the loop sends.
 */
#ifndef WSIP_BENCH_WIRE_H
#define WSIP_BENCH_WIRE_H

#include "bench/load/peer.h"
#include "bench/load/text.h"

/* One message, received or sent. */
#define WSIP_WIRE_MESSAGE_BYTES 8192
#define WSIP_WIRE_ROOM_BYTES    (256 * 1024)

/* The way a message came, or takes. */
struct wsip_path {
	uint32_t port;   /* which socket or connection */
	uint32_t serial; /* tells a connection from an earlier one in its place */
	union wsip_peer peer;
};

enum wsip_wire_route {
	WSIP_WIRE_BY_PROXY,
	WSIP_WIRE_DIRECT, /* the caller's side sends to the callee's */
};

struct wsip_wire_options {
	enum wsip_wire_route route;
	union wsip_peer proxy;  /* where the caller's side sends to */
	union wsip_peer local;  /* the caller's address, port 0 */
	union wsip_peer callee; /* where the callee's side listens; port 0: free ones */
	uint32_t pairs;         /* sockets of each side */
};

struct wsip_wire;

struct wsip_wire_ops {
	/* The epoll instance says that `port` is readable or writable. */
	void (*ready)(struct wsip_wire *wire, uint32_t port, uint32_t events);
	/* Takes a message that lies in the room until the next flush. */
	void (*send)(struct wsip_wire *wire, const struct wsip_path *to, struct wsip_span message);
	void (*flush)(struct wsip_wire *wire);
	/* How the caller's side of a pair reaches `peer`. WSIP_ERR_UNREACHABLE when it cannot. */
	enum wsip_err (*path)(struct wsip_wire *wire, uint32_t pair, const union wsip_peer *peer,
		struct wsip_path *path);
	void (*close)(struct wsip_wire *wire);
};

struct wsip_wire {
	const struct wsip_wire_ops *ops;
	const char *via;       /* "UDP": as in a Via */
	const char *uri_param; /* ";transport=tcp", or "" */
	int epoll;
	struct wsip_wire_options options;
	/* Called for every whole message. */
	void (*receive)(void *user, const struct wsip_path *from, struct wsip_span message);
	void *user;
	/* Where the two sides of each pair are. */
	union wsip_peer *callers, *callees;
	uint64_t received;
	uint64_t unsent; /* messages that the system did not take */
	char *room;
	size_t room_used;
};

/* Both return NULL when they cannot, with one line about it in `problem`. */
struct wsip_wire *wsip_udp_open(const struct wsip_wire_options *options, char problem[256]);
struct wsip_wire *wsip_tcp_open(const struct wsip_wire_options *options, char problem[256]);

/* What is not special about either: called by their open and close. */
WSIP_MUST_CHECK enum wsip_err wsip_wire_init(struct wsip_wire *wire,
	const struct wsip_wire_options *options);
void wsip_wire_finish(struct wsip_wire *wire);
WSIP_MUST_CHECK enum wsip_err wsip_wire_watch(struct wsip_wire *wire, int fd, uint32_t port);

/* Room for one message; wsip_wire_send takes what was written into it. A message that became too
 * long is not sent and counts as unsent. */
struct wsip_writer wsip_wire_room(struct wsip_wire *wire);
void wsip_wire_send(struct wsip_wire *wire, const struct wsip_path *to,
	const struct wsip_writer *message);
void wsip_wire_flush(struct wsip_wire *wire);

#endif
