/* SPDX-License-Identifier: MIT
 * Addresses: what is one and what is not, the text of it, and where nothing may be sent to.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include <wiresip/addr.h>

static enum wsip_err parse(const char *bytes, size_t size, struct wsip_addr *addr)
{
	char *exact = malloc(size + !size);
	enum wsip_err err;

	memcpy(exact, bytes, size);
	err = wsip_addr_parse_ip((struct wsip_span){ exact, size }, addr);
	free(exact);
	return err;
}

static struct wsip_addr address(const char *text)
{
	struct wsip_addr addr;

	cr_assert(parse(text, strlen(text), &addr) == WSIP_OK, "%s", text);
	return addr;
}

static const struct {
	const char *text;
	enum wsip_family family;
	const char *written; /* NULL: not an address */
} addresses[] = {
	{ "192.0.2.1", WSIP_IPV4, "192.0.2.1" },
	{ "0.0.0.0", WSIP_IPV4, "0.0.0.0" },
	{ "255.255.255.255", WSIP_IPV4, "255.255.255.255" },
	{ "10.99.100.9", WSIP_IPV4, "10.99.100.9" },
	{ "2001:db8::1", WSIP_IPV6, "[2001:db8::1]" },
	{ "[2001:DB8:0:0::1]", WSIP_IPV6, "[2001:db8::1]" },
	{ "::", WSIP_IPV6, "[::]" },
	{ "::ffff:192.0.2.1", WSIP_IPV4, "192.0.2.1" },
	{ "[::ffff:127.0.0.1]", WSIP_IPV4, "127.0.0.1" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", WSIP_IPV6,
		"[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]" },
	{ "", 0, NULL },
	{ "[]", 0, NULL },
	{ "[", 0, NULL },
	{ "]", 0, NULL },
	{ "[2001:db8::1", 0, NULL },
	{ "2001:db8::1]", 0, NULL },
	{ "[[2001:db8::1]]", 0, NULL },
	{ "[2001:db8::1]:5060", 0, NULL },
	{ "2001:db8:::1", 0, NULL },
	{ "2001:db8::1::2", 0, NULL },
	{ "1:2:3:4:5:6:7:8:9", 0, NULL },
	{ "fe80::1%eth0", 0, NULL },
	{ "192.0.2.1:5060", 0, NULL },
	{ "192.0.2", 0, NULL },
	{ "192.0.2.256", 0, NULL },
	{ "192.0.2.1.", 0, NULL },
	{ " 192.0.2.1", 0, NULL },
	{ "0x7f.0.0.1", 0, NULL },
	{ "2130706433", 0, NULL },
	{ "example.com", 0, NULL },
	{ "1111111111111111111111111111111111111111111111111111111111111111111111", 0, NULL },
};

Test(addr, an_address_is_read_and_written_in_its_shortest_form)
{
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		const char *text = addresses[i].text;
		char written[WSIP_ADDR_TEXT_BYTES];
		struct wsip_addr addr;
		enum wsip_err err = parse(text, strlen(text), &addr);

		cr_expect(err == (addresses[i].written ? WSIP_OK : WSIP_ERR_ADDRESS), "%s", text);
		if (err || !addresses[i].written)
			continue;
		cr_expect(addr.family == addresses[i].family && addr.port == 0, "%s", text);
		cr_expect(wsip_addr_ip_text(&addr, written) == strlen(written));
		cr_expect(strcmp(written, addresses[i].written) == 0, "%s", written);
	}
}

/* RFC 3261 25.1: IPv6reference = "[" IPv6address "]". */
Test(addr, brackets_are_for_ipv6_only)
{
	struct wsip_addr addr;

	cr_expect(parse("[192.0.2.1]", 11, &addr) == WSIP_ERR_ADDRESS);
}

Test(addr, a_nul_does_not_end_the_text)
{
	struct wsip_addr addr;

	cr_expect(parse("192.0.2.1\0.example.com", 22, &addr) == WSIP_ERR_ADDRESS);
	cr_expect(parse("192.0.2.1\0", 10, &addr) == WSIP_ERR_ADDRESS);
	cr_expect(parse("[::1\0]", 6, &addr) == WSIP_ERR_ADDRESS);
}

Test(addr, the_port_stands_behind_a_colon_unless_it_is_0)
{
	char text[WSIP_ADDR_TEXT_BYTES];
	struct wsip_addr addr = address("192.0.2.1");

	wsip_addr_text(&addr, text);
	cr_expect(strcmp(text, "192.0.2.1") == 0, "%s", text);
	addr = address("1111:2222:3333:4444:5555:6666:7777:8888");
	addr.port = 65535;
	cr_expect(wsip_addr_text(&addr, text) == strlen(text));
	cr_expect(strcmp(text, "[1111:2222:3333:4444:5555:6666:7777:8888]:65535") == 0, "%s", text);
}

Test(addr, no_address_is_written_as_a_dash)
{
	char text[WSIP_ADDR_TEXT_BYTES];
	struct wsip_addr addr = { 0 };

	cr_expect(wsip_addr_text(&addr, text) == 1);
	cr_expect(strcmp(text, "-") == 0, "%s", text);
}

Test(addr, all_octets_of_ipv4_are_written)
{
	for (int i = 0; i < 256; i++) {
		struct wsip_addr addr = { .family = WSIP_IPV4,
			.ip = { (uint8_t)i, (uint8_t)(255 - i), 0, (uint8_t)i } };
		char text[WSIP_ADDR_TEXT_BYTES];
		struct wsip_addr back;

		wsip_addr_ip_text(&addr, text);
		back = address(text);
		cr_expect(wsip_addr_equal(&addr, &back), "%s", text);
	}
}

Test(addr, equal_looks_at_family_octets_and_port)
{
	struct wsip_addr a = address("192.0.2.1"), b = address("192.0.2.1");
	struct wsip_addr six = address("2001:db8::1"), other = address("2001:db8::2");
	struct wsip_addr mapped = address("c000:201::"); /* the same first four octets */

	cr_expect(wsip_addr_equal(&a, &b));
	b.port = 5060;
	cr_expect(!wsip_addr_equal(&a, &b));
	cr_expect(wsip_addr_equal_ip(&a, &b));
	b.ip[3] = 2;
	cr_expect(!wsip_addr_equal_ip(&a, &b));
	cr_expect(!wsip_addr_equal_ip(&six, &other));
	cr_expect(!wsip_addr_equal_ip(&a, &mapped));
}

Test(addr, kinds_of_addresses)
{
	static const struct {
		const char *text;
		bool loopback, any, unsendable;
	} rows[] = {
		{ "127.0.0.1", true, false, false },
		{ "127.255.255.254", true, false, false },
		{ "128.0.0.1", false, false, false },
		{ "::1", true, false, false },
		{ "::2", false, false, false },
		{ "1::1", false, false, false },
		{ "0.0.0.0", false, true, true },
		{ "::", false, true, true },
		{ "0.0.0.1", false, false, false },
		{ "223.255.255.255", false, false, false },
		{ "224.0.0.1", false, false, true },
		{ "239.255.255.255", false, false, true },
		{ "255.255.255.255", false, false, true },
		{ "ff02::1", false, false, true },
		{ "fe80::1", false, false, false },
		{ "2001:db8::1", false, false, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wsip_addr addr = address(rows[i].text);

		cr_expect(wsip_addr_is_loopback(&addr) == rows[i].loopback, "%s", rows[i].text);
		cr_expect(wsip_addr_is_any(&addr) == rows[i].any, "%s", rows[i].text);
		cr_expect(wsip_addr_is_unsendable(&addr) == rows[i].unsendable, "%s", rows[i].text);
	}
}

Test(addr, link_local_addresses)
{
	static const struct {
		const char *text;
		bool link_local;
	} rows[] = {
		{ "169.254.0.0", true }, { "169.254.169.254", true }, { "169.253.1.1", false },
		{ "168.254.1.1", false }, { "fe80::1", true }, { "febf:ffff::1", true },
		{ "fec0::1", false }, { "fe7f::1", false },
		{ "a9fe::", false }, /* the octets of 169.254 */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wsip_addr addr = address(rows[i].text);

		cr_expect(wsip_addr_is_link_local(&addr) == rows[i].link_local, "%s", rows[i].text);
	}
}

Test(addr, a_transport_is_known_in_any_case_and_written_in_upper_case)
{
	static const char *const unknown[] = { "", "UD", "UDPX", "SCTP", "TLS", "U DP" };
	enum wsip_transport transport;

	cr_expect(wsip_transport_parse(wsip_span_of("udp"), &transport) == WSIP_OK);
	cr_expect(transport == WSIP_UDP);
	cr_expect(wsip_transport_parse(wsip_span_of("TcP"), &transport) == WSIP_OK);
	cr_expect(transport == WSIP_TCP);
	cr_expect(strcmp(wsip_transport_name(WSIP_UDP), "UDP") == 0);
	cr_expect(strcmp(wsip_transport_name(WSIP_TCP), "TCP") == 0);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		cr_expect(wsip_transport_parse(wsip_span_of(unknown[i]), &transport) ==
				  WSIP_ERR_NOT_FOUND,
			"%s", unknown[i]);
}
