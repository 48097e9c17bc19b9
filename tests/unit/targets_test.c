/* SPDX-License-Identifier: MIT
 * The targets: which texts are one, what becomes of them, and their order. No name server is asked.
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "router/targets.h"

/* The targets as a route has them, one a line. */
static void expect_route(struct wsip_targets *targets, const char *expected)
{
	struct wsip_route_source source = wsip_targets_source(targets);
	struct wsip_buf_pool pool;
	struct wsip_route route;
	char text[2048] = "";

	wsip_buf_pool_init(&pool);
	wsip_route_init(&route, &pool);
	cr_expect(source.find(source.self, NULL, NULL, &route) == WSIP_OK);
	for (unsigned int i = 0; i < route.count; i++) {
		struct wsip_span uri = wsip_route_uri(&route, wsip_route_at(&route, i));

		cr_expect(wsip_route_at(&route, i)->use == WSIP_USE_NEXT_HOP);
		cr_expect(wsip_route_at(&route, i)->connection == 0);
		strncat(text, uri.data, uri.size);
		strcat(text, "\n");
	}
	cr_expect_str_eq(text, expected);
	wsip_route_finish(&route);
	wsip_buf_pool_finish(&pool);
}

static const struct {
	const char *text;
	const char *target;
} literals[] = {
	{ "sip:192.0.2.1", "sip:192.0.2.1\n" },
	{ "sip:192.0.2.1:5070", "sip:192.0.2.1:5070\n" },
	{ "SIP:192.0.2.1", "sip:192.0.2.1\n" },
	{ "sip:192.0.2.1;transport=udp", "sip:192.0.2.1;transport=udp\n" },
	{ "sip:192.0.2.1:5070;transport=tcp", "sip:192.0.2.1:5070;transport=tcp\n" },
	{ "sip:192.0.2.1;transport=TCP", "sip:192.0.2.1;transport=TCP\n" },
	{ "sip:192.0.2.1;x=1;lr", "sip:192.0.2.1;x=1;lr\n" },
	{ "sip:carrier@192.0.2.1:5070", "sip:carrier@192.0.2.1:5070\n" },
	{ "sip:[2001:db8::1]", "sip:[2001:db8::1]\n" },
	{ "sip:[2001:DB8:0::1]:5070", "sip:[2001:db8::1]:5070\n" },
	{ "sip:carrier@[2001:db8::1]:5070;transport=tcp",
		"sip:carrier@[2001:db8::1]:5070;transport=tcp\n" },
};

Test(targets, literal_addresses_stay_with_port_user_and_parameters)
{
	for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++) {
		const char *uris[] = { literals[i].text, NULL };
		struct wsip_proxy_error error = { 0 };
		struct wsip_targets targets;

		cr_expect(wsip_targets_init(&targets, uris, &error) == WSIP_OK, "%s: %s",
			literals[i].text, error.text);
		expect_route(&targets, literals[i].target);
		wsip_targets_finish(&targets);
	}
}

/* From the hosts file, without a name server. */
Test(targets, a_name_becomes_an_address_once)
{
	const char *uris[] = { "sip:carrier@localhost:5070;transport=tcp", NULL };
	struct wsip_proxy_error error = { 0 };
	struct wsip_targets targets;

	cr_assert(wsip_targets_init(&targets, uris, &error) == WSIP_OK, "%s", error.text);
	expect_route(&targets, strchr(targets.uris[0], '[')
				       ? "sip:carrier@[::1]:5070;transport=tcp\n"
				       : "sip:carrier@127.0.0.1:5070;transport=tcp\n");
	wsip_targets_finish(&targets);
}

Test(targets, every_request_goes_to_all_in_their_order)
{
	const char *uris[] = { "sip:192.0.2.3", "sip:192.0.2.1", "sip:192.0.2.2", NULL };
	struct wsip_proxy_error error;
	struct wsip_targets targets;

	cr_assert(wsip_targets_init(&targets, uris, &error) == WSIP_OK);
	for (int n = 0; n < 2; n++)
		expect_route(&targets, "sip:192.0.2.3\nsip:192.0.2.1\nsip:192.0.2.2\n");
	wsip_targets_finish(&targets);
}

Test(targets, as_many_as_the_options_hold)
{
	const char *uris[WSIP_TARGETS_MAX + 1] = { NULL };
	struct wsip_proxy_error error;
	struct wsip_targets targets;

	for (size_t i = 0; i < WSIP_TARGETS_MAX; i++)
		uris[i] = "sip:192.0.2.1";
	cr_expect(wsip_targets_init(&targets, uris, &error) == WSIP_OK);
	cr_expect(targets.count == WSIP_TARGETS_MAX);
	wsip_targets_finish(&targets);
}

Test(targets, without_any_the_next_source_is_asked)
{
	const char *uris[] = { NULL };
	struct wsip_proxy_error error;
	struct wsip_targets targets;
	struct wsip_route_source source = wsip_targets_source(&targets);

	cr_expect(wsip_targets_init(&targets, uris, &error) == WSIP_OK);
	cr_expect(source.find(source.self, NULL, NULL, NULL) == WSIP_ERR_NOT_FOUND);
	wsip_targets_finish(&targets);
}

/* A label of a name has 63 octets at most (RFC 1035 2.3.4), so nobody is asked for this one. */
#define NO_NAME "sip:a234567890123456789012345678901234567890123456789012345678901234567890.invalid"

static const struct {
	const char *text;
	enum wsip_err err;
	const char *cause;
} refused[] = {
	{ "", WSIP_ERR_SYNTAX, "not a URI" },
	{ "192.0.2.1", WSIP_ERR_SYNTAX, "not a URI" },
	{ "sip:", WSIP_ERR_SYNTAX, "not a URI" },
	{ "sip:192.0.2.1:65536", WSIP_ERR_SYNTAX, "not a URI" },
	{ "sip:192.0.2.1:x", WSIP_ERR_SYNTAX, "not a URI" },
	{ "sip:[2001:db8::1", WSIP_ERR_SYNTAX, "not a URI" },
	{ "sip: 192.0.2.1", WSIP_ERR_SYNTAX, "not a URI" },
	{ "sips:192.0.2.1", WSIP_ERR_ARGUMENT, "not a sip: URI" },
	{ "tel:+123", WSIP_ERR_ARGUMENT, "not a sip: URI" },
	{ "sip:192.0.2.1;transport=tls", WSIP_ERR_ARGUMENT, "transport is not udp or tcp" },
	{ "sip:192.0.2.1;transport", WSIP_ERR_ARGUMENT, "transport is not udp or tcp" },
	{ "sip:192.0.2.1;TRANSPORT=sctp", WSIP_ERR_ARGUMENT, "transport is not udp or tcp" },
	{ NO_NAME, WSIP_ERR_ADDRESS, "the host has no address" },
};

Test(targets, the_error_names_the_target_and_the_cause)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const char *uris[] = { "sip:192.0.2.1", refused[i].text, NULL };
		struct wsip_proxy_error error = { 0 };
		struct wsip_targets targets;
		char begin[128];

		snprintf(begin, sizeof(begin), "target '%s': %s; expected sip:HOST",
			refused[i].text, refused[i].cause);
		cr_expect(wsip_targets_init(&targets, uris, &error) == refused[i].err, "%s",
			refused[i].text);
		cr_expect(error.err == refused[i].err);
		cr_expect(strncmp(error.text, begin, strlen(begin)) == 0, "%s", error.text);
		cr_expect(!strchr(error.text, '\n'));
		wsip_targets_finish(&targets);
	}
}

/* A target that is longer than the line does not get beyond its end. */
Test(targets, the_error_holds_what_it_can_of_a_long_target)
{
	static char text[2000] = "sip:";
	const char *uris[] = { text, NULL };
	struct wsip_proxy_error error;
	struct wsip_targets targets;

	memset(text + 4, 'a', sizeof(text) - 5);
	cr_expect(wsip_targets_init(&targets, uris, &error) == WSIP_ERR_ADDRESS);
	cr_expect(strncmp(error.text, "target 'sip:aaaa", 16) == 0);
	cr_expect(strlen(error.text) == sizeof(error.text) - 1);
	wsip_targets_finish(&targets);
}
