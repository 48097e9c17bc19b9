/* SPDX-License-Identifier: MIT
 * Bytes -> struct wsip_msg: the start line and the header lines, sliced (RFC 3261 7, 25.1). A line
 * that breaks the grammar is noted and passed over.
 */
#include <string.h>

#include "parser/msg.h"
#include "parser/scan.h"
#include "parser/span_between.h"

struct slicer {
	struct wsip_msg *msg;
	const unsigned char *data;
	uint32_t name_start;
	uint32_t name_end;
	uint32_t value_start;
	uint32_t line_end; /* of the last complete line of the field; 0: there is none yet */
	int nul;           /* the field holds a NUL */
	enum wsip_err err;
	int complete; /* the empty line behind the headers was seen */
};

%%{
	machine wsip_message;
	include sip_basic "grammar/basic.rl";
	include sip_message "grammar/message.rl";

	action mark { mark = p; }
	action start_mark { start_mark = p; }
	action method { msg->method_text = piece(data, mark, p); }
	action request_uri { msg->request_uri = piece(data, mark, p); }
	action version { msg->version = piece(data, version_mark, p); }
	action version_mark { version_mark = p; }
	action status { msg->status = number3(mark); }
	action reason { msg->reason = piece(data, mark, p); }
	action request { msg->is_request = 1; }
	action start_line { msg->start = piece(data, start_mark, p + 1); fgoto headers; }

	action name_start { end_field(&slicer); slicer.name_start = (uint32_t)(p - data); }
	action name_end { slicer.name_end = (uint32_t)(p - data); }
	action value_start { slicer.value_start = (uint32_t)(p + 1 - data); }
	# The rest of the line holds nothing that the machine would stop at.
	action scan { p = wsip_scan_line(p, pe) - 1; }
	action nul { slicer.nul = 1; }
	action line { slicer.line_end = (uint32_t)(p + 1 - data); }
	action end { end_field(&slicer); slicer.complete = 1; fbreak; }

	action bad_start { note(msg, 400, "Bad Start Line", p - data); fhold; fgoto skip_line; }
	action bad_header { note(msg, 400, "Bad Header Field", p - data); fhold; fgoto skip_line; }
	action next_line { fgoto headers; }

	Request_Line = token >mark %method " " Request_URI >mark %request_uri " "
		SIP_Version >version_mark %version CRLF @request;
	Status_Line = SIP_Version >version_mark %version " " Status_Code >mark %status " "
		Reason_Phrase >mark %reason CRLF;

	value_part = ( text @scan | 0 @nul )*;
	message_header = header_name >name_start %name_end WSP* ":" @value_start
		value_part CRLF @line ( WSP value_part CRLF @line )*;

	skip_line := ( any - "\n" )* "\n" @next_line;
	headers := ( message_header* CRLF @end ) $!bad_header;
	main := CRLF* ( ( Request_Line | Status_Line ) >start_mark ) @start_line $!bad_start;

	write data noerror noentry nofinal;
}%%

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

static void trim_value(const unsigned char *data, struct wsip_header_slot *slot)
{
	struct wsip_span value = wsip_span_trim((struct wsip_span){
		(const char *)data + slot->value, slot->value_bytes });

	slot->value = (uint32_t)(value.data - (const char *)data);
	slot->value_bytes = (uint32_t)value.size;
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

/* The field before this, with all its folded lines, is complete. */
static void end_field(struct slicer *slicer)
{
	struct wsip_msg *msg = slicer->msg;
	struct wsip_header_slot *slot;

	if (slicer->line_end == 0)
		return;
	if (msg->slot_count == WSIP_HEADERS_MAX ||
		slicer->name_end - slicer->name_start > UINT16_MAX) {
		note(msg, 400, "Too Many Header Fields", slicer->name_start);
		return;
	}
	slot = wsip_msg_insert_slot(msg, msg->slot_count);
	if (!slot) {
		slicer->err = WSIP_ERR_MEMORY;
		return;
	}
	slot->line = slicer->name_start;
	slot->line_bytes = slicer->line_end - slicer->name_start;
	slot->name_bytes = (uint16_t)(slicer->name_end - slicer->name_start);
	slot->value = slicer->value_start;
	slot->value_bytes = slicer->line_end - slicer->value_start;
	slot->id = (uint8_t)wsip_header_id_of((struct wsip_span){
		(const char *)slicer->data + slot->line, slot->name_bytes });
	trim_value(slicer->data, slot);
	if (slicer->nul && !nuls_are_quoted((struct wsip_span){
			(const char *)slicer->data + slot->value, slot->value_bytes }))
		note(msg, 400, "NUL In Header Field", slot->value);
	slicer->line_end = 0;
	slicer->nul = 0;
}

enum wsip_err wsip_msg_parse(struct wsip_msg *msg, struct wsip_buf *buf)
{
	const unsigned char *data = (const unsigned char *)buf->data;
	const unsigned char *p = data;
	const unsigned char *pe = p + buf->used;
	const unsigned char *mark = p, *start_mark = p, *version_mark = p;
	const unsigned char *eof = NULL; /* a message that ends early is told by slicer.complete */
	struct slicer slicer = { .msg = msg, .data = data };
	int cs;

	memset(msg, 0, offsetof(struct wsip_msg, inline_slots));
	msg->slots = msg->inline_slots;
	msg->slot_room = WSIP_SLOTS_INLINE;
	msg->buf = wsip_buf_ref(buf);
	%% write init;
	%% write exec;
	(void)cs;
	if (slicer.err)
		return slicer.err;
	end_field(&slicer);
	if (!slicer.complete)
		note(msg, 400, "No End Of Headers", pe - data);
	if (slicer.complete)
		msg->body = piece(data, p, pe);
	if (msg->is_request)
		msg->method = (uint8_t)wsip_method_of(wsip_msg_piece(msg, msg->method_text));
	return msg->slot_count || msg->start.size ? WSIP_OK : WSIP_ERR_SYNTAX;
}
