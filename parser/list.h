/* SPDX-License-Identifier: MIT
 * A comma-separated header value, one element at a time (RFC 3261 7.3.1). Commas inside quoted
 * strings and angle brackets do not separate.
 */
#ifndef WSIP_PARSER_LIST_H
#define WSIP_PARSER_LIST_H

#include <wiresip/span.h>

/* Takes the next element off `rest`, without the blanks around it. WSIP_ERR_NOT_FOUND at the end,
 * WSIP_ERR_SYNTAX for an empty element or an open quote or bracket. */
WSIP_MUST_CHECK enum wsip_err wsip_list_next(struct wsip_span *rest, struct wsip_span *element);

#endif
