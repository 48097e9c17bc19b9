/* SPDX-License-Identifier: MIT */
#include "bench/load/run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bench/load/callee.h"
#include "bench/load/caller.h"
#include "bench/load/progress.h"

/* What is started in one turn: then it is the turn of what has arrived. */
#define STARTS_MAX 64
#define EVENTS_MAX 64
/* A call of a --duration that could not be started within this time of when it was due is not
 * started any more: a burst of calls that piled up would say nothing about the proxy at the rate
 * that was asked for. A number of --calls is what it says. */
#define CATCH_UP_NS (100 * WSIP_NS_PER_MS)
/* The port that the epoll instance tells signals by. */
#define SIGNALS UINT32_MAX

struct run {
	struct wsip_load *load;
	int signals;
	uint64_t start_ns;
	uint64_t offered_until_ns; /* when the last call has been due for its share of a second */
	uint64_t counted_at_ns;    /* when those completed are counted for the rate */
	uint64_t limit;            /* calls to offer */
	uint64_t busy_ns;          /* in turns that found something to do */
	bool is_counted, is_measured, is_stopped;
	uint64_t completed_in_time;
	struct wsip_processes processes;
	struct wsip_usage proxy_before, proxy_offered, own_before;
	struct wsip_progress progress;
};

static uint64_t due_ns(const struct run *run, uint64_t call)
{
	uint64_t rate = run->load->options->rate;

	return run->start_ns + call / rate * WSIP_NS_PER_S + call % rate * WSIP_NS_PER_S / rate;
}

static void set_time(struct wsip_load *load)
{
	load->now_ns = wsip_clock_ns();
	wsip_timers_set_now(&load->timers, load->now_ns / WSIP_NS_PER_MS);
}

static void start_or_miss(struct wsip_load *load, uint64_t due)
{
	uint64_t late_ns = load->now_ns - due;

	load->tally.offered++;
	if (late_ns > load->tally.late_ns_max)
		load->tally.late_ns_max = late_ns;
	if (late_ns > CATCH_UP_NS && !load->options->calls)
		load->tally.missed++;
	else
		wsip_caller_start(load, due);
}

/* Returns how many calls were due. */
static uint32_t offer(struct run *run)
{
	struct wsip_load *load = run->load;
	uint32_t count = 0;

	while (count < STARTS_MAX && load->tally.offered < run->limit) {
		uint64_t due = due_ns(run, load->tally.offered);

		if (due > load->now_ns)
			break;
		start_or_miss(load, due);
		count++;
	}
	return count;
}

/* The first signal ends the offering, the second one the run. */
static void take_signal(struct run *run)
{
	struct signalfd_siginfo info;

	if (read(run->signals, &info, sizeof(info)) != sizeof(info))
		return;
	run->is_stopped = run->limit == run->load->tally.offered;
	run->limit = run->load->tally.offered;
	run->offered_until_ns = due_ns(run, run->limit);
	run->counted_at_ns = run->offered_until_ns + run->load->options->hold_ms * WSIP_NS_PER_MS;
}

static void receive(void *user, const struct wsip_path *from, struct wsip_span message)
{
	struct wsip_load *load = user;
	struct wsip_scanned scanned;

	set_time(load);
	if (wsip_scan(message, &scanned) != WSIP_OK)
		load->tally.unexpected++;
	else if (scanned.status)
		wsip_caller_receive(load, from, &scanned);
	else
		wsip_callee_receive(load, from, &scanned);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* When what is still under way is given up. */
static uint64_t deadline_ns(const struct run *run)
{
	const struct wsip_load_options *options = run->load->options;
	uint64_t longest_ms = options->hold_ms + WSIP_T1_TO_END * (uint64_t)options->t1_ms;

	return run->offered_until_ns + longest_ms * WSIP_NS_PER_MS;
}

static bool is_over(const struct run *run)
{
	const struct wsip_load *load = run->load;

	if (run->is_stopped)
		return true;
	if (load->tally.offered < run->limit || !run->is_measured || !run->is_counted)
		return false;
	return load->calls.in_use == 0 || load->now_ns > deadline_ns(run);
}

/* When there is something to do again if nothing arrives. */
static uint64_t next_ns(const struct run *run)
{
	struct wsip_load *load = run->load;
	uint64_t timer_ms = wsip_timers_next(&load->timers);
	uint64_t next = earlier(run->progress.next_ns, deadline_ns(run) + 1);

	if (is_over(run))
		return 0;
	if (timer_ms != WSIP_TIMER_NEVER)
		next = earlier(next, timer_ms * WSIP_NS_PER_MS);
	if (load->tally.offered < run->limit)
		return earlier(next, due_ns(run, load->tally.offered));
	if (!run->is_measured)
		next = earlier(next, run->offered_until_ns);
	return run->is_counted ? next : earlier(next, run->counted_at_ns);
}

/* Not every system (valgrind is one) knows a wait in nanoseconds: a longer one serves. */
static int sleep_for(int epoll, struct epoll_event events[EVENTS_MAX], uint64_t wait_ns)
{
	struct timespec wait = { .tv_sec = (time_t)(wait_ns / WSIP_NS_PER_S),
		.tv_nsec = (long)(wait_ns % WSIP_NS_PER_S) };
	int count = epoll_pwait2(epoll, events, EVENTS_MAX, &wait, NULL);

	if (count < 0 && errno == ENOSYS)
		count = epoll_wait(epoll, events, EVENTS_MAX,
			(int)((wait_ns + WSIP_NS_PER_MS - 1) / WSIP_NS_PER_MS));
	return count;
}

static int wait_for_events(struct run *run, struct epoll_event events[EVENTS_MAX])
{
	int epoll = run->load->wire->epoll;
	uint64_t next, now;

	if (run->load->options->wait == WSIP_LOAD_SPIN)
		return epoll_wait(epoll, events, EVENTS_MAX, 0);
	next = next_ns(run);
	now = wsip_clock_ns();
	return sleep_for(epoll, events, next > now ? next - now : 0);
}

/* Returns how many sockets had something. */
static int handle_events(struct run *run)
{
	struct epoll_event events[EVENTS_MAX];
	int count = wait_for_events(run, events);

	for (int i = 0; i < count; i++) {
		if (events[i].data.u32 == SIGNALS)
			take_signal(run);
		else
			run->load->wire->ops->ready(run->load->wire, events[i].data.u32,
				events[i].events);
	}
	return count;
}

/* Looks at the proxy at the moments that the result is about. */
static void measure(struct run *run)
{
	struct wsip_load *load = run->load;

	if (!run->is_measured && load->now_ns >= run->offered_until_ns) {
		run->proxy_offered = wsip_processes_usage(&run->processes);
		run->is_measured = true;
	}
	if (!run->is_counted && load->now_ns >= run->counted_at_ns) {
		run->completed_in_time = load->tally.completed;
		run->is_counted = true;
	}
	if (load->now_ns >= run->progress.next_ns)
		wsip_progress_show(&run->progress, load, &run->processes);
}

static void turn(struct run *run)
{
	struct wsip_load *load = run->load;
	uint64_t before_ms = load->timers.now_ms;
	uint64_t began_ns;
	int work;

	set_time(load);
	began_ns = load->now_ns;
	work = (int)offer(run);
	if (load->timers.now_ms != before_ms)
		wsip_timers_advance(&load->timers, load->timers.now_ms);
	wsip_wire_flush(load->wire);
	work += handle_events(run);
	wsip_wire_flush(load->wire);
	measure(run);
	if (work > 0)
		run->busy_ns += wsip_clock_ns() - began_ns;
	else if (load->options->wait == WSIP_LOAD_SPIN)
		__builtin_ia32_pause();
}

static enum wsip_err watch_signals(struct run *run)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	run->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return run->signals < 0 ? WSIP_ERR_SYSTEM
				: wsip_wire_watch(run->load->wire, run->signals, SIGNALS);
}

static void begin(struct run *run)
{
	const struct wsip_load_options *options = run->load->options;
	uint64_t rate = options->rate;

	run->limit = options->calls ? options->calls : rate * options->duration_ms / 1000;
	run->proxy_before = wsip_processes_usage(&run->processes);
	run->own_before = wsip_usage_own();
	run->start_ns = wsip_clock_ns();
	run->offered_until_ns = due_ns(run, run->limit);
	run->counted_at_ns = run->offered_until_ns + options->hold_ms * WSIP_NS_PER_MS;
	wsip_timers_init(&run->load->timers, run->start_ns / WSIP_NS_PER_MS);
	wsip_progress_init(&run->progress, options, run->start_ns);
	run->load->wire->receive = receive;
	run->load->wire->user = run->load;
}

static double share(struct wsip_usage usage, double seconds)
{
	return seconds > 0 ? (double)usage.exact_us / 1e6 / seconds : 0;
}

static void conclude(struct run *run, struct wsip_result *result)
{
	struct wsip_load *load = run->load;
	uint64_t ended_ns = wsip_clock_ns();
	struct wsip_usage proxy = wsip_processes_usage(&run->processes);
	double run_s = (double)(ended_ns - run->start_ns) / 1e9;

	*result = (struct wsip_result){ .options = load->options, .tally = &load->tally };
	result->offering_s = (double)(run->offered_until_ns - run->start_ns) / 1e9;
	if (result->offering_s > 0)
		result->calls_per_s = (double)run->completed_in_time / result->offering_s;
	result->generator_share = load->options->wait == WSIP_LOAD_SPIN
					  ? (double)run->busy_ns / 1e9 / run_s
					  : share(wsip_usage_between(run->own_before,
							  wsip_usage_own()),
						    run_s);
	result->processes = run->processes.count;
	result->proxy = wsip_usage_between(run->proxy_before, proxy);
	result->proxy_share = share(wsip_usage_between(run->proxy_before, run->proxy_offered),
		result->offering_s);
	result->proxy_rss_kb = wsip_processes_rss_kb(&run->processes);
	result->unsent = load->wire->unsent;
	result->received = load->wire->received;
}

int wsip_run(struct wsip_load *load, struct wsip_result *result)
{
	struct run run = { .load = load };

	if (load->options->pid)
		wsip_processes_find(&run.processes, load->options->pid);
	if (load->options->pid && !run.processes.count)
		return wsip_load_fail("--pid %d: there is no such process",
			(int)load->options->pid);
	if (watch_signals(&run) != WSIP_OK)
		return wsip_load_fail("cannot wait for signals: %s", strerror(errno));
	begin(&run);
	while (!is_over(&run))
		turn(&run);
	wsip_caller_give_up(load);
	wsip_progress_end(&run.progress);
	conclude(&run, result);
	close(run.signals);
	return load->tally.failed ? EXIT_FAILED : EXIT_CLEAN;
}
