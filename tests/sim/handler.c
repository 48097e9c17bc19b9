/* SPDX-License-Identifier: MIT
 * A handler of many moods: forks, waits, retries, recurses, answers for itself.
 */
#include "tests/sim/mix.h"

static const char *const uris[MIX_CALLEES_MAX] = { "sip:10.0.2.1", "sip:10.0.2.2",
	"sip:10.0.2.3;transport=tcp", "sip:10.0.2.4" };

static bool whim(struct mix *mix)
{
	return wsip_sim_chance(mix->sim, mix->whims);
}

static enum wsip_verdict on_response(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	struct mix *mix = user;

	if (!whim(mix))
		return wsip_msg_status(response) / 100 == 3
			       ? WSIP_RECURSE
			       : wsip_verdict_default(relay, response, NULL);
	switch (wsip_sim_random(mix->sim, 6)) {
	case 0:
		return WSIP_NEXT;
	case 1:
		return WSIP_DROP;
	case 2:
		return wsip_relay_answer(relay, 400 + wsip_sim_random(mix->sim, 90), NULL);
	case 3:
		return wsip_relay_answer(relay, 183, NULL);
	default:
		return wsip_relay_retry(relay,
			uris[wsip_sim_random(mix->sim, (uint32_t)mix->callee_count)]);
	}
}

static void relay(struct wsip_request *request, struct mix *mix)
{
	struct wsip_relay_target targets[MIX_CALLEES_MAX];
	size_t count = 1 + wsip_sim_random(mix->sim, (uint32_t)mix->callee_count);

	for (size_t i = 0; i < count; i++)
		targets[i] = (struct wsip_relay_target){
			uris[(i + mix->calls[0]->cseq) % mix->callee_count],
			500 * wsip_sim_random(mix->sim, 3)
		};
	wsip_relay(request, &(struct wsip_relay_options){ .targets = targets,
				    .target_count = count,
				    .fork = (enum wsip_fork)wsip_sim_random(mix->sim, 3),
				    .on_response = on_response,
				    .user = mix });
}

static void go_on(struct wsip_request *request, void *user)
{
	if (request)
		relay(request, user);
}

static void go_on_later(struct wsip_request *request, void *user)
{
	struct mix *mix = user;

	if (request)
		(void)wsip_request_resume_after(request, wsip_sim_random(mix->sim, 3000), go_on,
			mix);
}

void mix_on_request(struct wsip_request *request, void *user)
{
	struct mix *mix = user;
	struct wsip_name_addr to;

	if (wsip_msg_to(wsip_request_msg(request), &to) == WSIP_OK && to.tag.size > 0) {
		wsip_relay(request, NULL);
		return;
	}
	if (!whim(mix)) {
		relay(request, mix);
		return;
	}
	switch (wsip_sim_random(mix->sim, 4)) {
	case 0:
		wsip_request_answer(request, 486, NULL);
		break;
	case 1:
		(void)wsip_request_resume_after(request, wsip_sim_random(mix->sim, 3000), go_on,
			mix);
		break;
	case 2:
		(void)!wsip_resume(wsip_request_suspend(request), go_on_later, mix);
		break;
	default:
		wsip_request_suspend(request); /* and forgets it */
		break;
	}
}
