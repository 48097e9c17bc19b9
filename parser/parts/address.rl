# SPDX-License-Identifier: MIT
# name-addr or addr-spec, sliced into `address` of the host. The URI is taken apart by wsip_uri_parse
# when someone asks; another kind of address is nothing that a proxy needs to refuse (RFC 3261 16.3).

%%{
	machine sip_address;

	action display_name { address->display_name = wsip_span_between(mark, p); }
	action uri { address->uri = wsip_span_between(mark, p); }

	# The first word may still become a scheme, so it is not jumped over.
	display_name = ( token ( LWS token_run )* ) | quoted_run;
	name_addr = ( display_name >mark %display_name SWS )? "<" uri_run >mark %uri ">";
	# RFC 3261 20: without brackets a comma, question mark or semicolon is not the URI's.
	addr_spec = ( scheme ":" ( uri_char - [,;?] )+ ) >mark %uri;

	address = SWS ( name_addr | addr_spec );
}%%
