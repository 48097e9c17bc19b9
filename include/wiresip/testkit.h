/* SPDX-License-Identifier: MIT
 * Tests a handler with the real stack on a simulated network: proxies, phones and carriers talk
 * over links that lose, delay, double and reorder, on a clock that jumps from one event to the
 * next. A minute of calls takes milliseconds, and all that is random comes from one seed, so a run
 * can be repeated exactly.
 *
 *	struct wsip_sim *sim = wsip_sim_create(NULL);
 *	struct wsip_agent *alice, *bob;
 *	struct wsip_call *call;
 *
 *	wsip_sim_proxy(sim, "proxy", &(struct wsip_proxy_options){
 *		.listen = { "udp:10.0.0.1:5060" }, .on_request = on_request });
 *	alice = wsip_agent_create(sim, &(struct wsip_agent_options){
 *		.name = "alice", .listen = { "udp:10.0.0.2:5060" }, .proxy = "sip:10.0.0.1" });
 *	bob = wsip_agent_create(sim, &(struct wsip_agent_options){
 *		.name = "bob", .listen = { "udp:10.0.0.3:5060" } });
 *	call = wsip_agent_call(alice, "sip:bob@10.0.0.1");
 *	wsip_sim_run_ms(sim, 10000);
 *	wsip_call_expect(call, 200);
 *	return wsip_sim_end(sim);
 *
 * A check that fails prints what went over the wire as a ladder, with the seed and the command that
 * repeats the run. Nothing here is thread-safe: a simulation is one thread's. A mistake of the test
 * itself (a wrong address, an unknown name) ends the program with a line that says what was
 * expected. All objects belong to the simulation and end with it.
 */
#ifndef WIRESIP_TESTKIT_H
#define WIRESIP_TESTKIT_H

#include <stdio.h>

#include <wiresip/proxy.h>

#pragma GCC visibility push(default)

struct wsip_sim;
struct wsip_sim_proxy;
struct wsip_agent;
struct wsip_call;
struct wsip_raw;

/* ---- The simulation ---- */

struct wsip_sim_options {
	/* 0: the environment's WIRESIP_SEED, else 1. */
	uint64_t seed;
	/* What repeats the run, printed with "WIRESIP_SEED=N " in front; NULL: the program's
	 * name. */
	const char *replay;
	FILE *out; /* where failures are told; NULL: standard error */
};

/* `options` may be NULL. */
struct wsip_sim *wsip_sim_create(const struct wsip_sim_options *options);

/* Lets everything come to rest, and sees to it that every proxy has given back all it took. Frees
 * the simulation. Returns the number of checks that failed: 0 is for success, as an exit status. */
int wsip_sim_end(struct wsip_sim *sim);

uint64_t wsip_sim_seed(const struct wsip_sim *sim);
/* A number below `bound` that follows from the seed. */
uint32_t wsip_sim_random(struct wsip_sim *sim, uint32_t bound);

/* ---- Time ---- */

/* Milliseconds since the simulation began. */
uint64_t wsip_sim_now_ms(const struct wsip_sim *sim);
/* The next thing that happens; false when nothing will. */
bool wsip_sim_step(struct wsip_sim *sim);
/* Everything that happens up to a point in time, and then it is that time. */
void wsip_sim_run_until(struct wsip_sim *sim, uint64_t at_ms);
void wsip_sim_run_ms(struct wsip_sim *sim, uint64_t duration_ms);
/* Until nothing happens any more: all timers have run out, idle connections have closed. Four hours
 * are the limit; going on after them is a failed check. */
void wsip_sim_run_until_idle(struct wsip_sim *sim);

/* ---- Checks ---- */

/* Counts and tells a check that failed; returns `ok`. */
__attribute__((format(printf, 3, 4))) bool wsip_sim_expect(struct wsip_sim *sim, bool ok,
	const char *format, ...);
/* All that was sent so far: a column for each participant, a line for each message. */
void wsip_sim_print_ladder(struct wsip_sim *sim, FILE *out);

/* ---- The network ---- */

/* One direction between two IP addresses. All zero: 1 ms, and nothing goes wrong. Probabilities are
 * in thousandths. On streams a loss is a delay of 200 ms. */
struct wsip_link {
	uint32_t delay_ms; /* 0: 1 */
	uint32_t jitter_ms;
	uint32_t loss;
	uint32_t duplication;
	uint32_t reordering; /* comes later than what was sent behind it */
	uint32_t mtu_bytes;  /* a larger datagram, IP and UDP headers included, is lost; 0: none */
};

/* From one IP address to another; NULL stands for all. What was said last counts. */
void wsip_sim_link(struct wsip_sim *sim, const char *from, const char *to,
	const struct wsip_link *link);
/* Nothing goes between the two addresses, either way; NULL stands for all. */
void wsip_sim_partition(struct wsip_sim *sim, const char *a, const char *b);
void wsip_sim_heal(struct wsip_sim *sim);

/* How a TCP address treats those who connect to it. */
enum wsip_tcp_manner {
	WSIP_TCP_ACCEPTS = 0,
	WSIP_TCP_REFUSES,     /* as if nobody listened */
	WSIP_TCP_SILENT,      /* the connect is never answered */
	WSIP_TCP_RESETS,      /* breaks with the first bytes */
	WSIP_TCP_HALF_CLOSES, /* sends no more after its first bytes came, but reads on */
	WSIP_TCP_DRIPS,       /* what it sends and gets goes byte by byte */
	WSIP_TCP_NEVER_READS,
};

/* "10.0.0.3:5060". */
void wsip_sim_tcp(struct wsip_sim *sim, const char *address, enum wsip_tcp_manner manner);
/* Breaks every connection of this IP address. */
void wsip_sim_reset_connections(struct wsip_sim *sim, const char *ip);

/* ---- Proxies ---- */

/* With the options of a real one; `listen` names addresses of the simulated network, targets must
 * be IP addresses. Workers do not matter: a simulated proxy is one. */
struct wsip_sim_proxy *wsip_sim_proxy(struct wsip_sim *sim, const char *name,
	const struct wsip_proxy_options *options);

/* ---- Agents: phones, carriers, gateways ---- */

enum wsip_agent_manner {
	WSIP_AGENT_ANSWERS = 0, /* 180, then 200 */
	WSIP_AGENT_REJECTS,     /* `status`, after 180 if ring_after_ms is below answer_after_ms */
	WSIP_AGENT_RINGS_ON,    /* 180 and nothing more, until it is cancelled */
	WSIP_AGENT_SILENT,      /* takes no notice of anything */
	WSIP_AGENT_MANUAL,      /* says what wsip_call_answer says */
};

struct wsip_agent_options {
	const char *name; /* its user name, and its column in the ladder */
	/* "udp:10.0.0.2:5060"; the first one is its Contact. */
	const char *listen[3];
	const char *proxy; /* a SIP URI where its requests go first; NULL: to their Request-URI */
	enum wsip_agent_manner manner;
	uint32_t ring_after_ms;
	uint32_t answer_after_ms;
	unsigned int status;       /* of a rejection; 0: 486 */
	const char *headers;       /* of final responses: whole lines with their CR LF, or NULL */
	uint32_t hang_up_after_ms; /* after the call was answered; 0: the other side does */
};

struct wsip_agent *wsip_agent_create(struct wsip_sim *sim,
	const struct wsip_agent_options *options);
/* Another manner, for the calls to come. */
void wsip_agent_set_manner(struct wsip_agent *agent, enum wsip_agent_manner manner,
	unsigned int status);

/* Requests; what becomes of them is asked of the call that they return. */
struct wsip_call *wsip_agent_register(struct wsip_agent *agent, const char *registrar,
	uint32_t expires_s);
struct wsip_call *wsip_agent_call(struct wsip_agent *agent, const char *uri);
struct wsip_call *wsip_agent_send(struct wsip_agent *agent, const char *method, const char *uri);
/* The same with headers (whole lines with their CR LF, or NULL) and a body of this size. */
struct wsip_call *wsip_agent_send_with(struct wsip_agent *agent, const char *method,
	const char *uri, const char *headers, size_t body_bytes);

/* The calls that an agent made and got, in their order; NULL beyond the last. */
struct wsip_call *wsip_agent_call_at(const struct wsip_agent *agent, size_t index);
/* The last one that it got, or NULL. */
struct wsip_call *wsip_agent_last_call(const struct wsip_agent *agent);
/* Requests with this method that were received, without retransmissions. */
unsigned int wsip_agent_received(const struct wsip_agent *agent, const char *method);
/* Wrong behaviour of the other side that the agent saw: a second final response, a response to
 * somebody else's request... The first one in words, or "". */
const char *wsip_agent_violation(const struct wsip_agent *agent);

/* ---- Calls ---- */

enum wsip_call_state {
	WSIP_CALL_TRYING,  /* sent or received, and nothing said */
	WSIP_CALL_RINGING, /* a provisional response but 100 was heard or sent */
	WSIP_CALL_UP,
	WSIP_CALL_ENDED, /* hung up, rejected, cancelled, failed; any other request: answered */
};

enum wsip_call_state wsip_call_state(const struct wsip_call *call);
/* The final status heard (408 and 503 also when nothing came) or sent; 0: none. */
unsigned int wsip_call_status(const struct wsip_call *call);
/* How often this status was heard. */
unsigned int wsip_call_heard(const struct wsip_call *call, unsigned int status);
/* Was it up at some time? */
bool wsip_call_was_up(const struct wsip_call *call);
/* The value of a header of the last response heard, or of the request received; NULL: none. */
const char *wsip_call_header(struct wsip_call *call, const char *name);

/* Of the caller, before the answer. */
void wsip_call_cancel(struct wsip_call *call);
/* Of a MANUAL callee: any status. */
void wsip_call_answer(struct wsip_call *call, unsigned int status);
/* Of both sides, when it is up. */
void wsip_call_hang_up(struct wsip_call *call);
void wsip_call_reinvite(struct wsip_call *call);

/* A check that this is its final status. */
bool wsip_call_expect(struct wsip_call *call, unsigned int status);

/* ---- Raw agents: any bytes ---- */

struct wsip_raw *wsip_raw_create(struct wsip_sim *sim, const char *name, const char *listen);
/* To "10.0.0.1:5060"; on TCP along one connection, opened with the first bytes. */
void wsip_raw_send(struct wsip_raw *raw, const char *to, const char *bytes, size_t size);
/* On the connection that was accepted last, or opened. */
void wsip_raw_close(struct wsip_raw *raw);
/* The next datagram, or all that a connection has brought since, zero-terminated, until the next
 * call; NULL: nothing came. */
const char *wsip_raw_next(struct wsip_raw *raw);

#pragma GCC visibility pop
#endif
