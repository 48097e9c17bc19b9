/* SPDX-License-Identifier: MIT
 * Listeners: which texts are one, the sockets that come of them, and what is said when that fails.
 */
#include <criterion/criterion.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transport/listen.h"

/* Opens one text; whoever calls it finishes. */
static enum wsip_err open_text(struct wsip_listeners *listeners, const char *text,
	unsigned int workers, struct wsip_proxy_error *error)
{
	const char *texts[] = { text, NULL };

	*error = (struct wsip_proxy_error){ 0 };
	return wsip_listeners_open(listeners, texts, workers, error);
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t size = sizeof(storage);

	cr_assert(getsockname(fd, (struct sockaddr *)&storage, &size) == 0);
	return ntohs(storage.ss_family == AF_INET6
			     ? ((struct sockaddr_in6 *)(void *)&storage)->sin6_port
			     : ((struct sockaddr_in *)(void *)&storage)->sin_port);
}

static int type_of(int fd)
{
	socklen_t size = sizeof(int);
	int type = 0;

	cr_assert(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0);
	return type;
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* ---- Texts ---- */

#define NO_TRANSPORT "it does not say udp or tcp"
#define NO_PORT      "it has no port"
#define BAD_PORT     "the port is not 0 to 65535"
#define BAD_HOST     "the host is not an IP address"

static const struct {
	const char *text;
	enum wsip_err err;
	const char *cause;
} refused[] = {
	{ "", WSIP_ERR_ARGUMENT, NO_TRANSPORT },
	{ "udp", WSIP_ERR_ARGUMENT, NO_TRANSPORT },
	{ "127.0.0.1:0", WSIP_ERR_ARGUMENT, NO_TRANSPORT },
	{ ":127.0.0.1:0", WSIP_ERR_ARGUMENT, NO_TRANSPORT },
	{ "tls:127.0.0.1:0", WSIP_ERR_ARGUMENT, NO_TRANSPORT },
	{ "udpx:127.0.0.1:0", WSIP_ERR_ARGUMENT, NO_TRANSPORT },
	{ " udp:127.0.0.1:0", WSIP_ERR_ARGUMENT, NO_TRANSPORT },
	{ "udp:", WSIP_ERR_ARGUMENT, NO_PORT },
	{ "udp:127.0.0.1", WSIP_ERR_ARGUMENT, NO_PORT },
	{ "udp:[::1]", WSIP_ERR_ARGUMENT, NO_PORT },
	{ "udp:[::1]x:0", WSIP_ERR_ARGUMENT, NO_PORT },
	{ "udp:127.0.0.1:", WSIP_ERR_ARGUMENT, BAD_PORT },
	{ "udp:127.0.0.1:65536", WSIP_ERR_ARGUMENT, BAD_PORT },
	{ "udp:127.0.0.1:18446744073709551616", WSIP_ERR_ARGUMENT, BAD_PORT },
	{ "tcp:127.0.0.1:-1", WSIP_ERR_ARGUMENT, BAD_PORT },
	{ "tcp:127.0.0.1:+1", WSIP_ERR_ARGUMENT, BAD_PORT },
	{ "tcp:127.0.0.1:0 ", WSIP_ERR_ARGUMENT, BAD_PORT },
	{ "tcp:127.0.0.1:sip", WSIP_ERR_ARGUMENT, BAD_PORT },
	{ "udp::0", WSIP_ERR_ADDRESS, BAD_HOST },
	{ "udp:localhost:0", WSIP_ERR_ADDRESS, BAD_HOST },
	{ "udp:127.0.0:0", WSIP_ERR_ADDRESS, BAD_HOST },
	{ "udp:127.0.0.256:0", WSIP_ERR_ADDRESS, BAD_HOST },
	{ "udp: 127.0.0.1:0", WSIP_ERR_ADDRESS, BAD_HOST },
	{ "udp:[::1:0", WSIP_ERR_ADDRESS, BAD_HOST },
	{ "udp:[]:0", WSIP_ERR_ADDRESS, BAD_HOST },
	{ "udp:[::g]:0", WSIP_ERR_ADDRESS, BAD_HOST },
};

Test(listen, the_error_names_the_text_and_the_cause)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct wsip_listeners listeners;
		struct wsip_proxy_error error;
		char begin[128];

		snprintf(begin, sizeof(begin), "listen '%s': %s; expected udp:HOST:PORT",
			refused[i].text, refused[i].cause);
		cr_expect(open_text(&listeners, refused[i].text, 1, &error) == refused[i].err, "%s",
			refused[i].text);
		cr_expect(error.err == refused[i].err);
		cr_expect(strncmp(error.text, begin, strlen(begin)) == 0, "%s", error.text);
		cr_expect(!strchr(error.text, '\n') && listeners.count == 0);
		wsip_listeners_finish(&listeners);
	}
}

/* proxy.h: IPv6 in brackets. Is this [::1]:0, or [::1:0] without a port? */
Test(listen, ipv6_without_brackets_is_not_guessed_at)
{
	struct wsip_listeners listeners;
	struct wsip_proxy_error error;

	cr_expect(open_text(&listeners, "udp:::1:0", 1, &error) != WSIP_OK, "it became %s",
		listeners.names[0]);
	wsip_listeners_finish(&listeners);
}

Test(listen, nothing_to_listen_on_is_an_error)
{
	const char *texts[] = { NULL };
	struct wsip_listeners listeners;
	struct wsip_proxy_error error = { 0 };

	cr_expect(wsip_listeners_open(&listeners, texts, 1, &error) == WSIP_ERR_ARGUMENT);
	cr_expect(strstr(error.text, "there is no address to listen on") != NULL, "%s", error.text);
	wsip_listeners_finish(&listeners);
}

/* ---- Sockets ---- */

static void expect_listener(const char *text, enum wsip_transport transport, const char *prefix)
{
	struct wsip_listeners listeners;
	struct wsip_proxy_error error;
	struct wsip_listener *listener = &listeners.items[0];
	char name[WSIP_ADDR_TEXT_BYTES + 8];

	cr_assert(open_text(&listeners, text, 1, &error) == WSIP_OK, "%s", error.text);
	cr_assert(listeners.count == 1);
	cr_expect(listener->transport == transport && listener->addr.port != 0);
	cr_expect(port_of(listeners.fds[0][0]) == listener->addr.port);
	cr_expect(type_of(listeners.fds[0][0]) ==
		  (transport == WSIP_TCP ? SOCK_STREAM : SOCK_DGRAM));
	snprintf(name, sizeof(name), "%s%u", prefix, listener->addr.port);
	cr_expect_str_eq(listeners.names[0], name);
	cr_expect_str_eq(listener->text, name + 4);
	cr_expect(listener->text_bytes == strlen(name + 4));
	wsip_listeners_finish(&listeners);
}

Test(listen, port_0_becomes_a_free_one)
{
	expect_listener("udp:127.0.0.1:0", WSIP_UDP, "udp:127.0.0.1:");
	expect_listener("tcp:127.0.0.1:0", WSIP_TCP, "tcp:127.0.0.1:");
	expect_listener("TCP:127.0.0.1:0", WSIP_TCP, "tcp:127.0.0.1:");
}

static bool has_ipv6(void)
{
	struct sockaddr_in6 loopback = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	bool has = fd >= 0 && bind(fd, (struct sockaddr *)&loopback, sizeof(loopback)) == 0;

	if (fd >= 0)
		close(fd);
	return has;
}

Test(listen, ipv6_stands_in_brackets)
{
	if (!has_ipv6())
		cr_skip_test("this machine has no IPv6");
	expect_listener("udp:[::1]:0", WSIP_UDP, "udp:[::1]:");
	expect_listener("tcp:[::1]:0", WSIP_TCP, "tcp:[::1]:");
}

Test(listen, the_workers_share_an_address)
{
	struct wsip_listeners listeners;
	struct wsip_proxy_error error;

	cr_assert(open_text(&listeners, "tcp:127.0.0.1:0", 3, &error) == WSIP_OK, "%s", error.text);
	cr_expect(listeners.count == 1);
	for (int i = 0; i < 3; i++)
		cr_expect(port_of(listeners.fds[i][0]) == listeners.items[0].addr.port);
	cr_expect(listeners.fds[0][0] != listeners.fds[1][0]);
	wsip_listeners_finish(&listeners);
}

/* RFC 3261 18.1.1: a Via names an address that answers can be sent to. */
Test(rfc3261_18_1_1, any_address_stands_for_each_of_the_machine)
{
	struct wsip_listeners listeners;
	struct wsip_proxy_error error;
	bool loopback = false;

	cr_assert(open_text(&listeners, "udp:0.0.0.0:0", 1, &error) == WSIP_OK, "%s", error.text);
	for (size_t i = 0; i < listeners.count; i++) {
		const struct wsip_addr *addr = &listeners.items[i].addr;

		cr_expect(!wsip_addr_is_any(addr) && addr->family == WSIP_IPV4);
		cr_expect(addr->port != 0 && addr->port == listeners.items[0].addr.port);
		loopback = loopback || wsip_addr_is_loopback(addr);
	}
	cr_expect(loopback);
	wsip_listeners_finish(&listeners);
}

Test(listen, all_entries_are_opened_in_their_order)
{
	const char *texts[] = { "udp:127.0.0.1:0", "tcp:127.0.0.1:0", "udp:127.0.0.2:0", NULL };
	struct wsip_listeners listeners;
	struct wsip_proxy_error error;

	cr_assert(wsip_listeners_open(&listeners, texts, 1, &error) == WSIP_OK, "%s", error.text);
	cr_expect(listeners.count == 3);
	for (size_t i = 0; i < 3; i++)
		cr_expect(strncmp(listeners.names[i], texts[i], strlen(texts[i]) - 1) == 0);
	wsip_listeners_finish(&listeners);
}

/* ---- In use ---- */

/* Opens a free port with `transport`, and once more. */
static void expect_in_use(const char *text, unsigned int workers)
{
	struct wsip_listeners first, second;
	struct wsip_proxy_error error;

	cr_assert(open_text(&first, text, workers, &error) == WSIP_OK, "%s", error.text);
	cr_expect(open_text(&second, first.names[0], workers, &error) == WSIP_ERR_IN_USE,
		"%s was opened twice", first.names[0]);
	cr_expect(error.err == WSIP_ERR_IN_USE);
	cr_expect(strstr(error.text, first.names[0]) != NULL, "%s", error.text);
	cr_expect(strstr(error.text, strerror(EADDRINUSE)) != NULL, "%s", error.text);
	wsip_listeners_finish(&second);
	wsip_listeners_finish(&first);
}

Test(listen, an_address_in_use_says_so)
{
	expect_in_use("udp:127.0.0.1:0", 1);
	expect_in_use("tcp:127.0.0.1:0", 1);
}

/* The workers of one proxy share an address; two proxies must not take each other's calls. */
Test(listen, an_address_in_use_says_so_to_several_workers_too)
{
	expect_in_use("udp:127.0.0.1:0", 2);
	expect_in_use("tcp:127.0.0.1:0", 2);
}

/* RFC 5737: an address of nobody. */
Test(listen, an_address_of_another_machine_says_so)
{
	struct wsip_listeners listeners;
	struct wsip_proxy_error error;

	cr_expect(open_text(&listeners, "udp:192.0.2.1:0", 1, &error) == WSIP_ERR_SYSTEM);
	cr_expect(strstr(error.text, "listen 'udp:192.0.2.1:0': ") == error.text);
	cr_expect(strstr(error.text, strerror(EADDRNOTAVAIL)) != NULL, "%s", error.text);
	wsip_listeners_finish(&listeners);
}

/* ---- The end ---- */

Test(listen, finishing_closes_what_was_not_given_away)
{
	struct wsip_listeners listeners;
	struct wsip_proxy_error error;
	int given, kept;

	cr_assert(open_text(&listeners, "udp:127.0.0.1:0", 2, &error) == WSIP_OK);
	given = listeners.fds[0][0];
	kept = listeners.fds[1][0];
	listeners.fds[0][0] = -1;
	wsip_listeners_finish(&listeners);
	cr_expect(is_open(given) && !is_open(kept));
	close(given);
}

Test(listen, one_bad_entry_closes_the_others_with_finish)
{
	const char *texts[] = { "udp:127.0.0.1:0", "tcp:nowhere:0", NULL };
	struct wsip_listeners listeners;
	struct wsip_proxy_error error;
	int fd;

	cr_expect(wsip_listeners_open(&listeners, texts, 1, &error) == WSIP_ERR_ADDRESS);
	cr_expect(strstr(error.text, "'tcp:nowhere:0'") != NULL, "%s", error.text);
	fd = listeners.fds[0][0];
	cr_expect(is_open(fd));
	wsip_listeners_finish(&listeners);
	cr_expect(!is_open(fd));
}
