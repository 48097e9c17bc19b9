/* SPDX-License-Identifier: MIT
 * Max-Breadth: how many branches a request may have at one time (RFC 5393 5).
 */
#ifndef WSIP_CORE_MAX_BREADTH_H
#define WSIP_CORE_MAX_BREADTH_H

#include "parser/msg.h"

/* RFC 5393 5.3.3: what a request without Max-Breadth gets. */
#define WSIP_MAX_BREADTH_DEFAULT 60u

/* What the request came with; WSIP_MAX_BREADTH_DEFAULT where it says nothing, or no number. */
uint32_t wsip_max_breadth(const struct wsip_msg *request);

#endif
