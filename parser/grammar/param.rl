# SPDX-License-Identifier: MIT
# RFC 3261 25.1: generic-param. The value is wider than token: tags and branches made by real phones
# hold "@", "/", ":" and "=", and nothing that ends a parameter is among them.

%%{
	machine sip_param;

	param_value_char = token_char | [:@/\[\]=$&?#{}|^];
	gen_value = param_value_char+ | quoted_string;
	generic_param = token ( EQUAL gen_value )?;
}%%
