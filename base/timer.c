/* SPDX-License-Identifier: MIT */
#include "base/timer.h"

#include <string.h>

#define SHIFTS  32
#define LONGEST SHIFTS /* index of the queue that any duration fits in */

static struct wsip_timer *first_of(const struct wsip_timer_queue *queue)
{
	if (wsip_list_empty(&queue->waiting))
		return NULL;
	return wsip_container_of(queue->waiting.next, struct wsip_timer, link);
}

static struct wsip_timer_queue *add_queue(struct wsip_timers *timers, uint32_t duration_ms)
{
	struct wsip_timer_queue *queue = &timers->queues[timers->queue_count++];

	queue->duration_ms = duration_ms;
	wsip_list_init(&queue->waiting);
	return queue;
}

void wsip_timers_init(struct wsip_timers *timers, uint64_t now_ms)
{
	timers->queue_count = 0;
	timers->running = 0;
	timers->now_ms = now_ms;
	timers->earliest_ms = WSIP_TIMER_NEVER;
	timers->earliest_stopped = false;
	for (int shift = 0; shift < SHIFTS; shift++)
		add_queue(timers, UINT32_C(1) << shift);
	add_queue(timers, UINT32_MAX);
}

void wsip_timer_init(struct wsip_timer *timer, void (*fire)(struct wsip_timer *timer))
{
	wsip_list_init(&timer->link);
	timer->deadline_ms = 0;
	timer->fire = fire;
}

/* The shortest that is longer. */
static struct wsip_timer_queue *longer_queue(struct wsip_timers *timers, uint32_t duration_ms)
{
	struct wsip_timer_queue *longer = &timers->queues[LONGEST];

	for (uint32_t i = 0; i < timers->queue_count; i++) {
		struct wsip_timer_queue *queue = &timers->queues[i];

		if (queue->duration_ms >= duration_ms && queue->duration_ms < longer->duration_ms)
			longer = queue;
	}
	return longer;
}

static struct wsip_timer_queue *queue_for(struct wsip_timers *timers, uint32_t duration_ms)
{
	/* Those that were made for a duration are asked for most. */
	for (uint32_t i = LONGEST + 1; i < timers->queue_count; i++) {
		if (timers->queues[i].duration_ms == duration_ms)
			return &timers->queues[i];
	}
	if (duration_ms > 0 && (duration_ms & (duration_ms - 1)) == 0)
		return &timers->queues[__builtin_ctz(duration_ms)];
	return timers->queue_count < WSIP_TIMER_QUEUES ? add_queue(timers, duration_ms)
						       : longer_queue(timers, duration_ms);
}

void wsip_timers_set_now(struct wsip_timers *timers, uint64_t now_ms)
{
	if (now_ms > timers->now_ms)
		timers->now_ms = now_ms;
}

void wsip_timers_reserve(struct wsip_timers *timers, uint32_t duration_ms)
{
	(void)queue_for(timers, duration_ms);
}

void wsip_timer_start(struct wsip_timers *timers, struct wsip_timer *timer, uint32_t duration_ms)
{
	struct wsip_timer_queue *queue = queue_for(timers, duration_ms);

	wsip_timer_stop(timers, timer);
	timer->deadline_ms = timers->now_ms + queue->duration_ms;
	wsip_list_append(&queue->waiting, &timer->link);
	timers->running++;
	if (timer->deadline_ms < timers->earliest_ms)
		timers->earliest_ms = timer->deadline_ms;
}

void wsip_timer_stop(struct wsip_timers *timers, struct wsip_timer *timer)
{
	if (!wsip_timer_running(timer))
		return;
	wsip_list_remove(&timer->link);
	timers->running--;
	if (timer->deadline_ms == timers->earliest_ms)
		timers->earliest_stopped = true;
}

bool wsip_timer_running(const struct wsip_timer *timer)
{
	return !wsip_list_empty(&timer->link);
}

static void find_earliest(struct wsip_timers *timers)
{
	timers->earliest_ms = WSIP_TIMER_NEVER;
	timers->earliest_stopped = false;
	for (uint32_t i = 0; i < timers->queue_count; i++) {
		const struct wsip_timer *first = first_of(&timers->queues[i]);

		if (first && first->deadline_ms < timers->earliest_ms)
			timers->earliest_ms = first->deadline_ms;
	}
}

static bool is_due(const struct wsip_timers *timers, const struct wsip_timer *timer)
{
	return timer && timer->deadline_ms <= timers->now_ms;
}

/* All that is due leaves its queue, earliest first. Most queues have nothing, so those that have
 * are found once. */
static void take_due(struct wsip_timers *timers, struct wsip_list *due)
{
	struct wsip_timer_queue *queues[WSIP_TIMER_QUEUES];
	uint32_t count = 0;

	for (uint32_t i = 0; i < timers->queue_count; i++) {
		if (is_due(timers, first_of(&timers->queues[i])))
			queues[count++] = &timers->queues[i];
	}
	while (count > 0) {
		struct wsip_timer *best = first_of(queues[0]);
		uint32_t from = 0;

		for (uint32_t i = 1; i < count; i++) {
			struct wsip_timer *first = first_of(queues[i]);

			if (first->deadline_ms < best->deadline_ms) {
				best = first;
				from = i;
			}
		}
		wsip_list_remove(&best->link);
		wsip_list_append(due, &best->link);
		if (!is_due(timers, first_of(queues[from])))
			memmove(&queues[from], &queues[from + 1],
				(--count - from) * sizeof(queues[0]));
	}
}

void wsip_timers_advance(struct wsip_timers *timers, uint64_t now_ms)
{
	struct wsip_list due;

	wsip_timers_set_now(timers, now_ms);
	if (timers->earliest_ms > timers->now_ms)
		return;
	wsip_list_init(&due);
	take_due(timers, &due);
	find_earliest(timers);
	while (!wsip_list_empty(&due)) {
		struct wsip_timer *timer = wsip_container_of(due.next, struct wsip_timer, link);

		wsip_timer_stop(timers, timer);
		timer->fire(timer);
	}
}

uint64_t wsip_timers_next(struct wsip_timers *timers)
{
	if (timers->earliest_stopped)
		find_earliest(timers);
	return timers->earliest_ms;
}
