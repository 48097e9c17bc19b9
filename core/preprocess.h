/* SPDX-License-Identifier: MIT
 * RFC 3261 16.4: what is done to a request before anybody looks at where it wants to go.
 */
#ifndef WSIP_CORE_PREPROCESS_H
#define WSIP_CORE_PREPROCESS_H

#include "core/core.h"

/* Repairs what a strict router did to the Request-URI, takes our own maddr off it, and our own
 * values off the Route. Where memory runs out the request stays as it came. */
void wsip_preprocess(struct wsip_core *core, struct wsip_msg *request);

#endif
