/* SPDX-License-Identifier: MIT */
#include "core/max_breadth.h"

uint32_t wsip_max_breadth(const struct wsip_msg *request)
{
	uint32_t breadth;

	return wsip_msg_number(request, WSIP_MAX_BREADTH, &breadth) == WSIP_OK
		       ? breadth
		       : WSIP_MAX_BREADTH_DEFAULT;
}
