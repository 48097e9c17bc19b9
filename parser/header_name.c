/* SPDX-License-Identifier: MIT
 * Header names, long and compact (RFC 3261 7.3.3, 20 and the RFCs that add to them), to ids and
 * back. The machine that slices a message has checked that a name is a token; it does not recognise
 * names, because a state for each letter of each name is 80 kB of code and takes three times as
 * long.
 */
#include <endian.h>
#include <string.h>

#include "parser/msg.h"

#define NAME_MAX_BYTES    20
#define NAMES_OF_ONE_SIZE 16

struct known_name {
	char text[NAME_MAX_BYTES + 3]; /* lower case; what lies behind it is zero */
	uint8_t id;
};

/* By size, the most frequent first. */
static const struct known_name known_names[NAME_MAX_BYTES + 1][NAMES_OF_ONE_SIZE] = {
	[1] = {
		{ "b", WSIP_REFERRED_BY },
		{ "c", WSIP_CONTENT_TYPE },
		{ "f", WSIP_FROM },
		{ "i", WSIP_CALL_ID },
		{ "k", WSIP_SUPPORTED },
		{ "l", WSIP_CONTENT_LENGTH },
		{ "m", WSIP_CONTACT },
		{ "o", WSIP_EVENT },
		{ "r", WSIP_REFER_TO },
		{ "s", WSIP_SUBJECT },
		{ "t", WSIP_TO },
		{ "v", WSIP_VIA },
		{ "x", WSIP_SESSION_EXPIRES },
		{ "y", WSIP_IDENTITY },
	},
	[2] = {
		{ "to", WSIP_TO },
	},
	[3] = {
		{ "via", WSIP_VIA },
	},
	[4] = {
		{ "from", WSIP_FROM },
		{ "cseq", WSIP_CSEQ },
		{ "date", WSIP_DATE },
		{ "path", WSIP_PATH },
		{ "rack", WSIP_RACK },
		{ "rseq", WSIP_RSEQ },
	},
	[5] = {
		{ "route", WSIP_ROUTE },
		{ "allow", WSIP_ALLOW },
		{ "event", WSIP_EVENT },
	},
	[6] = {
		{ "accept", WSIP_ACCEPT },
		{ "min-se", WSIP_MIN_SE },
		{ "reason", WSIP_REASON },
	},
	[7] = {
		{ "call-id", WSIP_CALL_ID },
		{ "contact", WSIP_CONTACT },
		{ "expires", WSIP_EXPIRES },
		{ "require", WSIP_REQUIRE },
		{ "subject", WSIP_SUBJECT },
		{ "warning", WSIP_WARNING },
	},
	[8] = {
		{ "identity", WSIP_IDENTITY },
		{ "refer-to", WSIP_REFER_TO },
		{ "replaces", WSIP_REPLACES },
		{ "reply-to", WSIP_REPLY_TO },
	},
	[9] = {
		{ "diversion", WSIP_DIVERSION },
		{ "supported", WSIP_SUPPORTED },
		{ "timestamp", WSIP_TIMESTAMP },
	},
	[10] = {
		{ "user-agent", WSIP_USER_AGENT },
	},
	[11] = {
		{ "min-expires", WSIP_MIN_EXPIRES },
		{ "referred-by", WSIP_REFERRED_BY },
		{ "retry-after", WSIP_RETRY_AFTER },
		{ "unsupported", WSIP_UNSUPPORTED },
	},
	[12] = {
		{ "max-forwards", WSIP_MAX_FORWARDS },
		{ "record-route", WSIP_RECORD_ROUTE },
		{ "content-type", WSIP_CONTENT_TYPE },
		{ "history-info", WSIP_HISTORY_INFO },
	},
	[13] = {
		{ "authorization", WSIP_AUTHORIZATION },
		{ "proxy-require", WSIP_PROXY_REQUIRE },
		{ "service-route", WSIP_SERVICE_ROUTE },
	},
	[14] = {
		{ "content-length", WSIP_CONTENT_LENGTH },
	},
	[15] = {
		{ "session-expires", WSIP_SESSION_EXPIRES },
	},
	[16] = {
		{ "www-authenticate", WSIP_WWW_AUTHENTICATE },
	},
	[18] = {
		{ "proxy-authenticate", WSIP_PROXY_AUTHENTICATE },
		{ "subscription-state", WSIP_SUBSCRIPTION_STATE },
	},
	[19] = {
		{ "p-asserted-identity", WSIP_P_ASSERTED_IDENTITY },
		{ "proxy-authorization", WSIP_PROXY_AUTHORIZATION },
	},
	[20] = {
		{ "p-preferred-identity", WSIP_P_PREFERRED_IDENTITY },
	},
};

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

static uint64_t word_at(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return le64toh(word);
}

static uint64_t half_at(const char *bytes)
{
	uint32_t half;

	memcpy(&half, bytes, sizeof(half));
	return le32toh(half);
}

/* The first eight octets, or fewer with zeros behind them. */
static uint64_t head_of(const char *bytes, size_t size)
{
	if (size >= 8)
		return word_at(bytes);
	if (size >= 4)
		return half_at(bytes) | half_at(bytes + size - 4) << 8 * (size - 4);
	return (uint64_t)(unsigned char)bytes[0] |
	       (uint64_t)(unsigned char)bytes[size / 2] << 8 * (size / 2) |
	       (uint64_t)(unsigned char)bytes[size - 1] << 8 * (size - 1);
}

/* In ASCII upper and lower case differ by 0x20. A control character becomes a hyphen by that as
 * well, so what is found by the folded name is compared by letters, the octets that have 0x40. */
static uint64_t fold(uint64_t word, size_t size)
{
	return word | 0x2020202020202020 >> (size < 8 ? 8 * (8 - size) : 0);
}

static bool same_word(uint64_t any_case, uint64_t lower_case)
{
	return (any_case | (lower_case & 0x4040404040404040) >> 1) == lower_case;
}

/* The octets from the ninth on. */
static bool same_rest(const char *name, const char *text, size_t size)
{
	if (size <= 8)
		return true;
	if (size > 16 && !same_word(word_at(name + 8), word_at(text + 8)))
		return false;
	return same_word(word_at(name + size - 8), word_at(text + size - 8));
}

enum wsip_header_id wsip_header_id_of(struct wsip_span name)
{
	const struct known_name *known;
	uint64_t head, folded;

	if (name.size == 0 || name.size > NAME_MAX_BYTES)
		return WSIP_HEADER_OTHER;
	head = head_of(name.data, name.size);
	folded = fold(head, name.size);
	for (known = known_names[name.size]; known->id != WSIP_HEADER_OTHER; known++) {
		if (folded == word_at(known->text) && same_word(head, word_at(known->text)) &&
			same_rest(name.data, known->text, name.size))
			return (enum wsip_header_id)known->id;
	}
	return WSIP_HEADER_OTHER;
}

bool wsip_header_is_list(enum wsip_header_id id)
{
	switch (id) {
	case WSIP_ACCEPT:
	case WSIP_ALLOW:
	case WSIP_CONTACT:
	case WSIP_DIVERSION:
	case WSIP_HISTORY_INFO:
	case WSIP_P_ASSERTED_IDENTITY:
	case WSIP_P_PREFERRED_IDENTITY:
	case WSIP_PATH:
	case WSIP_PROXY_REQUIRE:
	case WSIP_REASON:
	case WSIP_RECORD_ROUTE:
	case WSIP_REQUIRE:
	case WSIP_ROUTE:
	case WSIP_SERVICE_ROUTE:
	case WSIP_SUPPORTED:
	case WSIP_UNSUPPORTED:
	case WSIP_VIA:
	case WSIP_WARNING:
		return true;
	default:
		return false;
	}
}

const char *wsip_header_name(enum wsip_header_id id)
{
	return header_names[id];
}
