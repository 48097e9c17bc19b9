/* SPDX-License-Identifier: MIT
 * Header names, long and compact (RFC 3261 7.3.3, 20 and the RFCs that add to them), to ids and
 * back. The machine that slices a message has checked that a name is a token; it does not recognise
 * names, because a state for each letter of each name is 80 kB of code and takes three times as
 * long.
 */
#include <endian.h>
#include <string.h>

#include "parser/msg.h"

#define NAME_MAX_BYTES 20

struct known_name {
	char text[NAME_MAX_BYTES + 2]; /* in lower case, and zeros */
	uint8_t size;
	uint8_t id;
};

/* Each at the place that place_of() gives it, alone. A multiplier that tells all names apart was
 * found by trying; header_name_test says the place of a name that has none, and whether two share
 * one. */
#define PLACE_BITS       8
#define PLACE_MULTIPLIER 0xf4998d7c4093f6dfu

static const struct known_name known_names[256] = {
	[0x003] = { "o", 1, WSIP_EVENT },
	[0x00b] = { "call-id", 7, WSIP_CALL_ID },
	[0x00e] = { "cseq", 4, WSIP_CSEQ },
	[0x010] = { "expires", 7, WSIP_EXPIRES },
	[0x016] = { "session-expires", 15, WSIP_SESSION_EXPIRES },
	[0x019] = { "m", 1, WSIP_CONTACT },
	[0x020] = { "proxy-authorization", 19, WSIP_PROXY_AUTHORIZATION },
	[0x025] = { "l", 1, WSIP_CONTENT_LENGTH },
	[0x02b] = { "proxy-authenticate", 18, WSIP_PROXY_AUTHENTICATE },
	[0x030] = { "k", 1, WSIP_SUPPORTED },
	[0x032] = { "user-agent", 10, WSIP_USER_AGENT },
	[0x033] = { "via", 3, WSIP_VIA },
	[0x035] = { "require", 7, WSIP_REQUIRE },
	[0x039] = { "timestamp", 9, WSIP_TIMESTAMP },
	[0x03e] = { "reason", 6, WSIP_REASON },
	[0x047] = { "i", 1, WSIP_CALL_ID },
	[0x049] = { "authorization", 13, WSIP_AUTHORIZATION },
	[0x053] = { "to", 2, WSIP_TO },
	[0x05b] = { "warning", 7, WSIP_WARNING },
	[0x060] = { "identity", 8, WSIP_IDENTITY },
	[0x061] = { "retry-after", 11, WSIP_RETRY_AFTER },
	[0x063] = { "rseq", 4, WSIP_RSEQ },
	[0x069] = { "f", 1, WSIP_FROM },
	[0x070] = { "max-forwards", 12, WSIP_MAX_FORWARDS },
	[0x073] = { "history-info", 12, WSIP_HISTORY_INFO },
	[0x076] = { "service-route", 13, WSIP_SERVICE_ROUTE },
	[0x07a] = { "p-preferred-identity", 20, WSIP_P_PREFERRED_IDENTITY },
	[0x081] = { "max-breadth", 11, WSIP_MAX_BREADTH },
	[0x082] = { "contact", 7, WSIP_CONTACT },
	[0x086] = { "www-authenticate", 16, WSIP_WWW_AUTHENTICATE },
	[0x087] = { "event", 5, WSIP_EVENT },
	[0x089] = { "diversion", 9, WSIP_DIVERSION },
	[0x08b] = { "c", 1, WSIP_CONTENT_TYPE },
	[0x08d] = { "reply-to", 8, WSIP_REPLY_TO },
	[0x090] = { "referred-by", 11, WSIP_REFERRED_BY },
	[0x091] = { "y", 1, WSIP_IDENTITY },
	[0x093] = { "rack", 4, WSIP_RACK },
	[0x094] = { "min-expires", 11, WSIP_MIN_EXPIRES },
	[0x097] = { "b", 1, WSIP_REFERRED_BY },
	[0x09a] = { "path", 4, WSIP_PATH },
	[0x09c] = { "x", 1, WSIP_SESSION_EXPIRES },
	[0x0a6] = { "supported", 9, WSIP_SUPPORTED },
	[0x0ae] = { "date", 4, WSIP_DATE },
	[0x0b3] = { "v", 1, WSIP_VIA },
	[0x0b9] = { "route", 5, WSIP_ROUTE },
	[0x0bb] = { "replaces", 8, WSIP_REPLACES },
	[0x0c3] = { "content-length", 14, WSIP_CONTENT_LENGTH },
	[0x0ca] = { "t", 1, WSIP_TO },
	[0x0d0] = { "record-route", 12, WSIP_RECORD_ROUTE },
	[0x0d2] = { "allow", 5, WSIP_ALLOW },
	[0x0d4] = { "accept", 6, WSIP_ACCEPT },
	[0x0d5] = { "s", 1, WSIP_SUBJECT },
	[0x0d9] = { "proxy-require", 13, WSIP_PROXY_REQUIRE },
	[0x0da] = { "content-type", 12, WSIP_CONTENT_TYPE },
	[0x0dd] = { "refer-to", 8, WSIP_REFER_TO },
	[0x0e0] = { "r", 1, WSIP_REFER_TO },
	[0x0e1] = { "min-se", 6, WSIP_MIN_SE },
	[0x0e8] = { "from", 4, WSIP_FROM },
	[0x0ea] = { "subscription-state", 18, WSIP_SUBSCRIPTION_STATE },
	[0x0eb] = { "subject", 7, WSIP_SUBJECT },
	[0x0f3] = { "p-asserted-identity", 19, WSIP_P_ASSERTED_IDENTITY },
	[0x0f5] = { "unsupported", 11, WSIP_UNSUPPORTED },
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
	[WSIP_MAX_BREADTH] = "Max-Breadth",
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

/* In ASCII upper and lower case differ by 0x20; whatever stands in our names has it in lower case.
 */
#define CASE 0x2020202020202020u

/* Whether nothing but letters, which have 0x40, was changed by setting 0x20: a hyphen comes of a
 * control character as well. */
static bool only_letters_changed(uint64_t word, uint64_t lower_case)
{
	return ((word ^ lower_case) & ~(lower_case >> 1)) == 0;
}

static bool same_word(const char *name, const char *text)
{
	uint64_t lower_case = word_at(name) | CASE;

	return lower_case == word_at(text) && only_letters_changed(word_at(name), lower_case);
}

enum wsip_header_id wsip_header_id_at(const char *name, size_t size)
{
	uint64_t octets = UINT64_MAX >> (size < 8 ? (64 - 8 * size) & 63 : 0);
	uint64_t head = word_at(name) & octets;
	uint64_t lower_case = head | (CASE & octets);
	uint64_t place = (lower_case + size) * PLACE_MULTIPLIER >> (64 - PLACE_BITS);
	const struct known_name *known = &known_names[place];

	if (known->size != size || lower_case != word_at(known->text) ||
		!only_letters_changed(head, lower_case))
		return WSIP_HEADER_OTHER;
	if (size > 8 && !same_word(name + size - 8, known->text + known->size - 8))
		return WSIP_HEADER_OTHER;
	if (size > 16 && !same_word(name + 8, known->text + 8))
		return WSIP_HEADER_OTHER;
	return known->id;
}

enum wsip_header_id wsip_header_id_of(struct wsip_span name)
{
	char padded[WSIP_NAME_ROOM] = { 0 };

	if (name.size == 0 || name.size > NAME_MAX_BYTES)
		return WSIP_HEADER_OTHER;
	memcpy(padded, name.data, name.size);
	return wsip_header_id_at(padded, name.size);
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
