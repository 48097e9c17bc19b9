/* SPDX-License-Identifier: MIT
 * Ragel machines run over unsigned bytes; the rest of the project names bytes as char.
 */
#ifndef WSIP_PARSER_SPAN_BETWEEN_H
#define WSIP_PARSER_SPAN_BETWEEN_H

#include <wiresip/span.h>

static inline struct wsip_span wsip_span_between(const void *start, const void *end)
{
	return (struct wsip_span){ start, (size_t)((const char *)end - (const char *)start) };
}

#endif
