/* SPDX-License-Identifier: MIT
 * Framing of streams (RFC 3261 18.3, RFC 5626 3.5.1): the same frames at every split, no frame from
 * a length that is wrong, doubled or too large.
 */
#include "parser/frame.h"

#include "tests/unit/exact.h"

#include <stdio.h>

struct found {
	enum wsip_frame_result result;
	uint32_t bytes;
	unsigned int status;
};

struct frames {
	struct found list[32];
	int count;
	size_t taken; /* octets of the stream that went into frames */
};

/* A connection: what has come so far, in a buffer of exactly that size at each call. */
struct stream {
	const char *bytes;
	struct wsip_frame frame;
	struct frames frames;
};

/* Frames all that can be framed of the first `size` octets; false when the stream is broken. */
static bool arrive(struct stream *stream, size_t size)
{
	struct frames *frames = &stream->frames;

	for (;;) {
		struct wsip_span rest = exact_span(stream->bytes + frames->taken,
			size - frames->taken);
		enum wsip_frame_result result = wsip_frame_next(&stream->frame, rest.data,
			rest.size);

		exact_span_free(rest);
		if (result == WSIP_FRAME_MORE)
			return true;
		cr_assert(frames->count < 32 && stream->frame.bytes <= rest.size);
		frames->list[frames->count++] = (struct found){ result, stream->frame.bytes,
			stream->frame.problem.status };
		frames->taken += stream->frame.bytes;
		if (result == WSIP_FRAME_BROKEN)
			return false;
		wsip_frame_restart(&stream->frame);
	}
}

static struct frames frames_of(const char *bytes, size_t size, size_t first, size_t second)
{
	struct stream stream = { .bytes = bytes };

	wsip_frame_init(&stream.frame);
	if (arrive(&stream, first) && arrive(&stream, second))
		arrive(&stream, size);
	return stream.frames;
}

static struct frames frames_octet_by_octet(const char *bytes, size_t size)
{
	struct stream stream = { .bytes = bytes };

	wsip_frame_init(&stream.frame);
	for (size_t i = 1; i <= size && arrive(&stream, i); i++)
		;
	return stream.frames;
}

static bool same(const struct frames *a, const struct frames *b)
{
	if (a->count != b->count || a->taken != b->taken)
		return false;
	for (int i = 0; i < a->count; i++) {
		if (a->list[i].result != b->list[i].result ||
			a->list[i].bytes != b->list[i].bytes ||
			a->list[i].status != b->list[i].status)
			return false;
	}
	return true;
}

static void same_at_every_split(const char *bytes, size_t size)
{
	struct frames whole = frames_of(bytes, size, size, size);
	struct frames slow = frames_octet_by_octet(bytes, size);

	cr_expect(same(&whole, &slow), "octet by octet: %.20s", bytes);
	for (size_t first = 0; first <= size; first++) {
		for (size_t second = first; second <= size; second += 1 + size / 50) {
			struct frames split = frames_of(bytes, size, first, second);

			cr_expect(same(&whole, &split), "split at %zu and %zu of: %.20s", first,
				second, bytes);
		}
	}
}

static struct found only_frame(const char *text)
{
	struct frames frames = frames_of(text, strlen(text), strlen(text), strlen(text));

	cr_assert(frames.count == 1, "%d frames: %s", frames.count, text);
	return frames.list[0];
}

#define HEAD "BYE sip:b SIP/2.0\r\nTo: t\r\n"

static const char three[] = HEAD
	"Content-Length: 4\r\n\r\nbody" HEAD "l:0\r\n\r\n"
	"SIP/2.0 200 OK\r\nContent-length \t:\r\n 2\r\nX: y\r\n z\r\n\r\nab";

Test(frame, messages_end_where_content_length_says)
{
	struct frames frames = frames_of(three, sizeof(three) - 1, 0, 0);

	cr_assert(frames.count == 3);
	for (int i = 0; i < 3; i++)
		cr_expect(frames.list[i].result == WSIP_FRAME_MESSAGE);
	cr_expect(frames.list[0].bytes == strlen(HEAD) + 19 + 2 + 4);
	cr_expect(frames.list[1].bytes == strlen(HEAD) + 5 + 2);
	cr_expect(frames.taken == sizeof(three) - 1);
}

Test(frame, every_split_gives_the_same_messages)
{
	same_at_every_split(three, sizeof(three) - 1);
}

Test(frame, a_bare_cr_a_bare_lf_and_a_nul_end_no_line_at_any_split)
{
	static const char text[] = HEAD "A: \rl: 9\nl: 9\r\rb\0c\r\r\nl: 3\r\n\r\n\r\n\r" HEAD;
	struct frames frames = frames_of(text, sizeof(text) - 1, 0, 0);

	cr_expect(frames.count == 1 && frames.list[0].result == WSIP_FRAME_MESSAGE);
	cr_expect(frames.taken == sizeof(text) - 1 - strlen(HEAD), "%zu", frames.taken);
	same_at_every_split(text, sizeof(text) - 1);
}

#define MESSAGE HEAD "l: 0\r\n\r\n"

static const struct {
	const char *text;
	const char *found; /* a letter for each: blank, ping, message */
} blanks[] = {
	{ "\r\n", "b" },
	{ "\r\n\r\n", "bp" },
	{ "\r\n\r\n\r\n", "bpb" },
	{ "\r\n\r\n\r\n\r\n", "bpbp" },
	{ "\r\n" MESSAGE "\r\n", "bmb" },
	{ "\r\n" MESSAGE "\r\n" MESSAGE, "bmbm" },
	{ MESSAGE "\r\n\r\n" MESSAGE "\r\n\r\n\r\n" MESSAGE, "mbpmbpbm" },
};

/* RFC 5626 3.5.1, 4.4.1: a double CR LF is a ping, a CR LF by itself is nothing. */
Test(frame, the_second_crlf_of_two_between_messages_is_a_ping)
{
	static const char letters[] = { [WSIP_FRAME_MESSAGE] = 'm',
		[WSIP_FRAME_PING] = 'p',
		[WSIP_FRAME_BLANK] = 'b',
		[WSIP_FRAME_BROKEN] = '!' };

	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
		const char *text = blanks[i].text;
		struct frames frames = frames_of(text, strlen(text), 0, 0);
		char found[33] = "";

		for (int k = 0; k < frames.count; k++)
			found[k] = letters[frames.list[k].result];
		cr_expect_str_eq(found, blanks[i].found, "row %zu: %s", i, found);
		cr_expect(frames.taken == strlen(text), "row %zu", i);
	}
}

/* RFC 5626 3.5.1: the server answers each double CR LF, in however many segments it comes. */
Test(frame, every_split_gives_the_same_pings)
{
	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
		same_at_every_split(blanks[i].text, strlen(blanks[i].text));
}

Test(frame, a_cr_with_anything_else_behind_it_breaks_the_stream)
{
	cr_expect(only_frame("\rX").result == WSIP_FRAME_BROKEN);
	same_at_every_split("\rX", 2);
	same_at_every_split("\r\rBYE", 5);
}

static const struct {
	const char *value; /* the lines that are to give the length */
	unsigned int status;
} lengths[] = {
	{ "l: 3\r\n", 0 },
	{ "l: 3\r\nContent-Length: 3\r\n", 0 },
	{ "l: 0003\r\n", 0 },
	{ "CONTENT-LENGTH:3\r\n", 0 },
	{ "L\t :\t3 \r\n", 0 },
	{ "Content-Length:\r\n 3\r\n", 0 },
	{ "Content-Length:\r\n\t\r\n 3\r\n", 0 },
	{ "", 400 },
	{ "l:\r\n", 400 },
	{ "l: -3\r\n", 400 },
	{ "l: +3\r\n", 400 },
	{ "l: 3 3\r\n", 400 },
	{ "l: 3\r\n 3\r\n", 400 },
	{ "l: 3, 3\r\n", 400 },
	{ "l: 0x3\r\n", 400 },
	{ "l: 3.0\r\n", 400 },
	{ "l: three\r\n", 400 },
	{ "l: \"3\"\r\n", 400 },
	{ "l: 65536\r\n", 413 },
	{ "l: 2147483647\r\n", 413 },
	{ "l: 4294967296\r\n", 413 },
	{ "l: 4294967299\r\n", 413 }, /* 2^32 + 3 */
	{ "l: 18446744073709551616\r\n", 413 },
	{ "l: 18446744073709551619\r\n", 413 }, /* 2^64 + 3 */
	{ "l: 3\r\nl: 4\r\n", 400 },
	{ "l: 4\r\nl: 3\r\n", 400 },
	{ "Content-Length: 3\r\nX: y\r\nl: 0\r\n", 400 },
	{ "l: 3\r\nl: x\r\n", 400 },
	{ "l: x\r\nl: 3\r\n", 400 },
	{ "X-l: 3\r\n", 400 },
	{ "Content-Length2: 3\r\n", 400 },
	{ "X:\r\n l: 3\r\n", 400 },
};

Test(frame, a_length_that_is_wrong_breaks_the_stream_behind_the_head)
{
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		char text[300];
		size_t head = (size_t)snprintf(text, sizeof(text), HEAD "%s\r\n", lengths[i].value);
		struct found found;

		strcat(text, "abc");
		found = only_frame(text);
		cr_expect(found.status == lengths[i].status, "%s: %u", lengths[i].value,
			found.status);
		cr_expect(found.result ==
				  (lengths[i].status ? WSIP_FRAME_BROKEN : WSIP_FRAME_MESSAGE),
			"%s", lengths[i].value);
		cr_expect(found.bytes == head + (lengths[i].status ? 0 : 3), "%s: %u",
			lengths[i].value, found.bytes);
		same_at_every_split(text, strlen(text));
	}
}

Test(frame, nothing_is_broken_before_the_head_is_complete)
{
	static const char text[] = HEAD "l: -1\r\nl: 7\r\n\r\n";
	size_t size = sizeof(text) - 1;
	struct frames frames = frames_of(text, size - 1, size - 1, size - 1);

	cr_expect(frames.count == 0);
}

static struct found large(size_t filler, const char *end)
{
	size_t size = strlen(HEAD) + filler + strlen(end);
	char *text = malloc(size + 1);
	struct frames frames;

	memcpy(text, HEAD, strlen(HEAD));
	memset(text + strlen(HEAD), 'x', filler);
	memcpy(text + strlen(HEAD) + filler, end, strlen(end) + 1);
	frames = frames_of(text, size, size / 2, size);
	free(text);
	return frames.count ? frames.list[0] : (struct found){ WSIP_FRAME_MORE, 0, 0 };
}

Test(frame, a_message_is_as_large_as_the_limit_and_no_larger)
{
	static const char end[] = ":\r\nl: 5\r\n\r\n";
	size_t filler = WSIP_MESSAGE_MAX_BYTES - strlen(HEAD) - strlen(end) - 5;
	char text[20];

	snprintf(text, sizeof(text), "%sbody!", end);
	cr_expect(large(filler, text).result == WSIP_FRAME_MESSAGE);
	cr_expect(large(filler, text).bytes == WSIP_MESSAGE_MAX_BYTES);
	cr_expect(large(filler + 1, text).result == WSIP_FRAME_BROKEN);
	cr_expect(large(filler + 1, text).status == 513);
}

Test(frame, a_head_that_does_not_end_is_given_up)
{
	cr_expect(large(WSIP_MESSAGE_MAX_BYTES / 2, "").result == WSIP_FRAME_MORE);
	cr_expect(large(WSIP_MESSAGE_MAX_BYTES, "").result == WSIP_FRAME_BROKEN);
	cr_expect(large(WSIP_MESSAGE_MAX_BYTES, "").status == 513);
	cr_expect(large(WSIP_MESSAGE_MAX_BYTES, ":\r\nl: 0\r\n\r\n").status == 513);
}

/* A peer that sends an octet at a time must not make us look at every octet every time: what was
 * looked at once may even change. */
Test(frame, goes_on_where_it_stopped)
{
	static char text[60000];
	struct wsip_frame frame;

	memset(text, 'x', sizeof(text));
	wsip_frame_init(&frame);
	for (size_t size = 1000; size <= sizeof(text); size += 1000) {
		cr_assert(wsip_frame_next(&frame, text, size) == WSIP_FRAME_MORE, "%zu", size);
		memcpy(text + size - 100, "\r\n\r\n", 4);
	}
}
