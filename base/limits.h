/* SPDX-License-Identifier: MIT
 * Every bound on what a peer can make us hold or do, in one place, with what happens beyond it.
 */
#ifndef WSIP_BASE_LIMITS_H
#define WSIP_BASE_LIMITS_H

/* A message, head and body. Beyond: 513 Message Too Large (RFC 3261 21.5.7), or 413 for a body that
 * its Content-Length says is larger (21.4.11); a stream closes. */
#define WSIP_MESSAGE_MAX_BYTES 65535

/* Header fields in a message as it comes. Beyond: 400. We may add a few. */
#define WSIP_HEADERS_MAX 256
#define WSIP_HEADERS_OWN 16

/* Transport token of a Via. Beyond: 400. */
#define WSIP_TRANSPORT_MAX_BYTES 32

/* Values of any comma-separated header, in one field or in several. Beyond: 400. */
#define WSIP_LIST_MAX 128

/* Request-URI. Beyond: 414 Request-URI Too Long (RFC 3261 21.4.11). */
#define WSIP_URI_MAX_BYTES 2048

/* Method token. Beyond: 400. */
#define WSIP_METHOD_MAX_BYTES 64

/* Parameters of one URI or header value. Beyond: 400, and 414 for those of the Request-URI. */
#define WSIP_PARAMS_MAX 64

/* Comments within comments (Retry-After). Beyond: the value cannot be read. */
#define WSIP_COMMENT_DEPTH_MAX 8

/* CSeq: RFC 3261 8.1.1.5 and 20.16. Beyond: 400. */
#define WSIP_CSEQ_MAX 2147483647u

/* Max-Forwards: RFC 3261 20.22. Beyond: 400. */
#define WSIP_MAX_FORWARDS_MAX 255u

/* Max-Breadth. Beyond: it counts as absent (RFC 5393 5.3.3). */
#define WSIP_MAX_BREADTH_MAX 4294967295u

/* RSeq: RFC 3262 7.1. Beyond: the value cannot be read. */
#define WSIP_RSEQ_MAX 4294967295u

/* Expires and its kin: RFC 3261 20.19. Beyond: the value cannot be read, and a parameter of a
 * Contact stands for 3600 (20.10). */
#define WSIP_EXPIRES_MAX 4294967295u

/* Attempts (client branches) for one request. Beyond: the best answer so far is final. */
#define WSIP_BRANCHES_MAX 16

/* Transactions alive in a worker, of either kind. Beyond: 503 with Retry-After. */
#define WSIP_TRANSACTIONS_MAX (4u << 20)

/* Requests refused for lack of room that are remembered, to be refused again; a power of two.
 * Beyond: the newer ones. */
#define WSIP_REFUSALS 256

/* Stream connections in a worker, or fewer where the system gives fewer descriptors. Beyond: an
 * accepted one is closed, an outgoing one refused. */
#define WSIP_CONNECTIONS_MAX 65536

/* Descriptors that connections leave to everything else (listeners, pollers, log). */
#define WSIP_DESCRIPTORS_RESERVED 256

/* Memory held by what waits on a stream that its peer does not read. Beyond: it closes. */
#define WSIP_STREAM_QUEUE_MAX_BYTES (1u << 20)

/* Pieces that wait on all streams of a worker together. Beyond: as above. */
#define WSIP_OUTGOING_MAX (1u << 20)

/* A stream with an unfinished message, and one with nothing to say, in milliseconds. Beyond:
 * it closes. */
#define WSIP_STREAM_UNFINISHED_MS 32000
#define WSIP_STREAM_IDLE_MS       300000

/* A connection that is being opened. Beyond: its messages fail as unreachable. */
#define WSIP_STREAM_CONNECT_MS 4000

/* Messages waiting for another worker, as a power of two, and those of them that requests which
 * start something new leave to the others. Beyond: 503 with Retry-After; responses and ACKs are
 * dropped. */
#define WSIP_RING_SLOTS    4096
#define WSIP_RING_RESERVED (WSIP_RING_SLOTS / 4)

/* Requests that start something new and wait their turn in a worker, as a power of two. Once there
 * was no moment without any for so long (STANDS), as many as can be started in the time of ROOM,
 * and none longer than MAX; all together well below T1. Beyond: 503 with Retry-After. */
#define WSIP_WAITING_MAX 1024
/* Each of them may have its CANCEL waiting behind it; a power of two. */
#define WSIP_WAITING_SLOTS     (2 * WSIP_WAITING_MAX)
#define WSIP_WAITING_STANDS_MS 200
#define WSIP_WAITING_ROOM_MS   50
#define WSIP_WAITING_MAX_MS    100

/* Seconds until those that were refused in an overload may come back (Retry-After). */
#define WSIP_RETRY_AFTER_MAX_S 5

/* How full a socket may be while new requests are refused. Beyond: fewer of them are started. */
#define WSIP_BACKLOG_HURRY_PERMILLE 250

/* Bindings of one address-of-record, and addresses-of-record in all. Beyond: 403, 503. */
#define WSIP_BINDINGS_PER_AOR_MAX 10
#define WSIP_AORS_MAX             (1u << 20)

/* Lines a second of one kind in the log. Beyond: counted, and said with the next line. */
#define WSIP_LOG_LINES_PER_SECOND 10

#endif
