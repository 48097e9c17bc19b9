/* SPDX-License-Identifier: MIT
 * From the marks of a machine to spans and numbers. Ragel machines run over unsigned bytes; the
 * rest of the project names bytes as char.
 */
#ifndef WSIP_PARSER_MARKS_H
#define WSIP_PARSER_MARKS_H

#include <wiresip/span.h>

#include "base/limits.h"

static inline struct wsip_span wsip_span_between(const void *start, const void *end)
{
	return (struct wsip_span){ start, (size_t)((const char *)end - (const char *)start) };
}

/* Sets `span`; says whether it was set before. RFC 3261 7.3.1: a parameter name must not appear
 * more than once. */
static inline bool wsip_span_take(struct wsip_span *span, const void *start, const void *end)
{
	bool twice = span->data != NULL;

	*span = wsip_span_between(start, end);
	return twice;
}

/* What a value is worth when its machine has stopped. */
static inline enum wsip_err wsip_value_end(bool complete, bool twice, int param_count)
{
	if (!complete || twice)
		return WSIP_ERR_SYNTAX;
	return param_count > WSIP_PARAMS_MAX ? WSIP_ERR_LIMIT : WSIP_OK;
}

/* The span from `params`, which a value without parameters has not set, to the end, without the
 * blanks that may stand there. */
static inline struct wsip_span wsip_params_span(const void *params, const void *end)
{
	const char *last = end;

	if (!params)
		return (struct wsip_span){ 0 };
	while (last > (const char *)params && (unsigned char)last[-1] <= ' ')
		last--;
	return wsip_span_between(params, last);
}

/* What the machine has seen to be one or more digits; up to 2^32-1. */
WSIP_MUST_CHECK static inline enum wsip_err wsip_uint32_parse(struct wsip_span digits,
	uint32_t *number)
{
	uint64_t value = 0;

	for (size_t i = 0; i < digits.size && value <= UINT32_MAX; i++)
		value = value * 10 + (uint64_t)(digits.data[i] - '0');
	*number = (uint32_t)value;
	return value <= UINT32_MAX ? WSIP_OK : WSIP_ERR_LIMIT;
}

/* The same from 1 to 65535. */
WSIP_MUST_CHECK static inline enum wsip_err wsip_port_parse(struct wsip_span digits, uint16_t *port)
{
	uint32_t number;

	if (wsip_uint32_parse(digits, &number) != WSIP_OK || number == 0 || number > UINT16_MAX)
		return WSIP_ERR_SYNTAX;
	*port = (uint16_t)number;
	return WSIP_OK;
}

#endif
