/* SPDX-License-Identifier: MIT
 * OPTIONS to the proxy itself is answered (RFC 3261 11.2, 16.3 step 3); any other goes its way.
 */
#include <criterion/criterion.h>

#include "tests/scenario/wire.h"

Test(rfc3261_11_2, options_to_the_proxy_itself_is_200)
{
	static const char *const max_forwards[] = { "70", "0" };

	for (size_t i = 0; i < 2; i++) {
		struct wire *wire = wire_open();
		const struct wire_sent *response;

		wire_request(wire, &(struct wire_request){ .method = "OPTIONS",
					   .uri = "sip:10.0.0.1",
					   .max_forwards = max_forwards[i] });
		cr_expect_str_eq(wire_story(wire, 0), "200");
		response = wire_find(wire, "200", WIRE_CALLER, 0);
		cr_assert_not_null(response);
		cr_expect_not_null(wire_header(wire, response, "Allow", 0));
		cr_expect_not_null(wire_header(wire, response, "Accept", 0));
		wire_close(wire);
	}
}

Test(rfc3261_11_2, options_to_a_user_or_another_host_is_relayed)
{
	static const char *const uris[] = { "sip:bob@10.0.0.1", "sip:10.0.0.9" };

	for (size_t i = 0; i < 2; i++) {
		struct wire *wire = wire_open();

		wire_request(wire, &(struct wire_request){ .method = "OPTIONS", .uri = uris[i] });
		cr_expect_str_eq(wire_story(wire, 0), "OPTIONS");
		wire_close(wire);
	}
}
