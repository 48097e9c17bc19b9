/* SPDX-License-Identifier: MIT
 * One value of a History-Info header (RFC 7044). Spans borrow the header's value.
 */
#ifndef WIRESIP_HISTORY_INFO_H
#define WIRESIP_HISTORY_INFO_H

#include <wiresip/name_addr.h>

#pragma GCC visibility push(default)

struct wsip_history_info {
	struct wsip_name_addr address; /* its params hold those below too, and the unknown ones */
	struct wsip_span index;        /* "1.2.1"; empty when absent, as in RFC 4244's older form */
	struct wsip_span rc, mp, np; /* the index that this target came from; one at most is set */
};

WSIP_MUST_CHECK enum wsip_err wsip_history_info_parse(struct wsip_span value,
	struct wsip_history_info *entry);

#pragma GCC visibility pop
#endif
