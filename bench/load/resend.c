/* SPDX-License-Identifier: MIT
 * Timers A, B, E and F of RFC 3261 17.1.1.2 and 17.1.2.2, and the two of 13.3.1.4: in one, since
 * the end of a transaction is a moment of its own among the moments to send again.
 */
#include "bench/load/load.h"

static void arm(struct wsip_load *load, struct wsip_resend *resend)
{
	uint64_t now_ms = load->timers.now_ms;
	uint64_t left_ms = resend->until_ms > now_ms ? resend->until_ms - now_ms : 0;

	wsip_timer_start(&load->timers, &resend->timer,
		left_ms < resend->wait_ms ? (uint32_t)left_ms : resend->wait_ms);
}

void wsip_resend_start(struct wsip_load *load, struct wsip_resend *resend, uint32_t wait_ms)
{
	resend->wait_ms = wait_ms;
	resend->until_ms = load->timers.now_ms + WSIP_T1_TO_END * (uint64_t)load->options->t1_ms;
	arm(load, resend);
}

bool wsip_resend_due(struct wsip_load *load, struct wsip_resend *resend, uint32_t longest_ms)
{
	if (load->timers.now_ms >= resend->until_ms)
		return false;
	resend->wait_ms = resend->wait_ms < longest_ms / 2 ? 2 * resend->wait_ms : longest_ms;
	arm(load, resend);
	return true;
}

void wsip_resend_slower(struct wsip_load *load, struct wsip_resend *resend, uint32_t wait_ms)
{
	if (resend->wait_ms == WSIP_RESEND_NEVER)
		return;
	resend->wait_ms = wait_ms;
	arm(load, resend);
}
