/* SPDX-License-Identifier: MIT
 * Parameters of a header value or a URI, ";name=value;name" (RFC 3261 25.1: generic-param). Those
 * that nobody knows are found here as well. Spans borrow the text.
 */
#ifndef WIRESIP_PARAM_H
#define WIRESIP_PARAM_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_param {
	struct wsip_span name;
	struct wsip_span value; /* with its quotes, if any; empty when there is none */
};

/* Takes the next parameter off `params`, which starts with ";". WSIP_ERR_NOT_FOUND at the end. */
WSIP_MUST_CHECK enum wsip_err wsip_params_next(struct wsip_span *params, struct wsip_param *param);

/* The value of the parameter `name` (any case) among `params`; false when it is absent. */
bool wsip_params_find(struct wsip_span params, const char *name, struct wsip_span *value);

#pragma GCC visibility pop
#endif
