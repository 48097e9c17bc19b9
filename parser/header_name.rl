/* SPDX-License-Identifier: MIT
 * Header names, long and compact (RFC 3261 7.3.3, 20 and the RFCs that add to them), to ids and back.
 */
#include "parser/msg.h"

%%{
	machine wsip_header_name;
	alphtype unsigned char;

	main :=
		( "Accept"i ) %{ id = WSIP_ACCEPT; } |
		( "Allow"i ) %{ id = WSIP_ALLOW; } |
		( "Authorization"i ) %{ id = WSIP_AUTHORIZATION; } |
		( "Call-ID"i | "i"i ) %{ id = WSIP_CALL_ID; } |
		( "Contact"i | "m"i ) %{ id = WSIP_CONTACT; } |
		( "Content-Length"i | "l"i ) %{ id = WSIP_CONTENT_LENGTH; } |
		( "Content-Type"i | "c"i ) %{ id = WSIP_CONTENT_TYPE; } |
		( "CSeq"i ) %{ id = WSIP_CSEQ; } |
		( "Date"i ) %{ id = WSIP_DATE; } |
		( "Diversion"i ) %{ id = WSIP_DIVERSION; } |
		( "Event"i | "o"i ) %{ id = WSIP_EVENT; } |
		( "Expires"i ) %{ id = WSIP_EXPIRES; } |
		( "From"i | "f"i ) %{ id = WSIP_FROM; } |
		( "History-Info"i ) %{ id = WSIP_HISTORY_INFO; } |
		( "Identity"i | "y"i ) %{ id = WSIP_IDENTITY; } |
		( "Max-Forwards"i ) %{ id = WSIP_MAX_FORWARDS; } |
		( "Min-Expires"i ) %{ id = WSIP_MIN_EXPIRES; } |
		( "Min-SE"i ) %{ id = WSIP_MIN_SE; } |
		( "P-Asserted-Identity"i ) %{ id = WSIP_P_ASSERTED_IDENTITY; } |
		( "P-Preferred-Identity"i ) %{ id = WSIP_P_PREFERRED_IDENTITY; } |
		( "Path"i ) %{ id = WSIP_PATH; } |
		( "Proxy-Authenticate"i ) %{ id = WSIP_PROXY_AUTHENTICATE; } |
		( "Proxy-Authorization"i ) %{ id = WSIP_PROXY_AUTHORIZATION; } |
		( "Proxy-Require"i ) %{ id = WSIP_PROXY_REQUIRE; } |
		( "RAck"i ) %{ id = WSIP_RACK; } |
		( "Reason"i ) %{ id = WSIP_REASON; } |
		( "Record-Route"i ) %{ id = WSIP_RECORD_ROUTE; } |
		( "Refer-To"i | "r"i ) %{ id = WSIP_REFER_TO; } |
		( "Referred-By"i | "b"i ) %{ id = WSIP_REFERRED_BY; } |
		( "Replaces"i ) %{ id = WSIP_REPLACES; } |
		( "Reply-To"i ) %{ id = WSIP_REPLY_TO; } |
		( "Require"i ) %{ id = WSIP_REQUIRE; } |
		( "Retry-After"i ) %{ id = WSIP_RETRY_AFTER; } |
		( "Route"i ) %{ id = WSIP_ROUTE; } |
		( "RSeq"i ) %{ id = WSIP_RSEQ; } |
		( "Service-Route"i ) %{ id = WSIP_SERVICE_ROUTE; } |
		( "Session-Expires"i | "x"i ) %{ id = WSIP_SESSION_EXPIRES; } |
		( "Subject"i | "s"i ) %{ id = WSIP_SUBJECT; } |
		( "Subscription-State"i ) %{ id = WSIP_SUBSCRIPTION_STATE; } |
		( "Supported"i | "k"i ) %{ id = WSIP_SUPPORTED; } |
		( "Timestamp"i ) %{ id = WSIP_TIMESTAMP; } |
		( "To"i | "t"i ) %{ id = WSIP_TO; } |
		( "Unsupported"i ) %{ id = WSIP_UNSUPPORTED; } |
		( "User-Agent"i ) %{ id = WSIP_USER_AGENT; } |
		( "Via"i | "v"i ) %{ id = WSIP_VIA; } |
		( "Warning"i ) %{ id = WSIP_WARNING; } |
		( "WWW-Authenticate"i ) %{ id = WSIP_WWW_AUTHENTICATE; };

	write data noerror noentry;
}%%

static const char *const header_names[] = {
	[WSIP_ACCEPT] = "Accept",
	[WSIP_ALLOW] = "Allow",
	[WSIP_AUTHORIZATION] = "Authorization",
	[WSIP_CALL_ID] = "Call-ID",
	[WSIP_CONTACT] = "Contact",
	[WSIP_CONTENT_LENGTH] = "Content-Length",
	[WSIP_CONTENT_TYPE] = "Content-Type",
	[WSIP_CSEQ] = "CSeq",
	[WSIP_DATE] = "Date",
	[WSIP_DIVERSION] = "Diversion",
	[WSIP_EVENT] = "Event",
	[WSIP_EXPIRES] = "Expires",
	[WSIP_FROM] = "From",
	[WSIP_HISTORY_INFO] = "History-Info",
	[WSIP_IDENTITY] = "Identity",
	[WSIP_MAX_FORWARDS] = "Max-Forwards",
	[WSIP_MIN_EXPIRES] = "Min-Expires",
	[WSIP_MIN_SE] = "Min-SE",
	[WSIP_P_ASSERTED_IDENTITY] = "P-Asserted-Identity",
	[WSIP_P_PREFERRED_IDENTITY] = "P-Preferred-Identity",
	[WSIP_PATH] = "Path",
	[WSIP_PROXY_AUTHENTICATE] = "Proxy-Authenticate",
	[WSIP_PROXY_AUTHORIZATION] = "Proxy-Authorization",
	[WSIP_PROXY_REQUIRE] = "Proxy-Require",
	[WSIP_RACK] = "RAck",
	[WSIP_REASON] = "Reason",
	[WSIP_RECORD_ROUTE] = "Record-Route",
	[WSIP_REFER_TO] = "Refer-To",
	[WSIP_REFERRED_BY] = "Referred-By",
	[WSIP_REPLACES] = "Replaces",
	[WSIP_REPLY_TO] = "Reply-To",
	[WSIP_REQUIRE] = "Require",
	[WSIP_RETRY_AFTER] = "Retry-After",
	[WSIP_ROUTE] = "Route",
	[WSIP_RSEQ] = "RSeq",
	[WSIP_SERVICE_ROUTE] = "Service-Route",
	[WSIP_SESSION_EXPIRES] = "Session-Expires",
	[WSIP_SUBJECT] = "Subject",
	[WSIP_SUBSCRIPTION_STATE] = "Subscription-State",
	[WSIP_SUPPORTED] = "Supported",
	[WSIP_TIMESTAMP] = "Timestamp",
	[WSIP_TO] = "To",
	[WSIP_UNSUPPORTED] = "Unsupported",
	[WSIP_USER_AGENT] = "User-Agent",
	[WSIP_VIA] = "Via",
	[WSIP_WARNING] = "Warning",
	[WSIP_WWW_AUTHENTICATE] = "WWW-Authenticate",
};

enum wsip_header_id wsip_header_id_of(struct wsip_span name)
{
	const unsigned char *p = (const unsigned char *)name.data;
	const unsigned char *pe = p + name.size;
	const unsigned char *eof = pe;
	enum wsip_header_id id = WSIP_HEADER_OTHER;
	int cs;

	%% write init;
	%% write exec;
	return cs < wsip_header_name_first_final ? WSIP_HEADER_OTHER : id;
}

const char *wsip_header_name(enum wsip_header_id id)
{
	return header_names[id];
}
