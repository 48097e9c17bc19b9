/* SPDX-License-Identifier: MIT
 * What the two ends of a call say, as texts that only lack what differs from call to call.
 */
#ifndef WSIP_BENCH_MESSAGES_H
#define WSIP_BENCH_MESSAGES_H

#include "bench/load/options.h"
#include "bench/load/template.h"
#include "bench/load/wire.h"

/* Each pair of a caller's and a callee's socket has its own. */
struct wsip_pair_texts {
	struct wsip_template first;      /* the whole INVITE or OPTIONS */
	struct wsip_template reject_ack; /* then: the To of the response, and `end` */
	struct wsip_template ack_via;    /* behind the remote target of an ACK of a 2xx */
	struct wsip_template ack_rest;   /* behind its routes and To */
	struct wsip_template bye_via, bye_rest;
	struct wsip_template register_via;     /* behind the Request-URI; then the CSeq's number */
	struct wsip_template register_call;    /* behind the URI of the From; then the same */
	struct wsip_template register_contact; /* behind the user of the Contact */
	struct wsip_template ringing_rest;     /* behind the CSeq of a 180 */
	struct wsip_template answer_rest;      /* of a 200 to an INVITE */
};

struct wsip_messages {
	struct wsip_pair_texts *pairs;
};

WSIP_MUST_CHECK enum wsip_err wsip_messages_init(struct wsip_messages *messages,
	const struct wsip_load_options *options, const struct wsip_wire *wire);
void wsip_messages_finish(struct wsip_messages *messages);

/* Behind the To of a request without a body, and behind the CSeq of a 200 without one. */
#define WSIP_EMPTY_END "Content-Length: 0\r\n\r\n"

/* The tags of both ends: followed by the mark. */
#define WSIP_CALLER_TAG "a-"
#define WSIP_CALLEE_TAG "b-"

#endif
