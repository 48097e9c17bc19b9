/* SPDX-License-Identifier: MIT
 * CSeq (RFC 3261 20.16): a number below 2^31 and a method.
 */
#ifndef WIRESIP_CSEQ_H
#define WIRESIP_CSEQ_H

#include <wiresip/span.h>

#pragma GCC visibility push(default)

struct wsip_cseq {
	uint32_t number;
	struct wsip_span method;
};

WSIP_MUST_CHECK enum wsip_err wsip_cseq_parse(struct wsip_span value, struct wsip_cseq *cseq);

#pragma GCC visibility pop
#endif
