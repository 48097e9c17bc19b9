/* SPDX-License-Identifier: MIT
 * qvalue -> thousandths (RFC 3261 25.1). More than three digits behind the point, and none in front
 * of it, are sent by real phones and taken.
 */
#include "parser/qvalue.h"

%%{
	machine wsip_qvalue;
	alphtype unsigned char;

	action one { *thousandths = 1000; }
	action digit {
		*thousandths = (uint16_t)(*thousandths + weight * (*p - '0'));
		weight /= 10;
	}

	main := ( "0" ( "." digit* $digit )? ) | ( "1" @one ( "." "0"* )? ) | ( "." digit+ $digit );

	write data noerror noentry;
}%%

enum wsip_err wsip_qvalue_parse(struct wsip_span text, uint16_t *thousandths)
{
	const unsigned char *p = (const unsigned char *)text.data;
	const unsigned char *pe = p + text.size;
	int weight = 100;
	int cs;

	*thousandths = 0;
	%% write init;
	%% write exec;
	return cs >= wsip_qvalue_first_final ? WSIP_OK : WSIP_ERR_SYNTAX;
}
