/* SPDX-License-Identifier: MIT
 * Replaces (RFC 3891): the dialog whose place this INVITE takes. Spans borrow the header's value.
 */
#ifndef WIRESIP_REPLACES_H
#define WIRESIP_REPLACES_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_replaces {
	struct wsip_span call_id;
	struct wsip_span to_tag;
	struct wsip_span from_tag;
	bool early_only;
	struct wsip_span params; /* from the first ";" */
};

WSIP_MUST_CHECK enum wsip_err wsip_replaces_parse(struct wsip_span value,
	struct wsip_replaces *replaces);

#pragma GCC visibility pop
#endif
