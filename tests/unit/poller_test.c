/* SPDX-License-Identifier: MIT
 * Endpoints that go away at the worst moment, threads, and arrivals that gather, on both pollers.
 */
#include "tests/unit/poller_stage.h"

/* ---- Endpoints that go away ---- */

static void a_datagram_endpoint_may_go_when_told(struct stage *stage)
{
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	struct wsip_addr gone = nobody(WSIP_UDP);
	int peer = peer_open(SOCK_DGRAM, &peer_addr);
	struct end *end = listen_on(stage, WSIP_UDP);

	stage->removes[DATAGRAM] = true;
	for (int i = 0; i < 100; i++)
		peer_send(peer, &end->addr, "hello", 5);
	run_until(stage, DATAGRAM, 1);
	settle(stage);
	cr_expect(stage->counts[DATAGRAM] == 1, "nothing more is told");
	free(end);

	end = listen_on(stage, WSIP_UDP);
	stage->removes[REFUSED] = true;
	for (int i = 0; i < 100; i++)
		cr_expect(send_to(end, &gone, 10) == WSIP_OK);
	run_until(stage, REFUSED, 1);
	settle(stage);
	cr_expect(stage->counts[REFUSED] == 1);
	free(end);
	close(peer);
}

Test(poller, a_datagram_endpoint_may_go_when_told)
{
	on_each(a_datagram_endpoint_may_go_when_told);
}

static void a_listener_may_go_when_told(struct stage *stage)
{
	struct end *end = listen_on(stage, WSIP_TCP);
	int peers[3];

	stage->removes[ACCEPTED] = true;
	for (int i = 0; i < 3; i++)
		peers[i] = peer_connect(&end->addr);
	run_until(stage, ACCEPTED, 1);
	settle(stage);
	cr_expect(stage->counts[ACCEPTED] == 1, "%u", stage->counts[ACCEPTED]);
	for (int i = 0; i < 3; i++)
		close(peers[i]);
	drop(stage->accepted);
	free(end);
}

Test(poller, a_listener_may_go_when_told)
{
	on_each(a_listener_may_go_when_told);
}

static void a_stream_may_go_when_told(struct stage *stage)
{
	struct wsip_addr addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int listener = peer_open(SOCK_STREAM, &addr);
	struct wsip_addr gone = nobody(WSIP_TCP);
	char byte;
	int peer;

	stage->removes[DATA] = true;
	(void)!write_to(accept_one(stage, &peer), 0, 100);
	cr_expect(send(peer, "hello", 5, 0) == 5);
	run_until(stage, DATA, 1);
	settle(stage);
	while (recv(peer, &byte, 1, 0) > 0)
		;
	close(peer);

	stage->removes[CONNECTED] = true;
	(void)!write_to(connect_to(stage, &addr), 0, 100);
	run_until(stage, CONNECTED, 1);
	settle(stage);

	stage->removes[CLOSED] = true;
	(void)!write_to(connect_to(stage, &gone), 0, 100);
	run_until(stage, CLOSED, 1);
	settle(stage);
	close(listener);
}

Test(poller, a_stream_may_go_when_told)
{
	on_each(a_stream_may_go_when_told);
}

static void a_wake_may_go_when_told(struct stage *stage)
{
	struct end *end = add(stage, eventfd(0, EFD_NONBLOCK), WSIP_ENDPOINT_WAKE);

	stage->removes[WOKEN] = true;
	eventfd_write(end->endpoint.fd, 1);
	run_until(stage, WOKEN, 1);
	settle(stage);
	free(end);
}

Test(poller, a_wake_may_go_when_told)
{
	on_each(a_wake_may_go_when_told);
}

/* The peer hears of it at once, and nothing holds what was not sent. */
static void a_stream_may_go_with_sends_in_hand(struct stage *stage)
{
	char bytes[4096];
	struct end *stream;
	ssize_t size;
	int peer;

	stream = accept_one(stage, &peer);
	fill_up(stream);
	settle(stage);
	drop(stream);
	settle(stage);
	cr_expect(stage->bufs.in_use == 0);
	while ((size = recv(peer, bytes, sizeof(bytes), 0)) > 0)
		;
	cr_expect(size == 0 || errno == ECONNRESET, "the end of the stream comes");
	close(peer);
}

Test(poller, a_stream_may_go_with_sends_in_hand)
{
	on_each(a_stream_may_go_with_sends_in_hand);
}

/* A descriptor's number is used again before the next wait: nothing of the old one may get there.
 */
static void a_number_that_is_used_again_is_somebody_elses(struct stage *stage)
{
	struct wsip_addr addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int listener = peer_open(SOCK_STREAM, &addr);
	struct end *old, *udp;
	int peer, other, other_peer;
	char bytes[64];

	udp = listen_on(stage, WSIP_UDP);
	old = accept_one(stage, &peer);
	cr_expect(write_to(old, 0, 100) == WSIP_OK);
	cr_expect(send_to(udp, &addr, 100) == WSIP_OK);
	drop(old);
	drop(udp);
	/* They get the lowest free numbers: the two that were given back. */
	other = peer_connect(&addr);
	other_peer = accept(listener, NULL, NULL);
	settle(stage);
	cr_expect(recv(other_peer, bytes, sizeof(bytes), MSG_DONTWAIT) < 0 && errno == EAGAIN);
	cr_expect(recv(other, bytes, sizeof(bytes), MSG_DONTWAIT) < 0 && errno == EAGAIN);
	cr_expect(send(other_peer, "hello", 5, 0) == 5);
	settle(stage);
	cr_expect(stage->counts[DATA] == 0);
	cr_expect(recv(other, bytes, sizeof(bytes), 0) == 5, "nobody else reads it");
	close(other);
	close(other_peer);
	close(peer);
	close(listener);
}

Test(poller, a_number_that_is_used_again_is_somebody_elses)
{
	on_each(a_number_that_is_used_again_is_somebody_elses);
}

/* ---- Threads ---- */

static void *wake_often(void *user)
{
	struct end *end = user;

	for (int i = 0; i < 1000; i++)
		eventfd_write(end->endpoint.fd, 1);
	return NULL;
}

static void another_thread_wakes(struct stage *stage)
{
	struct end *end = add(stage, eventfd(0, EFD_NONBLOCK), WSIP_ENDPOINT_WAKE);
	pthread_t thread;

	eventfd_write(end->endpoint.fd, 1);
	run_until(stage, WOKEN, 1);
	pthread_create(&thread, NULL, wake_often, end);
	round_of(stage, ROUNDS * ROUND_MS);
	cr_expect(stage->counts[WOKEN] >= 2, "a thread that waits is woken");
	pthread_join(thread, NULL);
	settle(stage);
	stage->counts[WOKEN] = 0;
	eventfd_write(end->endpoint.fd, 1);
	run_until(stage, WOKEN, 1);
	drop(end);
}

Test(poller, another_thread_wakes)
{
	on_each(another_thread_wakes);
}

/* All that can be in hand, of which nothing is ever finished. */
static void put_everything_in_hand(struct stage *stage, int peers[3], struct end *ends[7])
{
	struct wsip_addr addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	struct wsip_addr gone = nobody(WSIP_UDP);

	peers[0] = peer_open(SOCK_STREAM, &addr);
	ends[0] = accept_one(stage, &peers[1]);
	fill_up(ends[0]);
	ends[1] = accept_one(stage, &peers[2]);
	ends[2] = listen_on(stage, WSIP_UDP);
	ends[3] = listen_on(stage, WSIP_TCP);
	ends[4] = add(stage, eventfd(0, EFD_NONBLOCK), WSIP_ENDPOINT_WAKE);
	ends[5] = connect_to(stage, &addr);
	for (int i = 0; i < 100; i++)
		cr_expect(send_to(ends[2], &gone, 100) == WSIP_OK);
	round_of(stage, 0);
	ends[6] = connect_to(stage, &addr);
	for (int i = 0; i < 100; i++)
		cr_expect(send_to(ends[2], &gone, 100) == WSIP_OK);
	cr_expect(write_to(ends[6], 0, 100) == WSIP_OK);
	cr_expect(write_to(ends[1], 0, 100) == WSIP_OK);
}

static void drop_everything(int peers[3], struct end *ends[7])
{
	for (int i = 0; i < 7; i++)
		drop(ends[i]);
	for (int i = 0; i < 3; i++)
		close(peers[i]);
}

static void it_ends_with_everything_in_hand(struct stage *stage)
{
	struct end *ends[7];
	int peers[3];

	put_everything_in_hand(stage, peers, ends);
	drop_everything(peers, ends);
}

Test(poller, it_ends_with_everything_in_hand)
{
	on_each(it_ends_with_everything_in_hand);
}

struct elsewhere {
	struct stage *stage;
	struct end *ends[7];
	int peers[3];
};

static void *work_elsewhere(void *user)
{
	struct elsewhere *elsewhere = user;

	put_everything_in_hand(elsewhere->stage, elsewhere->peers, elsewhere->ends);
	elsewhere->stage->poller->ops->leave(elsewhere->stage->poller);
	return NULL;
}

/* Added here, waited for there, ended here: as the workers of a proxy are. When it is over,
 * addresses are free. */
static void another_thread_ends_it(struct stage *stage)
{
	struct elsewhere elsewhere = { .stage = stage };
	struct wsip_addr udp, tcp;
	pthread_t thread;

	pthread_create(&thread, NULL, work_elsewhere, &elsewhere);
	pthread_join(thread, NULL);
	udp = elsewhere.ends[2]->addr;
	tcp = elsewhere.ends[3]->addr;
	drop_everything(elsewhere.peers, elsewhere.ends);
	close(peer_open(SOCK_DGRAM, &udp));
	close(peer_open(SOCK_STREAM, &tcp));
}

Test(poller, another_thread_ends_it)
{
	on_each(another_thread_ends_it);
}

/* What was sent before is sent, however soon the end comes. */
static void leaving_sends_what_waits(struct stage *stage)
{
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int datagram_peer = peer_open(SOCK_DGRAM, &peer_addr), stream_peer;
	struct end *udp = listen_on(stage, WSIP_UDP);
	struct end *stream;
	char bytes[64];

	stream = accept_one(stage, &stream_peer);
	cr_expect(send_to(udp, &peer_addr, 20) == WSIP_OK);
	cr_expect(write_to(stream, 0, 30) == WSIP_OK);
	stage->poller->ops->leave(stage->poller);
	cr_expect(recv(datagram_peer, bytes, sizeof(bytes), 0) == 20);
	cr_expect(recv(stream_peer, bytes, sizeof(bytes), 0) == 30);
	drop(udp);
	drop(stream);
	close(datagram_peer);
	close(stream_peer);
}

Test(poller, leaving_sends_what_waits)
{
	on_each(leaving_sends_what_waits);
}

/* ---- Company ---- */

static void *send_company(void *user)
{
	struct end *end = user;
	struct wsip_addr peer_addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int peer = peer_open(SOCK_DGRAM, &peer_addr);

	for (int i = 0; i < 10; i++) {
		peer_send(peer, &end->addr, "hello", 5);
		/* Whoever is woken by the first one does not find the others. */
		for (int yields = 0; i == 0 && yields < 10000; yields++)
			sched_yield();
	}
	close(peer);
	return NULL;
}

/* Ten datagrams in the time that arrivals may gather: one wake-up. */
static void arrivals_gather(struct stage *stage)
{
	struct end *end = listen_on(stage, WSIP_UDP);
	pthread_t thread;

	round_of(stage, 0);
	stage->poller->coalesce_us = 300000;
	pthread_create(&thread, NULL, send_company, end);
	round_of(stage, ROUNDS * ROUND_MS);
	cr_expect(stage->counts[DATAGRAM] == 10, "%s: %u", stage->poller->ops->name,
		stage->counts[DATAGRAM]);
	pthread_join(thread, NULL);
	/* Whoever comes after that time is not kept waiting, and nobody longer than there is time.
	 */
	stage->poller->coalesce_us = 1;
	send_company(end);
	run_until(stage, DATAGRAM, 20);
	stage->poller->coalesce_us = UINT32_MAX;
	round_of(stage, 1);
	send_company(end);
	round_of(stage, 0);
	run_until(stage, DATAGRAM, 30);
	drop(end);
}

Test(poller, arrivals_gather)
{
	on_each(arrivals_gather);
}
