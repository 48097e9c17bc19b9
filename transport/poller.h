/* SPDX-License-Identifier: MIT
 * The reactor's strategy: how bytes come and go. The interface speaks of what was done (a datagram
 * arrived, a stream took bytes), not of readiness, so that epoll, io_uring and the simulated
 * network of the testkit can all stand behind it. One poller belongs to one worker thread.
 */
#ifndef WSIP_TRANSPORT_POLLER_H
#define WSIP_TRANSPORT_POLLER_H

#include <wiresip/addr.h>

#include "base/buf.h"
#include "base/list.h"

struct wsip_endpoint;

/* What an endpoint's owner is told. Slots that its kind does not use may be NULL. A call may remove
 * any endpoint, its own too; none is called for an endpoint after it was removed. The memory of a
 * stream may go then; that of others stays until the poller's call (wait, dispatch, a send) is
 * over.
 */
struct wsip_endpoint_ops {
	/* Datagram: takes over the reference to `buf`. */
	void (*datagram)(struct wsip_endpoint *endpoint, struct wsip_buf *buf,
		const struct wsip_addr *from);
	/* Datagram: the system refused to send this, or the network gave it back (ICMP); `buf` is
	 * what there is of it. */
	void (*refused)(struct wsip_endpoint *endpoint, struct wsip_buf *buf);
	/* Listener: owns `fd` from now on. */
	void (*accepted)(struct wsip_endpoint *endpoint, int fd, const struct wsip_addr *from);
	/* Stream: bytes arrived; they are only valid during the call. */
	void (*data)(struct wsip_endpoint *endpoint, const char *data, size_t size);
	/* Stream: it is open now. */
	void (*connected)(struct wsip_endpoint *endpoint);
	/* Stream: the peer closed (error 0), or it failed (errno). To be removed by its owner. */
	void (*closed)(struct wsip_endpoint *endpoint, int error);
	/* Wake: somebody called wsip_wake. */
	void (*woken)(struct wsip_endpoint *endpoint);
};

enum wsip_endpoint_kind {
	WSIP_ENDPOINT_DATAGRAM,
	WSIP_ENDPOINT_LISTENER,
	WSIP_ENDPOINT_STREAM,
	WSIP_ENDPOINT_WAKE, /* an eventfd */
};

/* Bytes that wait for a stream to take them. */
struct wsip_outgoing {
	struct wsip_list link;
	struct wsip_buf *buf;
	uint64_t ticket;
};

/* Embedded in its owner. The owner sets fd, kind, ops (and connecting for a stream that is being
 * opened); the rest is the poller's. */
struct wsip_endpoint {
	int fd;
	enum wsip_endpoint_kind kind;
	const struct wsip_endpoint_ops *ops;
	bool connecting;
	bool wants_write;
	bool removed;
	struct wsip_list dirty;    /* something waits to be sent */
	struct wsip_list outgoing; /* stream: struct wsip_outgoing */
	size_t outgoing_bytes;     /* memory held by what waits */
	size_t sent_of_first;
	struct wsip_send_batch *batch; /* epoll, datagram: what waits to be sent */
	struct wsip_watch *watch;      /* io_uring: what the system has in hand for it */
};

struct wsip_poller;

struct wsip_poller_ops {
	const char *name;
	/* NULL when the system refuses; errno says why. Buffers for what arrives come from
	 * `bufs`. */
	struct wsip_poller *(*create)(struct wsip_buf_pool *bufs);
	void (*destroy)(struct wsip_poller *poller);
	WSIP_MUST_CHECK enum wsip_err (*add)(struct wsip_poller *poller,
		struct wsip_endpoint *endpoint);
	/* Forgets the endpoint and what waits in it; the descriptor stays its owner's. */
	void (*remove)(struct wsip_poller *poller, struct wsip_endpoint *endpoint);
	/* A stream that is being opened to `remote`, to be added with `connecting` set; -1 when
	 * that is impossible. */
	int (*connect)(struct wsip_poller *poller, const struct wsip_addr *remote);
	/* Of an endpoint that was removed, or a descriptor that was never added. */
	void (*close)(struct wsip_poller *poller, int fd);
	/* Both send with the next wait, or earlier, and take a reference of their own. */
	enum wsip_err (*send_datagram)(struct wsip_poller *poller, struct wsip_endpoint *endpoint,
		struct wsip_buf *buf, const struct wsip_addr *to);
	enum wsip_err (*send_stream)(struct wsip_poller *poller, struct wsip_endpoint *endpoint,
		struct wsip_buf *buf, uint64_t ticket);
	/* Sends what waits, then waits until something happens, for at most `timeout_ms` (-1: for
	 * ever). All calls of wait, dispatch and leave come from one thread. What cannot be sent
	 * may be told at once. */
	void (*wait)(struct wsip_poller *poller, int timeout_ms);
	/* Tells the owners what happened. Apart from the waiting, so that the clock can be read in
	 * between: what a message starts has to count from when it came. */
	void (*dispatch)(struct wsip_poller *poller);
	/* The last call of the thread that waits: sends what waits, and takes back whatever the
	 * system still has in hand. Any thread may then remove, close and destroy. */
	void (*leave)(struct wsip_poller *poller);
	/* Datagrams that the system did not take. */
	uint64_t (*datagrams_lost)(const struct wsip_poller *poller);
};

struct wsip_poller {
	const struct wsip_poller_ops *ops;
	/* The owner's to set. For so long after a wait began, what arrives may be left waiting for
	 * company, so that one wake-up serves it all; what arrives later is served at once. So this
	 * is the most that it adds to a message's way. 0: everything is served at once. */
	uint32_t coalesce_us;
};

extern const struct wsip_poller_ops wsip_poller_epoll;
extern const struct wsip_poller_ops wsip_poller_uring;

#endif
