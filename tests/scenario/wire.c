/* SPDX-License-Identifier: MIT */
#include "tests/scenario/wire.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Longer than any timer runs, and than any chain of attempts. */
#define RUN_OUT_MS (4u * 3600 * 1000)

/* ---- Opening and closing ---- */

static enum wsip_err send_message(void *self, const struct wsip_flow *flow, struct wsip_buf *bytes,
	uint64_t ticket);

static const struct wsip_sender_ops sender = { .send = send_message };

static enum wsip_err find_targets(void *self, const struct wsip_core *core,
	const struct wsip_msg *request, struct wsip_route *route)
{
	struct wire *wire = self;
	enum wsip_err err = wire->source_err;

	(void)core;
	(void)request;
	for (size_t i = 0; i < WIRE_TARGETS_MAX && wire->targets[i] && !err; i++)
		err = wsip_route_add(route, wsip_span_of(wire->targets[i]), wire->use, NULL);
	return err;
}

static void handle(struct wsip_request *request, void *user)
{
	struct wire *wire = user;

	wire->handled++;
	if (wire->on_request)
		wire->on_request(request, wire);
	else
		wsip_relay(request, &wire->relay);
}

static enum wsip_err note_resumption(void *self, const struct wsip_resumption *resumption)
{
	struct wire *wire = self;

	if (wire->posted.resume)
		return WSIP_ERR_LIMIT;
	wire->posted = *resumption;
	return WSIP_OK;
}

static const struct wsip_post_ops post = { .post = note_resumption };

static struct wsip_addr address_of(const char *text)
{
	const char *colon = strrchr(text, ':');
	struct wsip_addr addr;

	if (wsip_addr_parse_ip((struct wsip_span){ text, (size_t)(colon - text) }, &addr))
		cr_assert_fail("not an address: %s", text);
	addr.port = (uint16_t)atoi(colon + 1);
	return addr;
}

static void set_listener(struct wsip_listener *listener, enum wsip_transport transport,
	const char *address)
{
	listener->transport = transport;
	listener->addr = address_of(address);
	listener->text_bytes = wsip_addr_text(&listener->addr, listener->text);
}

/* The timers of RFC 3261 table 4. */
static struct wsip_core_options options_for(struct wire *wire)
{
	return (struct wsip_core_options){
		.timing = { .t1_ms = 500, .t2_ms = 4000, .t4_ms = 5000, .timer_d_ms = 32000 },
		.timer_c_ms = 181000,
		.secret = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 },
		.sender = &sender,
		.sender_self = wire,
		.listeners = wire->listeners,
		.listener_count = WIRE_LISTENERS,
		.aliases = &wire->alias,
		.alias_count = 1,
		.sources = &wire->source,
		.source_count = 1,
		.post = &post,
		.post_self = wire,
		.on_request = handle,
		.user = wire,
		.now_ms = wire->start_ms,
	};
}

struct wire *wire_open(void)
{
	struct wire *wire = calloc(1, sizeof(*wire));
	struct wsip_core_options options;

	cr_assert_not_null(wire);
	set_listener(&wire->listeners[WIRE_LISTENER_UDP], WSIP_UDP, "10.0.0.1:5060");
	set_listener(&wire->listeners[WIRE_LISTENER_TCP], WSIP_TCP, "10.0.0.1:5060");
	set_listener(&wire->listeners[WIRE_LISTENER_LOOPBACK], WSIP_UDP, "127.0.0.1:5060");
	wire->source = (struct wsip_route_source){ "wire", find_targets, wire };
	wire->targets[0] = "sip:" WIRE_CALLEE;
	wire->alias.host = wsip_span_of("proxy.example.org");
	wire->relay.user = wire;
	wire->start_ms = 1000003;
	wire->context = "";
	options = options_for(wire);
	cr_assert_eq(wsip_core_init(&wire->core, &options), WSIP_OK);
	return wire;
}

static void call_hook(struct wire *wire, void (*hook)(struct wire *wire))
{
	if (hook)
		hook(wire);
}

static void advance(struct wire *wire, uint64_t now_ms)
{
	call_hook(wire, wire->enter_core);
	wsip_core_advance(&wire->core, now_ms);
	call_hook(wire, wire->leave_core);
}

void wire_run_out(struct wire *wire)
{
	uint64_t next_ms;

	while ((next_ms = wsip_core_next_ms(&wire->core)) != WSIP_TIMER_NEVER) {
		if (next_ms > wire->start_ms + RUN_OUT_MS)
			cr_assert_fail("%s: timers run for ever", wire->context);
		advance(wire, next_ms);
	}
}

const char *wire_leftovers(struct wire *wire)
{
	const struct wsip_core *core = &wire->core;
	const struct {
		const char *what;
		size_t count;
	} counts[] = {
		{ "unanswered", core->unanswered },
		{ "transactions", core->tx.pool.in_use },
		{ "clients", core->tx.clients.count },
		{ "servers", core->tx.servers.count },
		{ "requests", core->requests.in_use },
		{ "branches", core->branches.in_use },
		{ "messages", core->msgs.in_use },
		{ "buffers", core->bufs.in_use },
		{ "timers", core->timers.running },
	};
	const char *leftovers = "";

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (counts[i].count > 0)
			leftovers = wire_print(wire, "%s%s%zu %s", leftovers,
				leftovers[0] ? " " : "", counts[i].count, counts[i].what);
	}
	return leftovers;
}

void wire_cut(struct wire *wire)
{
	wsip_core_finish(&wire->core);
	free(wire);
}

/* Of LeakSanitizer, where it is linked in: what was lost outside the pools. */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

void wire_expect_no_leak(void)
{
	if (__lsan_do_recoverable_leak_check)
		cr_expect_eq(__lsan_do_recoverable_leak_check(), 0, "memory was lost");
}

void wire_close(struct wire *wire)
{
	wire_run_out(wire);
	cr_assert_str_empty(wire_leftovers(wire), "%s: left: %s", wire->context,
		wire_leftovers(wire));
	wire_cut(wire);
	wire_expect_no_leak();
}

const char *wire_print(struct wire *wire, const char *format, ...)
{
	char *text = wire->store + wire->stored;
	size_t room = sizeof(wire->store) - wire->stored;
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, room, format, arguments);
	va_end(arguments);
	if (size < 0 || (size_t)size >= room)
		cr_assert_fail("the wire's store is full");
	wire->stored += (size_t)size + 1;
	return text;
}

/* ---- Time ---- */

uint64_t wire_now(const struct wire *wire)
{
	return wire->core.timers.now_ms - wire->start_ms;
}

void wire_advance_to(struct wire *wire, uint64_t at_ms)
{
	uint64_t until_ms = wire->start_ms + at_ms;

	while (wsip_core_next_ms(&wire->core) <= until_ms)
		advance(wire, wsip_core_next_ms(&wire->core));
	advance(wire, until_ms);
}

/* ---- What comes in ---- */

static const char *or_default(const char *text, const char *fallback)
{
	return text ? text : fallback;
}

struct wsip_flow wire_flow(enum wsip_transport transport, const char *remote)
{
	struct wsip_flow flow = { .remote = address_of(remote), .transport = (uint8_t)transport };

	if (transport == WSIP_TCP) {
		flow.listener = WIRE_LISTENER_TCP;
		flow.connection = 1000 + flow.remote.port;
	} else if (wsip_addr_is_loopback(&flow.remote)) {
		flow.listener = WIRE_LISTENER_LOOPBACK;
	}
	return flow;
}

void wire_receive(struct wire *wire, enum wsip_transport transport, const char *source,
	const char *text)
{
	struct wsip_flow flow = wire_flow(transport, source);
	struct wsip_buf *buf = wsip_buf_get(&wire->core.bufs, strlen(text));

	cr_assert_not_null(buf);
	memcpy(buf->data, text, strlen(text));
	buf->used = (uint32_t)strlen(text);
	call_hook(wire, wire->enter_core);
	wsip_core_receive(&wire->core, buf, &flow, NULL);
	wsip_core_advance(&wire->core, wire->core.timers.now_ms);
	call_hook(wire, wire->leave_core);
}

static const char *default_via(const struct wire_request *request)
{
	return request->transport == WSIP_TCP ? "SIP/2.0/TCP 10.0.0.2:5060;branch=z9hG4bK-caller"
					      : "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-caller";
}

const char *wire_request_text(struct wire *wire, const struct wire_request *request)
{
	const char *method = or_default(request->method, "INVITE");
	const char *max_forwards = or_default(request->max_forwards, "70");
	const char *body = or_default(request->body, "");

	return wire_print(wire,
		"%s %s SIP/2.0\r\nVia: %s\r\n%s%s%s%s"
		"From: \"Alice\" <sip:alice@example.com>;tag=caller\r\nTo: %s\r\n"
		"Call-ID: %s\r\nCSeq: %u %s\r\nContact: <sip:alice@" WIRE_CALLER ">\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		method, or_default(request->uri, "sip:bob@10.0.0.1"),
		or_default(request->via, default_via(request)),
		max_forwards[0] ? "Max-Forwards: " : "", max_forwards,
		max_forwards[0] ? "\r\n" : "", or_default(request->headers, ""),
		or_default(request->to, "<sip:bob@example.org>"),
		or_default(request->call_id, "call-1"), request->cseq ? request->cseq : 1, method,
		strlen(body), body);
}

void wire_request(struct wire *wire, const struct wire_request *request)
{
	wire_receive(wire, request->transport, or_default(request->source, WIRE_CALLER),
		wire_request_text(wire, request));
}

const struct wire_sent *wire_invite(struct wire *wire)
{
	wire_request(wire, &(struct wire_request){ 0 });
	return wire_last(wire, "INVITE", NULL);
}

void wire_ack_rejection(struct wire *wire, const struct wire_request *invite,
	const struct wire_sent *response)
{
	struct wire_request ack = *invite;

	ack.method = "ACK";
	ack.to = wire_header(wire, response, "To", 0);
	wire_request(wire, &ack);
}

/* All lines of one header, as they stand in the request. */
static const char *same_lines(struct wire *wire, const struct wire_sent *request, const char *name)
{
	const char *lines = "", *value;

	for (size_t i = 0; (value = wire_header(wire, request, name, i)); i++)
		lines = wire_print(wire, "%s%s: %s\r\n", lines, name, value);
	return lines;
}

static const char *to_with_tag(struct wire *wire, const struct wire_sent *request,
	const struct wire_reply *reply)
{
	const char *to = wire_header(wire, request, "To", 0);

	if (reply->status == 100 || strstr(to, ";tag="))
		return to;
	return wire_print(wire, "%s;tag=%s", to, or_default(reply->to_tag, "callee"));
}

const char *wire_reply_text(struct wire *wire, const struct wire_sent *request,
	const struct wire_reply *reply)
{
	bool in_dialog = reply->status > 100 && reply->status < 300;

	return wire_print(wire,
		"SIP/2.0 %u Whatever\r\n%s%sFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\n"
		"CSeq: %s\r\n%s%sContent-Length: 0\r\n\r\n",
		reply->status, same_lines(wire, request, "Via"),
		in_dialog ? same_lines(wire, request, "Record-Route") : "",
		wire_header(wire, request, "From", 0), to_with_tag(wire, request, reply),
		wire_header(wire, request, "Call-ID", 0), wire_header(wire, request, "CSeq", 0),
		in_dialog ? wire_print(wire, "Contact: <sip:bob@%s>\r\n", request->to) : "",
		or_default(reply->headers, ""));
}

void wire_reply_with(struct wire *wire, const struct wire_sent *request,
	const struct wire_reply *reply)
{
	if (request)
		wire_receive(wire, (enum wsip_transport)request->flow.transport, request->to,
			wire_reply_text(wire, request, reply));
}

void wire_reply(struct wire *wire, const struct wire_sent *request, unsigned int status)
{
	wire_reply_with(wire, request, &(struct wire_reply){ .status = status });
}

/* ---- What went out ---- */

static bool is_broken(const struct wire *wire, const char *address)
{
	for (size_t i = 0; i < WIRE_BROKEN_MAX; i++) {
		if (strcmp(wire->broken[i], address) == 0)
			return true;
	}
	return false;
}

static void record(struct wire *wire, const struct wsip_flow *flow, const struct wsip_buf *bytes,
	uint64_t ticket)
{
	struct wire_sent *sent = &wire->sent[wire->sent_count];

	if (wire->sent_count == WIRE_SENT_MAX)
		cr_assert_fail("%s: too much was sent", wire->context);
	*sent = (struct wire_sent){
		.at_ms = wire_now(wire), .size = bytes->used, .flow = *flow, .ticket = ticket
	};
	sent->text = wire_print(wire, "%.*s", (int)bytes->used, bytes->data);
	wsip_addr_text(&flow->remote, sent->to);
	wire->sent_count++;
}

static enum wsip_err send_message(void *self, const struct wsip_flow *flow, struct wsip_buf *bytes,
	uint64_t ticket)
{
	struct wire *wire = self;
	char address[WSIP_ADDR_TEXT_BYTES];
	enum wsip_err err = WSIP_OK;

	call_hook(wire, wire->leave_core);
	wsip_addr_text(&flow->remote, address);
	if (is_broken(wire, address)) {
		wire->refused++;
		err = WSIP_ERR_UNREACHABLE;
	} else {
		record(wire, flow, bytes, ticket);
	}
	call_hook(wire, wire->enter_core);
	return err;
}

/* The method or the status. */
static struct wsip_span first_word(const struct wire_sent *sent)
{
	const char *word = strncmp(sent->text, "SIP/2.0 ", 8) == 0 ? sent->text + 8 : sent->text;

	return (struct wsip_span){ word, strcspn(word, " ") };
}

static bool matches(const struct wire_sent *sent, const char *what, const char *to)
{
	return wsip_span_is(first_word(sent), what) && (!to || strcmp(sent->to, to) == 0);
}

const struct wire_sent *wire_find(const struct wire *wire, const char *what, const char *to,
	size_t index)
{
	for (size_t i = 0; i < wire->sent_count; i++) {
		if (matches(&wire->sent[i], what, to) && index-- == 0)
			return &wire->sent[i];
	}
	return NULL;
}

size_t wire_count(const struct wire *wire, const char *what, const char *to)
{
	size_t count = 0;

	while (wire_find(wire, what, to, count))
		count++;
	return count;
}

const struct wire_sent *wire_last(const struct wire *wire, const char *what, const char *to)
{
	size_t count = wire_count(wire, what, to);

	return count > 0 ? wire_find(wire, what, to, count - 1) : NULL;
}

const char *wire_times(struct wire *wire, const char *what, const char *to)
{
	const struct wire_sent *sent;
	const char *times = "";

	for (size_t i = 0; (sent = wire_find(wire, what, to, i)); i++)
		times = wire_print(wire, "%s%s%llu", times, i > 0 ? " " : "",
			(unsigned long long)sent->at_ms);
	return times;
}

const char *wire_story(struct wire *wire, size_t since)
{
	const char *story = "";

	for (size_t i = since; i < wire->sent_count; i++) {
		struct wsip_span word = first_word(&wire->sent[i]);

		story = wire_print(wire, "%s%s%.*s", story, i > since ? " " : "", (int)word.size,
			word.data);
	}
	return story;
}

const char *wire_start_line(struct wire *wire, const struct wire_sent *sent)
{
	return wire_print(wire, "%.*s", (int)strcspn(sent->text, "\r"), sent->text);
}

const char *wire_header(struct wire *wire, const struct wire_sent *sent, const char *name,
	size_t index)
{
	size_t name_bytes = strlen(name);
	const char *line = strstr(sent->text, "\r\n");

	for (; line && strncmp(line, "\r\n\r\n", 4) != 0; line = strstr(line + 2, "\r\n")) {
		const char *value = line + 2 + name_bytes;

		if (strncasecmp(line + 2, name, name_bytes) != 0 || value[0] != ':' || index-- > 0)
			continue;
		value += 1 + strspn(value + 1, " ");
		return wire_print(wire, "%.*s", (int)strcspn(value, "\r"), value);
	}
	return NULL;
}

size_t wire_header_count(struct wire *wire, const struct wire_sent *sent, const char *name)
{
	size_t count = 0;

	while (wire_header(wire, sent, name, count))
		count++;
	return count;
}

const char *wire_branch(struct wire *wire, const struct wire_sent *sent)
{
	const char *branch = strstr(wire_header(wire, sent, "Via", 0), ";branch=") + 8;

	return wire_print(wire, "%.*s", (int)strcspn(branch, ";,"), branch);
}

/* ---- Suspension ---- */

void wire_resume(struct wire *wire)
{
	struct wsip_resumption posted = wire->posted;

	wire->posted.resume = NULL;
	call_hook(wire, wire->enter_core);
	wsip_core_resume(&wire->core, &posted);
	wsip_core_advance(&wire->core, wire->core.timers.now_ms);
	call_hook(wire, wire->leave_core);
}

/* ---- Trouble ---- */

void wire_break(struct wire *wire, const char *address)
{
	for (size_t i = 0; i < WIRE_BROKEN_MAX; i++) {
		if (!wire->broken[i][0]) {
			snprintf(wire->broken[i], sizeof(wire->broken[i]), "%s", address);
			return;
		}
	}
	cr_assert_fail("too many broken addresses");
}

void wire_mend(struct wire *wire)
{
	memset(wire->broken, 0, sizeof(wire->broken));
}
