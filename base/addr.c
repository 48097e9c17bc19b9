/* SPDX-License-Identifier: MIT */
#include <wiresip/addr.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const char *const transport_names[WSIP_TRANSPORTS] = {
	[WSIP_UDP] = "UDP",
	[WSIP_TCP] = "TCP",
};

/* ::ffff:192.0.2.1 is 192.0.2.1, and is judged as that. */
static void unmap(struct wsip_addr *addr)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	if (addr->family != WSIP_IPV6 || memcmp(addr->ip, prefix, sizeof(prefix)) != 0)
		return;
	memcpy(addr->ip, addr->ip + 12, 4);
	memset(addr->ip + 4, 0, 12);
	addr->family = WSIP_IPV4;
}

/* RFC 3261 25.1, IPv4address: four numbers up to 255. As inet_pton reads them, without a leading
 * zero; most addresses are of this kind, and one is read for each message. */
static bool parse_ipv4(struct wsip_span text, uint8_t ip[4])
{
	const char *p = text.data, *end = p + text.size;

	for (int i = 0; i < 4; i++) {
		unsigned int octet = 0;
		const char *first = p;

		while (p < end && p < first + 3 && *p >= '0' && *p <= '9')
			octet = octet * 10 + (unsigned int)(*p++ - '0');
		if (p == first || octet > 255 || (*first == '0' && p > first + 1))
			return false;
		ip[i] = (uint8_t)octet;
		if (i < 3 && (p == end || *p++ != '.'))
			return false;
	}
	return p == end;
}

static bool parse_ipv6(struct wsip_span text, uint8_t ip[16])
{
	char copy[INET6_ADDRSTRLEN];

	if (text.size == 0 || text.size >= sizeof(copy) || memchr(text.data, 0, text.size))
		return false;
	memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	return inet_pton(AF_INET6, copy, ip) == 1;
}

enum wsip_err wsip_addr_parse_ip(struct wsip_span text, struct wsip_addr *addr)
{
	*addr = (struct wsip_addr){ .family = WSIP_IPV4 };
	if (parse_ipv4(text, addr->ip))
		return WSIP_OK;
	if (text.size >= 2 && text.data[0] == '[' && text.data[text.size - 1] == ']') {
		text.data++;
		text.size -= 2;
	}
	*addr = (struct wsip_addr){ .family = WSIP_IPV6 };
	if (!parse_ipv6(text, addr->ip))
		return WSIP_ERR_ADDRESS;
	unmap(addr);
	return WSIP_OK;
}

static size_t ipv4_text(const uint8_t ip[4], char *text)
{
	char *out = text;

	for (int i = 0; i < 4; i++) {
		unsigned int octet = ip[i];

		if (i > 0)
			*out++ = '.';
		if (octet >= 100)
			*out++ = (char)('0' + octet / 100);
		if (octet >= 10)
			*out++ = (char)('0' + octet / 10 % 10);
		*out++ = (char)('0' + octet % 10);
	}
	*out = '\0';
	return (size_t)(out - text);
}

size_t wsip_addr_ip_text(const struct wsip_addr *addr, char text[WSIP_ADDR_TEXT_BYTES])
{
	size_t size;

	if (addr->family == WSIP_IPV4)
		return ipv4_text(addr->ip, text);
	if (addr->family != WSIP_IPV6) {
		text[0] = '-';
		text[1] = '\0';
		return 1;
	}
	text[0] = '[';
	inet_ntop(AF_INET6, addr->ip, text + 1, WSIP_ADDR_TEXT_BYTES - 2);
	size = strlen(text);
	text[size++] = ']';
	text[size] = '\0';
	return size;
}

size_t wsip_addr_text(const struct wsip_addr *addr, char text[WSIP_ADDR_TEXT_BYTES])
{
	size_t size = wsip_addr_ip_text(addr, text);

	if (addr->port)
		size += (size_t)snprintf(text + size, WSIP_ADDR_TEXT_BYTES - size, ":%u",
			addr->port);
	return size;
}

static size_t ip_bytes(const struct wsip_addr *addr)
{
	return addr->family == WSIP_IPV6 ? 16 : 4;
}

bool wsip_addr_equal_ip(const struct wsip_addr *a, const struct wsip_addr *b)
{
	return a->family == b->family && memcmp(a->ip, b->ip, ip_bytes(a)) == 0;
}

bool wsip_addr_equal(const struct wsip_addr *a, const struct wsip_addr *b)
{
	return a->port == b->port && wsip_addr_equal_ip(a, b);
}

static bool all_zero(const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

bool wsip_addr_is_loopback(const struct wsip_addr *addr)
{
	if (addr->family == WSIP_IPV4)
		return addr->ip[0] == 127;
	return addr->family == WSIP_IPV6 && all_zero(addr->ip, 15) && addr->ip[15] == 1;
}

bool wsip_addr_is_link_local(const struct wsip_addr *addr)
{
	if (addr->family == WSIP_IPV4)
		return addr->ip[0] == 169 && addr->ip[1] == 254;
	return addr->family == WSIP_IPV6 && addr->ip[0] == 0xfe && (addr->ip[1] & 0xc0) == 0x80;
}

bool wsip_addr_is_any(const struct wsip_addr *addr)
{
	return all_zero(addr->ip, ip_bytes(addr));
}

bool wsip_addr_is_unsendable(const struct wsip_addr *addr)
{
	if (wsip_addr_is_any(addr))
		return true;
	if (addr->family == WSIP_IPV4)
		return addr->ip[0] >= 224; /* RFC 1112 and 919: multicast, reserved, broadcast */
	return addr->ip[0] == 0xff;
}

const char *wsip_transport_name(enum wsip_transport transport)
{
	return transport_names[transport];
}

enum wsip_err wsip_transport_parse(struct wsip_span text, enum wsip_transport *transport)
{
	for (int i = 0; i < WSIP_TRANSPORTS; i++) {
		if (wsip_span_is_nocase(text, transport_names[i])) {
			*transport = (enum wsip_transport)i;
			return WSIP_OK;
		}
	}
	return WSIP_ERR_NOT_FOUND;
}
