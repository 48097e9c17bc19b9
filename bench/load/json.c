/* SPDX-License-Identifier: MIT
 * The result for programs. The names in it are a contract with bench/sweep.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#include "bench/load/result.h"

static json_t *latency(const struct wsip_histogram *histogram)
{
	return json_pack("{s:f,s:f,s:f,s:f,s:f,s:f}",                      /* microseconds */
		"p50", (double)wsip_histogram_at(histogram, 0.5) / 1e3,    /**/
		"p90", (double)wsip_histogram_at(histogram, 0.9) / 1e3,    /**/
		"p99", (double)wsip_histogram_at(histogram, 0.99) / 1e3,   /**/
		"p999", (double)wsip_histogram_at(histogram, 0.999) / 1e3, /**/
		"max", (double)histogram->max / 1e3,                       /**/
		"mean", (double)wsip_histogram_mean(histogram) / 1e3);
}

static json_t *latencies(const struct wsip_result *result)
{
	const struct wsip_histogram *all = result->tally->latencies;
	json_t *object = json_object();
	char name[32];

	snprintf(name, sizeof(name), "%s_200", wsip_result_subject(result->options));
	json_object_set_new(object, name, latency(&all[WSIP_LATENCY_FINAL]));
	if (result->options->mode == WSIP_LOAD_CALLS) {
		json_object_set_new(object, "invite_1xx", latency(&all[WSIP_LATENCY_FIRST]));
		json_object_set_new(object, "bye_200", latency(&all[WSIP_LATENCY_BYE]));
	}
	return object;
}

static json_t *statuses(const struct wsip_tally *tally)
{
	json_t *object = json_object();
	char name[16];

	for (unsigned int i = 0; i < 700; i++) {
		if (!tally->statuses[i])
			continue;
		snprintf(name, sizeof(name), "%u", i);
		json_object_set_new(object, name, json_integer((json_int_t)tally->statuses[i]));
	}
	return object;
}

static json_t *calls(const struct wsip_tally *tally)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I}",      /**/
		"started", (json_int_t)tally->started,     /**/
		"answered", (json_int_t)tally->answered,   /**/
		"completed", (json_int_t)tally->completed, /**/
		"rejected", (json_int_t)tally->rejected,   /**/
		"failed", (json_int_t)tally->failed,       /**/
		"timed_out", (json_int_t)tally->timed_out);
}

/* null where the proxy was not watched, or ended. */
static void add_proxy(json_t *object, const struct wsip_result *result)
{
	bool known = result->processes > 0 && result->proxy.exact_us > 0;
	double completed = (double)result->tally->completed;
	double total_us = (double)result->proxy.exact_us;

	json_object_set_new(object, "proxy_cpu_us_per_call",
		known && completed > 0 ? json_real(total_us / completed) : json_null());
	json_object_set_new(object, "proxy_cpu_user_us",
		known ? json_integer((json_int_t)result->proxy.user_us) : json_null());
	json_object_set_new(object, "proxy_cpu_system_us",
		known ? json_integer((json_int_t)result->proxy.system_us) : json_null());
	json_object_set_new(object, "proxy_cpu_share",
		known ? json_real(result->proxy_share) : json_null());
	json_object_set_new(object, "proxy_rss_kb",
		known ? json_integer((json_int_t)result->proxy_rss_kb) : json_null());
}

static const char *mode_name(enum wsip_load_mode mode)
{
	static const char *const names[] = { [WSIP_LOAD_CALLS] = "call",
		[WSIP_LOAD_REGISTERS] = "register",
		[WSIP_LOAD_OPTIONS_PINGS] = "options" };

	return names[mode];
}

static json_t *whole(const struct wsip_result *result)
{
	const struct wsip_load_options *options = result->options;
	const struct wsip_tally *tally = result->tally;
	json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:i,s:f,s:o,s:{s:I,s:I},s:f,s:o}", /**/
		"label", options->label,                                                /**/
		"proxy", options->proxy_text,                                           /**/
		"transport", options->transport == WSIP_TCP ? "tcp" : "udp",            /**/
		"mode", mode_name(options->mode),                                       /**/
		"rate_offered", (int)options->rate,                                     /**/
		"duration_s", result->offering_s,                                       /**/
		"calls", calls(tally),                                                  /**/
		"retransmissions",                                                      /**/
		"caller", (json_int_t)tally->caller_retransmissions,                    /**/
		"callee", (json_int_t)tally->callee_retransmissions,                    /**/
		"calls_per_s", result->calls_per_s,                                     /**/
		"latency_us", latencies(result));

	add_proxy(object, result);
	json_object_set_new(object, "generator_cpu_share", json_real(result->generator_share));
	json_object_set_new(object, "generator_late_ms_max",
		json_real((double)tally->late_ns_max / 1e6));
	json_object_set_new(object, "generator_missed", json_integer((json_int_t)tally->missed));
	json_object_set_new(object, "unexpected", json_integer((json_int_t)tally->unexpected));
	json_object_set_new(object, "acks_lost", json_integer((json_int_t)tally->acks_lost));
	json_object_set_new(object, "statuses", statuses(tally));
	return object;
}

int wsip_result_write_json(const struct wsip_result *result)
{
	const char *name = result->options->json;
	json_t *object = whole(result);
	char *text = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	FILE *file = strcmp(name, "-") == 0 ? stdout : fopen(name, "we");
	bool good = file && text && fprintf(file, "%s\n", text) > 0;

	if (file && file != stdout)
		good = fclose(file) == 0 && good;
	free(text);
	json_decref(object);
	if (good)
		return EXIT_CLEAN;
	return wsip_load_fail("cannot write '%s': %s", name, strerror(errno));
}
