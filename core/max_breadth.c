/* SPDX-License-Identifier: MIT */
#include "core/max_breadth.h"

#include <stdio.h>

static const char name[] = "Max-Breadth";

uint32_t wsip_max_breadth(const struct wsip_msg *request)
{
	struct wsip_span value;
	uint64_t breadth;

	if (!wsip_msg_header_named(request, name, &value) ||
		wsip_span_number(value, UINT32_MAX, &breadth) != WSIP_OK)
		return WSIP_MAX_BREADTH;
	return (uint32_t)breadth;
}

enum wsip_err wsip_max_breadth_set(struct wsip_msg *request, uint32_t breadth)
{
	struct wsip_span before = { 0 };
	char text[12];

	snprintf(text, sizeof(text), "%u", breadth);
	if (wsip_msg_header_named(request, name, &before) && wsip_span_is(before, text))
		return WSIP_OK;
	return wsip_msg_set(request, name, wsip_span_of(text));
}
