/* SPDX-License-Identifier: MIT */
#include "core/max_breadth.h"

#include <stdio.h>

uint32_t wsip_max_breadth(const struct wsip_msg *request)
{
	uint32_t breadth;

	return wsip_msg_number(request, WSIP_MAX_BREADTH, &breadth) == WSIP_OK
		       ? breadth
		       : WSIP_MAX_BREADTH_DEFAULT;
}

enum wsip_err wsip_max_breadth_set(struct wsip_msg *request, uint32_t breadth)
{
	struct wsip_span before;
	char text[12];
	int size;

	if (wsip_msg_header(request, WSIP_MAX_BREADTH, &before)) {
		if (wsip_max_breadth(request) == breadth)
			return WSIP_OK;
	} else if (breadth == WSIP_MAX_BREADTH_DEFAULT) {
		return wsip_msg_add(request, "Max-Breadth", (struct wsip_span){ "60", 2 });
	}
	size = snprintf(text, sizeof(text), "%u", breadth);
	return wsip_msg_set_id(request, WSIP_MAX_BREADTH, (struct wsip_span){ text, (size_t)size });
}
