/* SPDX-License-Identifier: MIT
 * Datagrams through both pollers and the real kernel.
 */
#include "tests/unit/poller_stage.h"

#define LARGEST 65507 /* octets in a datagram of UDP over IPv4 */

static void datagrams_come_and_go(struct stage *stage)
{
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int peer = peer_open(SOCK_DGRAM, &peer_addr);
	struct end *end = listen_on(stage, WSIP_UDP);
	char bytes[64];

	peer_send(peer, &end->addr, "hello", 5);
	run_until(stage, DATAGRAM, 1);
	cr_expect(stage->last->used == 5 && memcmp(stage->last->data, "hello", 5) == 0);
	cr_expect(wsip_addr_equal(&stage->from, &peer_addr), "it is said who sent it");
	cr_expect(send_to(end, &stage->from, 11) == WSIP_OK);
	round_of(stage, 0);
	cr_expect(recv(peer, bytes, sizeof(bytes), MSG_DONTWAIT) == 11,
		"it went out with the next wait");
	cr_expect(are_octets(bytes, 0, 11));
	peer_send(peer, &end->addr, "", 0);
	run_until(stage, DATAGRAM, 2);
	cr_expect(stage->last->used == 0, "an empty one too");
	drop(end);
	close(peer);
}

Test(poller, datagrams_come_and_go)
{
	on_each(datagrams_come_and_go);
}

static void the_largest_datagram_arrives_whole(struct stage *stage)
{
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int peer = peer_open(SOCK_DGRAM, &peer_addr);
	struct end *end = listen_on(stage, WSIP_UDP);
	struct wsip_buf *buf = octets(stage, 0, LARGEST);
	char *bytes = malloc(LARGEST);

	/* In between, small ones: each has its own buffer. */
	peer_send(peer, &end->addr, "small", 5);
	peer_send(peer, &end->addr, buf->data, LARGEST);
	run_until(stage, DATAGRAM, 2);
	cr_expect(stage->last->used == LARGEST && are_octets(stage->last->data, 0, LARGEST));
	peer_send(peer, &end->addr, "small", 5);
	run_until(stage, DATAGRAM, 3);
	cr_expect(stage->last->used == 5);
	cr_expect(stage->last->capacity < 5 + WSIP_BUF_EDIT_ROOM + 128,
		"it holds no more than it needs");
	cr_expect(send_to(end, &peer_addr, LARGEST) == WSIP_OK);
	round_of(stage, 0);
	cr_expect(recv(peer, bytes, LARGEST, 0) == LARGEST && are_octets(bytes, 0, LARGEST));
	wsip_buf_unref(buf);
	free(bytes);
	drop(end);
	close(peer);
}

Test(poller, the_largest_datagram_arrives_whole)
{
	on_each(the_largest_datagram_arrives_whole);
}

/* More than any batch and any set of buffers, but not more than an ordinary user's socket holds.
 * They pile up before the first one is looked at. */
static void bursts_arrive(struct stage *stage)
{
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int peer = peer_open(SOCK_DGRAM, &peer_addr);
	struct end *end = listen_on(stage, WSIP_UDP);

	round_of(stage, 0);
	for (unsigned int sent = 0; sent < 1000;) {
		for (int i = 0; i < 500; i++, sent++)
			peer_send(peer, &end->addr, &sent, sizeof(sent));
		pile_up(stage);
		run_until(stage, DATAGRAM, sent);
	}
	cr_expect(stage->poller->ops->datagrams_lost(stage->poller) == 0);
	drop(end);
	close(peer);
}

Test(poller, bursts_arrive)
{
	on_each(bursts_arrive);
}

/* As many as the peer's buffer has room for, without a wait in between. */
static void bursts_are_sent(struct stage *stage)
{
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int peer = peer_open(SOCK_DGRAM, &peer_addr);
	struct end *end = listen_on(stage, WSIP_UDP);
	socklen_t size = sizeof(int);
	int room = 0, count, came = 0;
	char bytes[64];

	getsockopt(peer, SOL_SOCKET, SO_RCVBUF, &room, &size);
	count = room > 2000000 ? 1500 : 400;
	round_of(stage, 0);
	for (int i = 0; i < count; i++)
		cr_expect(send_to(end, &peer_addr, 8) == WSIP_OK);
	settle(stage);
	while (recv(peer, bytes, sizeof(bytes), MSG_DONTWAIT) == 8)
		came++;
	cr_expect(came == count, "%s: %d of %d", stage->poller->ops->name, came, count);
	cr_expect(stage->poller->ops->datagrams_lost(stage->poller) == 0);
	drop(end);
	close(peer);
}

Test(poller, bursts_are_sent)
{
	on_each(bursts_are_sent);
}

/* RFC 3261 18.4 */
static void what_comes_back_is_told(struct stage *stage)
{
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	struct wsip_addr gone = nobody(WSIP_UDP);
	int peer = peer_open(SOCK_DGRAM, &peer_addr);
	struct end *end = listen_on(stage, WSIP_UDP);
	char bytes[64];

	cr_expect(send_to(end, &gone, 23) == WSIP_OK);
	run_until(stage, REFUSED, 1);
	cr_expect(stage->last->used == 23 && are_octets(stage->last->data, 0, 23),
		"with its own octets");
	peer_send(peer, &end->addr, "hello", 5);
	run_until(stage, DATAGRAM, 1);
	/* An error of one is no error of the next one. */
	for (int i = 0; i < 20; i++) {
		cr_expect(send_to(end, &gone, 23) == WSIP_OK);
		cr_expect(send_to(end, &peer_addr, 24) == WSIP_OK);
	}
	run_until(stage, REFUSED, 21);
	settle(stage);
	for (int i = 0; i < 20; i++)
		cr_expect(recv(peer, bytes, sizeof(bytes), 0) == 24);
	cr_expect(recv(peer, bytes, sizeof(bytes), MSG_DONTWAIT) < 0, "once only");
	cr_expect(stage->poller->ops->datagrams_lost(stage->poller) == 0);
	drop(end);
	close(peer);
}

Test(rfc3261_18_4, what_comes_back_is_told)
{
	on_each(what_comes_back_is_told);
}

static void what_cannot_be_sent_is_told(struct stage *stage)
{
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int peer = peer_open(SOCK_DGRAM, &peer_addr);
	struct end *end = listen_on(stage, WSIP_UDP);
	char bytes[64];

	cr_expect(send_to(end, &peer_addr, 1) == WSIP_OK);
	cr_expect(send_to(end, &peer_addr, 70000) == WSIP_OK, "longer than UDP can carry");
	cr_expect(send_to(end, &peer_addr, 2) == WSIP_OK);
	run_until(stage, REFUSED, 1);
	cr_expect(stage->last->used == 70000);
	cr_expect(recv(peer, bytes, sizeof(bytes), 0) + recv(peer, bytes, sizeof(bytes), 0) == 3,
		"the others went out");
	cr_expect(stage->poller->ops->datagrams_lost(stage->poller) == 1);
	drop(end);
	close(peer);
}

Test(poller, what_cannot_be_sent_is_told)
{
	on_each(what_cannot_be_sent_is_told);
}
