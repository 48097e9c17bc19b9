/* SPDX-License-Identifier: MIT
 * On the way of a message nothing is allocated, once as much has been as there was ever in hand.
 */
#include "tests/unit/poller_stage.h"

#include "tests/failing_malloc.h"

static bool counting;
static unsigned int allocations;

static bool allocation_fails(void)
{
	allocations += counting;
	return false;
}

static void echo_datagrams(struct stage *stage, struct end *end, int peer,
	const struct wsip_addr *peer_addr)
{
	char bytes[64];

	for (int i = 0; i < 100; i++)
		peer_send(peer, &end->addr, "hello", 5);
	run_until(stage, DATAGRAM, stage->counts[DATAGRAM] + 100);
	for (int i = 0; i < 100; i++)
		cr_expect(send_to(end, peer_addr, 5) == WSIP_OK);
	settle(stage);
	for (int i = 0; i < 100; i++)
		cr_expect(recv(peer, bytes, sizeof(bytes), 0) == 5);
}

static void echo_stream(struct stage *stage, struct end *stream, int peer)
{
	char bytes[4096] = "";

	stage->data.size = 0;
	cr_expect(send(peer, bytes, 1000, 0) == 1000);
	run_until_bytes(stage, 1000);
	for (int i = 0; i < 4; i++)
		cr_expect(write_to(stream, 0, 1000) == WSIP_OK);
	settle(stage);
	cr_expect(recv(peer, bytes, 4000, MSG_WAITALL) == 4000);
}

static void messages_cost_no_allocation(struct stage *stage)
{
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int datagram_peer = peer_open(SOCK_DGRAM, &peer_addr), stream_peer;
	struct end *end = listen_on(stage, WSIP_UDP);
	struct end *stream = accept_one(stage, &stream_peer);

	for (int i = 0; i < 20; i++) {
		counting = i > 0;
		echo_datagrams(stage, end, datagram_peer, &peer_addr);
		echo_stream(stage, stream, stream_peer);
	}
	counting = false;
	cr_expect(allocations == 0, "%s: %u", stage->poller->ops->name, allocations);
	drop(end);
	drop(stream);
	close(datagram_peer);
	close(stream_peer);
}

Test(poller, messages_cost_no_allocation)
{
	on_each(messages_cost_no_allocation);
}
