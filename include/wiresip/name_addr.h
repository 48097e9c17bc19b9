/* SPDX-License-Identifier: MIT
 * name-addr or addr-spec with header parameters (RFC 3261 20.10): the value of From, To, Contact,
 * Route, Record-Route, Path, Service-Route, Refer-To, Referred-By, Reply-To, P-Asserted-Identity,
 * P-Preferred-Identity and their kin. <wiresip/param.h> walks its parameters.
 */
#ifndef WIRESIP_NAME_ADDR_H
#define WIRESIP_NAME_ADDR_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_name_addr {
	struct wsip_span display_name; /* with its quotes, if any; empty when absent */
	struct wsip_span uri;          /* without the angle brackets */
	struct wsip_span params;       /* from the first ";", or empty */
	struct wsip_span tag;          /* of From and To; empty when absent */
};

/* WSIP_ERR_SYNTAX also for a tag that is empty, in quotes, or there twice. */
WSIP_MUST_CHECK enum wsip_err wsip_name_addr_parse(struct wsip_span value,
	struct wsip_name_addr *name_addr);

#pragma GCC visibility pop
#endif
