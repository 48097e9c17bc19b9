/* SPDX-License-Identifier: MIT
 * The simulated network: datagrams, streams, and what goes wrong with them.
 */
#include "tests/testkit/world.h"

#define OPTIONS                                                       \
	"OPTIONS sip:10.0.0.1 SIP/2.0\r\n"                            \
	"Via: SIP/2.0/%s 10.0.0.9:5060;branch=z9hG4bK-%d\r\n"         \
	"From: <sip:raw@example.org>;tag=1\r\nTo: <sip:10.0.0.1>\r\n" \
	"Call-ID: %d\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"      \
	"Content-Length: 0\r\n\r\n"

static void send_options(struct wsip_raw *raw, const char *transport, int number)
{
	char text[512];

	snprintf(text, sizeof(text), OPTIONS, transport, number, number);
	wsip_raw_send(raw, "10.0.0.1:5060", text, strlen(text));
}

/* How many of 1000 requests were answered before any was repeated. */
static int answered_of_1000(struct world *world, struct wsip_raw *raw)
{
	int count = 0;

	for (int i = 0; i < 1000; i++)
		send_options(raw, "UDP", i);
	wsip_sim_run_ms(world->sim, 1000);
	while (wsip_raw_next(raw))
		count++;
	return count;
}

static int answered_over(const struct wsip_link *link)
{
	struct world *world = create_world();
	struct wsip_raw *raw = wsip_raw_create(world->sim, "raw", "udp:10.0.0.9:5060");
	int count;

	wsip_sim_link(world->sim, "10.0.0.9", "10.0.0.1", link);
	count = answered_of_1000(world, raw);
	end_world(world, 0);
	return count;
}

Test(network, a_clean_link_loses_nothing)
{
	cr_expect_eq(answered_over(&(struct wsip_link){ 0 }), 1000);
}

Test(network, loss_is_in_thousandths)
{
	int count = answered_over(&(struct wsip_link){ .loss = 300 });

	cr_expect(count > 600 && count < 800, "%d", count);
}

Test(network, duplicates_come_twice)
{
	int count = answered_over(&(struct wsip_link){ .duplication = 500 });

	cr_expect(count > 1400 && count < 1600, "%d", count);
}

Test(network, a_datagram_beyond_the_mtu_is_lost)
{
	cr_expect_eq(answered_over(&(struct wsip_link){ .mtu_bytes = 200 }), 0);
	cr_expect_eq(answered_over(&(struct wsip_link){ .mtu_bytes = 1500 }), 1000);
}

static const char *order_of_answers(const struct wsip_link *link)
{
	static char order[64];
	struct world *world = create_world();
	struct wsip_raw *raw = wsip_raw_create(world->sim, "raw", "udp:10.0.0.9:5060");
	const char *text;

	wsip_sim_link(world->sim, "10.0.0.9", "10.0.0.1", link);
	for (int i = 0; i < 9; i++)
		send_options(raw, "UDP", i);
	wsip_sim_run_ms(world->sim, 1000);
	order[0] = '\0';
	while ((text = wsip_raw_next(raw)))
		strncat(order, strstr(text, "Call-ID: ") + 9, 1);
	end_world(world, 0);
	return order;
}

Test(network, order_is_kept_until_it_is_asked_not_to)
{
	cr_expect_str_eq(order_of_answers(&(struct wsip_link){ 0 }), "012345678");
	cr_expect_str_neq(order_of_answers(&(struct wsip_link){ .reordering = 500 }), "012345678");
}

Test(network, delay_and_jitter_are_each_direction_s_own)
{
	struct world *world = create_world();
	struct wsip_raw *raw = wsip_raw_create(world->sim, "raw", "udp:10.0.0.9:5060");

	wsip_sim_link(world->sim, "10.0.0.9", NULL, &(struct wsip_link){ .delay_ms = 100 });
	wsip_sim_link(world->sim, "10.0.0.1", "10.0.0.9", &(struct wsip_link){ .delay_ms = 30 });
	send_options(raw, "UDP", 1);
	wsip_sim_run_until(world->sim, 129);
	cr_expect_null(wsip_raw_next(raw));
	wsip_sim_run_until(world->sim, 130);
	cr_expect_not_null(wsip_raw_next(raw));
	end_world(world, 0);
}

Test(network, a_partition_is_healed)
{
	struct world *world = create_world();
	struct wsip_raw *raw = wsip_raw_create(world->sim, "raw", "udp:10.0.0.9:5060");

	wsip_sim_partition(world->sim, "10.0.0.9", NULL);
	send_options(raw, "UDP", 1);
	wsip_sim_run_ms(world->sim, 100);
	cr_expect_null(wsip_raw_next(raw));
	wsip_sim_heal(world->sim);
	send_options(raw, "UDP", 1);
	wsip_sim_run_ms(world->sim, 100);
	cr_expect_not_null(wsip_raw_next(raw));
	end_world(world, 0);
}

/* ---- Streams ---- */

Test(stream, bytes_go_and_come)
{
	struct world *world = create_world();
	struct wsip_raw *raw = wsip_raw_create(world->sim, "raw", "tcp:10.0.0.9:5060");

	send_options(raw, "TCP", 1);
	send_options(raw, "TCP", 2);
	wsip_sim_run_ms(world->sim, 100);
	cr_expect_str_eq(strstr(wsip_raw_next(raw), "Call-ID: 2") ? "both" : "one", "both");
	end_world(world, 0);
}

Test(stream, loss_is_delay_and_order_is_kept)
{
	struct world *world = create_world();
	struct wsip_raw *raw = wsip_raw_create(world->sim, "raw", "tcp:10.0.0.9:5060");
	const char *text;

	wsip_sim_link(world->sim, NULL, NULL,
		&(struct wsip_link){ .loss = 500, .jitter_ms = 300, .reordering = 500 });
	for (int i = 1; i < 6; i++)
		send_options(raw, "TCP", i);
	wsip_sim_run_ms(world->sim, 10000);
	text = wsip_raw_next(raw);
	for (int i = 1; i < 6; i++) {
		char expected[32];

		snprintf(expected, sizeof(expected), "Call-ID: %d\r", i);
		text = text ? strstr(text, expected) : NULL;
		cr_expect_not_null(text, "answer %d is in its place", i);
	}
	end_world(world, 0);
}

Test(stream, a_partition_holds_bytes_back)
{
	struct world *world = create_world();
	struct wsip_raw *raw = wsip_raw_create(world->sim, "raw", "tcp:10.0.0.9:5060");

	send_options(raw, "TCP", 1);
	wsip_sim_run_ms(world->sim, 100);
	wsip_raw_next(raw);
	wsip_sim_partition(world->sim, "10.0.0.9", "10.0.0.1");
	send_options(raw, "TCP", 2);
	send_options(raw, "TCP", 3);
	wsip_sim_run_ms(world->sim, 5000);
	cr_expect_null(wsip_raw_next(raw));
	wsip_sim_heal(world->sim);
	wsip_sim_run_ms(world->sim, 5000);
	cr_expect_not_null(strstr(wsip_raw_next(raw), "Call-ID: 3"));
	end_world(world, 0);
}

static unsigned int status_with(enum wsip_tcp_manner manner, uint64_t after_ms)
{
	struct world *world = create_world_over("tcp", 7);
	struct wsip_call *call;
	unsigned int status;

	wsip_sim_tcp(world->sim, "10.0.0.3:5060", manner);
	call = call_bob(world);
	wsip_sim_run_ms(world->sim, after_ms);
	status = wsip_call_status(call);
	wsip_call_hang_up(call);
	end_world(world, 0);
	return status;
}

Test(stream, a_call_over_tcp)
{
	cr_expect_eq(status_with(WSIP_TCP_ACCEPTS, 2000), 200);
}

Test(stream, byte_by_byte)
{
	cr_expect_eq(status_with(WSIP_TCP_DRIPS, 2000), 200);
}

Test(stream, refused)
{
	cr_expect_eq(status_with(WSIP_TCP_REFUSES, 100), 500);
}

Test(stream, never_answered)
{
	cr_expect_eq(status_with(WSIP_TCP_SILENT, 3900), 0);
	cr_expect_eq(status_with(WSIP_TCP_SILENT, 4100), 500);
}

/* The INVITE went out; what becomes of it nobody knows until Timer B. */
Test(stream, reset_with_the_first_bytes)
{
	cr_expect_eq(status_with(WSIP_TCP_RESETS, 31000), 0);
	cr_expect_eq(status_with(WSIP_TCP_RESETS, 33000), 408);
}

Test(stream, half_closed)
{
	unsigned int status = status_with(WSIP_TCP_HALF_CLOSES, 33000);

	cr_expect(status == 408 || status == 200, "%u", status);
}

Test(stream, never_read)
{
	cr_expect_eq(status_with(WSIP_TCP_NEVER_READS, 33000), 408);
}

Test(stream, what_a_peer_does_not_read_is_bounded)
{
	struct world *world = create_world_over("tcp", 7);
	unsigned int failed = 0;

	wsip_sim_tcp(world->sim, "10.0.0.3:5060", WSIP_TCP_NEVER_READS);
	for (int i = 0; i < 100; i++)
		wsip_agent_send_with(world->alice, "MESSAGE", "sip:bob@10.0.0.1", NULL, 30000);
	wsip_sim_run_ms(world->sim, 1000);
	for (size_t i = 0; i < 100; i++)
		failed += wsip_call_status(wsip_agent_call_at(world->alice, i)) == 500;
	cr_expect(failed > 10, "%u", failed);
	end_world(world, 0);
}

Test(stream, connections_break_when_asked)
{
	struct world *world = create_world_over("tcp", 7);
	struct wsip_call *call = call_bob(world);

	wsip_sim_run_until(world->sim, 500);
	wsip_sim_reset_connections(world->sim, "10.0.0.3");
	wsip_sim_run_until(world->sim, 3000);
	cr_expect_eq(wsip_call_status(call), 200, "bob opens another one (RFC 3261 18.2.2)");
	wsip_call_hang_up(call);
	end_world(world, 0);
}

/* RFC 3261 18.1.1: bob has no TCP. */
Test(stream, a_large_request_goes_back_to_udp_where_tcp_is_refused)
{
	struct world *world = create_world();
	struct wsip_call *call = wsip_agent_send_with(world->alice, "INVITE", "sip:bob@10.0.0.1",
		NULL, 1300);

	wsip_sim_run_ms(world->sim, 2000);
	cr_expect(wsip_call_expect(call, 200));
	wsip_call_hang_up(call);
	end_world(world, 0);
}
