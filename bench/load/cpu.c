/* SPDX-License-Identifier: MIT */
#include "bench/load/cpu.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* No process is in it; threads of the kernel are in group 0. */
#define NO_GROUP ((pid_t)-1)

/* What is used of /proc/PID/stat; see proc(5). */
struct stat_line {
	pid_t parent, group;
	uint64_t user_ticks, system_ticks;
};

static size_t read_file(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t got = 0;

	if (file) {
		got = fread(text, 1, size - 1, file);
		fclose(file);
	}
	text[got] = '\0';
	return got;
}

/* The name of the program is in brackets and may contain anything: the numbers follow the last. */
static bool read_stat(pid_t pid, struct stat_line *line)
{
	char path[64], text[1024];
	const char *rest;
	int parent, group;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (!read_file(path, text, sizeof(text)) || !(rest = strrchr(text, ')')))
		return false;
	if (sscanf(rest + 1, " %*c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &parent, &group,
		    &line->user_ticks, &line->system_ticks) != 4)
		return false;
	line->parent = parent;
	line->group = group;
	return true;
}

static bool is_known(const struct wsip_processes *processes, pid_t pid)
{
	for (uint32_t i = 0; i < processes->count; i++) {
		if (processes->pids[i] == pid)
			return true;
	}
	return false;
}

static void add(struct wsip_processes *processes, pid_t pid)
{
	if (processes->count < WSIP_PROCESSES_MAX && pid != getpid() && !is_known(processes, pid))
		processes->pids[processes->count++] = pid;
}

/* One look at all processes of the machine. */
static void add_relatives(struct wsip_processes *processes, pid_t leader)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	struct stat_line line;

	while (directory && (entry = readdir(directory))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid <= 0 || !read_stat(pid, &line))
			continue;
		if ((leader && line.group == leader) || is_known(processes, line.parent))
			add(processes, pid);
	}
	if (directory)
		closedir(directory);
}

void wsip_processes_find(struct wsip_processes *processes, pid_t pid)
{
	struct stat_line line;
	uint32_t before;

	processes->count = 0;
	if (!read_stat(pid, &line))
		return;
	add(processes, pid);
	do {
		before = processes->count;
		add_relatives(processes, line.group == pid ? pid : NO_GROUP);
	} while (processes->count > before);
}

/* The scheduler's count, in nanoseconds, of all threads. 0 where the system does not tell. */
static uint64_t run_time_us(pid_t pid)
{
	char path[320], text[128];
	DIR *directory;
	struct dirent *entry;
	uint64_t total_ns = 0, run_ns;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	directory = opendir(path);
	while (directory && (entry = readdir(directory))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", (int)pid, entry->d_name);
		if (entry->d_name[0] != '.' && read_file(path, text, sizeof(text)) &&
			sscanf(text, "%lu", &run_ns) == 1)
			total_ns += run_ns;
	}
	if (directory)
		closedir(directory);
	return total_ns / 1000;
}

static struct wsip_usage usage_of(pid_t pid)
{
	struct wsip_usage usage = { 0, 0, 0 };
	struct stat_line line;
	uint64_t tick_us = 1000000 / (uint64_t)sysconf(_SC_CLK_TCK);

	if (!read_stat(pid, &line))
		return usage;
	usage.exact_us = run_time_us(pid);
	usage.user_us = line.user_ticks * tick_us;
	usage.system_us = line.system_ticks * tick_us;
	return usage;
}

/* A process that has ended takes its time with it. */
static bool went_back(struct wsip_usage before, struct wsip_usage after)
{
	return after.exact_us < before.exact_us || after.user_us < before.user_us ||
	       after.system_us < before.system_us;
}

struct wsip_usage wsip_usage_between(struct wsip_usage before, struct wsip_usage after)
{
	struct wsip_usage used = { after.exact_us - before.exact_us, after.user_us - before.user_us,
		after.system_us - before.system_us };
	uint64_t ticks_us = used.user_us + used.system_us;

	if (went_back(before, after))
		return (struct wsip_usage){ 0, 0, 0 };
	if (!after.exact_us)
		used.exact_us = ticks_us;
	else if (ticks_us)
		used.user_us = (uint64_t)((double)used.exact_us * (double)used.user_us /
					  (double)ticks_us);
	else
		used.user_us = used.exact_us / 2;
	used.system_us = used.exact_us - used.user_us;
	return used;
}

struct wsip_usage wsip_processes_usage(const struct wsip_processes *processes)
{
	struct wsip_usage total = { 0, 0, 0 };

	for (uint32_t i = 0; i < processes->count; i++) {
		struct wsip_usage one = usage_of(processes->pids[i]);

		total.exact_us += one.exact_us;
		total.user_us += one.user_us;
		total.system_us += one.system_us;
	}
	return total;
}

static uint64_t status_kb(const char *text, const char *name)
{
	const char *found = strstr(text, name);

	return found ? strtoull(found + strlen(name), NULL, 10) : 0;
}

static uint64_t largest(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t wsip_processes_rss_kb(const struct wsip_processes *processes)
{
	uint64_t own_kb = 0, file_kb = 0, shared_kb = 0, peak_kb = 0;
	char path[64], text[4096];

	for (uint32_t i = 0; i < processes->count; i++) {
		snprintf(path, sizeof(path), "/proc/%d/status", (int)processes->pids[i]);
		read_file(path, text, sizeof(text));
		own_kb += status_kb(text, "RssAnon:");
		file_kb = largest(file_kb, status_kb(text, "RssFile:"));
		shared_kb = largest(shared_kb, status_kb(text, "RssShmem:"));
		peak_kb = status_kb(text, "VmHWM:");
	}
	return processes->count == 1 ? peak_kb : own_kb + file_kb + shared_kb;
}

static uint64_t time_us(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

struct wsip_usage wsip_usage_own(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (struct wsip_usage){ .user_us = time_us(usage.ru_utime),
		.system_us = time_us(usage.ru_stime) };
}
