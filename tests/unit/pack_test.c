/* SPDX-License-Identifier: MIT
 * Messages on their way between workers: what is unpacked is what was packed, without slicing.
 */
#include "tests/unit/exact.h"

#include <stdio.h>

#include "parser/pack.h"

static struct wsip_buf_pool pool;

static void start(void)
{
	wsip_buf_pool_init(&pool);
}

static void stop(void)
{
	cr_expect(pool.in_use == 0, "%u buffers are left", pool.in_use);
	wsip_buf_pool_finish(&pool);
}

TestSuite(pack, .init = start, .fini = stop);

static void parse(struct wsip_msg *msg, const char *text)
{
	struct wsip_buf *buf = pooled_buf(&pool, text, strlen(text));

	cr_assert(wsip_msg_parse(msg, buf) == WSIP_OK);
	wsip_buf_unref(buf);
}

/* As one worker does and the other: the first message is gone before the second one is made. */
static bool hand_over(struct wsip_msg *from, struct wsip_msg *to)
{
	struct wsip_buf *buf;

	if (!wsip_msg_pack(from))
		return false;
	buf = from->buf;
	from->buf = NULL;
	wsip_msg_finish(from);
	memset(from, 0xee, sizeof(*from));
	memset(to, 0xee, sizeof(*to));
	wsip_msg_unpack(to, buf);
	return true;
}

static void expect_same(const struct wsip_msg *got, const char *text)
{
	struct wsip_msg want;

	parse(&want, text);
	cr_expect(got->is_request == want.is_request && got->method == want.method &&
		  got->status == want.status && got->problem.status == want.problem.status);
	cr_expect(wsip_span_equal(wsip_msg_request_uri(got), wsip_msg_request_uri(&want)));
	cr_expect(wsip_span_equal(wsip_msg_reason(got), wsip_msg_reason(&want)));
	cr_expect(wsip_span_equal(wsip_msg_body(got), wsip_msg_body(&want)));
	cr_assert(wsip_msg_header_count(got) == wsip_msg_header_count(&want));
	for (size_t i = 0; i < wsip_msg_header_count(got); i++) {
		struct wsip_header a = wsip_msg_header_at(got, i), b = wsip_msg_header_at(&want, i);

		cr_expect(a.id == b.id && wsip_span_equal(a.name, b.name) &&
			  wsip_span_equal(a.value, b.value));
	}
	cr_expect(memcmp(got->first, want.first, sizeof(want.first)) == 0 &&
		  got->repeated == want.repeated);
	wsip_msg_finish(&want);
}

static const char *const texts[] = {
	"INVITE sip:b@c SIP/2.0\r\nVia: v\r\nVia: w\r\nCall-ID: 1\r\nX: y\r\n\r\nbody",
	"SIP/2.0 180 Ringing\r\nVia: v\r\nTo: t\r\n\r\n",
	"BYE sip:b SIP/2.0\r\nno colon\r\nTo: t\r\n\r\n",
	"BYE sip:b SIP/2.0\r\n\r\n",
};

/* Bodies of all lengths, since what is packed starts at an address that suits it. */
Test(pack, what_comes_out_is_what_went_in)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (int more = 0; more < 16; more++) {
			struct wsip_msg from, to;
			char text[256];

			snprintf(text, sizeof(text), "%s%.*s", texts[i], more, "0123456789abcdef");
			parse(&from, text);
			cr_assert(hand_over(&from, &to));
			expect_same(&to, text);
			wsip_msg_finish(&to);
		}
	}
}

Test(pack, what_came_out_can_be_edited_over_where_it_was_packed)
{
	struct wsip_msg from, to;
	struct wsip_span value;

	parse(&from, texts[0]);
	cr_assert(hand_over(&from, &to));
	for (int i = 0; i < 20; i++)
		cr_assert(wsip_msg_add(&to, "Subject",
				  wsip_span_of("something that takes the room of the table")) ==
			  WSIP_OK);
	cr_expect(wsip_msg_header(&to, WSIP_CALL_ID, &value) && wsip_span_is(value, "1"));
	cr_expect(wsip_msg_header_count(&to) == 24);
	wsip_msg_finish(&to);
}

/* Of all sizes: with much room behind the message, with little, and with none. */
Test(pack, room_is_made_where_there_is_none)
{
	size_t moved = 0, stayed = 0;

	for (size_t size = 1000; size <= 2000; size++) {
		char text[4096] = "BYE sip:b SIP/2.0\r\nVia: v\r\nTo: t\r\n\r\n";
		struct wsip_msg from, to;
		struct wsip_buf *before;

		memset(text + strlen(text), 'x', size - strlen(text));
		parse(&from, text);
		before = from.buf;
		cr_assert(hand_over(&from, &to));
		*(to.buf == before ? &stayed : &moved) += 1;
		expect_same(&to, text);
		wsip_msg_finish(&to);
		cr_assert(pool.in_use == 0);
	}
	cr_expect(moved > 900, "%zu moved, %zu stayed", moved, stayed);
}

Test(pack, more_headers_than_an_ordinary_message_has_are_sliced_again)
{
	char text[2048] = "BYE sip:b SIP/2.0\r\n";
	struct wsip_msg from, to;

	for (int i = 0; i < WSIP_SLOTS_INLINE; i++)
		strcat(text, "X: y\r\n");
	parse(&from, text);
	cr_expect(hand_over(&from, &to));
	wsip_msg_finish(&to);
	strcat(text, "X: y\r\n");
	parse(&from, text);
	cr_expect(!wsip_msg_pack(&from));
	wsip_msg_finish(&from);
}
