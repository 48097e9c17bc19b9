/* SPDX-License-Identifier: MIT
 * Classes of octets that come in runs: where a machine is inside such a run, an action jumps to the
 * run's end instead of taking a step for each octet. The grammar decides, by its transitions, where
 * a run may start; the classes repeat the sets of parser/grammar/, and a test compares the two.
 */
#ifndef WSIP_PARSER_CHAR_CLASS_H
#define WSIP_PARSER_CHAR_CLASS_H

#include <stdint.h>

enum wsip_char_class {
	WSIP_TOKEN_CHARS = 0x001,       /* RFC 3261 25.1: token */
	WSIP_PARAM_VALUE_CHARS = 0x002, /* grammar/param.rl: gen_value without quotes */
	WSIP_USER_CHARS = 0x004,        /* user, but for escapes */
	WSIP_HOST_CHARS = 0x008,        /* hostname */
	WSIP_PARAM_CHARS = 0x010,       /* paramchar, but for escapes */
	WSIP_URI_CHARS = 0x020,         /* what may stand between angle brackets */
	WSIP_QUOTED_CHARS = 0x040,      /* qdtext, but for line breaks */
	WSIP_ELEMENT_CHARS = 0x080,     /* of a list, outside of quotes and brackets */
	WSIP_VISIBLE_CHARS = 0x100,     /* neither blanks nor controls: Request-URI, Call-ID */
};

extern const uint16_t wsip_char_classes[256];

#endif
