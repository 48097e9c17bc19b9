/* SPDX-License-Identifier: MIT
 * Splits a header value at its commas (RFC 3261 7.3.1).
 */
#include "parser/list.h"

#include "parser/scan.h"
#include "parser/marks.h"

%%{
	machine wsip_list;
	alphtype unsigned char;

	action scan_quoted { p = wsip_scan_class(p, pe, WSIP_QUOTED_CHARS) - 1; }
	action scan_uri { p = wsip_scan_uri(p, pe) - 1; }
	action scan_plain { p = wsip_scan_to(p, pe, '"', ',', '<') - 1; }
	action comma { fhold; fbreak; }

	uri_char = 0x21..0xff - [<>"] - 0x7f;
	quoted_char = [ \t] | 0x21..0xff - [\\"] - 0x7f;
	quoted = '"' ( quoted_char $scan_quoted | ( any - [\\"] - quoted_char ) | ( "\\" any ) )* '"';
	bracketed = "<" ( uri_char $scan_uri | ( any - [<>"] - uri_char ) )* ">";
	plain = ( any - [",<] ) $scan_plain;

	main := ( quoted | bracketed | plain )+ ( "," @comma )?;

	write data noerror noentry;
}%%

enum wsip_err wsip_list_next(struct wsip_span *rest, struct wsip_span *element)
{
	const unsigned char *p = (const unsigned char *)rest->data;
	const unsigned char *pe = p + rest->size;
	int cs;

	if (rest->size == 0)
		return WSIP_ERR_NOT_FOUND;
	%% write init;
	%% write exec;
	if (cs < wsip_list_first_final)
		return WSIP_ERR_SYNTAX;
	*element = wsip_span_trim(wsip_span_between(rest->data, p));
	if (element->size == 0)
		return WSIP_ERR_SYNTAX;
	return wsip_list_rest(rest, p < pe ? p : NULL, pe);
}
