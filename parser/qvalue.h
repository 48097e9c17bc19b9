/* SPDX-License-Identifier: MIT
 * q-values (RFC 3261 25.1: qvalue) in thousandths.
 */
#ifndef WSIP_PARSER_QVALUE_H
#define WSIP_PARSER_QVALUE_H

#include <wiresip/span.h>

WSIP_MUST_CHECK enum wsip_err wsip_qvalue_parse(struct wsip_span text, uint16_t *thousandths);

#endif
