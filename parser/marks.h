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

/* The span from `params`, which a value without parameters has not set, to the end. */
static inline struct wsip_span wsip_params_span(const void *params, const void *end)
{
	return params ? wsip_span_between(params, end) : (struct wsip_span){ 0 };
}

/* Up to 2^32-1. */
WSIP_MUST_CHECK static inline enum wsip_err wsip_uint32_parse(struct wsip_span digits,
	uint32_t *number)
{
	uint64_t value;
	enum wsip_err err = wsip_span_number(digits, UINT32_MAX, &value);

	if (!err)
		*number = (uint32_t)value;
	return err;
}

/* 1 to 65535. */
WSIP_MUST_CHECK static inline enum wsip_err wsip_port_parse(struct wsip_span digits, uint16_t *port)
{
	uint64_t number;

	if (wsip_span_number(digits, UINT16_MAX, &number) != WSIP_OK || number == 0)
		return WSIP_ERR_SYNTAX;
	*port = (uint16_t)number;
	return WSIP_OK;
}

#endif
