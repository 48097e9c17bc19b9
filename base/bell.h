/* SPDX-License-Identifier: MIT
 * How a thread that works through a queue is woken, and only when it sleeps. Whoever puts something
 * into the queue rings; the worker looks at its queue once a round and says when it is about to
 * wait.
 *
 * No ringing is lost. Ringing, falling asleep and waking up are each one exchange of one word, so
 * they happen in one order. A ringing that comes before the worker falls asleep is what that
 * exchange reads, and acquires: the worker does not wait, and finds in its next round what was
 * pushed before. One that comes after it reads that the worker sleeps, and writes to the descriptor
 * that the worker waits for. Of several that come then only the first one writes.
 */
#ifndef WSIP_BASE_BELL_H
#define WSIP_BASE_BELL_H

#include <stdatomic.h>
#include <stdbool.h>

#include <wiresip/err.h>

struct wsip_bell {
	_Alignas(64) atomic_int state;
	int fd; /* an eventfd, to be waited for; whoever waits reads it */
};

WSIP_MUST_CHECK enum wsip_err wsip_bell_init(struct wsip_bell *bell);
void wsip_bell_finish(struct wsip_bell *bell);

/* After the push. Any thread, and signal handlers; never blocks. */
void wsip_bell_ring(struct wsip_bell *bell);

/* Before waiting: false when it was rung since wsip_bell_wake_up, so that there is no time to wait.
 * What is looked at once a round has to be looked at between the two calls. */
bool wsip_bell_fall_asleep(struct wsip_bell *bell);
/* After waiting, also where there was no time to. */
void wsip_bell_wake_up(struct wsip_bell *bell);

#endif
