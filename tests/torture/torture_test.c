/* SPDX-License-Identifier: MIT
 * Messages with verdicts, through the functions the proxy uses. A file's name says what is expected
 * of it: accept_..., reject_STATUS_..., or reject_drop_... where there is no message to answer.
 */
#include "tests/unit/exact.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "parser/frame.h"

#define MESSAGES       "tests/torture"
#define DEFAULT_CORPUS "../shared/corpus"

/* Nothing that could be answered was found; no SIP status. */
#define DROP 1

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

TestSuite(torture, .init = start, .fini = stop);

/* The octets of a file in an allocation of their size; data is NULL when it cannot be read. */
static struct wsip_span read_file(const char *path)
{
	static char bytes[WSIP_MESSAGE_MAX_BYTES + 1];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file)
		return (struct wsip_span){ 0 };
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	cr_assert(size <= WSIP_MESSAGE_MAX_BYTES, "%s is too large", path);
	return exact_span(bytes, size);
}

/* As a datagram: 0 when it is accepted, the status of the answer, or DROP. */
static unsigned int verdict_of(struct wsip_span bytes)
{
	struct wsip_buf *buf = exact_buf(&pool, bytes.data, bytes.size);
	unsigned int status = DROP;
	struct wsip_msg msg;

	if (wsip_msg_parse(&msg, buf) == WSIP_OK)
		status = wsip_msg_check(&msg).status;
	read_everything(&msg);
	wsip_msg_finish(&msg);
	exact_buf_free(buf);
	return status;
}

static unsigned int verdict_in_name(const char *name)
{
	unsigned int status;

	if (strncmp(name, "accept_", 7) == 0)
		return 0;
	if (strncmp(name, "reject_drop_", 12) == 0)
		return DROP;
	cr_assert(sscanf(name, "reject_%3u_", &status) == 1, "%s has no verdict", name);
	return status;
}

/* Calls `each` for every message of ours; returns how many there are. */
static int for_each_message(void (*each)(const char *name, struct wsip_span bytes))
{
	struct dirent **entries;
	int count = 0, entry_count = scandir(MESSAGES, &entries, NULL, alphasort);

	cr_assert(entry_count > 0, "run from the top of the project: no %s", MESSAGES);
	for (int i = 0; i < entry_count; i++) {
		const char *dot = strrchr(entries[i]->d_name, '.');
		char path[512];

		if (dot && strcmp(dot, ".sip") == 0) {
			struct wsip_span bytes;

			snprintf(path, sizeof(path), "%s/%s", MESSAGES, entries[i]->d_name);
			bytes = read_file(path);
			cr_assert(bytes.data != NULL, "%s", path);
			each(entries[i]->d_name, bytes);
			exact_span_free(bytes);
			count++;
		}
		free(entries[i]);
	}
	free(entries);
	return count;
}

static void expect_verdict(const char *name, struct wsip_span bytes)
{
	unsigned int verdict = verdict_of(bytes);

	cr_expect(verdict == verdict_in_name(name), "%s: %u", name, verdict);
}

Test(torture, every_message_gets_the_verdict_in_its_name)
{
	int count = for_each_message(expect_verdict);

	cr_expect(count > 130, "only %d messages", count);
}

static void cut_message(const char *name, struct wsip_span bytes)
{
	(void)name;
	cut_everywhere(&pool, bytes.data, bytes.size);
}

Test(torture, every_message_cut_at_every_offset_is_read_without_harm)
{
	for_each_message(cut_message);
}

static void expect_same_octets(const char *name, struct wsip_span bytes)
{
	struct wsip_buf *buf = exact_buf(&pool, bytes.data, bytes.size), *out;
	struct wsip_msg msg;

	if (wsip_msg_parse(&msg, buf) == WSIP_OK && msg.problem.status == 0) {
		struct wsip_span rest = { bytes.data + msg.start.offset,
			bytes.size - msg.start.offset };

		out = wsip_msg_serialize(&msg, &pool);
		cr_assert(out != NULL, "%s", name);
		cr_expect(wsip_span_equal((struct wsip_span){ out->data, out->used }, rest), "%s",
			name);
		wsip_buf_unref(out);
	} else {
		cr_expect(verdict_in_name(name) != 0, "%s", name);
	}
	wsip_msg_finish(&msg);
	exact_buf_free(buf);
}

Test(torture, every_message_without_a_bad_line_goes_out_as_it_came)
{
	for_each_message(expect_same_octets);
}

/* The first frame of a stream that arrives `step` octets at a time. */
static enum wsip_frame_result frame_in_steps(struct wsip_span bytes, size_t step,
	struct wsip_frame *frame)
{
	enum wsip_frame_result result = WSIP_FRAME_MORE;

	wsip_frame_init(frame);
	for (size_t size = step; result == WSIP_FRAME_MORE; size += step) {
		struct wsip_span arrived = exact_span(bytes.data,
			size < bytes.size ? size : bytes.size);

		result = wsip_frame_next(frame, arrived.data, arrived.size);
		exact_span_free(arrived);
		if (size >= bytes.size)
			break;
	}
	return result;
}

static void expect_same_frames(const char *name, struct wsip_span bytes)
{
	struct wsip_frame whole, slow;
	enum wsip_frame_result result = frame_in_steps(bytes, bytes.size + 1, &whole);

	if (bytes.data[0] == '\r')
		return; /* a ping or a blank, which frame_test.c shows */
	cr_expect(frame_in_steps(bytes, 1, &slow) == result, "%s", name);
	cr_expect(slow.bytes == whole.bytes, "%s", name);
	cr_expect(slow.problem.status == whole.problem.status, "%s", name);
}

Test(torture, every_message_as_a_stream_is_the_same_frame_octet_by_octet)
{
	for_each_message(expect_same_frames);
}

/* What a stream takes as one message and a datagram as another would be smuggling. */
static void expect_no_other_body(const char *name, struct wsip_span bytes)
{
	struct wsip_frame frame;
	struct wsip_buf *buf;
	struct wsip_msg msg;

	if (frame_in_steps(bytes, bytes.size + 1, &frame) != WSIP_FRAME_MESSAGE)
		return;
	buf = exact_buf(&pool, bytes.data, bytes.size);
	if (wsip_msg_parse(&msg, buf) == WSIP_OK && wsip_msg_check(&msg).status == 0)
		cr_expect(msg.body.offset + msg.body.size == frame.bytes, "%s", name);
	wsip_msg_finish(&msg);
	exact_buf_free(buf);
}

Test(torture, a_stream_and_a_datagram_agree_where_a_message_ends)
{
	for_each_message(expect_no_other_body);
}

/* ---- The corpus of others: INDEX.tsv has a file, its verdict and more, parted by tabs ---- */

/* Rows whose verdict in the index does not stand. */
static const struct {
	const char *file;
	const char *clause;
} known_wrong[] = {
	{ "pjsip-test/msg_test-L2143.msg", "RFC 3261 20.22: Max-Forwards is not a number" },
	{ "kamailio-test/pingtel.msg", "RFC 3261 25.1: gen-value, the To tag is empty" },
};

static bool is_known_wrong(const char *file)
{
	for (size_t i = 0; i < sizeof(known_wrong) / sizeof(known_wrong[0]); i++) {
		if (strcmp(file, known_wrong[i].file) == 0)
			return true;
	}
	return false;
}

static const char *corpus(void)
{
	const char *path = getenv("WIRESIP_CORPUS");

	return path && *path ? path : DEFAULT_CORPUS;
}

/* Calls `each` for every row; returns how many there are. */
static int for_each_row(void (*each)(const char *file, const char *expected,
	struct wsip_span bytes))
{
	char path[1024], line[1024], file[256], expected[16];
	FILE *index;
	int count = 0;

	snprintf(path, sizeof(path), "%s/INDEX.tsv", corpus());
	index = fopen(path, "r");
	if (!index)
		cr_skip_test("no corpus: set WIRESIP_CORPUS to a folder with an INDEX.tsv");
	cr_assert(fgets(line, sizeof(line), index) != NULL, "%s is empty", path);
	while (fgets(line, sizeof(line), index)) {
		struct wsip_span bytes;

		if (sscanf(line, "%255[^\t]\t%15[^\t\n]", file, expected) != 2)
			continue;
		snprintf(path, sizeof(path), "%s/%s", corpus(), file);
		bytes = read_file(path);
		cr_expect(bytes.data != NULL, "%s is missing", path);
		if (!bytes.data)
			continue;
		each(file, expected, bytes);
		exact_span_free(bytes);
		count++;
	}
	fclose(index);
	return count;
}

static void expect_row(const char *file, const char *expected, struct wsip_span bytes)
{
	unsigned int verdict = verdict_of(bytes);

	cr_expect(verdict_of(bytes) == verdict, "%s: another answer the second time", file);
	if (is_known_wrong(file))
		cr_expect((verdict == 0) == (strcmp(expected, "reject") == 0),
			"%s is right now: take it off the list", file);
	else if (strcmp(expected, "accept") == 0)
		cr_expect(verdict == 0, "%s: %u instead of accept", file, verdict);
	else if (strcmp(expected, "reject") == 0)
		cr_expect(verdict != 0, "%s: accepted", file);
	else
		cr_expect_str_eq(expected, "either", "%s", file);
}

Test(torture, the_corpus_gets_the_verdicts_of_its_index)
{
	int count = for_each_row(expect_row);

	cr_expect(count > 0, "no rows");
}

static void cut_row(const char *file, const char *expected, struct wsip_span bytes)
{
	(void)file;
	(void)expected;
	cut_everywhere(&pool, bytes.data, bytes.size);
}

Test(torture, the_corpus_cut_at_every_offset_is_read_without_harm)
{
	for_each_row(cut_row);
}
