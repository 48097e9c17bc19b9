/* SPDX-License-Identifier: MIT
 * transport/tcp.c on a poller that only notes what it is given: framing at any split, keep-alives,
 * peers that do not read, broken streams, and the times after which a stream closes.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "transport/network.h"

#define MESSAGE "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 4\r\n\r\nbody"
#define BROKEN  "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\nl: 1\r\nl: 2\r\n\r\n"

/* The network with one listener, and what came of it. */
struct stage {
	struct wsip_network network;
	struct wsip_buf_pool bufs;
	struct wsip_poller poller;
	struct wsip_listener listener;
	struct wsip_endpoint *stream; /* the last one added */
	bool reads;                   /* the peer takes what is sent */
	unsigned int received;
	unsigned int broken;
	unsigned int failed;
	char last_sent[64];
	struct wsip_flow flow;
};

static struct stage *stage_of(struct wsip_poller *poller)
{
	return wsip_container_of(poller, struct stage, poller);
}

static enum wsip_err poller_add(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	wsip_list_init(&endpoint->outgoing);
	endpoint->removed = false;
	if (endpoint->kind == WSIP_ENDPOINT_STREAM)
		stage_of(poller)->stream = endpoint;
	return WSIP_OK;
}

static void drop_outgoing(struct wsip_endpoint *endpoint)
{
	while (!wsip_list_empty(&endpoint->outgoing)) {
		struct wsip_outgoing *first = wsip_container_of(endpoint->outgoing.next,
			struct wsip_outgoing, link);

		wsip_list_remove(&first->link);
		wsip_buf_unref(first->buf);
		free(first);
	}
}

static void poller_remove(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	drop_outgoing(endpoint);
	endpoint->removed = true;
	if (stage_of(poller)->stream == endpoint)
		stage_of(poller)->stream = NULL;
}

static enum wsip_err poller_send_stream(struct wsip_poller *poller, struct wsip_endpoint *endpoint,
	struct wsip_buf *buf, uint64_t ticket)
{
	struct stage *stage = stage_of(poller);
	struct wsip_outgoing *outgoing;

	snprintf(stage->last_sent, sizeof(stage->last_sent), "%.*s", (int)buf->used, buf->data);
	if (stage->reads)
		return WSIP_OK;
	if (endpoint->outgoing_bytes + buf->capacity > WSIP_STREAM_QUEUE_MAX_BYTES)
		return WSIP_ERR_LIMIT;
	outgoing = malloc(sizeof(*outgoing));
	outgoing->buf = wsip_buf_ref(buf);
	outgoing->ticket = ticket;
	wsip_list_append(&endpoint->outgoing, &outgoing->link);
	endpoint->outgoing_bytes += buf->capacity;
	return WSIP_OK;
}

static void poller_close(struct wsip_poller *poller, int fd)
{
	(void)poller;
	close(fd);
}

static const struct wsip_poller_ops poller_ops = {
	.close = poller_close,
	.name = "noting",
	.add = poller_add,
	.remove = poller_remove,
	.send_stream = poller_send_stream,
};

static void received(void *user, struct wsip_buf *buf, const struct wsip_flow *flow,
	const struct wsip_problem *problem)
{
	struct stage *stage = user;

	stage->flow = *flow;
	if (problem)
		stage->broken++;
	else if (wsip_span_is((struct wsip_span){ buf->data, buf->used }, MESSAGE))
		stage->received++;
	wsip_buf_unref(buf);
}

static void send_failed(void *user, uint64_t ticket)
{
	struct stage *stage = user;

	cr_expect(ticket == 7);
	stage->failed++;
}

static void refused(void *user, struct wsip_buf *buf)
{
	(void)user;
	(void)buf;
}

static const struct wsip_network_ops network_ops = { received, send_failed, refused };

static struct stage *stage_open(void)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	struct wsip_addr caller = { .family = WSIP_IPV4, .ip = { 10, 0, 0, 2 }, .port = 40000 };
	int fds[1] = { socket(AF_INET, SOCK_STREAM, 0) };

	stage->poller.ops = &poller_ops;
	stage->listener.transport = WSIP_TCP;
	stage->reads = true;
	wsip_buf_pool_init(&stage->bufs);
	cr_assert(wsip_network_init(&stage->network,
			  &(struct wsip_network){ .ops = &network_ops,
				  .user = stage,
				  .poller = &stage->poller,
				  .bufs = &stage->bufs,
				  .listeners = &stage->listener,
				  .socket_count = 1 },
			  fds, 0) == WSIP_OK);
	wsip_tcp_listener_ops.accepted(&stage->network.sockets[0].endpoint,
		socket(AF_INET, SOCK_STREAM, 0), &caller);
	cr_assert(stage->stream != NULL);
	return stage;
}

static void stage_close(struct stage *stage)
{
	wsip_network_finish(&stage->network);
	cr_expect(stage->bufs.in_use == 0, "%u buffers left", stage->bufs.in_use);
	wsip_buf_pool_finish(&stage->bufs);
	free(stage);
}

static void arrive(struct stage *stage, const char *data, size_t size)
{
	cr_assert(stage->stream != NULL);
	stage->stream->ops->data(stage->stream, data, size);
}

static enum wsip_err answer(struct stage *stage, size_t bytes)
{
	struct wsip_buf *buf = wsip_buf_get(&stage->bufs, bytes);
	enum wsip_err err;

	memset(buf->data, 'x', bytes);
	buf->used = (uint32_t)bytes;
	err = wsip_network_send(&stage->network, &stage->flow, buf, 7);
	wsip_buf_unref(buf);
	return err;
}

Test(tcp, messages_are_found_at_any_split)
{
	static const char text[] = MESSAGE MESSAGE "\r\n" MESSAGE;
	size_t size = sizeof(text) - 1;

	for (size_t cut = 1; cut < size; cut++) {
		struct stage *stage = stage_open();

		arrive(stage, text, cut);
		arrive(stage, text + cut, size - cut);
		cr_expect(stage->received == 3, "cut at %zu: %u", cut, stage->received);
		stage_close(stage);
	}
}

Test(tcp, messages_are_found_octet_by_octet)
{
	static const char text[] = MESSAGE "\r\n\r\n" MESSAGE;
	struct stage *stage = stage_open();

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		arrive(stage, text + i, 1);
	cr_expect(stage->received == 2);
	cr_expect_str_eq(stage->last_sent, "\r\n");
	stage_close(stage);
}

/* RFC 5626 4.4.1; a peer that does not read gets one answer, and costs no more than that. */
/* The most that may be unfinished, and the most that is read at once behind it. */
Test(tcp, the_largest_message_and_what_follows_at_once_are_taken)
{
	static const char head[] =
		"OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 65400\r\n\r\n";
	enum { BODY = 65400, READ = 65536 };
	size_t largest = sizeof(head) - 1 + BODY, message = sizeof(MESSAGE) - 1;
	struct stage *stage = stage_open();
	char *data = malloc(largest + READ);

	memset(data, 'x', largest);
	memcpy(data, head, sizeof(head) - 1);
	for (size_t at = largest; at < largest + READ; at++)
		data[at] = MESSAGE[(at - largest) % message];
	arrive(stage, data, largest - 1);
	cr_expect(stage->received == 0);
	arrive(stage, data + largest - 1, READ);
	cr_expect(stage->received == (READ - 1) / message && stage->broken == 0, "%u small ones",
		stage->received);
	free(data);
	stage_close(stage);
}

Test(tcp, a_peer_that_only_pings_costs_one_answer)
{
	struct stage *stage = stage_open();

	stage->reads = false;
	for (int i = 0; i < 100000; i++)
		arrive(stage, "\r\n\r\n", 4);
	cr_expect(stage->bufs.in_use == 1, "%u buffers", stage->bufs.in_use);
	cr_expect(stage->network.counters.keep_alives == 100000);
	stage_close(stage);
}

Test(tcp, a_peer_that_does_not_read_is_closed_with_the_next_tick)
{
	struct stage *stage = stage_open();

	arrive(stage, MESSAGE, sizeof(MESSAGE) - 1);
	stage->reads = false;
	while (answer(stage, 30000) == WSIP_OK)
		;
	cr_expect(stage->network.counters.connections_overrun == 1);
	arrive(stage, MESSAGE, sizeof(MESSAGE) - 1);
	cr_expect(stage->received == 1, "nothing is read from it any more");
	wsip_network_advance(&stage->network, 1);
	cr_expect(stage->stream == NULL);
	cr_expect(stage->failed > 0, "whoever waited hears of it");
	stage_close(stage);
}

/* RFC 3261 18.3: no end can be found: answered, then closed; nothing else is looked at. */
Test(tcp, a_broken_stream_is_answered_and_closed)
{
	struct stage *stage = stage_open();

	arrive(stage, BROKEN MESSAGE, sizeof(BROKEN MESSAGE) - 1);
	arrive(stage, MESSAGE, sizeof(MESSAGE) - 1);
	cr_expect(stage->broken == 1 && stage->received == 0);
	cr_expect(answer(stage, 100) == WSIP_OK, "the 400 goes out");
	wsip_network_advance(&stage->network, 5000);
	cr_expect(stage->stream == NULL);
	stage_close(stage);
}

Test(tcp, an_unfinished_message_has_its_time_however_slowly_it_comes)
{
	struct stage *stage = stage_open();

	for (uint64_t now_ms = 0; now_ms < WSIP_STREAM_UNFINISHED_MS; now_ms += 1000) {
		wsip_network_advance(&stage->network, now_ms);
		arrive(stage, "O", 1);
	}
	wsip_network_advance(&stage->network, WSIP_STREAM_UNFINISHED_MS);
	cr_expect(stage->stream == NULL);
	stage_close(stage);
}

Test(tcp, an_idle_stream_closes_and_one_that_is_used_stays)
{
	struct stage *stage = stage_open();

	wsip_network_advance(&stage->network, WSIP_STREAM_IDLE_MS - 1);
	arrive(stage, MESSAGE, sizeof(MESSAGE) - 1);
	wsip_network_advance(&stage->network, WSIP_STREAM_IDLE_MS);
	cr_expect(stage->stream != NULL);
	wsip_network_advance(&stage->network, 2 * WSIP_STREAM_IDLE_MS);
	cr_expect(stage->stream == NULL);
	stage_close(stage);
}

Test(tcp, an_idle_stream_holds_no_buffer)
{
	struct stage *stage = stage_open();

	arrive(stage, MESSAGE, sizeof(MESSAGE) - 1);
	cr_expect(stage->bufs.in_use == 0);
	stage_close(stage);
}

Test(tcp, what_was_not_sent_fails_when_the_stream_does)
{
	struct stage *stage = stage_open();

	arrive(stage, MESSAGE, sizeof(MESSAGE) - 1);
	stage->reads = false;
	cr_expect(answer(stage, 100) == WSIP_OK);
	stage->stream->ops->closed(stage->stream, 104);
	cr_expect(stage->failed == 1 && stage->stream == NULL);
	stage_close(stage);
}
