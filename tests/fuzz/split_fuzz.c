/* SPDX-License-Identifier: MIT
 * Any bytes read in two ways that have to agree: as a stream whole and in pieces; a message by the
 * slicer's quick path and by its machine; an edited message and what is read of it when it was
 * written. The last bytes of the input are also the choices: pieces and edits.
 */
#include "tests/fuzz/stream.h"

#define PIECES    8
#define EDITS_MAX 6

/* The octets of the input from its end. */
struct choices {
	const uint8_t *data;
	size_t left;
};

static uint8_t next_choice(struct choices *choices)
{
	return choices->left > 0 ? choices->data[--choices->left] : 0;
}

static struct wsip_span span_of_buf(const struct wsip_buf *buf)
{
	return (struct wsip_span){ buf->data, buf->used };
}

/* ---- Streams ---- */

static void frame_in_pieces(struct wsip_span stream)
{
	size_t pieces = stream.size < PIECES ? stream.size : PIECES;
	struct frames whole, split;

	read_frames(stream, (struct wsip_span){ 0 }, &whole);
	read_frames(stream, (struct wsip_span){ stream.data + stream.size - pieces, pieces },
		&split);
	must_be_the_same_frames(&whole, &split);
}

/* ---- Two messages that say the same ---- */

static void must_be_the_same(const struct wsip_msg *a, const struct wsip_msg *b)
{
	must(wsip_msg_is_request(a) == wsip_msg_is_request(b));
	must(wsip_msg_method(a) == wsip_msg_method(b));
	must(wsip_msg_status(a) == wsip_msg_status(b));
	must(wsip_span_equal(wsip_msg_method_text(a), wsip_msg_method_text(b)));
	if (wsip_msg_is_request(a))
		must(wsip_span_equal(wsip_msg_request_uri(a), wsip_msg_request_uri(b)));
	else
		must(wsip_span_equal(wsip_msg_reason(a), wsip_msg_reason(b)));
	must(wsip_msg_header_count(a) == wsip_msg_header_count(b));
	for (size_t i = 0; i < wsip_msg_header_count(a); i++) {
		struct wsip_header one = wsip_msg_header_at(a, i), other = wsip_msg_header_at(b, i);
		struct wsip_span first_a = { 0 }, first_b = { 0 };

		must(one.name.size > 0 && one.id == other.id);
		must(wsip_span_equal(one.name, other.name));
		must(wsip_span_equal(one.value, other.value));
		if (one.id == WSIP_HEADER_OTHER)
			continue;
		must(wsip_msg_header(a, one.id, &first_a) && wsip_msg_header(b, one.id, &first_b));
		must(wsip_span_equal(first_a, first_b));
	}
	must(wsip_span_equal(wsip_msg_body(a), wsip_msg_body(b)));
}

/* ---- The quick path of the slicer ---- */

static const char *line_end(const char *p, const char *end)
{
	for (; end - p >= 2; p++) {
		if (p[0] == '\r' && p[1] == '\n')
			return p + 2;
	}
	return end;
}

/* Writes the line with a blank before its first colon; one without a name as it is. */
static size_t space_line(const char *line, const char *end, char *out)
{
	const char *colon = memchr(line, ':', (size_t)(end - line));
	const char *rest = colon ? colon : line;
	size_t size = (size_t)(rest - line);

	memcpy(out, line, size);
	if (size > 0 && *line != ' ' && *line != '\t')
		out[size++] = ' ';
	memcpy(out + size, rest, (size_t)(end - rest));
	return size + (size_t)(end - rest);
}

/* The same message, but that no header line is ordinary any more. */
static size_t space_lines(struct wsip_span text, char *out)
{
	const char *end = text.data + text.size, *line = text.data, *next;
	size_t size = 0;

	while (end - line >= 2 && line[0] == '\r' && line[1] == '\n')
		line += 2;
	next = line_end(line, end);
	memcpy(out, line, (size_t)(next - line));
	size = (size_t)(next - line);
	for (line = next; line < end; line = next) {
		next = line_end(line, end);
		if (next - line == 2 && *line == '\r')
			break;
		size += space_line(line, next, out + size);
	}
	memcpy(out + size, line, (size_t)(end - line));
	return size + (size_t)(end - line);
}

static void slice_by_machine(const struct wsip_msg *msg, struct wsip_span text,
	struct wsip_buf_pool *pool)
{
	char *spaced = malloc(2 * text.size);
	size_t size = space_lines(text, spaced);
	struct wsip_buf *buf = exact_buf(pool, spaced, size);
	struct wsip_msg other;

	must(wsip_msg_parse(&other, buf) == WSIP_OK);
	must(other.problem.status == 0);
	must_be_the_same(msg, &other);
	wsip_msg_finish(&other);
	exact_buf_free(buf);
	free(spaced);
}

/* ---- Writing ---- */

/* Unedited, a message goes out as it came, without what stands before and behind it. */
static void write_unedited(const struct wsip_msg *msg, struct wsip_buf_pool *pool)
{
	struct wsip_span whole = { msg->buf->data + msg->start.offset,
		msg->body.offset + msg->body.size - msg->start.offset };
	struct wsip_buf *written = wsip_msg_serialize(msg, pool);

	must(written && wsip_span_equal(span_of_buf(written), whole));
	wsip_buf_unref(written);
}

/* What is written is read as what it was, and written again as it is. */
static void write_and_read(const struct wsip_msg *msg, struct wsip_buf_pool *pool)
{
	struct wsip_buf *written = wsip_msg_serialize(msg, pool), *exact, *again;
	struct wsip_msg read;

	must(written);
	exact = exact_buf(pool, written->data, written->used);
	must(wsip_msg_parse(&read, exact) == WSIP_OK);
	if (wsip_msg_header_count(msg) <= WSIP_HEADERS_MAX) {
		must(read.problem.status == 0);
		must_be_the_same(msg, &read);
		again = wsip_msg_serialize(&read, pool);
		must(again && wsip_span_equal(span_of_buf(again), span_of_buf(written)));
		wsip_buf_unref(again);
	}
	wsip_msg_finish(&read);
	wsip_buf_unref(written);
	exact_buf_free(exact);
}

/* ---- Editing ---- */

static const char *choose_name(struct choices *choices)
{
	static const char *const others[] = { "X-Own", "x-own", "Subject", "s", "v", "Via" };
	uint8_t choice = next_choice(choices) % 64;

	if (choice > WSIP_HEADER_OTHER && choice < WSIP_HEADER_IDS)
		return wsip_header_name((enum wsip_header_id)choice);
	return others[choice % (sizeof(others) / sizeof(others[0]))];
}

static struct wsip_span choose_value(const struct wsip_msg *msg, struct choices *choices)
{
	static const char *const values[] = { "1", "<sip:h;lr>", "a, b,c", "\"q,\" <sip:x@h>;p",
		"SIP/2.0/UDP h;branch=z9hG4bK1" };
	uint8_t choice = next_choice(choices);
	size_t count = wsip_msg_header_count(msg);

	if (choice & 1 && count > 0)
		return wsip_msg_header_at(msg, (choice >> 1) % count).value;
	return wsip_span_of(values[(choice >> 1) % (sizeof(values) / sizeof(values[0]))]);
}

/* Refusals are as good as edits. */
static void edit_start(struct wsip_msg *msg, struct choices *choices)
{
	if (wsip_msg_is_request(msg))
		(void)!wsip_msg_set_request_uri(msg, choose_value(msg, choices));
	else
		(void)!wsip_msg_set_status(msg, 100u + 3u * next_choice(choices),
			choose_value(msg, choices));
}

static void edit(struct wsip_msg *msg, struct choices *choices)
{
	uint8_t choice = next_choice(choices);
	const char *name = choose_name(choices);
	enum wsip_header_id id = wsip_header_id_of(wsip_span_of(name));
	struct wsip_span value = choose_value(msg, choices);

	switch (choice % 12) {
	case 0:
		edit_start(msg, choices);
		break;
	case 1:
		(void)!wsip_msg_set(msg, name, value);
		break;
	case 2:
		wsip_msg_remove(msg, name);
		break;
	case 3:
		(void)!wsip_msg_append_value(msg, id, value);
		break;
	case 4:
		(void)!wsip_msg_append_param(msg, id, "p", choice & 16 ? value : wsip_span_of(""));
		break;
	case 5:
		(void)!wsip_msg_prepend(msg, "Via", value);
		break;
	case 6:
		(void)!wsip_msg_add(msg, name, value);
		break;
	case 7:
		(void)!wsip_msg_remove_first_value(msg, id);
		break;
	case 8:
		(void)!wsip_msg_remove_last_value(msg, id);
		break;
	case 9:
		if (id != WSIP_HEADER_OTHER)
			(void)!wsip_msg_set_first_value(msg, id, value);
		break;
	case 10:
		(void)!wsip_msg_set_body(msg, "text/plain", value);
		break;
	default:
		(void)!wsip_msg_append_param(msg, WSIP_VIA, "received", wsip_span_of("192.0.2.1"));
		break;
	}
}

/* The copy is edited; the message stays what it was. */
static void edit_and_write(const struct wsip_msg *msg, struct choices *choices,
	struct wsip_buf_pool *pool)
{
	struct wsip_buf *before = wsip_msg_serialize(msg, pool), *after;
	int edits = next_choice(choices) % (EDITS_MAX + 1);
	struct wsip_msg copy;

	must(wsip_msg_copy(&copy, msg) == WSIP_OK);
	for (int i = 0; i < edits; i++)
		edit(&copy, choices);
	write_and_read(&copy, pool);
	after = wsip_msg_serialize(msg, pool);
	must(before && after && wsip_span_equal(span_of_buf(before), span_of_buf(after)));
	wsip_msg_finish(&copy);
	wsip_buf_unref(before);
	wsip_buf_unref(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wsip_span text = exact_span(data, size);
	struct choices choices = { data, size };
	struct wsip_buf_pool pool;
	struct wsip_buf *buf;
	struct wsip_msg msg;

	wsip_buf_pool_init(&pool);
	buf = exact_buf(&pool, data, size);
	frame_in_pieces(text);
	if (wsip_msg_parse(&msg, buf) == WSIP_OK && msg.problem.status == 0) {
		slice_by_machine(&msg, text, &pool);
		if (wsip_msg_check(&msg).status == 0)
			write_unedited(&msg, &pool);
		edit_and_write(&msg, &choices, &pool);
	}
	wsip_msg_finish(&msg);
	exact_buf_free(buf);
	must(pool.in_use == 0);
	wsip_buf_pool_finish(&pool);
	free((char *)text.data);
	return 0;
}
