/* SPDX-License-Identifier: MIT
 * Event (RFC 6665 8.2.1): each row is a value and its parts, or one that is refused.
 */
#include <wiresip/event.h>

#include "tests/unit/value.h"

static const struct {
	const char *text, *type, *id, *params;
} accepted[] = {
	{ "presence", "presence", "", "" },
	{ "presence.winfo", "presence.winfo", "", "" },
	{ "dialog;id=12", "dialog", "12", ";id=12" },
	{ " Dialog ;\r\n ID = a-b.c ; sla", "Dialog", "a-b.c", ";\r\n ID = a-b.c ; sla" },
	{ "dialog;call-id=\"a;id=no\";to-tag=x;include-session-description", "dialog", "",
		";call-id=\"a;id=no\";to-tag=x;include-session-description" },
	{ "message-summary;idx=1;i=2", "message-summary", "", ";idx=1;i=2" },
	{ "refer;x=1;x=2;id=93809823", "refer", "93809823", ";x=1;x=2;id=93809823" },
};

Test(event, each_part_is_found)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		const char *text = accepted[i].text;
		struct wsip_span span = exact_span(text, strlen(text));
		struct wsip_event event;

		cr_expect(wsip_event_parse(span, &event) == WSIP_OK, "%s", text);
		expect_text(text, event.type, accepted[i].type);
		expect_text(text, event.id, accepted[i].id);
		expect_text(text, event.params, accepted[i].params);
		exact_span_free(span);
	}
}

static const char *const refused[] = {
	"",
	" ",
	";id=1",
	"presence dialog",
	"presence, dialog",
	"presence/x",
	"\"presence\"",
	"presence;",
	"presence;;id=1",
	"presence;id",
	"presence;id=",
	"presence;x=\"open",
	"presence\r\n",
	"presence\r\nX: y",
	/* RFC 3261 7.3.1: a parameter is there once. */
	"presence;id=1;ID=1",
	"presence;id=1;x;id=2",
};

Test(event, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct wsip_span span = exact_span(refused[i], strlen(refused[i]));
		struct wsip_event event;

		cr_expect(wsip_event_parse(span, &event) == WSIP_ERR_SYNTAX, "%s", refused[i]);
		exact_span_free(span);
	}
}

Test(event, one_parameter_beyond_the_limit_is_told)
{
	struct wsip_event event;

	cr_expect(wsip_event_parse(wsip_span_of(with_params("dialog", WSIP_PARAMS_MAX)), &event) ==
		  WSIP_OK);
	cr_expect(wsip_event_parse(wsip_span_of(with_params("dialog", WSIP_PARAMS_MAX + 1)),
			  &event) == WSIP_ERR_LIMIT);
}

static void read(struct wsip_span value)
{
	struct wsip_event event;

	if (wsip_event_parse(value, &event) != WSIP_OK)
		return;
	expect_within(value, event.type);
	expect_within(value, event.id);
	expect_within(value, event.params);
}

Test(event, cut_or_changed_it_is_read_without_harm)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
