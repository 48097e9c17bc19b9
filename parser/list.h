/* SPDX-License-Identifier: MIT
 * A comma-separated header value, one element at a time (RFC 3261 7.3.1). Commas inside quoted
 * strings and angle brackets do not separate.
 */
#ifndef WSIP_PARSER_LIST_H
#define WSIP_PARSER_LIST_H

#include <wiresip/name_addr.h>
#include <wiresip/via.h>

/* Takes the next element off `rest`, without the blanks around it. WSIP_ERR_NOT_FOUND at the end,
 * WSIP_ERR_SYNTAX for an empty element or an open quote or bracket. */
WSIP_MUST_CHECK enum wsip_err wsip_list_next(struct wsip_span *rest, struct wsip_span *element);

/* The same and reading it, in one go. */
WSIP_MUST_CHECK enum wsip_err wsip_via_next(struct wsip_span *rest, struct wsip_via *via);
WSIP_MUST_CHECK enum wsip_err wsip_name_addr_next(struct wsip_span *rest,
	struct wsip_name_addr *address);

/* What is left of a list whose first element ends at `comma`, or with it at `end` when that is
 * NULL. A comma promises another element. */
WSIP_MUST_CHECK static inline enum wsip_err wsip_list_rest(struct wsip_span *rest,
	const void *comma, const void *end)
{
	const char *next = comma ? (const char *)comma + 1 : end;

	*rest = (struct wsip_span){ next, (size_t)((const char *)end - next) };
	return comma && rest->size == 0 ? WSIP_ERR_SYNTAX : WSIP_OK;
}

#endif
