# SPDX-License-Identifier: MIT
# The repetitions of the grammar, passed at memory speed: the first character of a run is a step of the
# machine, the action jumps to its last. Included behind the grammar; the host includes parser/scan.h.

%%{
	machine sip_runs;

	action scan_token { p = wsip_scan_class(p, pe, WSIP_TOKEN_CHARS) - 1; }
	action scan_value { p = wsip_scan_class(p, pe, WSIP_PARAM_VALUE_CHARS) - 1; }
	action scan_quoted { p = wsip_scan_class(p, pe, WSIP_QUOTED_CHARS) - 1; }
	action scan_host { p = wsip_scan_class(p, pe, WSIP_HOST_CHARS) - 1; }
	action scan_user { p = wsip_scan_class(p, pe, WSIP_USER_CHARS) - 1; }
	action scan_param { p = wsip_scan_class(p, pe, WSIP_PARAM_CHARS) - 1; }
	action scan_uri { p = wsip_scan_uri(p, pe) - 1; }

	token_run = token_char+ $scan_token;
	quoted_run = '"' ( quoted_char $scan_quoted | CRLF WSP | quoted_pair )* '"';
	plain_value_run = param_value_char+ $scan_value;
	value_run = plain_value_run | quoted_run;
	host_run = alphanum ( host_char $scan_host )* | IPv6reference;
	user_run = ( user_char $scan_user | escaped )+;
	param_run = ( param_char $scan_param | escaped )+;
	uri_run = uri_char+ $scan_uri;
}%%
