/* SPDX-License-Identifier: MIT
 * What a handler works with: the request that came in, and its relay.
 *
 *	static enum wsip_verdict on_response(struct wsip_relay *relay, struct wsip_msg *response,
 *		void *user)
 *	{
 *		if (wsip_msg_status(response) == 503)
 *			return wsip_relay_retry(relay, "sip:192.0.2.7");
 *		return WSIP_FORWARD;
 *	}
 *
 *	static void on_request(struct wsip_request *request, void *user)
 *	{
 *		wsip_relay(request, &(struct wsip_relay_options){ .on_response = on_response });
 *	}
 *
 * Retransmissions, CANCEL, the ACK of a rejected INVITE, 100 Trying and all timers are taken care
 * of. A request belongs to one worker thread; its handler and all calls about it run there.
 */
#ifndef WIRESIP_REQUEST_H
#define WIRESIP_REQUEST_H

#include <wiresip/addr.h>
#include <wiresip/msg.h>

#pragma GCC visibility push(default)

struct wsip_request;
struct wsip_relay;

enum wsip_verdict {
	/* The response goes to the caller as it is now. A final one ends the relay. */
	WSIP_FORWARD,
	/* The response goes no further. A final one must be followed by something: without another
	 * attempt or an answer the caller gets 500. */
	WSIP_DROP,
	/* The next destination of the route is tried; the response is forwarded if there is none.
	 */
	WSIP_NEXT,
	/* Something else was decided, by wsip_relay_retry or wsip_relay_answer. */
	WSIP_DECIDED,
};

/* Called for each request that starts a transaction and for each ACK of a 2xx, but not for CANCEL,
 * and not for a REGISTER that the registrar takes. It relays, or answers; a request for which it
 * did neither is answered with 500. */
typedef void wsip_request_fn(struct wsip_request *request, void *user);

/* Called for each response of an attempt but 100, with our own Via taken off already; not for what
 * is answered here without an attempt (404, 483, 503 while stopping). When no response came, there
 * is a 408 (timeout) or 503 (unreachable) made here (RFC 3261 16.8, 16.9). The response may be
 * edited. The verdict on a 2xx to INVITE is WSIP_FORWARD, whatever the handler says: somebody has
 * picked up (16.7). */
typedef enum wsip_verdict wsip_response_fn(struct wsip_relay *relay, struct wsip_msg *response,
	void *user);

enum wsip_record_route {
	WSIP_RECORD_ROUTE_DIALOGS = 0, /* for requests that start a dialog */
	WSIP_RECORD_ROUTE_NEVER,
};

struct wsip_relay_options {
	/* A SIP URI; where it is sent to. Where the Request-URI names this proxy, it becomes this
	 * URI, with the user part of the request if this one has none. NULL: the default route:
	 * Route header, Request-URI of another element within a dialog, registrar, targets. */
	const char *destination;
	/* NULL: wsip_verdict_default. */
	wsip_response_fn *on_response;
	void *user;
	enum wsip_record_route record_route;
};

/* WSIP_NEXT for 408 and 503, WSIP_FORWARD for the others. */
enum wsip_verdict wsip_verdict_default(struct wsip_relay *relay, struct wsip_msg *response,
	void *user);

/* Relays the request; `options` may be NULL and is copied. An error was answered already (404 no
 * route, 483 too many hops, 500 for a destination that is no SIP URI), so it may be ignored. It
 * says WSIP_ERR_ARGUMENT for that destination, WSIP_ERR_STATE when the request was relayed or
 * answered before. */
enum wsip_err wsip_relay(struct wsip_request *request, const struct wsip_relay_options *options);

/* From on_response: tries this SIP URI next, instead of forwarding the response. Cancels the
 * attempt under way when the response was provisional. When that is impossible (syntax, too many
 * attempts, the caller has hung up) the response is forwarded. */
enum wsip_verdict wsip_relay_retry(struct wsip_relay *relay, const char *destination);

/* From on_response: answers the caller with something else. */
enum wsip_verdict wsip_relay_answer(struct wsip_relay *relay, unsigned int status,
	const char *reason);

struct wsip_request *wsip_relay_request(struct wsip_relay *relay);
/* The attempts made so far, this one included. */
unsigned int wsip_relay_attempts(const struct wsip_relay *relay);

/* The request as it will be relayed; edits before wsip_relay count for all attempts. */
struct wsip_msg *wsip_request_msg(struct wsip_request *request);
/* Where it came from. */
const struct wsip_addr *wsip_request_source(const struct wsip_request *request);
enum wsip_transport wsip_request_transport(const struct wsip_request *request);

struct wsip_answer_header {
	const char *name;
	struct wsip_span value;
};

/* An answer of our own. */
struct wsip_answer {
	unsigned int status;
	const char *reason; /* NULL: the RFC's */
	const struct wsip_answer_header *headers;
	size_t header_count;
	const char *content_type; /* with `body` */
	struct wsip_span body;
};

/* Answers the request. WSIP_ERR_STATE when it was answered finally before, is an ACK, or a 2xx to
 * it is being forwarded. WSIP_ERR_MEMORY: a final answer could not be made; the request ends
 * without. */
enum wsip_err wsip_request_answer(struct wsip_request *request, unsigned int status,
	const char *reason);
enum wsip_err wsip_request_answer_with(struct wsip_request *request,
	const struct wsip_answer *answer);

/* The reason phrase that RFC 3261 21 gives a status; "Unknown" for others. */
const char *wsip_status_reason(unsigned int status);

/* A pointer of the handler's own, kept with the request. `free_data` (may be NULL) is called with
 * it when the request ends. */
void wsip_request_set_data(struct wsip_request *request, void *data, void (*free_data)(void *data));
void *wsip_request_data(const struct wsip_request *request);

#pragma GCC visibility pop
#endif
