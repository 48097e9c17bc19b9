/* SPDX-License-Identifier: MIT
 * Timers: each fires once, at its time and never before, in order; a callback may do to any timer
 * what it likes. Time is a number that the test tells.
 */
#include <criterion/criterion.h>

#include <stdlib.h>

#include "base/timer.h"

#define COUNT 200

struct entry {
	struct wsip_timer timer;
	int number;
};

static struct wsip_timers timers;
static struct entry entries[COUNT];
static int fired[COUNT * 2];
static int fired_count;

static void record(struct wsip_timer *timer)
{
	cr_assert(!wsip_timer_running(timer));
	fired[fired_count++] = wsip_container_of(timer, struct entry, timer)->number;
}

static void start_all(void)
{
	wsip_timers_init(&timers, 1000);
	fired_count = 0;
	for (int i = 0; i < COUNT; i++) {
		entries[i].number = i;
		wsip_timer_init(&entries[i].timer, record);
	}
}

TestSuite(timer, .init = start_all);

static void start(int number, uint32_t duration_ms)
{
	wsip_timer_start(&timers, &entries[number].timer, duration_ms);
}

Test(timer, fires_once_at_its_time_and_not_before)
{
	start(0, 500);
	cr_expect(wsip_timers_next(&timers) == 1500);
	wsip_timers_advance(&timers, 1499);
	cr_expect(fired_count == 0 && wsip_timer_running(&entries[0].timer));
	wsip_timers_advance(&timers, 1500);
	cr_expect(fired_count == 1 && !wsip_timer_running(&entries[0].timer));
	wsip_timers_advance(&timers, 9999);
	cr_expect(fired_count == 1);
	cr_expect(wsip_timers_next(&timers) == WSIP_TIMER_NEVER);
}

Test(timer, nothing_running_is_never)
{
	cr_expect(wsip_timers_next(&timers) == WSIP_TIMER_NEVER);
	wsip_timers_advance(&timers, UINT64_MAX - 1);
	cr_expect(fired_count == 0);
}

Test(timer, fire_in_the_order_of_their_deadlines)
{
	static const uint32_t durations[] = { 32000, 500, 4000, 1000, 500, 1, 64 };
	static const int order[] = { 5, 6, 1, 4, 3, 2, 0 };

	for (int i = 0; i < 7; i++)
		start(i, durations[i]);
	wsip_timers_advance(&timers, 33000);
	cr_assert(fired_count == 7);
	for (int i = 0; i < 7; i++)
		cr_expect(fired[i] == order[i], "place %d: %d", i, fired[i]);
}

Test(timer, next_is_the_earliest_of_all_durations)
{
	start(0, 5000);
	start(1, 32000);
	cr_expect(wsip_timers_next(&timers) == 6000);
	wsip_timers_advance(&timers, 2000);
	start(2, 500);
	cr_expect(wsip_timers_next(&timers) == 2500);
	wsip_timer_stop(&timers, &entries[2].timer);
	cr_expect(wsip_timers_next(&timers) == 6000);
}

Test(timer, a_stopped_one_does_not_fire_and_stops_twice_without_harm)
{
	start(0, 100);
	start(1, 100);
	wsip_timer_stop(&timers, &entries[0].timer);
	wsip_timer_stop(&timers, &entries[0].timer);
	cr_expect(timers.running == 1);
	wsip_timers_advance(&timers, 2000);
	cr_expect(fired_count == 1 && fired[0] == 1);
	cr_expect(timers.running == 0);
}

Test(timer, starting_again_counts_from_now)
{
	start(0, 100);
	wsip_timers_advance(&timers, 1090);
	start(0, 100);
	cr_expect(timers.running == 1);
	wsip_timers_advance(&timers, 1189);
	cr_expect(fired_count == 0);
	wsip_timers_advance(&timers, 1190);
	cr_expect(fired_count == 1);
}

Test(timer, time_does_not_go_back)
{
	wsip_timers_advance(&timers, 5000);
	wsip_timers_advance(&timers, 10);
	start(0, 100);
	cr_expect(wsip_timers_next(&timers) == 5100);
}

Test(timer, a_duration_of_0_waits_for_the_next_advance)
{
	start(0, 0);
	cr_expect(fired_count == 0);
	wsip_timers_advance(&timers, 1000);
	cr_expect(fired_count == 1);
}

static void restart(struct wsip_timer *timer)
{
	record(timer);
	wsip_timer_start(&timers, timer, 0);
}

Test(timer, what_a_callback_starts_waits_for_the_next_call)
{
	wsip_timer_init(&entries[0].timer, restart);
	start(0, 10);
	wsip_timers_advance(&timers, 5000);
	cr_expect(fired_count == 1);
	wsip_timers_advance(&timers, 5000);
	cr_expect(fired_count == 2);
}

static void stop_the_next(struct wsip_timer *timer)
{
	record(timer);
	wsip_timer_stop(&timers, &entries[1].timer);
}

Test(timer, a_callback_can_stop_one_that_is_due_too)
{
	wsip_timer_init(&entries[0].timer, stop_the_next);
	start(0, 10);
	start(1, 10);
	start(2, 10);
	wsip_timers_advance(&timers, 2000);
	cr_expect(fired_count == 2 && fired[0] == 0 && fired[1] == 2);
	cr_expect(timers.running == 0);
}

static void restart_the_next(struct wsip_timer *timer)
{
	record(timer);
	wsip_timer_start(&timers, &entries[1].timer, 100);
}

Test(timer, a_callback_can_put_off_one_that_is_due_too)
{
	wsip_timer_init(&entries[0].timer, restart_the_next);
	start(0, 10);
	start(1, 10);
	wsip_timers_advance(&timers, 2000);
	cr_expect(fired_count == 1 && timers.running == 1);
	cr_expect(wsip_timers_next(&timers) == 2100);
}

static void release(struct wsip_timer *timer)
{
	record(timer);
	free(wsip_container_of(timer, struct entry, timer));
}

Test(timer, a_callback_can_free_its_own_timer)
{
	struct entry *entry = malloc(sizeof(*entry));

	entry->number = 9;
	wsip_timer_init(&entry->timer, release);
	wsip_timer_start(&timers, &entry->timer, 10);
	wsip_timers_advance(&timers, 2000);
	cr_expect(fired_count == 1 && fired[0] == 9);
	cr_expect(timers.running == 0);
}

/* More durations than there are queues, none of them a power of two. */
Test(timer, beyond_the_queues_a_timer_is_late_but_never_early_and_never_lost)
{
	for (int i = 0; i < COUNT; i++)
		start(i, (uint32_t)(1003 + 17 * i));
	for (int i = 0; i < COUNT; i++) {
		uint32_t duration_ms = (uint32_t)(1003 + 17 * i);
		uint64_t late_ms = entries[i].timer.deadline_ms - 1000 - duration_ms;

		cr_expect(entries[i].timer.deadline_ms >= 1000u + duration_ms, "timer %d", i);
		cr_expect(late_ms < duration_ms, "timer %d is late by its own duration", i);
	}
	wsip_timers_advance(&timers, 20000);
	cr_expect(fired_count == COUNT);
	for (int i = 1; i < COUNT; i++)
		cr_expect(entries[fired[i - 1]].timer.deadline_ms <=
			  entries[fired[i]].timer.deadline_ms);
}

static uint64_t fired_at[COUNT];

static void record_time(struct wsip_timer *timer)
{
	fired_at[wsip_container_of(timer, struct entry, timer)->number] = timers.now_ms;
}

/* The longer ones start first, so that in a shared queue a shorter one waits behind them. */
Test(timer, each_fires_at_the_deadline_it_shows_and_next_foretells_it)
{
	uint64_t next;

	for (int i = 0; i < COUNT; i++) {
		wsip_timer_init(&entries[i].timer, record_time);
		start(i, (uint32_t)(9001 - 13 * i));
	}
	while ((next = wsip_timers_next(&timers)) != WSIP_TIMER_NEVER) {
		cr_assert(next > timers.now_ms);
		wsip_timers_advance(&timers, next);
	}
	for (int i = 0; i < COUNT; i++)
		cr_expect(fired_at[i] == entries[i].timer.deadline_ms, "timer %d", i);
}

Test(timer, the_longest_duration_is_not_early_when_the_queues_have_run_out)
{
	for (int i = 0; i < 100; i++)
		start(i, (uint32_t)(1003 + 17 * i));
	start(100, UINT32_MAX);
	cr_expect(entries[100].timer.deadline_ms >= UINT64_C(1000) + UINT32_MAX,
		"due after %llu ms", (unsigned long long)entries[100].timer.deadline_ms - 1000);
}
