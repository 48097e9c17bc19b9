/* SPDX-License-Identifier: MIT */
#include "core/counters.h"

const struct wsip_counter_name wsip_counter_names[] = {
	{ "requests", offsetof(struct wsip_counters, requests) },
	{ "responses", offsetof(struct wsip_counters, responses) },
	{ "bad_messages", offsetof(struct wsip_counters, bad_messages) },
	{ "stray_responses", offsetof(struct wsip_counters, stray_responses) },
	{ "stray_acks", offsetof(struct wsip_counters, stray_acks) },
	{ "stateless", offsetof(struct wsip_counters, stateless) },
	{ "refused_draining", offsetof(struct wsip_counters, refused_draining) },
	{ "refused_memory", offsetof(struct wsip_counters, refused_memory) },
	{ "refused_again", offsetof(struct wsip_counters, refused_again) },
	{ "waiting_dropped", offsetof(struct wsip_counters, waiting_dropped) },
	{ "shed_overload", offsetof(struct wsip_counters, shed_overload) },
	{ "unroutable", offsetof(struct wsip_counters, unroutable) },
};
const size_t wsip_counter_name_count = sizeof(wsip_counter_names) / sizeof(wsip_counter_names[0]);
