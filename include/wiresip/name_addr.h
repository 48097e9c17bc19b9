/* SPDX-License-Identifier: MIT
 * name-addr or addr-spec with header parameters (RFC 3261 20.10): the value of From, To, Contact,
 * Route, Record-Route and their kin; and parameters in general.
 */
#ifndef WIRESIP_NAME_ADDR_H
#define WIRESIP_NAME_ADDR_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_name_addr {
	struct wsip_span display_name; /* with its quotes, if any; empty when absent */
	struct wsip_span uri;          /* without the angle brackets */
	struct wsip_span params;       /* from the first ";", or empty */
};

WSIP_MUST_CHECK enum wsip_err wsip_name_addr_parse(struct wsip_span value,
	struct wsip_name_addr *name_addr);

struct wsip_param {
	struct wsip_span name;
	struct wsip_span value; /* with its quotes, if any; empty when there is none */
};

/* Takes the next parameter off `params`, which starts with ";". WSIP_ERR_NOT_FOUND at the end. */
WSIP_MUST_CHECK enum wsip_err wsip_params_next(struct wsip_span *params, struct wsip_param *param);

/* The value of the parameter `name` (any case) among `params`; false when it is absent. */
bool wsip_params_find(struct wsip_span params, const char *name, struct wsip_span *value);

/* The tag of a From or To, empty when absent. */
struct wsip_span wsip_name_addr_tag(const struct wsip_name_addr *name_addr);

#pragma GCC visibility pop
#endif
