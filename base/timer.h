/* SPDX-License-Identifier: MIT
 * Timers of one duration wait in one queue, in the order in which they were started: starting and
 * stopping is O(1), and the next one to fire is at the head of a queue. Time is what the caller
 * says it is, in milliseconds.
 */
#ifndef WSIP_BASE_TIMER_H
#define WSIP_BASE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"

#define WSIP_TIMER_NEVER UINT64_MAX

struct wsip_timer {
	struct wsip_list link;
	uint64_t deadline_ms;
	void (*fire)(struct wsip_timer *timer);
};

struct wsip_timer_queue {
	uint32_t duration_ms;
	struct wsip_list waiting;
};

/* Each exact duration gets a queue while there are queues; beyond that a timer joins the queue of
 * the next longer duration (powers of two and the longest are always there). It fires late then,
 * never early. */
#define WSIP_TIMER_QUEUES 65

struct wsip_timers {
	struct wsip_timer_queue queues[WSIP_TIMER_QUEUES];
	uint32_t queue_count;
	uint32_t running;
	uint64_t now_ms;
	/* No timer is due before. It is when the first one is due, unless that one was stopped. */
	uint64_t earliest_ms;
	bool earliest_stopped;
};

void wsip_timers_init(struct wsip_timers *timers, uint64_t now_ms);

/* A queue for this duration, so that no others can take its place. */
void wsip_timers_reserve(struct wsip_timers *timers, uint32_t duration_ms);

/* `fire` is called once, from wsip_timers_advance, after the timer has left its queue; it may
 * start, stop or free any timer, this one too. */
void wsip_timer_init(struct wsip_timer *timer, void (*fire)(struct wsip_timer *timer));

/* Moves the time on (never back) without firing anything: what is started now counts from now. */
void wsip_timers_set_now(struct wsip_timers *timers, uint64_t now_ms);

/* Starts, or starts again, to fire `duration_ms` from the time last told. */
void wsip_timer_start(struct wsip_timers *timers, struct wsip_timer *timer, uint32_t duration_ms);
void wsip_timer_stop(struct wsip_timers *timers, struct wsip_timer *timer);
bool wsip_timer_running(const struct wsip_timer *timer);

/* Moves the time on (never back) and fires all that is due, earliest first; what is started
 * meanwhile waits for the next call. */
void wsip_timers_advance(struct wsip_timers *timers, uint64_t now_ms);

/* When to call wsip_timers_advance next; WSIP_TIMER_NEVER when nothing is running. */
uint64_t wsip_timers_next(struct wsip_timers *timers);

#endif
