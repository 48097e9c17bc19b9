/* SPDX-License-Identifier: MIT
 * Rings: first in, first out; a full one refuses and loses nothing; many threads may push at once.
 */
#include <criterion/criterion.h>

#include <pthread.h>
#include <sched.h>
#include <stdint.h>

#include "base/ring.h"

struct item {
	uint32_t thread;
	uint32_t number;
	char text[50];
};

static struct item item(uint32_t thread, uint32_t number)
{
	return (struct item){ .thread = thread, .number = number, .text = "a message" };
}

static bool push(struct wsip_ring *ring, uint32_t number)
{
	struct item pushed = item(0, number);

	return wsip_ring_push(ring, &pushed);
}

Test(ring, an_empty_one_gives_nothing)
{
	struct wsip_ring ring;
	struct item got;

	cr_assert(wsip_ring_init(&ring, 4, sizeof(got)) == WSIP_OK);
	cr_expect(!wsip_ring_pop(&ring, &got));
	wsip_ring_finish(&ring);
}

static void goes_round(size_t slots)
{
	struct wsip_ring ring;
	struct item got;
	uint32_t pushed = 0, popped = 0;

	cr_assert(wsip_ring_init(&ring, slots, sizeof(got)) == WSIP_OK);
	for (int round = 0; round < 20; round++) {
		while (push(&ring, pushed))
			pushed++;
		cr_assert(pushed - popped == slots, "%zu slots hold %u", slots, pushed - popped);
		for (size_t i = 0; i <= slots / 2; i++) {
			cr_assert(wsip_ring_pop(&ring, &got));
			cr_assert(got.number == popped++);
		}
	}
	while (wsip_ring_pop(&ring, &got))
		cr_assert(got.number == popped++);
	cr_expect(popped == pushed);
	wsip_ring_finish(&ring);
}

Test(ring, gives_in_order_and_refuses_when_full)
{
	goes_round(2);
	goes_round(8);
	goes_round(64);
}

Test(ring, reserved_slots_are_left_to_others)
{
	struct wsip_ring ring;
	struct item got, more = item(0, 99);
	uint32_t pushed = 0;

	cr_assert(wsip_ring_init(&ring, 8, sizeof(got)) == WSIP_OK);
	for (int round = 0; round < 20; round++) {
		while (wsip_ring_push_within(&ring, &more, 2))
			pushed++;
		cr_expect(pushed == 6, "of 8 slots %u were taken", pushed);
		cr_expect(wsip_ring_push(&ring, &more) && wsip_ring_push(&ring, &more));
		cr_expect(!wsip_ring_push(&ring, &more));
		for (int i = 0; i < 3; i++)
			cr_assert(wsip_ring_pop(&ring, &got));
		cr_expect(wsip_ring_push_within(&ring, &more, 2), "three are free");
		cr_expect(!wsip_ring_push_within(&ring, &more, 2), "two are");
		while (wsip_ring_pop(&ring, &got))
			continue;
		pushed = 0;
	}
	wsip_ring_finish(&ring);
}

#define THREADS 4
#define ITEMS   20000

struct producer {
	struct wsip_ring *ring;
	uint32_t thread;
};

static void *produce(void *argument)
{
	struct producer *producer = argument;

	for (uint32_t i = 0; i < ITEMS; i++) {
		struct item pushed = item(producer->thread, i);

		while (!wsip_ring_push(producer->ring, &pushed))
			sched_yield();
	}
	return NULL;
}

Test(ring, many_threads_push_and_nothing_is_lost_doubled_or_out_of_order)
{
	uint32_t next[THREADS] = { 0 };
	struct producer producers[THREADS];
	pthread_t threads[THREADS];
	struct wsip_ring ring;
	struct item got;

	cr_assert(wsip_ring_init(&ring, 64, sizeof(got)) == WSIP_OK);
	for (uint32_t i = 0; i < THREADS; i++) {
		producers[i] = (struct producer){ &ring, i };
		cr_assert(pthread_create(&threads[i], NULL, produce, &producers[i]) == 0);
	}
	for (int received = 0; received < THREADS * ITEMS;) {
		if (!wsip_ring_pop(&ring, &got)) {
			sched_yield();
			continue;
		}
		cr_assert(got.thread < THREADS && got.number == next[got.thread]);
		next[got.thread]++;
		received++;
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	cr_expect(!wsip_ring_pop(&ring, &got));
	wsip_ring_finish(&ring);
}
