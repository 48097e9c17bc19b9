/* SPDX-License-Identifier: MIT
 * The core on a wire that a test holds at both ends: what comes in is written by the test, what
 * goes out is recorded with its time, and the clock is virtual. One proxy, 10.0.0.1, with a caller
 * on one side and callees on the other. Times count from wire_open, in milliseconds.
 */
#ifndef WSIP_TESTS_WIRE_H
#define WSIP_TESTS_WIRE_H

#include "core/core.h"

#define WIRE_CALLER "10.0.0.2:5060"
#define WIRE_CALLEE "10.0.0.3:5060"
#define WIRE_SECOND "10.0.0.4:5060"
#define WIRE_THIRD  "10.0.0.5:5060"

/* Indexes of the listeners: udp and tcp 10.0.0.1:5060, udp 127.0.0.1:5060. */
enum { WIRE_LISTENER_UDP, WIRE_LISTENER_TCP, WIRE_LISTENER_LOOPBACK, WIRE_LISTENERS };

#define WIRE_SENT_MAX    4096
#define WIRE_STORE_BYTES (8u << 20)
#define WIRE_BROKEN_MAX  8
#define WIRE_TARGETS_MAX 16

/* A message that the core sent. */
struct wire_sent {
	uint64_t at_ms;
	const char *text; /* zero-terminated */
	size_t size;
	struct wsip_flow flow;
	char to[WSIP_ADDR_TEXT_BYTES]; /* flow.remote */
	uint64_t ticket;
};

struct wire {
	struct wsip_core core;
	struct wsip_listener listeners[WIRE_LISTENERS];
	uint64_t start_ms;

	/* The route source: gives these, or its error. At first WIRE_CALLEE, as next hop. */
	struct wsip_route_source source;
	const char *targets[WIRE_TARGETS_MAX];
	enum wsip_destination_use use;
	enum wsip_err source_err;

	/* "proxy.example.org": our name beside the addresses. */
	struct wsip_alias alias;

	/* What wsip_resume wants, until wire_resume. */
	struct wsip_resumption posted;

	/* The handler; NULL relays with `relay`, whose user is the wire. */
	wsip_request_fn *on_request;
	struct wsip_relay_options relay;
	unsigned int handled; /* calls of the handler */
	unsigned int seen;    /* for the handlers of the tests */

	struct wire_sent sent[WIRE_SENT_MAX];
	size_t sent_count;
	char broken[WIRE_BROKEN_MAX][WSIP_ADDR_TEXT_BYTES];
	unsigned int refused; /* sends to a broken address */
	/* Around what the core does, its sends left out; may be NULL. */
	void (*enter_core)(struct wire *wire);
	void (*leave_core)(struct wire *wire);
	const char *context; /* what the test is at, for messages */

	char store[WIRE_STORE_BYTES]; /* all texts */
	size_t stored;
};

struct wire *wire_open(void);
/* Lets all timers run out, sees to it that nothing is left, ends the core. */
void wire_close(struct wire *wire);
/* Ends the core with whatever is under way. */
void wire_cut(struct wire *wire);
void wire_run_out(struct wire *wire);
/* Under AddressSanitizer; wire_close does it. */
void wire_expect_no_leak(void);
/* What is still in use or running: "1 requests 2 buffers", or "". */
const char *wire_leftovers(struct wire *wire);

/* A text that lives as long as the wire. */
__attribute__((format(printf, 2, 3))) const char *wire_print(struct wire *wire, const char *format,
	...);

/* ---- Time ---- */

uint64_t wire_now(const struct wire *wire);
/* Every timer fires at its own time on the way. */
void wire_advance_to(struct wire *wire, uint64_t at_ms);

/* ---- What comes in ---- */

/* Members that are NULL or 0 have the default. */
struct wire_request {
	const char *method;       /* INVITE */
	const char *uri;          /* sip:bob@10.0.0.1 */
	const char *via;          /* SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller */
	const char *to;           /* <sip:bob@example.org> */
	const char *call_id;      /* call-1 */
	unsigned int cseq;        /* 1 */
	const char *max_forwards; /* 70; "" for none */
	const char *headers;      /* whole lines with their CR LF */
	const char *body;
	const char *source; /* WIRE_CALLER */
	enum wsip_transport transport;
};

struct wsip_flow wire_flow(enum wsip_transport transport, const char *remote);
void wire_receive(struct wire *wire, enum wsip_transport transport, const char *source,
	const char *text);
const char *wire_request_text(struct wire *wire, const struct wire_request *request);
void wire_request(struct wire *wire, const struct wire_request *request);
/* The INVITE with all defaults, which is answered with 100 and goes to the callee. */
const struct wire_sent *wire_invite(struct wire *wire);
/* The ACK that the caller sends for a rejection of `invite` (17.1.1.3). */
void wire_ack_rejection(struct wire *wire, const struct wire_request *invite,
	const struct wire_sent *response);

/* The response that a UAS makes of a request (8.2.6, 12.1.1). */
struct wire_reply {
	unsigned int status;
	const char *to_tag;  /* "callee" */
	const char *headers; /* whole lines with their CR LF */
};

const char *wire_reply_text(struct wire *wire, const struct wire_sent *request,
	const struct wire_reply *reply);
/* `request` may be NULL: nothing happens. */
void wire_reply(struct wire *wire, const struct wire_sent *request, unsigned int status);
void wire_reply_with(struct wire *wire, const struct wire_sent *request,
	const struct wire_reply *reply);

/* ---- What went out ---- */

/* `what` is a method or a status; `to` may be NULL. */
const struct wire_sent *wire_find(const struct wire *wire, const char *what, const char *to,
	size_t index);
const struct wire_sent *wire_last(const struct wire *wire, const char *what, const char *to);
size_t wire_count(const struct wire *wire, const char *what, const char *to);
/* "0 500 1500": when these were sent. */
const char *wire_times(struct wire *wire, const char *what, const char *to);
/* First words of all that was sent since the message with this index: "100 INVITE". */
const char *wire_story(struct wire *wire, size_t since);
const char *wire_start_line(struct wire *wire, const struct wire_sent *sent);
/* The value of the header line number `index` of that name, or NULL. */
const char *wire_header(struct wire *wire, const struct wire_sent *sent, const char *name,
	size_t index);
size_t wire_header_count(struct wire *wire, const struct wire_sent *sent, const char *name);
/* The branch of the top Via. */
const char *wire_branch(struct wire *wire, const struct wire_sent *sent);

/* ---- Suspension ---- */

/* The core's thread gets to what wsip_resume has posted. */
void wire_resume(struct wire *wire);

/* ---- Trouble ---- */

/* From now on nothing can be sent to this address. */
void wire_break(struct wire *wire, const char *address);
void wire_mend(struct wire *wire);

#endif
