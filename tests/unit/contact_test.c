/* SPDX-License-Identifier: MIT
 * Contact values (RFC 3261 20.10; RFC 5626 4.1, 4.2): each row is a value and its parts, or one
 * that is refused.
 */
#include <wiresip/contact.h>

#include "tests/unit/value.h"

#define NONE UINT32_MAX

static const struct {
	const char *text, *display_name, *uri, *params;
	uint16_t q;
	uint32_t expires_s; /* NONE when absent */
	const char *instance;
	uint32_t reg_id;
} accepted[] = {
	{ "<sip:a@h>", "", "sip:a@h", "", 1000, NONE, "", 0 },
	{ "sip:a@h", "", "sip:a@h", "", 1000, NONE, "", 0 },
	{ "\"A, B\" <sip:a@h;lr?X=y>;q=0.7;expires=60", "\"A, B\"", "sip:a@h;lr?X=y",
		";q=0.7;expires=60", 700, 60, "", 0 },
	/* RFC 3261 20: without brackets what follows the semicolon is the header's. */
	{ "sip:a@h;q=.25;transport=tcp", "", "sip:a@h", ";q=.25;transport=tcp", 250, NONE, "", 0 },
	{ "<sip:a@h> ; Q = 0 ;\r\n EXPIRES = 0", "", "sip:a@h", "; Q = 0 ;\r\n EXPIRES = 0", 0, 0,
		"", 0 },
	{ "<sip:a@h>;expires=4294967294", "", "sip:a@h", ";expires=4294967294", 1000, 4294967294u,
		"", 0 },
	{ "<sip:a@h>;expires=00000000000060", "", "sip:a@h", ";expires=00000000000060", 1000, 60,
		"", 0 },
	{ "<sip:a@h>;reg-id=1;+sip.instance=\"<urn:uuid:0-1>\"", "", "sip:a@h",
		";reg-id=1;+sip.instance=\"<urn:uuid:0-1>\"", 1000, NONE, "urn:uuid:0-1", 1 },
	{ "<sip:a@h>;+SIP.Instance=\"urn:uuid:2\";Reg-ID=4294967295", "", "sip:a@h",
		";+SIP.Instance=\"urn:uuid:2\";Reg-ID=4294967295", 1000, NONE, "urn:uuid:2",
		4294967295u },
	{ "<sip:a@h>;audio;x=\";q=0;expires=1\";qq=0.1;expire=2;expiress=3", "", "sip:a@h",
		";audio;x=\";q=0;expires=1\";qq=0.1;expire=2;expiress=3", 1000, NONE, "", 0 },
	{ "<sip:a@h>;x=1;x=2", "", "sip:a@h", ";x=1;x=2", 1000, NONE, "", 0 },
	{ "* <sip:a@h>", "*", "sip:a@h", "", 1000, NONE, "", 0 },
	{ "Bob von B <mailto:b@h>", "Bob von B", "mailto:b@h", "", 1000, NONE, "", 0 },
};

Test(contact, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		bool has_expires = accepted[i].expires_s != NONE;
		struct wsip_contact contact;

		cr_expect(wsip_contact_parse(span, &contact) == WSIP_OK, "%s", text);
		cr_expect(!contact.is_star, "%s", text);
		expect_text(text, contact.address.display_name, accepted[i].display_name);
		expect_text(text, contact.address.uri, accepted[i].uri);
		expect_text(text, contact.address.params, accepted[i].params);
		cr_expect(contact.q == accepted[i].q, "%s: %u", text, contact.q);
		cr_expect(contact.has_expires == has_expires, "%s", text);
		cr_expect(contact.expires_s == (has_expires ? accepted[i].expires_s : 0), "%s: %u",
			text, contact.expires_s);
		expect_text(text, contact.instance, accepted[i].instance);
		cr_expect(contact.reg_id == accepted[i].reg_id, "%s", text);
		exact_span_free(span);
	}
}

Test(contact, a_star_is_told_and_nothing_else_is_set)
{
	static const char *const stars[] = { "*", " *", "* ", "\r\n * \t", "\t*\r\n " };

	for (size_t i = 0; i < ROWS(stars); i++) {
		struct wsip_span span = exact_span(stars[i], strlen(stars[i]));
		struct wsip_contact contact;

		cr_expect(wsip_contact_parse(span, &contact) == WSIP_OK, "row %zu", i);
		cr_expect(contact.is_star && contact.address.uri.size == 0, "row %zu", i);
		cr_expect(contact.address.params.size == 0 && !contact.has_expires, "row %zu", i);
		exact_span_free(span);
	}
}

Test(rfc3261_20_10, an_expires_that_is_no_number_stands_for_3600)
{
	static const char *const malformed[] = { "soon", "-1", "+1", "0x10", "1.5", "\"60\"",
		"4294967296", "18446744073709551617", "60s", "\"\"" };

	for (size_t i = 0; i < ROWS(malformed); i++) {
		struct wsip_contact contact;
		struct wsip_span span;
		char text[64];
		int size = snprintf(text, sizeof(text), "<sip:a@h>;expires=%s;q=0.5", malformed[i]);

		span = exact_span(text, (size_t)size);
		cr_expect(wsip_contact_parse(span, &contact) == WSIP_OK, "%s", text);
		cr_expect(contact.has_expires && contact.expires_s == 3600, "%s: %u", text,
			contact.expires_s);
		cr_expect(contact.q == 500, "%s", text);
		exact_span_free(span);
	}
}

static const struct {
	const char *text;
	enum wsip_err err;
} refused[] = {
	{ "", WSIP_ERR_SYNTAX },
	{ " ", WSIP_ERR_SYNTAX },
	{ "**", WSIP_ERR_SYNTAX },
	{ "*x", WSIP_ERR_SYNTAX },
	{ "*.example", WSIP_ERR_SYNTAX },
	{ "* *", WSIP_ERR_SYNTAX },
	{ "*, *", WSIP_ERR_SYNTAX },
	{ "*;q=1", WSIP_ERR_SYNTAX },
	{ "*;expires=0", WSIP_ERR_SYNTAX },
	{ "<sip:a@h", WSIP_ERR_SYNTAX },
	{ "<>", WSIP_ERR_SYNTAX },
	{ "<*>x", WSIP_ERR_SYNTAX },
	{ "a@h", WSIP_ERR_SYNTAX },
	{ "\"open <sip:a@h>", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>, <sip:b@h>", WSIP_ERR_SYNTAX },
	{ "sip:a@h, sip:b@h", WSIP_ERR_SYNTAX },
	{ "sip:a@h?X=y", WSIP_ERR_SYNTAX },
	{ "<sip:a@h> x", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;;q=1", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;=1", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;q=", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;q=2", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;q=1.1", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;q=-0.5", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;q=\"0.5\"", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;expires=", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;expires", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;q", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;+sip.instance", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;x=\"open", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>\r\nX: y", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>\r\n", WSIP_ERR_SYNTAX },
	/* RFC 5626 4.2: reg-id is a number above 0. */
	{ "<sip:a@h>;reg-id=0", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;reg-id=000", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;reg-id=x", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;reg-id=-1", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;reg-id", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;reg-id=4294967296", WSIP_ERR_LIMIT },
	{ "<sip:a@h>;reg-id=18446744073709551617", WSIP_ERR_LIMIT },
	/* RFC 5626 4.1: the instance is in quotes. */
	{ "<sip:a@h>;+sip.instance=<urn:uuid:1>", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;+sip.instance=\"\"", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;+sip.instance=\"<>\"", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;+sip.instance=\"<urn:x", WSIP_ERR_SYNTAX },
	{ "<sip:a@h>;+sip.instance=\"<urn:a b>\"", WSIP_ERR_SYNTAX },
	/* An escaped quote does not end the string. */
	{ "<sip:a@h>;+sip.instance=\"<urn:x\\\";reg-id=7", WSIP_ERR_SYNTAX },
};

Test(contact, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i].text, strlen(refused[i].text));
		struct wsip_contact contact;
		enum wsip_err err = wsip_contact_parse(span, &contact);

		cr_expect(err == refused[i].err, "%s: %s", refused[i].text, wsip_err_text(err));
		exact_span_free(span);
	}
}

Test(rfc3261_7_3_1, a_known_parameter_of_a_contact_is_there_once)
{
	static const char *const params[] = { "q=1", "expires=60", "+sip.instance=\"<urn:x>\"",
		"reg-id=1" };
	static const char *const spellings[] = { "Q=1", "EXPIRES=60", "+SIP.INSTANCE=\"<urn:x>\"",
		"REG-ID=1" };

	for (size_t i = 0; i < ROWS(params); i++) {
		struct wsip_contact contact;
		struct wsip_span span;
		char text[200];
		int size = snprintf(text, sizeof(text), "<sip:a@h>;%s;x=y;%s", params[i],
			spellings[i]);

		span = exact_span(text, (size_t)size);
		cr_expect(wsip_contact_parse(span, &contact) == WSIP_ERR_SYNTAX, "%s", text);
		exact_span_free(span);
	}
}

Test(contact, unknown_parameters_are_kept_among_those_of_the_address)
{
	static const char text[] = "<sip:a@h>;q=1;Audio;methods=\"INVITE,BYE\";x=1";
	struct wsip_contact contact;
	struct wsip_span value;

	cr_assert(wsip_contact_parse(wsip_span_of(text), &contact) == WSIP_OK);
	cr_expect(wsip_params_find(contact.address.params, "audio", &value) && value.size == 0);
	cr_expect(wsip_params_find(contact.address.params, "methods", &value));
	expect_text(text, value, "\"INVITE,BYE\"");
	cr_expect(wsip_params_find(contact.address.params, "q", &value));
	expect_text(text, value, "1");
}

Test(contact, one_parameter_beyond_the_limit_is_told)
{
	struct wsip_contact contact;

	cr_expect(wsip_contact_parse(wsip_span_of(with_params("<sip:a@h>", WSIP_PARAMS_MAX)),
			  &contact) == WSIP_OK);
	cr_expect(wsip_contact_parse(wsip_span_of(with_params("<sip:a@h>", WSIP_PARAMS_MAX + 1)),
			  &contact) == WSIP_ERR_LIMIT);
	cr_expect(wsip_contact_parse(wsip_span_of(with_params("<sip:a@h>;q=1", WSIP_PARAMS_MAX)),
			  &contact) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_contact contact;

	if (wsip_contact_parse(value, &contact) != WSIP_OK)
		return;
	cr_expect(contact.q <= WSIP_Q_MAX);
	expect_within(value, contact.address.display_name);
	expect_within(value, contact.address.uri);
	expect_within(value, contact.address.params);
	expect_within(value, contact.instance);
}

Test(contact, cut_at_every_offset_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++)
		cut_value(accepted[i].text, read);
	for (size_t i = 0; i < ROWS(refused); i++)
		cut_value(refused[i].text, read);
}

Test(contact, any_octet_changed_to_any_other_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++)
		change_value(accepted[i].text, read);
}
