# SPDX-License-Identifier: MIT
# RFC 3261 25.1: SIP-URI and SIPS-URI up to userinfo, uri-parameters and headers; absoluteURI is kept
# opaque. "#" in a user part ought to be escaped and rarely is.

%%{
	machine sip_uri_parts;

	user_unreserved = [&=+$,;?/#];
	user = ( unreserved | escaped | user_unreserved )+;
	password = ( unreserved | escaped | [&=+$,] )*;

	paramchar = [\[\]/:&+$] | unreserved | escaped;
	uri_parameter = paramchar+ ( "=" paramchar+ )?;

	hnv_unreserved = [\[\]/?:+$];
	header_char = hnv_unreserved | unreserved | escaped;
	uri_header = header_char+ "=" header_char*;

	scheme = alpha ( alpha | digit | [+\-.] )*;
	sip_scheme = "sip"i "s"i?;
	opaque_char = 0x21..0x7e - [<>"];
}%%
