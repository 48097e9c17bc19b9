/* SPDX-License-Identifier: MIT
 * One value of a Contact header (RFC 3261 20.10; RFC 5626 and RFC 5627 for the instance). Spans
 * borrow the header's value.
 */
#ifndef WIRESIP_CONTACT_H
#define WIRESIP_CONTACT_H

#include <wiresip/name_addr.h>

#pragma GCC visibility push(default)

/* q-values in thousandths; one that is left out is the highest. */
#define WSIP_Q_MAX 1000

/* RFC 3261 20.10: what an expires that is no number stands for. */
#define WSIP_CONTACT_EXPIRES_MALFORMED 3600

struct wsip_contact {
	bool is_star;                  /* "*", and nothing else is set */
	struct wsip_name_addr address; /* its params hold those below too, and the unknown ones */
	uint16_t q;                    /* 0 to WSIP_Q_MAX */
	bool has_expires;
	uint32_t expires_s;
	struct wsip_span
		instance; /* +sip.instance without quotes and brackets; empty when absent */
	uint32_t reg_id;  /* 0 when absent */
};

WSIP_MUST_CHECK enum wsip_err wsip_contact_parse(struct wsip_span value,
	struct wsip_contact *contact);

#pragma GCC visibility pop
#endif
