/* SPDX-License-Identifier: MIT
 * Method names to ids. Methods are compared with case (RFC 3261 7.1).
 */
#include "parser/msg.h"

%%{
	machine wsip_method;
	alphtype unsigned char;

	main :=
		"ACK" %{ method = WSIP_ACK; } |
		"BYE" %{ method = WSIP_BYE; } |
		"CANCEL" %{ method = WSIP_CANCEL; } |
		"INFO" %{ method = WSIP_INFO; } |
		"INVITE" %{ method = WSIP_INVITE; } |
		"MESSAGE" %{ method = WSIP_MESSAGE; } |
		"NOTIFY" %{ method = WSIP_NOTIFY; } |
		"OPTIONS" %{ method = WSIP_OPTIONS; } |
		"PRACK" %{ method = WSIP_PRACK; } |
		"PUBLISH" %{ method = WSIP_PUBLISH; } |
		"REFER" %{ method = WSIP_REFER; } |
		"REGISTER" %{ method = WSIP_REGISTER; } |
		"SUBSCRIBE" %{ method = WSIP_SUBSCRIBE; } |
		"UPDATE" %{ method = WSIP_UPDATE; };

	write data noerror noentry;
}%%

enum wsip_method wsip_method_of(struct wsip_span text)
{
	const unsigned char *p = (const unsigned char *)text.data;
	const unsigned char *pe = p + text.size;
	const unsigned char *eof = pe;
	enum wsip_method method = WSIP_METHOD_OTHER;
	int cs;

	%% write init;
	%% write exec;
	return cs < wsip_method_first_final ? WSIP_METHOD_OTHER : method;
}
