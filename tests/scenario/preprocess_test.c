/* SPDX-License-Identifier: MIT
 * RFC 3261 16.4: maddr, names, own routes; RFC 5630: sips.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/scenario/wire.h"

static const char *request_line_for(struct wire *wire, const char *uri)
{
	wire->relay.destination = "sip:" WIRE_CALLEE;
	wire_request(wire, &(struct wire_request){ .method = "MESSAGE", .uri = uri });
	return wire_start_line(wire, wire_last(wire, "MESSAGE", NULL));
}

static void expect_request_line(const char *uri, const char *line)
{
	struct wire *wire = wire_open();

	cr_expect_str_eq(request_line_for(wire, uri), line);
	wire_close(wire);
}

Test(rfc3261_16_4, our_maddr_has_done_its_work)
{
	expect_request_line("sip:bob@example.org;maddr=10.0.0.1;user=phone",
		"MESSAGE sip:bob@example.org;user=phone SIP/2.0");
}

Test(rfc3261_16_4, port_and_transport_go_with_our_maddr)
{
	struct wire *wire = wire_open();

	wire->listeners[WIRE_LISTENER_TCP].addr.port = 5080;
	cr_expect_str_eq(request_line_for(wire,
				 "sip:bob:x@example.org:5080;maddr=10.0.0.1;transport=tcp"),
		"MESSAGE sip:bob:x@example.org SIP/2.0");
	wire_close(wire);
}

Test(rfc3261_16_4, anothers_maddr_stays)
{
	expect_request_line("sip:bob@example.org;maddr=10.0.0.7",
		"MESSAGE sip:bob@example.org;maddr=10.0.0.7 SIP/2.0");
	expect_request_line("sip:bob@example.org:5099;maddr=10.0.0.1",
		"MESSAGE sip:bob@example.org:5099;maddr=10.0.0.1 SIP/2.0");
}

static void expect_way(const char *routes, const char *uri, const char *to)
{
	struct wire *wire = wire_open();

	wire->context = routes;
	wire_request(wire, &(struct wire_request){ .method = "INFO",
				   .uri = uri,
				   .headers = routes,
				   .to = "<sip:bob@example.org>;tag=callee" });
	cr_assert_not_null(wire_last(wire, "INFO", NULL), "%s", routes);
	cr_expect_str_eq(wire_last(wire, "INFO", NULL)->to, to, "%s", routes);
	wire_close(wire);
}

Test(rfc3261_16_4, our_route_goes_off_on_every_listener_and_name)
{
	static const char *const ours[] = { "sip:10.0.0.1;lr", "sip:10.0.0.1:5060;lr",
		"sip:10.0.0.1;transport=tcp;lr", "sip:127.0.0.1;lr", "sip:proxy.example.org;lr",
		"sip:PROXY.example.org:5060;lr" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		char routes[128];

		snprintf(routes, sizeof(routes), "Route: <%s>\r\n", ours[i]);
		expect_way(routes, "sip:bob@" WIRE_THIRD, WIRE_THIRD);
		snprintf(routes, sizeof(routes), "Route: <%s>, <sip:" WIRE_SECOND ";lr>\r\n",
			ours[i]);
		expect_way(routes, "sip:bob@" WIRE_THIRD, WIRE_SECOND);
	}
}

Test(rfc3261_16_4, anothers_route_stays)
{
	expect_way("Route: <sip:10.0.0.4;lr>, <sip:10.0.0.1;lr>\r\n", "sip:bob@" WIRE_THIRD,
		WIRE_SECOND);
}

Test(rfc5658_5, both_values_of_a_double_record_route_go_in_one_pass)
{
	expect_way("Route: <sip:10.0.0.1;transport=tcp;lr>, <sip:10.0.0.1;lr>\r\n",
		"sip:bob@" WIRE_THIRD, WIRE_THIRD);
}

Test(rfc3261_16_4, what_a_strict_router_did_is_undone)
{
	struct wire *wire = wire_open();

	wire_request(wire,
		&(struct wire_request){ .method = "INFO",
			.uri = "sip:proxy.example.org;lr",
			.headers = "Route: <sip:" WIRE_SECOND ";lr>, <sip:bob@" WIRE_THIRD ">\r\n",
			.to = "<sip:bob@example.org>;tag=callee" });
	cr_expect_str_eq(wire_start_line(wire, wire_find(wire, "INFO", WIRE_SECOND, 0)),
		"INFO sip:bob@" WIRE_THIRD " SIP/2.0");
	wire_close(wire);
}

Test(rfc3261_16_5, a_name_of_ours_is_no_foreign_domain)
{
	struct wire *wire = wire_open();

	wire->source_err = WSIP_ERR_NOT_FOUND;
	wire_request(wire, &(struct wire_request){ .uri = "sip:bob@proxy.example.org" });
	cr_expect_eq(wire_count(wire, "404", WIRE_CALLER), 1);
	wire_close(wire);
}

/* ---- sips, for which there is no TLS yet ---- */

Test(rfc5630_3, a_sips_request_is_refused_and_goes_nowhere)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .uri = "sips:bob@10.0.0.1" });
	cr_expect_str_eq(wire_story(wire, 0), "416");
	wire_close(wire);
}

Test(rfc5630_3, a_sips_next_hop_is_not_reached_by_less)
{
	struct wire *wire = wire_open();

	wire_request(wire, &(struct wire_request){ .method = "INFO",
				   .to = "<sip:bob@example.org>;tag=callee",
				   .headers = "Route: <sips:" WIRE_SECOND ";lr>\r\n" });
	wire_run_out(wire);
	cr_expect_str_eq(wire_story(wire, 0), "500");
	wire_close(wire);
}

Test(rfc5630_3, a_sips_contact_is_not_reached_by_less)
{
	struct wire *wire = wire_open();

	wire->targets[0] = "sips:bob@" WIRE_CALLEE;
	wire->use = WSIP_USE_CONTACT;
	wire_request(wire, &(struct wire_request){ .method = "MESSAGE" });
	wire_run_out(wire);
	cr_expect_eq(wire_count(wire, "MESSAGE", NULL), 0);
	wire_close(wire);
}
