/* SPDX-License-Identifier: MIT
 * What has to be true of every mix. That no transaction has two final responses, that no response
 * belongs to another dialog, that all transactions end and all pools return to zero is seen to by
 * the agents and by wsip_sim_end.
 */
#include <string.h>

#include "tests/sim/mix.h"

static struct wsip_call *call_of(struct wsip_list *link)
{
	return wsip_container_of(link, struct wsip_call, link);
}

static uint32_t trace_call(const char *call_id)
{
	uint32_t hash = 2166136261u;

	for (const char *c = call_id; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	return hash;
}

static bool knows_tag(const struct wsip_call *caller, const char *tag)
{
	if (strcmp(caller->dialog.remote_tag, tag) == 0)
		return true;
	for (size_t i = 0; i < caller->fork_count; i++) {
		if (strcmp(caller->forks[i].remote_tag, tag) == 0)
			return true;
	}
	return false;
}

static struct wsip_call *caller_of(struct mix *mix, const struct wsip_call *callee)
{
	for (size_t i = 0; i < mix->call_count; i++) {
		if (strcmp(mix->calls[i]->call_id, callee->call_id) == 0)
			return mix->calls[i];
	}
	return NULL;
}

/* Where nothing is lost every 2xx comes to the caller, also the second one of a fork. */
static void check_2xx_of(struct mix *mix, struct wsip_agent *callee)
{
	for (struct wsip_list *link = callee->calls.next; link != &callee->calls;
		link = link->next) {
		struct wsip_call *call = call_of(link), *caller = caller_of(mix, call);

		if (call->was_up && caller)
			wsip_sim_expect(mix->sim, knows_tag(caller, call->local_tag),
				"the 2xx of %s has not come to the caller", callee->node.name);
	}
}

static bool is_proxy(const struct mix *mix, const struct wsip_addr *addr)
{
	(void)mix;
	return addr->ip[0] == 10 && addr->ip[2] == 0;
}

/* Every 2xx to an INVITE that came to a proxy has left it, or came when its transaction was over
 * and was counted. */
static void check_2xx_forwarded(struct mix *mix)
{
	const struct wsip_trace *trace = &mix->sim->trace;
	size_t came = 0, left = 0;

	for (size_t i = 0; i < trace->count; i++) {
		const struct wsip_trace_line *line = &trace->lines[i];

		if (line->text[0] != '2' || !strstr(line->text, " INVITE"))
			continue;
		came += is_proxy(mix, &line->to) && !line->note[0];
		left += is_proxy(mix, &line->from);
	}
	for (size_t i = 0; i < mix->proxy_count; i++)
		left += wsip_sim_proxy_core(mix->proxies[i])->counters.stray_responses;
	wsip_sim_expect(mix->sim, came <= left,
		"%zu times a 2xx to INVITE came, %zu times one was forwarded", came, left);
}

/* Has the proxy heard that this callee rings, while it was waiting for that? Before that it may not
 * cancel (RFC 3261 9.1), and when Timer B has ended the branch it cannot. */
static bool provisional_arrived(const struct mix *mix, const struct wsip_agent *callee,
	const struct wsip_call *call)
{
	const struct wsip_trace *trace = &mix->sim->trace;
	const struct wsip_addr *addr = &callee->listeners[0].addr;
	uint32_t hash = trace_call(call->call_id);
	uint64_t waits_until_ms = 0;

	for (size_t i = 0; i < trace->count; i++) {
		const struct wsip_trace_line *line = &trace->lines[i];

		if (line->call != hash)
			continue;
		if (line->text[0] == 'I' && wsip_addr_equal_ip(&line->to, addr) && !waits_until_ms)
			waits_until_ms = line->at_ms + 64 * WSIP_AGENT_T1_MS;
		if (line->text[0] == '1' && !line->note[0] &&
			wsip_addr_equal_ip(&line->from, addr) &&
			line->at_ms + line->after_ms < waits_until_ms)
			return true;
	}
	return false;
}

/* The CANCEL was repeated to the end and the network took every one. */
static bool cancel_was_lost(const struct mix *mix, const struct wsip_agent *callee,
	const struct wsip_call *call)
{
	const struct wsip_trace *trace = &mix->sim->trace;
	const struct wsip_addr *addr = &callee->listeners[0].addr;
	uint32_t hash = trace_call(call->call_id);
	unsigned int sent = 0, arrived = 0;

	for (size_t i = 0; i < trace->count; i++) {
		const struct wsip_trace_line *line = &trace->lines[i];

		if (line->call != hash || strncmp(line->text, "CANCEL", 6) != 0 ||
			!wsip_addr_equal_ip(&line->to, addr))
			continue;
		sent++;
		arrived += !line->note[0];
	}
	return sent >= 10 && arrived == 0;
}

void mix_check_nobody_rings(struct mix *mix)
{
	/* Between two proxies every 1xx may be lost, and then the second one is not told. */
	if (mix->scarce || mix->resets || (mix->proxy_count == 2 && mix->loss > 0))
		return;
	for (size_t i = 0; i < mix->callee_count; i++) {
		struct wsip_agent *callee = mix->callees[i];

		for (struct wsip_list *link = callee->calls.next; link != &callee->calls;
			link = link->next) {
			struct wsip_call *call = call_of(link), *caller = caller_of(mix, call);

			if (caller && caller->cancel_answered && caller->state == WSIP_CALL_ENDED &&
				call->state == WSIP_CALL_RINGING &&
				provisional_arrived(mix, callee, call) &&
				!cancel_was_lost(mix, callee, call))
				wsip_sim_expect(mix->sim, false,
					"%s rings, long after the caller's CANCEL was answered",
					callee->node.name);
		}
	}
}

void mix_check(struct mix *mix)
{
	for (size_t i = 0; i < mix->callee_count && mix->bounded; i++)
		check_2xx_of(mix, mix->callees[i]);
	if (!mix->scarce && !mix->tcp && mix->sim->trace.left_out == 0)
		check_2xx_forwarded(mix);
}
