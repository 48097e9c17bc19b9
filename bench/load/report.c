/* SPDX-License-Identifier: MIT
 * The result for people.
 */
#include <stdio.h>

#include "bench/load/result.h"

/* From here on it is worth a word. */
#define LATE_NS (20 * WSIP_NS_PER_MS)

const char *wsip_result_subject(const struct wsip_load_options *options)
{
	static const char *const names[] = { [WSIP_LOAD_CALLS] = "invite",
		[WSIP_LOAD_REGISTERS] = "register",
		[WSIP_LOAD_OPTIONS_PINGS] = "options" };

	return names[options->mode];
}

static void print_latency(FILE *out, const char *name, const struct wsip_histogram *histogram)
{
	static const double parts[] = { 0.5, 0.9, 0.99, 0.999 };

	if (!histogram->count)
		return;
	fprintf(out, "  %-16s", name);
	for (int i = 0; i < 4; i++)
		fprintf(out, " %9.3f", (double)wsip_histogram_at(histogram, parts[i]) / 1e6);
	fprintf(out, " %9.3f\n", (double)histogram->max / 1e6);
}

static void print_latencies(FILE *out, const struct wsip_result *result)
{
	const struct wsip_histogram *all = result->tally->latencies;
	char name[32];

	if (!all[WSIP_LATENCY_FINAL].count)
		return;
	fprintf(out, "\n  %-16s %9s %9s %9s %9s %9s\n", "milliseconds", "p50", "p90", "p99",
		"p99.9", "max");
	snprintf(name, sizeof(name), "%s to 200", wsip_result_subject(result->options));
	print_latency(out, name, &all[WSIP_LATENCY_FINAL]);
	print_latency(out, "to first 1xx", &all[WSIP_LATENCY_FIRST]);
	print_latency(out, "bye to 200", &all[WSIP_LATENCY_BYE]);
}

static void print_count(FILE *out, const char *name, uint64_t count)
{
	if (count)
		fprintf(out, "  %-16s %9lu\n", name, (unsigned long)count);
}

static void print_statuses(FILE *out, const struct wsip_tally *tally)
{
	char name[32];

	for (unsigned int i = 0; i < 700; i++) {
		snprintf(name, sizeof(name), "  with %u", i);
		print_count(out, name, tally->statuses[i]);
	}
	print_count(out, "  timed out", tally->timed_out);
}

static void print_counts(FILE *out, const struct wsip_result *result)
{
	const struct wsip_tally *tally = result->tally;

	fprintf(out, "  %-16s %9lu of %lu due in %.1f s\n", "started",
		(unsigned long)tally->started, (unsigned long)tally->offered, result->offering_s);
	fprintf(out, "  %-16s %9lu, %.0f a second\n", "completed", (unsigned long)tally->completed,
		result->calls_per_s);
	print_count(out, "rejected", tally->rejected);
	fprintf(out, "  %-16s %9lu\n", "failed", (unsigned long)tally->failed);
	print_statuses(out, tally);
	fprintf(out, "  %-16s %9lu by the caller, %lu by the callee\n", "sent again",
		(unsigned long)tally->caller_retransmissions,
		(unsigned long)tally->callee_retransmissions);
	print_count(out, "came late", tally->late);
	print_count(out, "unexpected", tally->unexpected);
	print_count(out, "ACKs lost", tally->acks_lost);
	print_count(out, "not sent", result->unsent);
}

static void print_proxy(FILE *out, const struct wsip_result *result)
{
	uint64_t total_us = result->proxy.exact_us;
	double completed = (double)result->tally->completed;

	if (!result->processes)
		return;
	if (!total_us) {
		fprintf(out, "\n  proxy            not measured: one of its processes has ended\n");
		return;
	}
	fprintf(out,
		"\n  proxy            %9.1f us of CPU a call (%.1f user, %.1f system), %.0f%% "
		"of a core, %lu kB\n",
		completed > 0 ? (double)total_us / completed : 0,
		completed > 0 ? (double)result->proxy.user_us / completed : 0,
		completed > 0 ? (double)result->proxy.system_us / completed : 0,
		result->proxy_share * 100, (unsigned long)result->proxy_rss_kb);
}

/* A saturated generator measures itself. */
static void print_warnings(FILE *out, const struct wsip_result *result)
{
	const struct wsip_tally *tally = result->tally;

	if (tally->missed)
		fprintf(out,
			"\n  THE GENERATOR DID NOT KEEP UP: %lu calls were not started, so these "
			"are "
			"its\n  own figures. Offer less, or give it a core of its own (--cpu).\n",
			(unsigned long)tally->missed);
	else if (tally->late_ns_max > LATE_NS)
		fprintf(out,
			"\n  The generator was %.0f ms late with a call, which its latency "
			"contains: "
			"another\n  process took its core. --cpu gives it one of its own.\n",
			(double)tally->late_ns_max / 1e6);
	if (tally->started && !result->received)
		fprintf(out, "\n  Nothing at all came back from %s.\n",
			result->options->proxy_text);
}

void wsip_result_print(const struct wsip_result *result)
{
	const struct wsip_load_options *options = result->options;
	FILE *out = options->json && strcmp(options->json, "-") == 0 ? stderr : stdout;

	fprintf(out, "%s%s%s over %s to %s, %u a second offered\n", options->label,
		options->label[0] ? ": " : "", wsip_result_subject(options),
		options->transport == WSIP_TCP ? "TCP" : "UDP", options->proxy_text, options->rate);
	print_counts(out, result);
	print_latencies(out, result);
	print_proxy(out, result);
	fprintf(out, "%s  generator        %9.0f%% of a core, %.1f ms late at most\n",
		result->processes ? "" : "\n", result->generator_share * 100,
		(double)result->tally->late_ns_max / 1e6);
	print_warnings(out, result);
}
