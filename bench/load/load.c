/* SPDX-License-Identifier: MIT */
#include "bench/load/load.h"

void wsip_load_mark(const struct wsip_load *load, const struct wsip_call *call,
	char text[WSIP_MARK_BYTES])
{
	wsip_mark_write(text, (struct wsip_mark){ .run = load->run,
				      .slot = wsip_calls_slot(&load->calls, call),
				      .generation = call->generation });
}
