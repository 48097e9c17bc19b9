/* SPDX-License-Identifier: MIT
 * A look at a message that takes no more apart than a caller and a callee of our own need. It is no
 * parser: what it does not know it passes over; what it reads it reads within the bytes given.
 */
#ifndef WSIP_BENCH_SCAN_H
#define WSIP_BENCH_SCAN_H

#include <wiresip/span.h>

#include "bench/load/mark.h"

enum wsip_load_method {
	WSIP_LOAD_OTHER,
	WSIP_LOAD_INVITE,
	WSIP_LOAD_ACK,
	WSIP_LOAD_BYE,
	WSIP_LOAD_CANCEL,
	WSIP_LOAD_OPTIONS,
	WSIP_LOAD_REGISTER,
};

/* Header fields of one name beyond this many: the message is refused. */
#define WSIP_SCANNED_LINES 16

/* A header field with its line end (as it is copied), and its value without blanks around. */
struct wsip_line {
	struct wsip_span whole;
	struct wsip_span value;
};

struct wsip_scanned {
	unsigned int status;          /* 0: a request */
	enum wsip_load_method method; /* of the request line, or of the CSeq of a response */
	uint32_t cseq;
	struct wsip_mark mark; /* of the Call-ID */
	struct wsip_line via[WSIP_SCANNED_LINES];
	struct wsip_line record_route[WSIP_SCANNED_LINES];
	struct wsip_line challenge[WSIP_SCANNED_LINES]; /* WWW- or Proxy-Authenticate */
	uint32_t via_count, record_route_count, challenge_count;
	/* `data` is NULL when one is absent. */
	struct wsip_line from, to, call_id, cseq_line, contact;
	struct wsip_line retry_after;
};

/* WSIP_ERR_SYNTAX when it is no SIP message with a Via, From, To, Call-ID and CSeq, or not about a
 * call of ours; WSIP_ERR_LIMIT when there are too many lines. */
WSIP_MUST_CHECK enum wsip_err wsip_scan(struct wsip_span message, struct wsip_scanned *scanned);

/* The value of a parameter (";tag=x") behind the URI of a From or To; empty when it is absent. */
struct wsip_span wsip_scan_tag(struct wsip_span name_addr);

/* The URI of a name-addr or addr-spec, without the brackets. */
struct wsip_span wsip_scan_uri(struct wsip_span name_addr);

/* Cuts the first value off a list ("a, b"): returns it, and `list` is what follows the comma. */
struct wsip_span wsip_scan_value(struct wsip_span *list);

#endif
