/* SPDX-License-Identifier: MIT
 * Content-Type and the values of Accept (RFC 3261 20.1, 20.15): each row is a value and its parts,
 * or one that is refused.
 */
#include <wiresip/media_type.h>

#include "tests/unit/value.h"

static const struct {
	const char *text, *type, *subtype, *params;
	uint16_t q;
} accepted[] = {
	{ "application/sdp", "application", "sdp", "", 1000 },
	{ "*/*;q=0.5", "*", "*", ";q=0.5", 500 },
	{ "text/*", "text", "*", "", 1000 },
	{ "text/html;charset=ISO-8859-4", "text", "html", ";charset=ISO-8859-4", 1000 },
	{ "multipart/mixed;boundary=\"a;q=0, b\"", "multipart", "mixed", ";boundary=\"a;q=0, b\"",
		1000 },
	{ " Application / SDP ;\r\n Q = 0.25 ;level=1", "Application", "SDP",
		";\r\n Q = 0.25 ;level=1", 250 },
	{ "application/pidf+xml;q=0;q2=1;qq", "application", "pidf+xml", ";q=0;q2=1;qq", 0 },
	{ "application/vnd.3gpp.x-1", "application", "vnd.3gpp.x-1", "", 1000 },
};

Test(media_type, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_media_type media_type;

		cr_expect(wsip_media_type_parse(span, &media_type) == WSIP_OK, "%s", text);
		expect_text(text, media_type.type, accepted[i].type);
		expect_text(text, media_type.subtype, accepted[i].subtype);
		expect_text(text, media_type.params, accepted[i].params);
		cr_expect(media_type.q == accepted[i].q, "%s: %u", text, media_type.q);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	"*",
	"application",
	"application/",
	"/sdp",
	"/",
	"application/sdp/x",
	"application sdp",
	"application/sdp x",
	"application/sdp, text/plain",
	"application/\"sdp\"",
	"application/sdp;",
	"application/sdp;;x",
	"application/sdp;x=",
	"application/sdp;x=\"open",
	"*/*;q",
	"*/*;q=",
	"*/*;q=2",
	"*/*;q=\"0.5\"",
	"*/*;q=x",
	"application/sdp\r\n",
	"application/sdp\r\nX: y",
	/* RFC 3261 7.3.1: a parameter is there once. */
	"*/*;q=0.5;Q=0.5",
};

Test(media_type, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_media_type media_type;

		cr_expect(wsip_media_type_parse(span, &media_type) == WSIP_ERR_SYNTAX, "%s",
			refused[i]);
		exact_span_free(span);
	}
}

/* RFC 3261 7.3.1, RFC 2045 5.1: types are compared without case. */
Test(media_type, it_is_what_it_is_called_in_any_case)
{
	struct wsip_media_type media_type;

	cr_assert(wsip_media_type_parse(wsip_span_of("Application/SDP;x=y"), &media_type) ==
		  WSIP_OK);
	cr_expect(wsip_media_type_is(&media_type, "application", "sdp"));
	cr_expect(wsip_media_type_is(&media_type, "APPLICATION", "Sdp"));
	cr_expect(!wsip_media_type_is(&media_type, "application", "sdpx"));
	cr_expect(!wsip_media_type_is(&media_type, "application", "sd"));
	cr_expect(!wsip_media_type_is(&media_type, "applicatio", "sdp"));
	cr_expect(!wsip_media_type_is(&media_type, "sdp", "application"));
	cr_expect(!wsip_media_type_is(&media_type, "*", "*"));
}

Test(media_type, one_parameter_beyond_the_limit_is_told)
{
	struct wsip_media_type media_type;

	cr_expect(wsip_media_type_parse(wsip_span_of(with_params("a/b", WSIP_PARAMS_MAX)),
			  &media_type) == WSIP_OK);
	cr_expect(wsip_media_type_parse(wsip_span_of(with_params("a/b", WSIP_PARAMS_MAX + 1)),
			  &media_type) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_media_type media_type;

	if (wsip_media_type_parse(value, &media_type) != WSIP_OK)
		return;
	cr_expect(media_type.q <= WSIP_Q_MAX);
	expect_within(value, media_type.type);
	expect_within(value, media_type.subtype);
	expect_within(value, media_type.params);
}

Test(media_type, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
