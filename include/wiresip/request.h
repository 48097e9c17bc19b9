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
	/* The response goes to the caller as it is now. A final one ends the search: nothing more
	 * is tried, and when no branch is left the best final response goes to the caller (RFC 3261
	 * 16.7 step 6). A 6xx cancels the other branches. */
	WSIP_FORWARD,
	/* The response goes no further. A final one must be followed by something: without another
	 * branch or an answer the caller gets 500. */
	WSIP_DROP,
	/* The search goes on: the next destinations of the route are tried when no branch is left.
	 * If they bring nothing better, this response goes to the caller. */
	WSIP_NEXT,
	/* A 3xx: its contacts are tried next, best q first (RFC 3261 16.7 step 4); those that were
	 * tried before, or are no sip: URIs, stay in it. Otherwise like WSIP_NEXT. */
	WSIP_RECURSE,
	/* Something else was decided, by wsip_relay_retry or wsip_relay_answer. */
	WSIP_DECIDED,
};

/* Called for each request that starts a transaction and for each ACK of a 2xx, but not for CANCEL,
 * and not for a REGISTER that the registrar takes. It relays, or answers; a request for which it
 * did neither is answered with 500. */
typedef void wsip_request_fn(struct wsip_request *request, void *user);

/* Called for each response of a branch but 100, with our own Via taken off already; not for what
 * is answered here without an attempt (404, 483, 503 while stopping). When no response came, there
 * is a 408 (timeout) or 503 (unreachable) made here (RFC 3261 16.8, 16.9). The response may be
 * edited. The verdict on a 2xx to INVITE is WSIP_FORWARD, whatever the handler says: somebody has
 * picked up (16.7). */
typedef enum wsip_verdict wsip_response_fn(struct wsip_relay *relay, struct wsip_msg *response,
	void *user);

/* How the destinations of a route are tried. */
enum wsip_fork {
	/* Those of equal q at once, the highest q first. Targets of the proxy come one after the
	 * other. */
	WSIP_FORK_BY_Q = 0,
	WSIP_FORK_PARALLEL, /* all at once */
	WSIP_FORK_SERIAL,   /* one after the other */
};

/* One of several destinations that a handler chose. */
struct wsip_relay_target {
	const char *uri; /* as wsip_relay_options.destination */
	unsigned int q;  /* in thousandths, 0 to 1000 */
};

enum wsip_record_route {
	WSIP_RECORD_ROUTE_DIALOGS = 0, /* for requests that start a dialog */
	WSIP_RECORD_ROUTE_NEVER,
};

#define WSIP_RELAY_TARGETS_MAX 16

struct wsip_relay_options {
	/* A SIP URI; where it is sent to. Where the Request-URI names this proxy, it becomes this
	 * URI, with the user part of the request if this one has none. NULL: the default route:
	 * Route header, Request-URI of another element within a dialog, registrar, targets. */
	const char *destination;
	/* Instead of `destination`: several of them, up to WSIP_RELAY_TARGETS_MAX. Needed during
	 * wsip_relay only. */
	const struct wsip_relay_target *targets;
	size_t target_count;
	enum wsip_fork fork;
	/* NULL: wsip_verdict_default. */
	wsip_response_fn *on_response;
	void *user;
	enum wsip_record_route record_route;
};

/* WSIP_NEXT for 408 and 503, and for every failure but 6xx of a user's registered contact, since
 * another one may still be reached; WSIP_FORWARD for the others. */
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
/* The attempts (branches) made so far. */
unsigned int wsip_relay_attempts(const struct wsip_relay *relay);
/* From on_response: the destination that this response came from, as it stands in the route; empty
 * where Route or Request-URI led. */
struct wsip_span wsip_relay_destination(const struct wsip_relay *relay);

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

/* ---- Later. A handler that has to ask somebody first puts the request aside, and goes on when it
 * knows: on the request's own thread, from a timer, or called from any other thread. An INVITE gets
 * 100 Trying at once. What nobody comes back to ends by itself: an INVITE with 504 after Timer C,
 * any other request silently after 64*T1 (RFC 4320). ---- */

/* A request that was put aside. A value: copied, kept, used from any thread while its proxy exists,
 * also when the request has ended. */
struct wsip_suspended {
	const void *ops;
	void *self;
	uint64_t request;
};

/* The request as the handler had it: it relays, answers, or puts it aside again; when it does
 * neither the answer is 500. NULL when the request has ended meanwhile (CANCEL, timeout, end of
 * the proxy excepted: then there is no call). */
typedef void wsip_resume_fn(struct wsip_request *request, void *user);

/* From a handler, instead of an answer. */
struct wsip_suspended wsip_request_suspend(struct wsip_request *request);
/* The same, and `resume` is called after `delay_ms`, unless the request ends before. WSIP_ERR_STATE
 * when it was relayed or answered, or is an ACK. Use a few different delays: beyond 20 or so they
 * are rounded up to a power of two. */
enum wsip_err wsip_request_resume_after(struct wsip_request *request, uint32_t delay_ms,
	wsip_resume_fn *resume, void *user);
/* From any thread: lets `resume` be called once on the thread of the request. WSIP_ERR_LIMIT when
 * that one has too much waiting; WSIP_ERR_STATE for a handle that never was one. */
WSIP_MUST_CHECK enum wsip_err wsip_resume(struct wsip_suspended suspended, wsip_resume_fn *resume,
	void *user);

/* For a handler that answers for itself: has the same request arrived before by another way
 * (RFC 3261 8.2.2.2)? It is answered with 482 then. To be asked once, before the answer. */
bool wsip_request_is_merged(struct wsip_request *request);

/* The reason phrase that RFC 3261 21 gives a status; "Unknown" for others. */
const char *wsip_status_reason(unsigned int status);

/* A pointer of the handler's own, kept with the request. `free_data` (may be NULL) is called with
 * it when the request ends: when it has its answer, and no branch of it is left to wait for. */
void wsip_request_set_data(struct wsip_request *request, void *data, void (*free_data)(void *data));
void *wsip_request_data(const struct wsip_request *request);

#pragma GCC visibility pop
#endif
