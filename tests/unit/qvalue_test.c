/* SPDX-License-Identifier: MIT
 * q-values (RFC 3261 25.1: qvalue) in thousandths; further digits are passed over.
 */
#include "parser/qvalue.h"

#include <wiresip/contact.h>

#include "tests/unit/value.h"

static const struct {
	const char *text;
	uint16_t thousandths;
} accepted[] = {
	{ "0", 0 },
	{ "0.", 0 },
	{ "0.0", 0 },
	{ "0.000", 0 },
	{ "0.001", 1 },
	{ "0.01", 10 },
	{ "0.1", 100 },
	{ "0.5", 500 },
	{ "0.123", 123 },
	{ "0.999", 999 },
	{ "0.9999", 999 },
	{ "0.12345678901234567890", 123 },
	{ "0.0001", 0 },
	{ ".5", 500 },
	{ ".007", 7 },
	{ "1", 1000 },
	{ "1.", 1000 },
	{ "1.0", 1000 },
	{ "1.000", 1000 },
	{ "1.00000", 1000 },
};

static const char *const refused[] = { "", ".", "2", "1.1", "1.001", "1.0001", "0.5.", "0.5 ",
	" 0.5", "00.5", "01", "10", "-0.5", "+0.5", "0,5", "0.x", "0.5x", "x", "\"0.5\"", "5",
	"1e0", "0x1" };

static enum wsip_err parse(const char *text, uint16_t *thousandths)
{
	struct wsip_span span = exact_span(text, strlen(text));
	enum wsip_err err = wsip_qvalue_parse(span, thousandths);

	exact_span_free(span);
	return err;
}

Test(qvalue, it_is_read_in_thousandths)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		uint16_t thousandths = 4711;

		cr_expect(parse(accepted[i].text, &thousandths) == WSIP_OK, "%s", accepted[i].text);
		cr_expect(thousandths == accepted[i].thousandths, "%s: %u", accepted[i].text,
			thousandths);
	}
}

Test(qvalue, each_number_of_thousandths_is_read_back)
{
	for (unsigned int expected = 0; expected < 1000; expected++) {
		uint16_t thousandths;
		char text[16];

		snprintf(text, sizeof(text), "0.%03u", expected);
		cr_expect(parse(text, &thousandths) == WSIP_OK && thousandths == expected, "%s",
			text);
	}
}

Test(qvalue, what_does_not_follow_the_grammar_is_refused)
{
	for (size_t i = 0; i < ROWS(refused); i++) {
		uint16_t thousandths;

		cr_expect(parse(refused[i], &thousandths) == WSIP_ERR_SYNTAX, "%s", refused[i]);
	}
}

static void read(struct wsip_span value)
{
	uint16_t thousandths;

	if (wsip_qvalue_parse(value, &thousandths) == WSIP_OK)
		cr_expect(thousandths <= WSIP_Q_MAX);
}

Test(qvalue, cut_or_changed_it_is_never_above_one)
{
	for (size_t i = 0; i < ROWS(accepted); i++) {
		cut_value(accepted[i].text, read);
		change_value(accepted[i].text, read);
	}
}
