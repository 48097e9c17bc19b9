/* SPDX-License-Identifier: MIT
 * Trains of datagrams: whoever they are for gets the same datagrams, coupled or not.
 */
#include "bench/load/outbox.h"

#include <criterion/criterion.h>

#include <unistd.h>

#define RECEIVERS 2

static struct wsip_outbox outbox;
static struct wsip_trains trains;
static int receivers[RECEIVERS];
static union wsip_peer peers[RECEIVERS];
static char bytes[WSIP_OUTBOX_MESSAGES * 2000];

static int open_socket(void)
{
	union wsip_peer any;
	struct timeval limit = { .tv_sec = 20 }; /* for a test that fails */
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	cr_assert(fd >= 0 && wsip_peer_parse("127.0.0.1:0", &any) == WSIP_OK);
	cr_assert(bind(fd, &any.any, wsip_peer_size(&any)) == 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

static void begin(void)
{
	outbox.fd = open_socket();
	for (int i = 0; i < RECEIVERS; i++) {
		receivers[i] = open_socket();
		peers[i] = wsip_peer_of_socket(receivers[i]);
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 + i / 256);
}

static void end(void)
{
	close(outbox.fd);
	for (int i = 0; i < RECEIVERS; i++)
		close(receivers[i]);
}

TestSuite(load_outbox, .init = begin, .fini = end);

static struct wsip_span message(int number, size_t size)
{
	return (struct wsip_span){ bytes + number * 1000, size };
}

static void expect_next(int receiver, int number, size_t size)
{
	char got[2000];
	ssize_t received = recv(receivers[receiver], got, sizeof(got), 0);

	cr_assert(received == (ssize_t)size, "message %d: %zd octets", number, received);
	cr_expect(memcmp(got, message(number, size).data, size) == 0, "message %d", number);
}

static void expect_no_more(void)
{
	char got[2000];

	for (int i = 0; i < RECEIVERS; i++)
		cr_expect(recv(receivers[i], got, sizeof(got), MSG_DONTWAIT) < 0);
}

static void send_two_kinds(void)
{
	for (int i = 0; i < 12; i++)
		wsip_outbox_add(&outbox, &peers[i % 2], message(i, i % 4 < 2 ? 400 : 900));
	cr_expect(wsip_outbox_flush(&outbox, &trains) == 0);
	cr_expect(outbox.count == 0);
}

Test(load_outbox, one_message)
{
	wsip_outbox_add(&outbox, &peers[0], message(0, 500));
	cr_expect(wsip_outbox_flush(&outbox, &trains) == 0);
	expect_next(0, 0, 500);
	expect_no_more();
}

Test(load_outbox, those_of_a_size_for_a_peer_ride_together_and_arrive_as_they_were)
{
	send_two_kinds();
	cr_expect(trains.count == 4 && !trains.are_refused);
	for (int receiver = 0; receiver < RECEIVERS; receiver++) {
		for (int i = receiver; i < 12; i += 4)
			expect_next(receiver, i, 400);
		for (int i = receiver + 2; i < 12; i += 4)
			expect_next(receiver, i, 900);
	}
	expect_no_more();
}

Test(load_outbox, where_trains_are_refused_each_goes_by_itself)
{
	trains.are_refused = true;
	send_two_kinds();
	for (int receiver = 0; receiver < RECEIVERS; receiver++) {
		for (int i = receiver; i < 12; i += 4)
			expect_next(receiver, i, 400);
		for (int i = receiver + 2; i < 12; i += 4)
			expect_next(receiver, i, 900);
	}
	expect_no_more();
}

/* The kernel takes no train with checksums switched off: EINVAL, as of a device that cannot. */
Test(load_outbox, a_train_that_is_refused_is_sent_apart)
{
	int on = 1;

	cr_assert(setsockopt(outbox.fd, SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on)) == 0);
	wsip_outbox_add(&outbox, &peers[0], message(0, 500));
	wsip_outbox_add(&outbox, &peers[0], message(1, 500));
	cr_expect(wsip_outbox_flush(&outbox, &trains) == 0);
	cr_expect(trains.are_refused);
	expect_next(0, 0, 500);
	expect_next(0, 1, 500);
	expect_no_more();
}

/* 64 of them are more than one datagram can carry. */
Test(load_outbox, a_train_is_never_too_long)
{
	for (int i = 0; i < WSIP_OUTBOX_MESSAGES; i++)
		wsip_outbox_add(&outbox, &peers[0], message(i, 1400));
	cr_assert(wsip_outbox_is_full(&outbox));
	cr_expect(wsip_outbox_flush(&outbox, &trains) == 0);
	cr_expect(trains.count == 2);
	for (int i = 0; i < WSIP_OUTBOX_MESSAGES; i++)
		expect_next(0, i, 1400);
	expect_no_more();
}
