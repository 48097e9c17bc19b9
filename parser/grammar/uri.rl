# SPDX-License-Identifier: MIT
# RFC 3261 25.1: SIP-URI and SIPS-URI up to userinfo, uri-parameters and headers; absoluteURI is kept
# opaque. "#" in a user part ought to be escaped and rarely is.

%%{
	machine sip_uri_parts;

	user_char = unreserved | [&=+$,;?/#];
	user = ( user_char | escaped )+;
	password = ( unreserved | escaped | [&=+$,] )*;

	param_char = [\[\]/:&+$] | unreserved;
	uri_parameter = ( param_char | escaped )+ ( "=" ( param_char | escaped )+ )?;

	hnv_unreserved = [\[\]/?:+$];
	header_char = hnv_unreserved | unreserved | escaped;
	uri_header = header_char+ "=" header_char*;

	scheme = alpha ( alpha | digit | [+\-.] )*;
	sip_scheme = "sip"i "s"i?;
	opaque_char = 0x21..0x7e - [<>"];

	# What may stand between angle brackets, whatever the scheme.
	uri_char = 0x21..0xff - [<>"] - 0x7f;
}%%
