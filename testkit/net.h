/* SPDX-License-Identifier: MIT
 * The simulated network: sockets by number, links between addresses, datagrams (net.c), streams
 * (stream.c), and the poller that makes them look like the system's (poller.c).
 */
#ifndef WSIP_TESTKIT_NET_H
#define WSIP_TESTKIT_NET_H

#include <wiresip/testkit.h>

#include "base/list.h"
#include "core/flow.h"
#include "transport/poller.h"

struct wsip_sim_node;

/* What a stream that is not read takes before its sender has to wait. */
#define WSIP_STREAM_WINDOW_BYTES 65536

enum wsip_stream_state {
	WSIP_STREAM_OPENING,
	WSIP_STREAM_OPEN,
	WSIP_STREAM_OVER, /* no more bytes go either way */
};

struct wsip_sim_socket {
	struct wsip_list link; /* in net->sockets */
	struct wsip_sim_node *node;
	int fd;
	enum wsip_endpoint_kind kind;
	struct wsip_addr addr;
	struct wsip_endpoint *endpoint; /* NULL before it was added, and after it was removed */
	/* Of a stream: */
	struct wsip_addr remote;
	int peer_fd; /* 0: none yet, or gone */
	enum wsip_stream_state state;
	enum wsip_tcp_manner manner; /* of the address that was connected to */
	bool is_server;
	uint64_t last_arrival_ms; /* of what this end sent: bytes stay in order */
	uint32_t sent_segments;
	uint32_t taken_segments; /* of those that the other end sent */
	size_t unread_bytes;     /* of what this end sent, when the other never reads */
};

struct wsip_net_rule {
	struct wsip_list link;
	struct wsip_addr from, to; /* family 0: all */
	struct wsip_link quality;
	bool partition;
};

struct wsip_net_manner {
	struct wsip_list link;
	struct wsip_addr addr;
	enum wsip_tcp_manner manner;
};

struct wsip_net {
	struct wsip_list sockets;
	struct wsip_list rules; /* what was said last comes first */
	struct wsip_list manners;
	int last_fd;
	uint16_t last_port;
};

extern const struct wsip_poller_ops wsip_poller_sim;

void wsip_net_init(struct wsip_net *net);
void wsip_net_finish(struct wsip_net *net);

/* A bound socket; port 0 takes a free one. The test's mistake when the address is taken. */
struct wsip_sim_socket *wsip_net_open(struct wsip_sim_node *node, enum wsip_endpoint_kind kind,
	struct wsip_addr *addr);
/* For each of the texts ("udp:10.0.0.1:5060", ended by NULL or `most`) a listener and its socket's
 * number; how many. None is the test's mistake. */
size_t wsip_net_listen(struct wsip_sim_node *node, const char *const *texts, size_t most,
	struct wsip_listener *listeners, int *fds);
struct wsip_sim_socket *wsip_net_socket(const struct wsip_net *net, int fd);
struct wsip_sim_socket *wsip_net_find(const struct wsip_net *net, enum wsip_endpoint_kind kind,
	const struct wsip_addr *addr);
void wsip_net_forget(struct wsip_sim_socket *socket);
/* Whose IP address this is, or NULL. */
const struct wsip_sim_node *wsip_net_owner(const struct wsip_net *net,
	const struct wsip_addr *addr);

/* What is true of the way from one address to another. */
struct wsip_link wsip_net_link(const struct wsip_net *net, const struct wsip_addr *from,
	const struct wsip_addr *to);
bool wsip_net_is_parted(const struct wsip_net *net, const struct wsip_addr *from,
	const struct wsip_addr *to);
/* How long something takes along this link. */
uint64_t wsip_net_delay(struct wsip_sim *sim, const struct wsip_link *link);
enum wsip_tcp_manner wsip_net_manner(const struct wsip_net *net, const struct wsip_addr *addr);

/* Around what a node is told. */
void wsip_net_enter(struct wsip_sim_node *node);
void wsip_net_leave(struct wsip_sim_node *node);

void wsip_net_send_datagram(struct wsip_sim_socket *socket, const struct wsip_addr *to,
	const char *bytes, size_t size);

/* ---- stream.c ---- */

int wsip_stream_connect(struct wsip_sim_node *node, const struct wsip_addr *remote);
/* Sends what waits in the endpoint, as far as the window allows. */
void wsip_stream_flush(struct wsip_sim_socket *socket);
void wsip_stream_send_bytes(struct wsip_sim_socket *socket, const char *bytes, size_t size);
/* Closes this end; the other one is told, with an error where there is one. */
void wsip_stream_close(struct wsip_sim_socket *socket, int error);

#endif
