/* SPDX-License-Identifier: MIT
 * The core on a virtual clock, driven by bytes: requests, responses to what was sent, CANCEL, ACK,
 * time, send errors, and a handler that decides anything. Whatever happens, after the last timer
 * nothing may be left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "registrar/registrar.h"
#include "router/targets.h"

#define SENT_KEPT     16
#define MESSAGE_BYTES 4096
#define LAST_TIMER_MS 1000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sent {
	char *data;
	size_t size;
	struct wsip_flow flow;
	uint64_t ticket;
};

struct world {
	const uint8_t *input;
	size_t input_bytes;
	struct wsip_core core;
	struct wsip_listener listeners[2];
	struct wsip_bindings *bindings;
	struct wsip_targets targets;
	struct wsip_route_source sources[2];
	uint64_t now_ms;
	struct sent sent[SENT_KEPT];
	unsigned int sent_count;
	bool sends_fail;
};

static uint8_t next_byte(struct world *world)
{
	if (world->input_bytes == 0)
		return 0;
	world->input_bytes--;
	return *world->input++;
}

/* One of the strings of a NULL-ended table. */
static const char *next_of(struct world *world, const char *const *table)
{
	size_t count = 0;

	while (table[count])
		count++;
	return table[next_byte(world) % count];
}

static enum wsip_err send_bytes(void *self, const struct wsip_flow *flow, struct wsip_buf *bytes,
	uint64_t ticket)
{
	struct world *world = self;
	struct sent *sent = &world->sent[world->sent_count++ % SENT_KEPT];

	free(sent->data);
	sent->data = malloc(bytes->used);
	memcpy(sent->data, bytes->data, bytes->used);
	sent->size = bytes->used;
	sent->flow = *flow;
	sent->ticket = ticket;
	return world->sends_fail && world->sent_count % 3 == 0 ? WSIP_ERR_UNREACHABLE : WSIP_OK;
}

static const struct wsip_sender_ops sender_ops = { .send = send_bytes };

static enum wsip_verdict on_response(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	switch (next_byte(user) % 10) {
	case 9:
		return WSIP_RECURSE;
	case 0:
		return WSIP_DROP;
	case 1:
		return WSIP_NEXT;
	case 2:
		return WSIP_DECIDED;
	case 3:
		return wsip_relay_retry(relay, "sip:127.0.0.9:5070");
	case 4:
		return wsip_relay_retry(relay, "sip:127.0.0.9;transport=tcp");
	case 5:
		return wsip_relay_answer(relay, 486, NULL);
	case 6:
		return wsip_relay_answer(relay, 183, NULL);
	case 7:
		(void)!wsip_msg_set(response, "X-Seen", wsip_span_of("1"));
		(void)wsip_relay_retry(relay, "sip:127.0.0.9");
		return WSIP_FORWARD;
	default:
		return WSIP_FORWARD;
	}
}

static void go_on(struct wsip_request *request, void *user)
{
	if (request)
		wsip_relay(request,
			&(struct wsip_relay_options){ .on_response = on_response, .user = user });
}

static enum wsip_err post_nothing(void *self, const struct wsip_resumption *resumption)
{
	(void)self;
	(void)resumption;
	return WSIP_ERR_LIMIT;
}

static const struct wsip_post_ops post_ops = { .post = post_nothing };

static void fork_to_all(struct world *world, struct wsip_relay_options *options)
{
	static const struct wsip_relay_target targets[] = { { "sip:127.0.0.3", 500 },
		{ "sip:127.0.0.4", 500 }, { "sip:127.0.0.5;transport=tcp", 100 },
		{ "sip:nowhere.example.org", 100 } };

	options->targets = targets;
	options->target_count = sizeof(targets) / sizeof(targets[0]);
	options->fork = (enum wsip_fork)(next_byte(world) % 3);
}

static void on_request(struct wsip_request *request, void *user)
{
	struct world *world = user;
	struct wsip_relay_options options = { .on_response = on_response, .user = world };

	if (wsip_msg_method(wsip_request_msg(request)) == WSIP_REGISTER) {
		wsip_registrar_answer(world->bindings, request);
		return;
	}
	switch (next_byte(world) % 9) {
	case 6:
		fork_to_all(world, &options);
		break;
	case 7:
		(void)wsip_request_resume_after(request, next_byte(world), go_on, world);
		return;
	case 8:
		(void)!wsip_resume(wsip_request_suspend(request), go_on, world);
		return;
	case 0:
		return;
	case 1:
		wsip_request_answer(request, 200, NULL);
		return;
	case 2:
		options.destination = "sip:127.0.0.3";
		break;
	case 3:
		wsip_relay(request, &options);
		wsip_request_answer(request, 500, NULL);
		break;
	default:
		break;
	}
	wsip_relay(request, &options);
}

static void receive(struct world *world, const char *data, size_t size,
	const struct wsip_flow *flow)
{
	struct wsip_buf *buf = wsip_buf_get(&world->core.bufs, size);

	memcpy(buf->data, data, size);
	buf->used = (uint32_t)size;
	wsip_core_receive(&world->core, buf, flow, NULL);
}

static struct wsip_flow caller_flow(bool tcp)
{
	return (struct wsip_flow){
		.remote = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 2 }, .port = 7000 },
		.listener = tcp ? 1 : 0,
		.transport = tcp ? WSIP_TCP : WSIP_UDP,
		.connection = tcp ? 5 : 0,
	};
}

static void receive_request(struct world *world)
{
	static const char *const methods[] = { "INVITE", "INVITE", "ACK", "CANCEL", "BYE",
		"REGISTER", "OPTIONS", "FOO", NULL };
	static const char *const uris[] = { "sip:al@127.0.0.1:5060", "sip:bob@127.0.0.4:5070",
		"sip:x@127.0.0.1", "tel:1", "sip:u@127.0.0.4:2;transport=tcp", "sip:127.0.0.1;lr",
		NULL };
	static const char *const vias[] = { "127.0.0.2:7000;branch=z9hG4bK1",
		"127.0.0.2:7000;branch=z9hG4bK2;rport", "h;branch=1", "127.0.0.2;branch=z9hG4bK",
		"h;received=1.1.1.1;branch=z9hG4bK3;x=\"a;b\"", NULL };
	static const char *const extras[] = { "", "Route: <sip:127.0.0.1;lr>\r\n",
		"Route: <sip:127.0.0.1:5060;lr>, <sip:127.0.0.8;lr>\r\n",
		"Route: <sip:127.0.0.8>\r\nRoute: <sip:q@127.0.0.9;lr>\r\n",
		"Contact: <sip:al@127.0.0.5:1>;q=0.3,<sip:al@127.0.0.6:1;transport=tcp>\r\n",
		"Contact: *\r\nExpires: 0\r\n", "Max-Forwards: 0\r\n",
		"Proxy-Require: a,\r\n b\r\n", NULL };
	static const char *const to_params[] = { "", ";tag=t", NULL };
	const char *method = next_of(world, methods);
	uint8_t odd = next_byte(world);
	struct wsip_flow flow = caller_flow(odd & 1);
	char text[MESSAGE_BYTES];
	int size = snprintf(text, sizeof(text),
		"%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s\r\n%sFrom: <sip:a@b>;tag=f\r\n"
		"To: <sip:al@127.0.0.1:5060>%s\r\nCall-ID: c%u\r\nCSeq: %u %s\r\n"
		"Content-Length: 0\r\n\r\n",
		method, next_of(world, uris), next_of(world, vias), next_of(world, extras),
		next_of(world, to_params), odd >> 1 & 3, 1 + (odd >> 3 & 1), method);

	if (odd >> 4 == 15)
		text[(size_t)size * next_byte(world) / 256] = (char)next_byte(world);
	receive(world, text, (size_t)size, &flow);
}

/* What a user agent answers to the request in `sent`: its Via, From, To, Call-ID and CSeq. */
static void receive_response(struct world *world)
{
	static const unsigned int statuses[] = { 100, 180, 183, 200, 202, 302, 404, 408, 486, 487,
		500, 503, 600 };
	const struct sent *sent = &world->sent[next_byte(world) % SENT_KEPT];
	uint8_t choice = next_byte(world);
	char text[2 * MESSAGE_BYTES];
	struct wsip_buf *buf;
	struct wsip_msg *msg;
	int size;

	if (!sent->data || sent->size > MESSAGE_BYTES)
		return;
	size = snprintf(text, sizeof(text), "SIP/2.0 %u X\r\n",
		statuses[choice % (sizeof(statuses) / sizeof(statuses[0]))]);
	buf = wsip_buf_get(&world->core.bufs, sent->size);
	msg = calloc(1, sizeof(*msg));
	memcpy(buf->data, sent->data, sent->size);
	buf->used = (uint32_t)sent->size;
	if (wsip_msg_parse(msg, buf) == WSIP_OK && wsip_msg_is_request(msg)) {
		for (size_t i = 0; i < wsip_msg_header_count(msg); i++) {
			struct wsip_header header = wsip_msg_header_at(msg, i);

			if (header.id == WSIP_ROUTE || header.id == WSIP_CONTENT_LENGTH)
				continue;
			size += snprintf(text + size, sizeof(text) - (size_t)size,
				"%.*s: %.*s%s\r\n", (int)header.name.size, header.name.data,
				(int)header.value.size, header.value.data,
				header.id == WSIP_TO && choice & 128 ? ";tag=z" : "");
		}
		size += snprintf(text + size, sizeof(text) - (size_t)size, "\r\n");
		receive(world, text, (size_t)size, &sent->flow);
	}
	wsip_msg_finish(msg);
	free(msg);
	wsip_buf_unref(buf);
}

static void give_back(struct world *world)
{
	const struct sent *sent = &world->sent[next_byte(world) % SENT_KEPT];
	struct wsip_buf *buf;

	if (!sent->data)
		return;
	buf = wsip_buf_get(&world->core.bufs, sent->size);
	memcpy(buf->data, sent->data, sent->size);
	buf->used = (uint32_t)sent->size;
	wsip_core_refused(&world->core, buf);
	wsip_buf_unref(buf);
}

static void step(struct world *world)
{
	uint64_t next_ms = wsip_core_next_ms(&world->core);

	switch (next_byte(world) % 12) {
	case 0:
		world->now_ms += next_byte(world) * 100u;
		break;
	case 1:
		if (next_ms != WSIP_TIMER_NEVER && next_ms > world->now_ms)
			world->now_ms = next_ms;
		break;
	case 2:
		wsip_core_send_failed(&world->core,
			world->sent[next_byte(world) % SENT_KEPT].ticket);
		break;
	case 3:
		give_back(world);
		break;
	case 4:
		world->sends_fail = !world->sends_fail;
		break;
	case 5:
	case 6:
	case 7:
		receive_response(world);
		break;
	default:
		receive_request(world);
		break;
	}
	if (next_byte(world) & 1)
		wsip_core_advance(&world->core, world->now_ms);
	else
		wsip_core_set_now(&world->core, world->now_ms);
}

static void open_world(struct world *world)
{
	static const char *const targets[] = { "sip:127.0.0.10", "sip:127.0.0.11;transport=tcp",
		"sip:127.0.0.1:5060", NULL };
	struct wsip_proxy_error error;

	for (int i = 0; i < 2; i++) {
		struct wsip_listener *listener = &world->listeners[i];

		listener->transport = i ? WSIP_TCP : WSIP_UDP;
		listener->addr = (struct wsip_addr){
			.family = WSIP_IPV4, .ip = { 127, 0, 0, 1 }, .port = 5060
		};
		listener->text_bytes = wsip_addr_text(&listener->addr, listener->text);
	}
	world->now_ms = 1000;
	world->bindings = wsip_bindings_create();
	if (!world->bindings || wsip_targets_init(&world->targets, targets, &error) != WSIP_OK)
		abort();
	world->sources[0] = wsip_registrar_source(world->bindings);
	world->sources[1] = wsip_targets_source(&world->targets);
	if (wsip_core_init(&world->core,
		    &(struct wsip_core_options){ .timing = { 500, 4000, 5000, 32000 },
			    .timer_c_ms = 181000,
			    .sender = &sender_ops,
			    .sender_self = world,
			    .listeners = world->listeners,
			    .listener_count = 2,
			    .sources = world->sources,
			    .source_count = 2,
			    .on_request = on_request,
			    .post = &post_ops,
			    .user = world,
			    .now_ms = world->now_ms }) != WSIP_OK)
		abort();
}

static bool is_empty(const struct wsip_core *core)
{
	return core->tx.pool.in_use == 0 && core->requests.in_use == 0 &&
	       core->branches.in_use == 0 && core->msgs.in_use == 0 && core->bufs.in_use == 0 &&
	       core->timers.running == 0 && core->unanswered == 0;
}

static void close_world(struct world *world)
{
	uint64_t end_ms = world->now_ms + LAST_TIMER_MS;

	while (world->now_ms < end_ms && !is_empty(&world->core)) {
		world->now_ms += 1000;
		wsip_core_advance(&world->core, world->now_ms);
	}
	if (!is_empty(&world->core))
		abort();
	wsip_core_finish(&world->core);
	wsip_bindings_destroy(world->bindings);
	wsip_targets_finish(&world->targets);
	for (int i = 0; i < SENT_KEPT; i++)
		free(world->sent[i].data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *world = calloc(1, sizeof(*world));

	world->input = data;
	world->input_bytes = size;
	open_world(world);
	while (world->input_bytes > 0)
		step(world);
	close_world(world);
	free(world);
	return 0;
}
