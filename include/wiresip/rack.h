/* SPDX-License-Identifier: MIT
 * RAck (RFC 3262 7.2): which reliable provisional response, of which request. RSeq, the number of
 * the response itself, is read by wsip_msg_number().
 */
#ifndef WIRESIP_RACK_H
#define WIRESIP_RACK_H

#include <wiresip/cseq.h>

#pragma GCC visibility push(default)

struct wsip_rack {
	uint32_t response_number;
	struct wsip_cseq cseq;
};

WSIP_MUST_CHECK enum wsip_err wsip_rack_parse(struct wsip_span value, struct wsip_rack *rack);

#pragma GCC visibility pop
#endif
