/* SPDX-License-Identifier: MIT
 * Out of memory at every allocation of a call. Whatever is lost, nothing crashes, nothing is held
 * for ever, and nothing is sent that must not be. This program has a malloc of its own that can
 * fail.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/failing_malloc.h"
#include "tests/scenario/wire.h"

/* ---- malloc ---- */

static struct {
	bool in_core; /* only the core's own allocations fail */
	bool on;
	bool once; /* this one only, or all from it on */
	bool hit;
	unsigned int allow; /* so many more succeed */
} failing;

static bool allocation_fails(void)
{
	if (!failing.in_core || !failing.on)
		return false;
	if (failing.allow > 0) {
		failing.allow--;
		return false;
	}
	failing.hit = true;
	failing.on = !failing.once;
	return true;
}

static void enter_core(struct wire *wire)
{
	(void)wire;
	failing.in_core = true;
}

static void leave_core(struct wire *wire)
{
	(void)wire;
	failing.in_core = false;
}

/* ---- The scripts: each step is one event; both sides repeat what may have been lost ---- */

typedef void step_fn(struct wire *wire);

static void invite(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){ 0 });
}

static void long_invite(struct wire *wire)
{
	char body[7001] = { 0 };
	const char *headers = "";

	for (int i = 0; i < 40; i++)
		headers = wire_print(wire, "%sX-Header-%d: a value\r\n", headers, i);
	memset(body, 'b', sizeof(body) - 1);
	wire_request(wire, &(struct wire_request){ .headers = headers, .body = body });
}

static void options(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
}

static void cancel(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
}

static void ack_of_2xx(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){ .method = "ACK",
				   .uri = "sip:bob@10.0.0.3",
				   .via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-ack",
				   .to = "<sip:bob@example.org>;tag=callee",
				   .headers = "Route: <sip:10.0.0.1;lr>\r\n" });
}

static void ack_of_rejection(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){
				   .method = "ACK", .to = "<sip:bob@example.org>;tag=callee" });
}

static void bye(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){ .method = "BYE",
				   .uri = "sip:bob@10.0.0.3",
				   .via = "SIP/2.0/UDP pc33.example.com;rport;branch=z9hG4bK-bye",
				   .to = "<sip:bob@example.org>;tag=callee" });
}

static void wrong_request(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS", .max_forwards = "x" });
}

static void stray_cancel(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){ .method = "CANCEL", .uri = "sip:bob@10.0.0.3" });
}

static void reply_to(struct wire *wire, const char *method, unsigned int status)
{
	wire_reply(wire, wire_last(wire, method, NULL), status);
}

static void ring(struct wire *wire)
{
	reply_to(wire, "INVITE", 180);
}

static void progress(struct wire *wire)
{
	reply_to(wire, "INVITE", 183);
}

static void pick_up(struct wire *wire)
{
	reply_to(wire, "INVITE", 200);
}

static void reject(struct wire *wire)
{
	reply_to(wire, "INVITE", 486);
}

static void terminated(struct wire *wire)
{
	wire_reply(wire, wire_find(wire, "INVITE", NULL, 0), 487);
}

static void unavailable(struct wire *wire)
{
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 503);
}

static void reply_to_options(struct wire *wire)
{
	reply_to(wire, "OPTIONS", 200);
}

static void reply_to_bye(struct wire *wire)
{
	reply_to(wire, "BYE", 200);
}

static void reply_to_cancel(struct wire *wire)
{
	reply_to(wire, "CANCEL", 200);
}

static void refuse_cancel(struct wire *wire)
{
	reply_to(wire, "CANCEL", 481);
}

static void wait_64_t1(struct wire *wire)
{
	wire_advance_to(wire, wire_now(wire) + 32000);
}

static void wait_timer_c(struct wire *wire)
{
	wire_advance_to(wire, wire_now(wire) + 181000);
}

static void break_callee(struct wire *wire)
{
	wire_break(wire, WIRE_CALLEE);
}

/* ---- Three phones at once, for the relays to come ---- */

static void fork_from_now_on(struct wire *wire)
{
	wire->targets[2] = "sip:" WIRE_THIRD;
	wire->use = WSIP_USE_CONTACT;
	wire->relay.fork = WSIP_FORK_PARALLEL;
}

static void first_challenges(struct wire *wire)
{
	wire_reply_with(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0),
		&(struct wire_reply){ .status = 401,
			.headers = "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n" });
}

static void second_challenges(struct wire *wire)
{
	wire_reply_with(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0),
		&(struct wire_reply){ .status = 407,
			.headers = "Proxy-Authenticate: Digest realm=\"b\", nonce=\"1\"\r\n" });
}

static void third_redirects(struct wire *wire)
{
	wire_reply_with(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0),
		&(struct wire_reply){ .status = 302,
			.headers = "Contact: <sip:bob@10.0.0.9>, <mailto:bob@example.org>\r\n" });
}

static void all_ring(struct wire *wire)
{
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 180);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0), 180);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0), 180);
}

static void first_declines(struct wire *wire)
{
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0), 603);
}

static void cancel_with_reason(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){ .method = "CANCEL",
				   .headers = "Reason: SIP;cause=600\r\nReason: Q.850\r\n" });
}

static void tcp_fails(struct wire *wire)
{
	const struct wire_sent *invite = wire_last(wire, "INVITE", NULL);

	if (invite)
		wsip_core_send_failed(&wire->core, invite->ticket);
	wire_advance_to(wire, wire_now(wire));
}

static void drain(struct wire *wire)
{
	wsip_core_drain(&wire->core);
}

#define STEPS_MAX 12

static const struct script {
	const char *name;
	step_fn *steps[STEPS_MAX];
} scripts[] = {
	{ "answered", { invite, ring, pick_up, pick_up, ack_of_2xx, bye, bye, reply_to_bye,
			      reply_to_bye } },
	{ "rejected", { invite, reject, reject, ack_of_rejection, wait_64_t1 } },
	{ "cancelled", { invite, ring, cancel, cancel, reply_to_cancel, reply_to_cancel, terminated,
			       terminated, ack_of_rejection } },
	{ "cancelled before it rings",
		{ invite, cancel, cancel, ring, ring, terminated, terminated } },
	{ "failover", { invite, unavailable, unavailable, ring, pick_up, pick_up } },
	{ "unreachable", { break_callee, invite, wait_64_t1, pick_up, pick_up } },
	{ "silent", { invite, wait_64_t1, pick_up, pick_up } },
	{ "rings for ever", { invite, ring, wait_timer_c, wait_64_t1, wait_64_t1 } },
	{ "retried", { invite, progress, terminated, terminated, pick_up, pick_up } },
	{ "long", { long_invite, ring, pick_up, pick_up } },
	{ "options", { options, options, reply_to_options, reply_to_options, options } },
	{ "options rejected at once", { drain, options, options } },
	{ "wrong", { wrong_request, stray_cancel, refuse_cancel } },
	{ "forked", { fork_from_now_on, invite, all_ring, pick_up, pick_up, reply_to_cancel } },
	{ "forked and challenged", { fork_from_now_on, invite, first_challenges, second_challenges,
					   third_redirects, ack_of_rejection, wait_64_t1 } },
	{ "forked and declined",
		{ fork_from_now_on, invite, all_ring, first_declines, wait_64_t1 } },
	{ "forked and cancelled",
		{ fork_from_now_on, invite, all_ring, cancel_with_reason, wait_64_t1 } },
	{ "large", { long_invite, tcp_fails, ring, pick_up, pick_up } },
};

static enum wsip_verdict decide(struct wsip_relay *relay, struct wsip_msg *response, void *user)
{
	if (wsip_msg_status(response) == 183)
		return wsip_relay_retry(relay, "sip:" WIRE_THIRD);
	if (wsip_msg_status(response) == 302)
		return WSIP_RECURSE;
	return wsip_verdict_default(relay, response, user);
}

static struct wire *open_for_script(void)
{
	struct wire *wire = wire_open();

	wire->enter_core = enter_core;
	wire->leave_core = leave_core;
	wire->targets[1] = "sip:" WIRE_SECOND;
	wire->relay.on_response = decide;
	return wire;
}

/* Ends the script: nothing may be left. */
static void finish(struct wire *wire)
{
	wire_run_out(wire);
	if (wire_leftovers(wire)[0])
		cr_expect_fail("%s: left: %s", wire->context, wire_leftovers(wire));
	wire_cut(wire);
}

/* ---- malloc fails ---- */

/* Fails malloc number `allow` of step `bad`; says whether there was one. */
static bool run_without_malloc(const struct script *script, size_t bad, unsigned int allow,
	bool once)
{
	struct wire *wire = open_for_script();

	wire->context = wire_print(wire, "%s, step %zu, malloc %u%s", script->name, bad, allow,
		once ? "" : " and all after it");
	failing.hit = false;
	for (size_t i = 0; i < STEPS_MAX && script->steps[i]; i++) {
		wsip_buf_pool_finish(&wire->core.bufs); /* so that buffers come from malloc */
		failing.allow = allow;
		failing.once = once;
		failing.on = i == bad;
		script->steps[i](wire);
		failing.on = false;
	}
	finish(wire);
	return failing.hit;
}

static void fail_every_malloc(bool once)
{
	unsigned int runs = 0;

	for (size_t s = 0; s < sizeof(scripts) / sizeof(scripts[0]); s++) {
		for (size_t bad = 0; bad < STEPS_MAX && scripts[s].steps[bad]; bad++) {
			unsigned int allow = 0;

			while (run_without_malloc(&scripts[s], bad, allow, once))
				allow++;
			runs += allow;
		}
	}
	cr_expect_gt(runs, 150, "only %u allocations failed", runs);
	wire_expect_no_leak();
}

Test(memory, each_allocation_fails_once)
{
	fail_every_malloc(true);
}

Test(memory, all_allocations_of_an_event_fail_from_one_on)
{
	fail_every_malloc(false);
}

/* ---- Pools are full ---- */

enum { TRANSACTIONS, REQUESTS, BRANCHES, MESSAGES, POOLS };

static struct wsip_pool *pool_of(struct wire *wire, int which)
{
	struct wsip_core *core = &wire->core;
	struct wsip_pool *const pools[POOLS] = { &core->tx.pool, &core->requests, &core->branches,
		&core->msgs };

	return pools[which];
}

/* During step `bad` the pool gives `allow` more objects at a time, and then none. */
static void run_without_pool(const struct script *script, size_t bad, int which, uint32_t allow)
{
	struct wire *wire = open_for_script();
	struct wsip_pool *pool = pool_of(wire, which);

	wire->context = wire_print(wire, "%s, step %zu, %s beyond %u", script->name, bad,
		pool->name, allow);
	for (size_t i = 0; i < STEPS_MAX && script->steps[i]; i++) {
		pool->limit = i == bad ? pool->in_use + allow : WSIP_TRANSACTIONS_MAX;
		script->steps[i](wire);
	}
	pool->limit = WSIP_TRANSACTIONS_MAX;
	finish(wire);
}

static void fill_pool(int which)
{
	for (size_t s = 0; s < sizeof(scripts) / sizeof(scripts[0]); s++) {
		for (size_t bad = 0; bad < STEPS_MAX && scripts[s].steps[bad]; bad++) {
			for (uint32_t allow = 0; allow < 4; allow++)
				run_without_pool(&scripts[s], bad, which, allow);
		}
	}
	wire_expect_no_leak();
}

Test(memory, the_pool_of_transactions_is_full)
{
	fill_pool(TRANSACTIONS);
}

Test(memory, the_pool_of_requests_is_full)
{
	fill_pool(REQUESTS);
}

Test(memory, the_pool_of_branches_is_full)
{
	fill_pool(BRANCHES);
}

Test(memory, the_pool_of_messages_is_full)
{
	fill_pool(MESSAGES);
}

/* ---- What must not happen for lack of memory ---- */

/* RFC 3261 17.1.1.2: in Completed a rejection is answered with ACK, and nothing else is sent. */
Test(rfc3261_17_1_1_2, the_invite_is_not_repeated_for_want_of_an_ack)
{
	for (unsigned int allow = 0; allow < 8; allow++) {
		struct wire *wire = open_for_script();

		wire->targets[1] = NULL;
		invite(wire);
		wsip_buf_pool_finish(&wire->core.bufs);
		failing.allow = allow;
		failing.on = failing.once = true;
		reject(wire);
		failing.on = false;
		reject(wire);
		cr_expect_eq(wire_count(wire, "INVITE", NULL), 1, "malloc %u: %s", allow,
			wire_story(wire, 0));
		wire_cut(wire);
	}
}

/* A rejection whose ACK failed is acked when it is repeated. */
Test(rfc3261_17_1_1_3, an_ack_that_could_not_be_made_is_made_later)
{
	for (unsigned int allow = 0; allow < 8; allow++) {
		struct wire *wire = open_for_script();

		wire->targets[1] = NULL;
		invite(wire);
		wsip_buf_pool_finish(&wire->core.bufs);
		failing.allow = allow;
		failing.on = failing.once = true;
		reject(wire);
		failing.on = false;
		reject(wire);
		cr_expect_geq(wire_count(wire, "ACK", WIRE_CALLEE), 1, "malloc %u: %s", allow,
			wire_story(wire, 0));
		wire_cut(wire);
	}
}

/* The proxy ends an init that failed like any other. */
Test(core, init_fails_without_memory_and_can_be_finished)
{
	for (unsigned int allow = 0; allow < 2; allow++) {
		struct wire *wire = wire_open();
		struct wsip_core core;
		enum wsip_err err;

		failing.allow = allow;
		failing.on = failing.in_core = true;
		err = wsip_core_init(&core, &wire->core.options);
		failing.on = failing.in_core = false;
		cr_expect_eq(err, WSIP_ERR_MEMORY);
		wsip_core_finish(&core);
		wire_close(wire);
	}
}
