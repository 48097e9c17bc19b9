/* SPDX-License-Identifier: MIT
 * CSeq (RFC 3261 20.16): a number below 2^31 and a method.
 */
#ifndef WSIP_PARSER_CSEQ_H
#define WSIP_PARSER_CSEQ_H

#include <wiresip/span.h>

struct wsip_cseq {
	uint32_t number;
	struct wsip_span method;
};

WSIP_MUST_CHECK enum wsip_err wsip_cseq_parse(struct wsip_span value, struct wsip_cseq *cseq);

#endif
