/* SPDX-License-Identifier: MIT
 * The sockets of one worker: datagrams and streams to messages (RFC 3261 18), and the sender that
 * core writes to.
 */
#ifndef WSIP_TRANSPORT_NETWORK_H
#define WSIP_TRANSPORT_NETWORK_H

#include "base/buf.h"
#include "base/pool.h"
#include "base/table.h"
#include "base/timer.h"
#include "core/flow.h"
#include "parser/frame.h"
#include "transport/poller.h"

struct wsip_network;

/* What the network tells its worker. All slots are mandatory. */
struct wsip_network_ops {
	/* Takes over the reference. `problem` is NULL, or what is wrong with the framing. */
	void (*received)(void *user, struct wsip_buf *buf, const struct wsip_flow *flow,
		const struct wsip_problem *problem);
	/* A send that was accepted failed later. */
	void (*send_failed)(void *user, uint64_t ticket);
	/* A datagram came back (ICMP); borrows `buf`. */
	void (*refused)(void *user, struct wsip_buf *buf);
};

struct wsip_network_counters {
	uint64_t datagrams;
	uint64_t keep_alives; /* CR LF and the like */
	uint64_t connections_accepted;
	uint64_t connections_opened;
	uint64_t connections_refused; /* over WSIP_CONNECTIONS_MAX */
	uint64_t connections_failed;  /* could not be opened, or broke */
	uint64_t connections_overrun; /* peer did not read */
	uint64_t streams_broken;      /* no end of message to be found */
};

struct wsip_socket {
	struct wsip_endpoint endpoint;
	struct wsip_network *network;
	uint16_t listener;
};

struct wsip_network {
	const struct wsip_network_ops *ops;
	void *user;
	uint16_t worker;
	unsigned int worker_count;
	struct wsip_poller *poller;
	struct wsip_buf_pool *bufs;
	struct wsip_log *log;
	const struct wsip_listener *listeners;
	struct wsip_socket *sockets; /* one for each listener */
	size_t socket_count;
	struct wsip_timers timers;
	struct wsip_pool connections;
	struct wsip_table by_remote;
	struct wsip_secret secret;
	struct wsip_network_counters counters;
};

/* `fds` are bound sockets, one for each listener. Those that were taken over, to be closed by
 * wsip_network_finish, are set to -1. */
WSIP_MUST_CHECK enum wsip_err wsip_network_init(struct wsip_network *network,
	const struct wsip_network *model, int *fds, uint64_t now_ms);
void wsip_network_finish(struct wsip_network *network);

/* As in struct wsip_sender_ops; `self` is the network. */
enum wsip_err wsip_network_send(void *self, const struct wsip_flow *flow, struct wsip_buf *bytes,
	uint64_t ticket);

/* How much waits in the fullest datagram socket, in thousandths of what it can hold. */
unsigned int wsip_network_backlog(const struct wsip_network *network);

/* Idle and unfinished streams. */
void wsip_network_advance(struct wsip_network *network, uint64_t now_ms);

/* ---- udp.c ---- */
extern const struct wsip_endpoint_ops wsip_udp_ops;
enum wsip_err wsip_udp_send(struct wsip_network *network, const struct wsip_flow *flow,
	struct wsip_buf *bytes);

/* ---- tcp.c ---- */
extern const struct wsip_endpoint_ops wsip_tcp_listener_ops;
enum wsip_err wsip_tcp_send(struct wsip_network *network, const struct wsip_flow *flow,
	struct wsip_buf *bytes, uint64_t ticket);
void wsip_tcp_close_all(struct wsip_network *network);
size_t wsip_tcp_connection_bytes(void);

#endif
