# SPDX-License-Identifier: MIT
# Parameters behind a value, ";name=value". The host has the variables that the actions set, and
# unites the parameters that it knows with those of any other name. What it knows is there once
# (RFC 3261 7.3.1).

%%{
	machine sip_header_params;

	action mark { mark = p; }
	action params { if (!params) params = p; }
	action param { param_count++; }

	param_start = SWS ";" >params @param SWS;
	param_rest = ( EQUAL value_run )?;

	# Of an element of a list: the next one follows, or nothing.
	action comma { comma = p; fbreak; }
	value_end = SWS ( "," @comma )?;
}%%
