/* SPDX-License-Identifier: MIT */
#include "bench/load/progress.h"

#include <stdio.h>
#include <unistd.h>

#define ERASE "\r\033[K"

void wsip_progress_init(struct wsip_progress *progress, const struct wsip_load_options *options,
	uint64_t now_ns)
{
	bool shown = options->progress == WSIP_LOAD_PROGRESS && isatty(STDERR_FILENO);

	*progress = (struct wsip_progress){ .last_ns = now_ns,
		.next_ns = shown ? now_ns + WSIP_NS_PER_S : UINT64_MAX };
}

static void print_proxy(struct wsip_progress *progress, const struct wsip_processes *processes,
	double seconds)
{
	struct wsip_usage now = wsip_processes_usage(processes);
	struct wsip_usage since = wsip_usage_between(progress->proxy, now);

	if (progress->proxy.user_us + progress->proxy.system_us)
		fprintf(stderr, ", proxy %.0f%%", (double)since.exact_us / 1e4 / seconds);
	progress->proxy = now;
}

void wsip_progress_show(struct wsip_progress *progress, const struct wsip_load *load,
	const struct wsip_processes *processes)
{
	const struct wsip_tally *tally = &load->tally;
	double seconds = (double)(load->now_ns - progress->last_ns) / 1e9;

	fprintf(stderr,
		ERASE "%.0f calls/s offered, %.0f completed, %u under way, %lu failed, %lu "
		      "sent again, p99 %.1f ms",
		(double)(tally->started - progress->started) / seconds,
		(double)(tally->completed - progress->completed) / seconds, load->calls.in_use,
		(unsigned long)tally->failed,
		(unsigned long)(tally->caller_retransmissions + tally->callee_retransmissions),
		(double)wsip_histogram_at(&tally->latencies[WSIP_LATENCY_FINAL], 0.99) / 1e6);
	if (processes->count)
		print_proxy(progress, processes, seconds);
	fflush(stderr);
	progress->started = tally->started;
	progress->completed = tally->completed;
	progress->last_ns = load->now_ns;
	progress->next_ns += WSIP_NS_PER_S;
}

void wsip_progress_end(const struct wsip_progress *progress)
{
	if (progress->next_ns != UINT64_MAX)
		fputs(ERASE, stderr);
}
