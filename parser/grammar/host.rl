# SPDX-License-Identifier: MIT
# RFC 3261 25.1: host and port, with IPv6reference as RFC 5954 4.1 mends it. Whether a name is an
# IPv4 address is asked when it is used; underscores occur in real host names and do no harm.

%%{
	machine sip_host;

	host_char = alphanum | [\-_.];
	hostname = alphanum host_char*;
	IPv6address = ( xdigit | ":" | "." ){2,45};
	IPv6reference = "[" IPv6address "]";
	host = hostname | IPv6reference;
	port = digit{1,5};
}%%
