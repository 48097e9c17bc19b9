# SPDX-License-Identifier: MIT
# RFC 3261 25.1, Basic Rules, in the order of the RFC. Wider than the RFC in one point, as its 7.3.1
# and RFC 4475 ask for tolerance: octets from 0x80 on are taken where UTF8-NONASCII stands.

%%{
	machine sip_basic;
	alphtype unsigned char;

	alphanum = [a-zA-Z0-9];
	mark = [\-_.!~*'()];
	unreserved = alphanum | mark;
	escaped = "%" xdigit xdigit;

	WSP = " " | "\t";
	CRLF = "\r\n";
	LWS = ( WSP* CRLF )? WSP+;
	SWS = LWS?;

	UTF8_NONASCII = 0x80..0xff;

	token_char = alphanum | [\-.!%*_+`'~];
	token = token_char+;

	STAR = SWS "*" SWS;
	SLASH = SWS "/" SWS;
	EQUAL = SWS "=" SWS;
	RAQUOT = ">" SWS;
	LAQUOT = SWS "<";
	COMMA = SWS "," SWS;
	SEMI = SWS ";" SWS;
	COLON = SWS ":" SWS;

	# qdtext, of which LWS is a part; a fold in it is CRLF WSP.
	quoted_char = WSP | 0x21 | 0x23..0x5b | 0x5d..0x7e | UTF8_NONASCII;
	quoted_pair = "\\" ( 0x00..0x09 | 0x0b..0x0c | 0x0e..0x7f );
	quoted_string = '"' ( quoted_char | CRLF WSP | quoted_pair )* '"';
}%%
