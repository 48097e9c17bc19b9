/* SPDX-License-Identifier: MIT
 * The core as its worker uses it: time, framing problems, connections that end, the end.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/scenario/wire.h"

Test(core, nothing_waits_when_nothing_is_under_way)
{
	struct wire *wire = wire_open();

	cr_expect_eq(wsip_core_next_ms(&wire->core), WSIP_TIMER_NEVER);
	wire_invite(wire);
	cr_expect_eq(wsip_core_next_ms(&wire->core), wire->start_ms + 500);
	wire_run_out(wire);
	cr_expect_eq(wsip_core_next_ms(&wire->core), WSIP_TIMER_NEVER);
	wire_close(wire);
}

Test(core, a_batch_counts_from_the_time_that_was_told_before_it)
{
	struct wire *wire = wire_open();

	wsip_core_set_now(&wire->core, wire->start_ms + 1000);
	wire_invite(wire);
	wire_advance_to(wire, 1499);
	cr_expect_str_eq(wire_times(wire, "INVITE", NULL), "1000");
	wire_advance_to(wire, 1500);
	cr_expect_str_eq(wire_times(wire, "INVITE", NULL), "1000 1500");
	wire_close(wire);
}

/* Timers that are late fire once each, not once for each time that was missed. */
Test(core, time_that_jumps_does_not_bring_a_burst)
{
	struct wire *wire = wire_open();

	wire_invite(wire);
	wsip_core_advance(&wire->core, wire->start_ms + 20000);
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 2);
	wire_close(wire);
}

/* RFC 3261 18.3 and 21.5.7: what framing found wrong has its answer too. */
Test(rfc3261_21_5_7, a_problem_of_the_framing_is_answered)
{
	static const struct wsip_problem too_large = { 513, "Message Too Large", 0 };
	struct wire *wire = wire_open();
	struct wsip_flow flow = wire_flow(WSIP_UDP, WIRE_CALLER);
	const char *text = wire_request_text(wire, &(struct wire_request){ 0 });
	struct wsip_buf *buf = wsip_buf_get(&wire->core.bufs, strlen(text));

	memcpy(buf->data, text, strlen(text));
	buf->used = (uint32_t)strlen(text);
	wsip_core_receive(&wire->core, buf, &flow, &too_large);
	cr_expect_str_eq(wire_story(wire, 0), "513");
	cr_expect_eq(wire->handled, 0);
	wire_close(wire);
}

/* Ten INVITEs, then the connection is reset: responses have no way, nothing is held (ATTACKS 16).
 */
Test(attacks_16, ten_invites_and_a_reset)
{
	struct wire *wire = wire_open();
	size_t tickets;

	for (int i = 0; i < 10; i++)
		wire_request(wire, &(struct wire_request){ .transport = WSIP_TCP,
					   .call_id = wire_print(wire, "call-%d", i) });
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_CALLEE), 10);
	tickets = wire->sent_count;
	wire_break(wire, WIRE_CALLER);
	for (size_t i = 0; i < tickets; i++) {
		if (strcmp(wire->sent[i].to, WIRE_CALLER) == 0)
			wsip_core_send_failed(&wire->core, wire->sent[i].ticket);
	}
	wire_advance_to(wire, 0);
	for (size_t i = 0; i < 10; i++)
		wire_reply(wire, wire_find(wire, "INVITE", WIRE_CALLEE, i), i % 2 ? 200 : 486);
	wire_close(wire);
}

static unsigned int freed;

static void count_free(void *data)
{
	(void)data;
	freed++;
}

static void keep_data(struct wsip_request *request, void *user)
{
	struct wire *wire = user;

	wsip_request_set_data(request, wire, count_free);
	wsip_relay(request, &wire->relay);
}

Test(core, ends_with_calls_under_way)
{
	struct wire *wire = wire_open();
	const struct wire_sent *invite;

	wire->on_request = keep_data;
	invite = wire_invite(wire);
	wire_reply(wire, invite, 180);
	wire_request(wire, &(struct wire_request){ .method = "CANCEL" });
	wire_request(wire, &(struct wire_request){ .method = "OPTIONS", .call_id = "call-2" });
	wire_cut(wire);
	wire_expect_no_leak();
	cr_expect_eq(freed, 2);
}
