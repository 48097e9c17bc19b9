# SPDX-License-Identifier: MIT
# RFC 3966 3: telephone-subscriber. A local number ought to have a phone-context; the many that are
# sent without one ("tel:911") mean that of the receiver.

%%{
	machine tel_uri_parts;

	visual_separator = [\-.()];
	phonedigit = digit | visual_separator;
	phonedigit_hex = xdigit | [*#] | visual_separator;
	global_number_digits = "+" phonedigit* digit phonedigit*;
	local_number_digits = phonedigit_hex* ( xdigit | [*#] ) phonedigit_hex*;
	tel_number = global_number_digits | local_number_digits;

	tel_param_name = ( alphanum | "-" )+;
}%%
