/* SPDX-License-Identifier: MIT
 * A bell and a ring between threads, as workers use them: nothing is lost and nobody sleeps over
 * it. Plain C, so that ThreadSanitizer can watch it. A ringing that is lost leaves the consumer
 * asleep for ever: the alarm then ends the test, which passes however long it takes otherwise.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/ring.h"

#define PRODUCERS     3
#define ITEMS         20000
#define BATCH         7 /* pushed before each ringing */
#define STUCK_AFTER_S 300

struct item {
	uint32_t producer;
	uint32_t number;
};

struct stage {
	struct wsip_ring ring;
	struct wsip_bell bell;
	uint32_t next[PRODUCERS]; /* the consumer's own */
	uint64_t waits;
	uint64_t out_of_order;
};

struct producer {
	struct stage *stage;
	uint32_t index;
};

static void *produce(void *argument)
{
	struct producer *producer = argument;
	struct stage *stage = producer->stage;

	for (uint32_t i = 0; i < ITEMS; i++) {
		struct item item = { producer->index, i };

		while (!wsip_ring_push(&stage->ring, &item)) {
			wsip_bell_ring(&stage->bell);
			sched_yield();
		}
		if (i % BATCH == 0 || i == ITEMS - 1)
			wsip_bell_ring(&stage->bell);
	}
	return NULL;
}

static uint32_t take_all(struct stage *stage)
{
	struct item item;
	uint32_t taken = 0;

	for (; wsip_ring_pop(&stage->ring, &item); taken++)
		stage->out_of_order += item.number != stage->next[item.producer]++;
	return taken;
}

/* As wsip_worker_run: falls asleep, waits without a limit, wakes up, looks at its ring. */
static void consume(struct stage *stage)
{
	struct pollfd waited_for = { .fd = stage->bell.fd, .events = POLLIN };
	uint64_t count;
	uint32_t taken = 0;

	while (taken < PRODUCERS * ITEMS) {
		if (wsip_bell_fall_asleep(&stage->bell)) {
			stage->waits++;
			poll(&waited_for, 1, -1);
		}
		wsip_bell_wake_up(&stage->bell);
		if (read(stage->bell.fd, &count, sizeof(count)) < 0)
			count = 0; /* there was no need to write */
		taken += take_all(stage);
	}
}

static int test_producers(void)
{
	struct stage stage = { 0 };
	struct producer producers[PRODUCERS];
	pthread_t threads[PRODUCERS];

	if (wsip_ring_init(&stage.ring, 64, sizeof(struct item)) != WSIP_OK ||
		wsip_bell_init(&stage.bell) != WSIP_OK)
		return 1;
	for (uint32_t i = 0; i < PRODUCERS; i++) {
		producers[i] = (struct producer){ &stage, i };
		if (pthread_create(&threads[i], NULL, produce, &producers[i]) != 0)
			return 1;
	}
	consume(&stage);
	for (uint32_t i = 0; i < PRODUCERS; i++)
		pthread_join(threads[i], NULL);
	printf("# the consumer slept %llu times\n", (unsigned long long)stage.waits);
	wsip_bell_finish(&stage.bell);
	wsip_ring_finish(&stage.ring);
	return stage.out_of_order > 0;
}

static int pending_writes(struct wsip_bell *bell)
{
	uint64_t count;

	return read(bell->fd, &count, sizeof(count)) == sizeof(count) ? (int)count : 0;
}

/* Each line is a way on which a ringing could get lost, or be one too many. */
static int test_states(void)
{
	struct wsip_bell bell;
	int wrong = 0;

	if (wsip_bell_init(&bell) != WSIP_OK)
		return 1;
	wsip_bell_ring(&bell);
	wrong += pending_writes(&bell) != 0; /* awake: no write */
	wrong += wsip_bell_fall_asleep(&bell);
	wsip_bell_wake_up(&bell);
	wrong += !wsip_bell_fall_asleep(&bell); /* it was seen to */
	wsip_bell_ring(&bell);
	wsip_bell_ring(&bell);
	wrong += pending_writes(&bell) != 1; /* asleep: one write */
	wsip_bell_wake_up(&bell);
	wrong += !wsip_bell_fall_asleep(&bell);
	wsip_bell_finish(&bell);
	return wrong;
}

int main(void)
{
	int states, producers;

	alarm(STUCK_AFTER_S);
	states = test_states();
	printf("%sok 1 - bell: writes once, and only to a sleeper\n", states ? "not " : "");
	producers = test_producers();
	printf("%sok 2 - bell: nothing is lost or out of order between threads\n",
		producers ? "not " : "");
	printf("1..2\n");
	return states || producers;
}
