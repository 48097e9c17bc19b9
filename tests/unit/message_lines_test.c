/* SPDX-License-Identifier: MIT
 * Lines of a message: those that nearly all messages have are sliced in another way than the others
 * (parser/message.rl), which must not be seen, in whatever order they come and wherever they end.
 */
#include "tests/unit/sliced.h"

TestSuite(message_lines, .init = start, .fini = stop);

/* Lines with their CR LF, and folds: those that nearly all messages have, and those that few have.
 */
#define LINE(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}
static const struct {
	const char *bytes;
	size_t size;
} lines[] = {
	LINE("Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"),
	LINE("l:0\r\n"),
	LINE("P-Preferred-Identity: <sip:a@h>\r\n"),
	LINE("Subject:\r\n"),
	LINE("To : <sip:b@h>\r\n"),
	LINE("From\t:\t<sip:a@h>;tag=1\t\r\n"),
	LINE("Supported: 100rel,\r\n path\r\n\t,timer\r\n"),
	LINE("Call-ID:\r\n 1@h\r\n"),
	LINE("Contact: <sip:a@h> \r\n"),
	LINE("X-Own:  one\r\n"),
	LINE("X-Name-Of-More-Than-Thirty-Two-Octets: two\r\n"),
	LINE("Subject: a\tb:c\r\n"),
	LINE("Subject: \1\177\200\r\n"),
	LINE("Subject: a\0b\r\n"),
	LINE("Subject: \"\\\0\"\r\n"),
	LINE("Route: <sip:a>\rb\r\n"),
	LINE("Route: <sip:a>\nb\r\n"),
	LINE("Call\rID: x\r\n"),
	LINE("Call ID: x\r\n"),
	LINE("no colon\r\n"),
	LINE(": no name\r\n"),
};
#undef LINE

#define LINES (sizeof(lines) / sizeof(lines[0]))

/* What a line alone has come to, with offsets from its start. */
struct sliced {
	size_t count;
	struct wsip_header_slot slot;
	bool problem;
};

static void slice_alone(size_t line, struct sliced *sliced)
{
	char text[200] = "BYE sip:b SIP/2.0\r\n";
	size_t start = strlen(text), size = start;

	memcpy(text + size, lines[line].bytes, lines[line].size);
	size += lines[line].size;
	memcpy(text + size, "\r\n", 2);
	cr_assert(parse_bytes(text, size + 2) == WSIP_OK);
	*sliced = (struct sliced){ .count = wsip_msg_header_count(&msg) };
	sliced->problem = msg.problem.status != 0;
	cr_assert(sliced->count <= 1, "line %zu", line);
	if (sliced->count) {
		sliced->slot = msg.slots[0];
		sliced->slot.line -= (uint32_t)start;
		sliced->slot.value -= (uint32_t)start;
	}
	done();
}

static void expect_slot(const struct wsip_header_slot *slot, const struct wsip_header_slot *alone,
	size_t start)
{
	cr_expect(slot->id == alone->id && slot->spaced == alone->spaced);
	cr_expect(slot->line == start + alone->line && slot->line_bytes == alone->line_bytes);
	cr_expect(slot->name_bytes == alone->name_bytes);
	cr_expect(slot->value == start + alone->value && slot->value_bytes == alone->value_bytes);
}

static void expect_as_alone(const struct sliced *alone, const size_t *order, size_t count)
{
	char text[600] = "BYE sip:b SIP/2.0\r\n";
	size_t starts[4], size = strlen(text), slots = 0;
	bool problem = false;

	for (size_t i = 0; i < count; i++) {
		starts[i] = size;
		memcpy(text + size, lines[order[i]].bytes, lines[order[i]].size);
		size += lines[order[i]].size;
	}
	memcpy(text + size, "\r\n", 2);
	cr_assert(parse_bytes(text, size + 2) == WSIP_OK);
	for (size_t i = 0; i < count; i++) {
		problem |= alone[order[i]].problem;
		if (alone[order[i]].count == 0)
			continue;
		cr_assert(slots < wsip_msg_header_count(&msg), "%s", text);
		expect_slot(&msg.slots[slots++], &alone[order[i]].slot, starts[i]);
	}
	cr_expect(wsip_msg_header_count(&msg) == slots, "%s", text);
	cr_expect((msg.problem.status != 0) == problem, "%s", text);
	done();
}

Test(message_lines, ordinary_lines_and_others_in_any_order_are_sliced_as_each_alone)
{
	struct sliced alone[LINES];

	for (size_t i = 0; i < LINES; i++)
		slice_alone(i, &alone[i]);
	for (size_t a = 0; a < LINES; a++) {
		for (size_t b = 0; b < LINES; b++) {
			for (size_t c = 0; c < LINES; c++) {
				size_t order[] = { a, b, c, b };

				expect_as_alone(alone, order, 4);
			}
		}
	}
}

/* What the lines above come to: a table that agrees with itself only would not do. */
Test(message_lines, a_line_alone_is_sliced_or_noted)
{
	static const struct {
		size_t line;
		enum wsip_header_id id;
		const char *value;
	} expected[] = {
		{ 0, WSIP_VIA, "SIP/2.0/UDP h;branch=z9hG4bK1" },
		{ 1, WSIP_CONTENT_LENGTH, "0" },
		{ 2, WSIP_P_PREFERRED_IDENTITY, "<sip:a@h>" },
		{ 3, WSIP_SUBJECT, "" },
		{ 4, WSIP_TO, "<sip:b@h>" },
		{ 5, WSIP_FROM, "<sip:a@h>;tag=1" },
		{ 6, WSIP_SUPPORTED, "100rel,\r\n path\r\n\t,timer" },
		{ 7, WSIP_CALL_ID, "1@h" },
		{ 8, WSIP_CONTACT, "<sip:a@h>" },
		{ 9, WSIP_HEADER_OTHER, "one" },
		{ 10, WSIP_HEADER_OTHER, "two" },
		{ 11, WSIP_SUBJECT, "a\tb:c" },
		{ 12, WSIP_SUBJECT, "\1\177\200" },
	};
	struct sliced sliced;

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct wsip_span value;

		slice_alone(expected[i].line, &sliced);
		value = (struct wsip_span){ lines[expected[i].line].bytes + sliced.slot.value,
			sliced.slot.value_bytes };
		cr_expect(sliced.count == 1 && !sliced.problem, "line %zu", expected[i].line);
		cr_expect(sliced.slot.id == expected[i].id, "line %zu", expected[i].line);
		cr_expect(wsip_span_is(value, expected[i].value), "line %zu", expected[i].line);
		cr_expect(sliced.slot.line == 0, "line %zu", expected[i].line);
		cr_expect(sliced.slot.line_bytes == lines[expected[i].line].size, "line %zu",
			expected[i].line);
	}
	slice_alone(13, &sliced);
	cr_expect(sliced.count == 1 && sliced.problem);
	slice_alone(14, &sliced);
	cr_expect(sliced.count == 1 && !sliced.problem);
	for (size_t i = 15; i < LINES; i++) {
		slice_alone(i, &sliced);
		cr_expect(sliced.count == 0 && sliced.problem, "line %zu", i);
	}
}

/* A name is looked at in one go where there is room behind it: not at the end of the message. */
Test(message_lines, the_last_headers_are_found_however_near_the_end_is)
{
	static const char *const last[] = { "l:0\r\n", "Call-ID: 1\r\n", "X:y\r\n",
		"P-Preferred-Identity: a\r\n", "t:b\r\nf:a\r\n",
		"Subject: 0123456789012345678901\r\n" };
	char text[200];

	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
		for (int body = 0; body <= 40; body++) {
			size_t size = (size_t)snprintf(text, sizeof(text),
				"BYE sip:b SIP/2.0\r\nVia: v\r\n%s\r\n%.*s", last[i], body,
				"0123456789012345678901234567890123456789");

			cr_assert(parse_bytes(text, size) == WSIP_OK);
			cr_expect(msg.problem.status == 0, "%s", text);
			cr_expect(wsip_msg_header_count(&msg) == (i == 4 ? 3 : 2), "%s", text);
			expect_header(0, "Via", "v");
			cr_expect(wsip_msg_body(&msg).size == (size_t)body, "%s", text);
			done();
		}
	}
}

/* The end of the octets may be behind the colon, and behind any octet around it. */
Test(message_lines, a_colon_anywhere_before_the_end_is_read_without_harm)
{
	for (size_t name = 1; name <= 40; name++) {
		for (size_t rest = 0; rest <= 4; rest++) {
			char text[100] = "BYE sip:b SIP/2.0\r\n";
			size_t size = strlen(text);

			memset(text + size, 'x', name);
			size += name;
			memcpy(text + size, ": \r\n\r\n", rest + 1);
			cr_assert(parse_bytes(text, size + rest + 1) == WSIP_OK);
			cr_expect(msg.problem.status == 400);
			cr_expect(wsip_msg_header_count(&msg) == (rest >= 3), "%zu %zu", name,
				rest);
			done();
		}
	}
}

Test(message_lines, each_known_header_in_any_case_has_its_id)
{
	for (int id = WSIP_HEADER_OTHER + 1; id < WSIP_HEADER_IDS; id++) {
		const char *name = wsip_header_name((enum wsip_header_id)id);
		char text[300], lower[64] = "", upper[64] = "";

		for (size_t i = 0; name[i]; i++) {
			bool is_letter = name[i] != '-';

			lower[i] = (char)(name[i] | (is_letter ? 0x20 : 0));
			upper[i] = (char)(name[i] & (is_letter ? ~0x20 : ~0));
		}
		snprintf(text, sizeof(text),
			"BYE sip:b SIP/2.0\r\n%s: 1\r\n%s:2\r\n%s : 3\r\n%s:\r\n 4\r\n\r\n", name,
			lower, upper, lower);
		parse(text);
		cr_expect(msg.problem.status == 0, "%s", name);
		cr_assert(wsip_msg_header_count(&msg) == 4, "%s", name);
		for (size_t i = 0; i < 4; i++) {
			struct wsip_header header = wsip_msg_header_at(&msg, i);

			cr_expect((int)header.id == id, "%s", text);
			cr_expect(header.value.size == 1 && header.value.data[0] == (char)('1' + i),
				"%s", text);
		}
		done();
	}
}

/* "-" and CR differ in the one bit in which "a" and "A" do. */
Test(message_lines, a_name_with_another_octet_for_its_hyphen_is_not_that_header)
{
	static const char *const names[] = { "Call-ID", "Content-Length", "P-Preferred-Identity" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (int octet = 0; octet < 256; octet++) {
			char text[100];
			size_t size = (size_t)snprintf(text, sizeof(text),
				"BYE sip:b SIP/2.0\r\nVia: v\r\n%s: 1\r\nTo: t\r\n\r\nbody body "
				"body body",
				names[i]);
			struct wsip_span value;
			const char *hyphen = strchr(strstr(text, names[i]), '-');

			if (octet == '-')
				continue;
			text[hyphen - text] = (char)octet;
			cr_assert(parse_bytes(text, size) == WSIP_OK);
			cr_expect(!wsip_msg_header_named(&msg, names[i], &value), "%s, octet %#x",
				names[i], octet);
			cr_expect(wsip_msg_header(&msg, WSIP_TO, &value) || octet == '\n',
				"%s, %#x", names[i], octet);
			done();
		}
	}
}
