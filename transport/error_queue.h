/* SPDX-License-Identifier: MIT
 * Datagrams that the network gave back (RFC 3261 18.4).
 */
#ifndef WSIP_TRANSPORT_ERROR_QUEUE_H
#define WSIP_TRANSPORT_ERROR_QUEUE_H

#include "transport/poller.h"

/* Tells the endpoint of each that waits in its socket's error queue, up to a bound. Called whenever
 * a call on the socket failed: the error of one datagram is reported to any other. */
void wsip_error_queue_read(struct wsip_endpoint *endpoint, struct wsip_buf_pool *bufs);

#endif
