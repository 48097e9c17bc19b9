/* SPDX-License-Identifier: MIT
 * RFC 3261 16.7 step 6 and step 7: which of the final responses the caller gets.
 */
#include "core/request_state.h"

/* RFC 3261 16.7 step 6: 6xx first, then the lowest class; in 4xx those first that tell the caller
 * how to ask again. A 408 or 503, most of them made here, says least. */
static unsigned int rank(unsigned int status)
{
	switch (status) {
	case 401:
	case 407:
		return 40;
	case 415:
	case 420:
	case 484:
		return 41;
	case 408:
		return 43;
	case 503:
		return 51;
	default:
		break;
	}
	if (status >= 600)
		return 0;
	return status / 100 * 10 + (status / 100 == 4 ? 2 : 0);
}

static bool is_challenge(const struct wsip_msg *response)
{
	return wsip_msg_status(response) == 401 || wsip_msg_status(response) == 407;
}

/* RFC 3261 16.7 step 7 and 22.3: the challenges of all go up, each in a field of its own. Where
 * there is no room for one, the caller is asked for it in the next round. */
static void merge_challenges(struct wsip_msg *best, const struct wsip_msg *other)
{
	for (size_t i = 0; i < wsip_msg_header_count(other); i++) {
		struct wsip_header header = wsip_msg_header_at(other, i);

		if (header.id == WSIP_WWW_AUTHENTICATE)
			(void)!wsip_msg_add(best, "WWW-Authenticate", header.value);
		else if (header.id == WSIP_PROXY_AUTHENTICATE)
			(void)!wsip_msg_add(best, "Proxy-Authenticate", header.value);
	}
}

void wsip_best_forget(struct wsip_relay *relay)
{
	if (!relay->best)
		return;
	wsip_msg_finish(relay->best);
	wsip_pool_free(&relay->request->core->msgs, relay->best);
	relay->best = NULL;
}

static void keep(struct wsip_relay *relay, struct wsip_msg *response)
{
	struct wsip_core *core = relay->request->core;
	struct wsip_msg *copy = wsip_pool_take(&core->msgs);

	if (copy && wsip_msg_copy(copy, response) == WSIP_OK) {
		wsip_best_forget(relay);
		relay->best = copy;
		return;
	}
	core->counters.refused_memory++;
	if (copy) {
		wsip_msg_finish(copy);
		wsip_pool_free(&core->msgs, copy);
	}
}

void wsip_best_consider(struct wsip_relay *relay, struct wsip_msg *response)
{
	struct wsip_msg *best = relay->best;

	if (best && is_challenge(best) && is_challenge(response))
		merge_challenges(best, response);
	else if (!best || rank(wsip_msg_status(response)) < rank(wsip_msg_status(best)))
		keep(relay, response);
}
