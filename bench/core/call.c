/* SPDX-License-Identifier: MIT */
#include "bench/core/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SDP                                                                                   \
	"v=0\r\no=caller 53655765 2353687637 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\n" \
	"t=0 0\r\nm=audio 6000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\n"                   \
	"a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"    \
	"a=ptime:20\r\na=sendrecv\r\n"

__attribute__((format(printf, 2, 3))) static struct wsip_buf *write_text(struct wsip_buf_pool *pool,
	const char *format, ...)
{
	char text[1600];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return wsip_buf_of(pool, text, (size_t)size);
}

struct wsip_buf *call_invite(struct wsip_buf_pool *pool, unsigned int number)
{
	return write_text(pool,
		"INVITE sip:bench@" CALLEE " SIP/2.0\r\n"
		"Via: SIP/2.0/UDP " CALLER ";branch=z9hG4bKi%08x;rport\r\n"
		"Max-Forwards: 70\r\n"
		"From: \"Bench\" <sip:caller@" CALLER ">;tag=a%08x\r\n"
		"To: <sip:bench@" CALLEE ">\r\n"
		"Call-ID: %08x-5c1f@" CALLER "\r\n"
		"CSeq: 1 INVITE\r\n"
		"Contact: <sip:caller@" CALLER ">\r\n"
		"User-Agent: wiresip-bench\r\n"
		"Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE\r\n"
		"Supported: timer, replaces\r\n"
		"Content-Type: application/sdp\r\n"
		"Content-Length: %zu\r\n\r\n" SDP,
		number, number, number, sizeof(SDP) - 1);
}

static struct wsip_buf *within_dialog(struct wsip_buf_pool *pool, unsigned int number,
	const char *method, unsigned int cseq)
{
	return write_text(pool,
		"%s sip:bench@" CALLEE " SIP/2.0\r\n"
		"Via: SIP/2.0/UDP " CALLER ";branch=z9hG4bK%c%08x;rport\r\n"
		"Max-Forwards: 70\r\n"
		"Route: <sip:" PROXY ";lr>\r\n"
		"From: \"Bench\" <sip:caller@" CALLER ">;tag=a%08x\r\n"
		"To: <sip:bench@" CALLEE ">;tag=b\r\n"
		"Call-ID: %08x-5c1f@" CALLER "\r\n"
		"CSeq: %u %s\r\n"
		"Content-Length: 0\r\n\r\n",
		method, method[0], number, number, number, cseq, method);
}

struct wsip_buf *call_ack(struct wsip_buf_pool *pool, unsigned int number)
{
	return within_dialog(pool, number, "ACK", 1);
}

struct wsip_buf *call_bye(struct wsip_buf_pool *pool, unsigned int number)
{
	return within_dialog(pool, number, "BYE", 2);
}

static void append(struct wsip_buf *buf, const char *bytes, size_t size)
{
	memcpy(buf->data + buf->used, bytes, size);
	buf->used += (uint32_t)size;
}

/* Of the request a response repeats these (RFC 3261 8.2.6.2). */
static int is_repeated(const char *line)
{
	static const char *const names[] = {
		"Via:", "Record-Route:", "From:", "To:", "Call-ID:", "CSeq:"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strncmp(line, names[i], strlen(names[i])) == 0)
			return 1;
	}
	return 0;
}

static void repeat_line(struct wsip_buf *answer, const char *line, const char *end)
{
	append(answer, line, (size_t)(end - line));
	if (strncmp(line, "To:", 3) == 0 && !memmem(line, (size_t)(end - line), ";tag=", 5))
		append(answer, ";tag=b", 6);
	append(answer, "\r\n", 2);
}

struct wsip_buf *call_answer(struct wsip_buf_pool *pool, const struct wsip_buf *request,
	const char *status_line)
{
	static const char with_sdp[] = "Contact: <sip:bench@" CALLEE ">\r\n"
				       "Content-Type: application/sdp\r\nContent-Length: ";
	const char *line = request->data, *last = request->data + request->used, *end;
	struct wsip_buf *answer = wsip_buf_get(pool, 1600);
	char length[16];

	if (!answer)
		return NULL;
	append(answer, status_line, strlen(status_line));
	while ((end = memmem(line, (size_t)(last - line), "\r\n", 2)) && end != line) {
		if (is_repeated(line))
			repeat_line(answer, line, end);
		line = end + 2;
	}
	if (strstr(status_line, " 200 ") && request->data[0] == 'I') {
		append(answer, with_sdp, sizeof(with_sdp) - 1);
		snprintf(length, sizeof(length), "%zu\r\n\r\n", sizeof(SDP) - 1);
		append(answer, length, strlen(length));
		append(answer, SDP, sizeof(SDP) - 1);
	} else {
		append(answer, "Content-Length: 0\r\n\r\n", 21);
	}
	return answer;
}
