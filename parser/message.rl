/* SPDX-License-Identifier: MIT
 * Bytes -> struct wsip_msg: the start line and the header lines, sliced (RFC 3261 7, 25.1). A line
 * that breaks the grammar is noted and passed over.
 */
#include <string.h>

#include "parser/msg.h"
#include "parser/scan.h"
#include "parser/marks.h"

/* Of a request line, behind the blank that ends its URI. */
#define USUAL_END "SIP/2.0\r\n"

struct slicer {
	struct wsip_msg *msg;
	const unsigned char *data;
	struct wsip_header_slot *slot; /* the field that a folded line would go on with */
	const unsigned char *name;
	const unsigned char *name_end;
	const unsigned char *value;
	bool nul; /* a value holds one */
	enum wsip_err err;
	bool complete; /* the empty line behind the headers was seen */
};

%%{
	machine wsip_message;
	include sip_basic "grammar/basic.rl";
	include sip_message "grammar/message.rl";

	action mark { mark = p; }
	action start_mark { start_mark = p; }
	action method { msg->method_text = piece(data, mark, p); }
	action scan_uri { p = wsip_scan_visible(p, pe) - 1; }
	action request_uri { msg->request_uri = piece(data, mark, p); }
	action version { msg->version = piece(data, version_mark, p); }
	action version_mark { version_mark = p; }
	# Nearly all end so.
	action usual_end {
		if (is_next(p, pe, USUAL_END)) {
			msg->version = piece(data, p + 1, p + 8);
			p += sizeof(USUAL_END) - 1;
			msg->is_request = 1;
			msg->start = piece(data, start_mark, p + 1);
			fgoto headers;
		}
	}
	action status { msg->status = number3(mark); }
	action reason { msg->reason = piece(data, mark, p); }
	action request { msg->is_request = 1; }
	action start_line { msg->start = piece(data, start_mark, p + 1); fgoto headers; }

	# Ordinary lines are sliced in one go; the machine reads the others.
	action name {
		const unsigned char *line = slice_ordinary_lines(msg, p, pe);

		slicer.name = line;
		if (line != p) {
			p = line - 1;
			fgoto headers;
		}
	}
	action scan_name { p = wsip_scan_class(p, pe, WSIP_TOKEN_CHARS) - 1; }
	action name_end { slicer.name_end = p; }
	action value { p = wsip_scan_line(slicer.value = skip_blanks(p + 1, pe), pe) - 1; }
	# The rest of the line holds nothing that the machine would stop at.
	action scan { p = wsip_scan_line(p, pe) - 1; }
	action nul { slicer.nul = true; }
	action field { end_field(&slicer, wsip_header_id_of(name_of(&slicer)), p - 1); }
	action fold { end_fold(&slicer, p - 1); }
	action end { slicer.complete = true; fbreak; }

	action bad_start { note(msg, 400, "Bad Start Line", p - data); fhold; fgoto skip_line; }
	action bad_header { note(msg, 400, "Bad Header Field", p - data); fhold; fgoto skip_line; }
	action next_line { fgoto headers; }

	# With an S it may still be a Status_Line, whose name is not to be jumped over.
	method = ( token_char - [Ss] ) ( token_char $scan_name )* | [Ss] token_char*;
	Request_Line = method >mark %method " " Request_URI >mark $scan_uri %request_uri " " @usual_end
		SIP_Version >version_mark %version CRLF @request;
	Status_Line = SIP_Version >version_mark %version " " Status_Code >mark %status " "
		Reason_Phrase >mark %reason CRLF;

	rest_of_line = ( text @scan | 0 @nul )*;
	header_name = token >name $scan_name %name_end;
	message_header = header_name WSP* ":" @value rest_of_line CRLF @field
		( WSP rest_of_line CRLF @fold )*;

	skip_line := ( any - "\n" )* "\n" @next_line;
	headers := ( message_header* CRLF @end ) $!bad_header;
	main := CRLF* ( ( Request_Line | Status_Line ) >start_mark ) @start_line $!bad_start;

	write data noerror noentry nofinal;
}%%

/* Do the octets behind `p` begin with `text`? */
static bool is_next(const unsigned char *p, const unsigned char *end, const char *text)
{
	size_t size = strlen(text);

	return (size_t)(end - p) > size && memcmp(p + 1, text, size) == 0;
}

static struct wsip_piece piece(const unsigned char *data, const unsigned char *start,
	const unsigned char *end)
{
	return (struct wsip_piece){ (uint32_t)(start - data), (uint32_t)(end - start) };
}

static uint16_t number3(const unsigned char *digits)
{
	return (uint16_t)((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + digits[2] - '0');
}

/* The first problem is the one that is told. */
static void note(struct wsip_msg *msg, unsigned int status, const char *reason, ptrdiff_t offset)
{
	if (msg->problem.status == 0)
		msg->problem = (struct wsip_problem){ status, reason, (uint32_t)offset };
}

static bool is_blank(unsigned char octet)
{
	return octet == ' ' || octet == '\t';
}

static const unsigned char *skip_blanks(const unsigned char *p, const unsigned char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p;
}

static bool is_white(unsigned char octet)
{
	return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

/* RFC 3261 25.1: a NUL may stand in a quoted string, behind a backslash, and nowhere else. */
static bool nuls_are_quoted(struct wsip_span value)
{
	bool quoted = false;

	for (size_t i = 0; i < value.size; i++) {
		if (value.data[i] == '\0')
			return false;
		if (value.data[i] == '"')
			quoted = !quoted;
		else if (value.data[i] == '\\' && quoted)
			i++;
	}
	return true;
}

/* The end of what is no white in front of `end`, or `start`. */
static const unsigned char *trim_end(const unsigned char *start, const unsigned char *end)
{
	while (end > start && is_white(end[-1]))
		end--;
	return end;
}

static struct wsip_span name_of(const struct slicer *slicer)
{
	return wsip_span_between(slicer->name, slicer->name_end);
}

static inline void end_field(struct slicer *slicer, enum wsip_header_id id, const unsigned char *cr)
{
	struct wsip_msg *msg = slicer->msg;
	size_t name_bytes = name_of(slicer).size;
	struct wsip_header_slot *slot;

	slicer->slot = NULL;
	if (msg->slot_count == WSIP_HEADERS_MAX) {
		note(msg, 400, "Too Many Header Fields", slicer->name - slicer->data);
		return;
	}
	slot = wsip_msg_append_slot(msg, id);
	if (!slot) {
		slicer->err = WSIP_ERR_MEMORY;
		return;
	}
	slot->line = (uint32_t)(slicer->name - slicer->data);
	slot->name_bytes = (uint16_t)name_bytes;
	slot->spaced = *slicer->name_end != ':';
	slot->line_bytes = (uint16_t)(cr + 2 - slicer->name);
	slot->value = (uint32_t)(slicer->value - slicer->data);
	slot->value_bytes = (uint16_t)(trim_end(slicer->value, cr) - slicer->value);
	slicer->slot = slot;
}

static bool is_token(const unsigned char *p, const unsigned char *end)
{
	return p < end && wsip_scan_class(p, end, WSIP_TOKEN_CHARS) == end;
}

/* Takes the lines from `p` on for as long as they are what nearly all lines are: a name with its
 * colon, a value without control characters, CR LF and no fold behind it. Returns the first line that
 * is not. So the machine takes no step for them, and a name that is known is looked at once. */
__attribute__((noinline)) static const unsigned char *slice_ordinary_lines(struct wsip_msg *msg,
	const unsigned char *p, const unsigned char *end)
{
	const unsigned char *data = (const unsigned char *)msg->buf->data;
	struct wsip_header_slot *slot = msg->slots + msg->slot_count;

	while (end - p >= WSIP_NAME_ROOM && slot < msg->slots + WSIP_SLOTS_INLINE) {
		/* The end of the line is looked for from its start, so that the next line need not
		 * wait for this one's colon. */
		const unsigned char *cr = wsip_scan_printable(p, end);
		const unsigned char *colon = wsip_scan_colon(p);
		enum wsip_header_id id = wsip_header_id_at((const char *)p, (size_t)(colon - p));
		const unsigned char *value;

		if (colon >= cr || end - cr < 3 || memcmp(cr, "\r\n", 2) != 0)
			break;
		value = colon + 1 + (colon[1] == ' ');
		if (is_blank(cr[2]) || is_blank(cr[-1]) || is_blank(*value))
			break;
		if (id == WSIP_HEADER_OTHER && !is_token(p, colon))
			break;
		slot->line = (uint32_t)(p - data);
		slot->line_bytes = (uint16_t)(cr + 2 - p);
		slot->value = (uint32_t)(value - data);
		slot->value_bytes = (uint16_t)(cr - value);
		slot->name_bytes = (uint16_t)(colon - p);
		slot->id = (uint8_t)id;
		slot->spaced = 0;
		wsip_msg_note_slot(msg, (size_t)(slot - msg->slots), id);
		slot++;
		p = cr + 2;
	}
	msg->slot_count = (uint16_t)(slot - msg->slots);
	return p;
}

/* RFC 3261 7.3.1: a line that starts with a blank belongs to the field before it. Only this line is
 * looked at, however many there were. */
static void end_fold(struct slicer *slicer, const unsigned char *cr)
{
	struct wsip_header_slot *slot = slicer->slot;
	const unsigned char *line, *end;

	if (!slot)
		return;
	line = slicer->data + slot->line + slot->line_bytes;
	slot->line_bytes = (uint16_t)((uint32_t)(cr + 2 - slicer->data) - slot->line);
	end = trim_end(line, cr);
	if (end == line)
		return;
	while (slot->value_bytes == 0 && is_white(*line))
		line++;
	if (slot->value_bytes == 0)
		slot->value = (uint32_t)(line - slicer->data);
	slot->value_bytes = (uint16_t)((uint32_t)(end - slicer->data) - slot->value);
}

/* When there was a NUL somewhere. */
static void check_nuls(struct wsip_msg *msg)
{
	for (size_t i = 0; i < msg->slot_count; i++) {
		struct wsip_span value = wsip_msg_header_at(msg, i).value;

		if (!nuls_are_quoted(value))
			note(msg, 400, "NUL In Header Field", value.data - msg->buf->data);
	}
}

/* What is longer is refused for that, whatever it holds. */
static uint32_t bytes_to_slice(const struct wsip_buf *buf)
{
	return buf->used < WSIP_MESSAGE_MAX_BYTES ? buf->used : WSIP_MESSAGE_MAX_BYTES;
}

enum wsip_err wsip_msg_parse(struct wsip_msg *msg, struct wsip_buf *buf)
{
	const unsigned char *data = (const unsigned char *)buf->data;
	const unsigned char *p = data;
	const unsigned char *pe = p + bytes_to_slice(buf);
	const unsigned char *mark = p, *start_mark = p, *version_mark = p;
	const unsigned char *eof = NULL; /* a message that ends early is told by slicer.complete */
	struct slicer slicer = { .msg = msg, .data = data };
	int cs;

	wsip_msg_init(msg);
	msg->buf = wsip_buf_ref(buf);
	if (buf->used > WSIP_MESSAGE_MAX_BYTES)
		note(msg, 513, "Message Too Large", WSIP_MESSAGE_MAX_BYTES);
	%% write init;
	%% write exec;
	(void)cs;
	if (slicer.err)
		return slicer.err;
	if (slicer.nul)
		check_nuls(msg);
	if (!slicer.complete)
		note(msg, 400, "No End Of Headers", pe - data);
	if (slicer.complete)
		msg->body = piece(data, p, pe);
	if (msg->is_request)
		msg->method = (uint8_t)wsip_method_of(wsip_msg_piece(msg, msg->method_text));
	return msg->slot_count || msg->start.size ? WSIP_OK : WSIP_ERR_SYNTAX;
}
