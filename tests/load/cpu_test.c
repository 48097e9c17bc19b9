/* SPDX-License-Identifier: MIT
 * Whose processor time is the proxy's: a process alone, one with children, a whole group.
 */
#include "bench/load/cpu.h"

#include <criterion/criterion.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum manner {
	WAITS,
	BURNS,
};

struct family {
	pid_t parent, child;
};

static void live(enum manner manner)
{
	volatile unsigned int turns = 0;

	for (;;) {
		if (manner == WAITS)
			pause();
		turns++;
	}
}

/* A parent and its child, in a group of their own or in ours. Tells the child's pid by a pipe, so
 * that both are there when this returns. */
static struct family start(pid_t group, enum manner manner)
{
	struct family family;
	int ends[2];

	cr_assert(pipe(ends) == 0);
	family.parent = fork();
	if (family.parent == 0) {
		if (group == 0)
			setpgid(0, 0);
		family.child = fork();
		if (family.child == 0)
			live(manner);
		if (write(ends[1], &family.child, sizeof(family.child)) < 0)
			_exit(1);
		live(WAITS);
	}
	cr_assert(read(ends[0], &family.child, sizeof(family.child)) == sizeof(family.child));
	return family;
}

static void stop(struct family family)
{
	kill(family.child, SIGKILL);
	kill(family.parent, SIGKILL);
	waitpid(family.parent, NULL, 0);
}

Test(load_cpu, a_process_and_those_below_it)
{
	struct family family = start(getpgrp(), WAITS);
	struct wsip_processes processes;

	wsip_processes_find(&processes, family.child);
	cr_expect(processes.count == 1 && processes.pids[0] == family.child, "%u", processes.count);
	wsip_processes_find(&processes, family.parent);
	cr_expect(processes.count == 2, "%u", processes.count);
	stop(family);
}

Test(load_cpu, the_group_of_its_leader)
{
	struct family family = start(0, WAITS);
	struct family other = start(getpgrp(), WAITS);
	struct wsip_processes processes;

	cr_assert(setpgid(other.parent, family.parent) == 0);
	wsip_processes_find(&processes, family.parent);
	cr_expect(processes.count == 4, "%u", processes.count);
	wsip_processes_find(&processes, family.child);
	cr_expect(processes.count == 1, "%u", processes.count);
	stop(family);
	stop(other);
}

Test(load_cpu, this_process_is_never_the_proxy)
{
	struct wsip_processes processes;

	wsip_processes_find(&processes, getpid());
	for (uint32_t i = 0; i < processes.count; i++)
		cr_expect(processes.pids[i] != getpid());
}

Test(load_cpu, nobody)
{
	struct family family = start(getpgrp(), WAITS);
	struct wsip_processes processes;

	stop(family);
	wsip_processes_find(&processes, family.parent);
	cr_expect(processes.count == 0);
}

Test(load_cpu, time_is_that_of_all_of_them)
{
	struct family family = start(getpgrp(), BURNS);
	struct wsip_processes processes;
	struct wsip_usage before, used;

	wsip_processes_find(&processes, family.parent);
	before = wsip_processes_usage(&processes);
	do {
		used = wsip_usage_between(before, wsip_processes_usage(&processes));
	} while (used.exact_us < 30000);
	cr_expect(used.user_us + used.system_us == used.exact_us);
	cr_expect(wsip_processes_rss_kb(&processes) > 100);
	stop(family);
}

Test(load_cpu, user_and_system_divide_the_exact_time)
{
	struct wsip_usage before = { 1000, 20000, 30000 }, after = { 9000, 40000, 90000 };
	struct wsip_usage used = wsip_usage_between(before, after);

	cr_expect(used.exact_us == 8000 && used.user_us == 2000 && used.system_us == 6000);
	before.exact_us = after.exact_us = 0; /* a system that does not tell it */
	used = wsip_usage_between(before, after);
	cr_expect(used.exact_us == 80000 && used.user_us == 20000 && used.system_us == 60000);
	used = wsip_usage_between(after, before); /* one has ended */
	cr_expect(used.exact_us == 0 && used.user_us == 0 && used.system_us == 0);
}
