/* SPDX-License-Identifier: MIT
 * Where a message came from or goes to, and who sends it: all that core knows of the network.
 */
#ifndef WSIP_CORE_FLOW_H
#define WSIP_CORE_FLOW_H

#include <wiresip/addr.h>

#include "base/buf.h"

struct wsip_flow {
	uint64_t connection; /* of a stream: its handle, 0 for whichever leads to `remote` */
	struct wsip_addr remote;
	uint16_t listener; /* index of the local address (struct wsip_listener) */
	uint8_t transport; /* enum wsip_transport */
	uint8_t worker;    /* whose connection it is */
};

/* A local address under which the proxy is reached: goes into Via and Record-Route. */
struct wsip_listener {
	enum wsip_transport transport;
	struct wsip_addr addr;
	char text[WSIP_ADDR_TEXT_BYTES]; /* "192.0.2.1:5060" */
	size_t text_bytes;
	uint32_t mtu_bytes; /* of the interface; 0: not known */
};

/* Implemented by the transport layer, and by the simulated network of the tests. */
struct wsip_sender_ops {
	/* Sends `bytes` to flow->remote from the listener's address; mandatory. Takes a reference
	 * of its own if it needs the bytes after it returns. Never blocks. `ticket` (0: nobody
	 * cares) comes back through wsip_core_send_failed when the failure shows only later. */
	enum wsip_err (*send)(void *self, const struct wsip_flow *flow, struct wsip_buf *bytes,
		uint64_t ticket);
};

/* Would somebody from outside make us talk to this machine itself, or to its link? */
static inline bool wsip_flow_reaches_inside(const struct wsip_addr *from,
	const struct wsip_addr *to)
{
	return (wsip_addr_is_loopback(to) && !wsip_addr_is_loopback(from)) ||
	       (wsip_addr_is_link_local(to) && !wsip_addr_is_link_local(from));
}

static inline bool wsip_transport_is_reliable(uint8_t transport)
{
	return transport != WSIP_UDP;
}

#endif
