/* SPDX-License-Identifier: MIT
 * Streams through both pollers and the real kernel.
 */
#include <sys/resource.h>

#include "tests/unit/poller_stage.h"

static void streams_are_accepted_and_read(struct stage *stage)
{
	struct wsip_addr peer_addr;
	union wsip_sockaddr name;
	socklen_t size = sizeof(name);
	struct end *stream;
	int peer;

	stream = accept_one(stage, &peer);
	cr_assert(getsockname(peer, &name.any, &size) == 0);
	peer_addr = wsip_addr_of(&name.any);
	cr_expect(wsip_addr_equal(&stage->from, &peer_addr));
	for (size_t sent = 0, piece = 1; sent < 5000; sent += piece, piece = piece * 3 % 700 + 1) {
		struct wsip_buf *buf = octets(stage, sent, piece);

		cr_assert(send(peer, buf->data, piece, 0) == (ssize_t)piece);
		wsip_buf_unref(buf);
		run_until_bytes(stage, sent + piece);
	}
	cr_expect(are_octets(stage->data.bytes, 0, stage->data.size));
	close(peer);
	run_until(stage, CLOSED, 1);
	cr_expect(stage->error == 0, "the peer closed in order");
	drop(stream);
}

Test(poller, streams_are_accepted_and_read)
{
	on_each(streams_are_accepted_and_read);
}

/* Far more than is lent to the kernel at once. */
static void a_long_stream_is_read_in_order(struct stage *stage)
{
	enum { ALL = 8 << 20, PIECE = 1 << 16 };
	struct end *stream;
	size_t sent = 0;
	int peer;

	stream = accept_one(stage, &peer);
	while (sent < ALL) {
		struct wsip_buf *buf = octets(stage, sent, PIECE);
		ssize_t took;

		while ((took = send(peer, buf->data, PIECE, MSG_DONTWAIT)) < 0 && errno == EAGAIN)
			round_of(stage, ROUND_MS);
		wsip_buf_unref(buf);
		cr_assert(took > 0, "%s", strerror(errno));
		sent += (size_t)took;
		if (sent < ALL / 4)
			pile_up(stage);
	}
	run_until_bytes(stage, sent);
	cr_expect(are_octets(stage->data.bytes, 0, sent));
	drop(stream);
	close(peer);
}

Test(poller, a_long_stream_is_read_in_order)
{
	on_each(a_long_stream_is_read_in_order);
}

static void streams_are_written_in_order(struct stage *stage)
{
	struct end *stream;
	char *bytes = malloc(1 << 20);
	size_t sent = 0, came = 0;
	int peer;

	stream = accept_one(stage, &peer);
	for (size_t piece = 1000; piece < 1300; sent += piece++)
		cr_expect(write_to(stream, sent, piece) == WSIP_OK);
	for (int i = 0; i < ROUNDS && came < sent; i++) {
		ssize_t size;

		round_of(stage, 0);
		while ((size = recv(peer, bytes + came, (1 << 20) - came, MSG_DONTWAIT)) > 0)
			came += (size_t)size;
	}
	cr_expect(came == sent && are_octets(bytes, 0, sent), "%zu of %zu", came, sent);
	settle(stage);
	cr_expect(wsip_list_empty(&stream->endpoint.outgoing));
	cr_expect(stream->endpoint.outgoing_bytes == 0);
	free(bytes);
	drop(stream);
	close(peer);
}

Test(poller, streams_are_written_in_order)
{
	on_each(streams_are_written_in_order);
}

static void a_peer_that_does_not_read_has_a_limit(struct stage *stage)
{
	struct end *stream;
	size_t sent, came = 0;
	char *bytes;
	int peer;

	stream = accept_one(stage, &peer);
	sent = fill_up(stream);
	cr_expect(stream->endpoint.outgoing_bytes <= WSIP_STREAM_QUEUE_MAX_BYTES);
	cr_expect(stage->counts[CLOSED] == 0);
	/* It reads after all: everything that was taken comes. */
	bytes = malloc(sent);
	for (int i = 0; i < 100 * ROUNDS && came < sent; i++) {
		ssize_t size = recv(peer, bytes + came, sent - came, MSG_DONTWAIT);

		if (size > 0)
			came += (size_t)size;
		else
			round_of(stage, 1);
	}
	cr_expect(came == sent && are_octets(bytes, 0, sent), "%zu of %zu", came, sent);
	free(bytes);
	drop(stream);
	close(peer);
}

Test(poller, a_peer_that_does_not_read_has_a_limit)
{
	on_each(a_peer_that_does_not_read_has_a_limit);
}

/* The system gives no descriptor: the connection waits until there is one. */
static void accepting_goes_on_after_descriptors_ran_out(struct stage *stage)
{
	struct end *listener = listen_on(stage, WSIP_TCP);
	struct rlimit limit, none;
	int peer;

	peer = peer_connect(&listener->addr);
	cr_assert(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	none = (struct rlimit){ .rlim_cur = (rlim_t)peer, .rlim_max = limit.rlim_max };
	cr_assert(setrlimit(RLIMIT_NOFILE, &none) == 0);
	settle(stage);
	cr_expect(stage->counts[ACCEPTED] == 0);
	cr_assert(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	run_until(stage, ACCEPTED, 1);
	drop(stage->accepted);
	drop(listener);
	close(peer);
}

Test(poller, accepting_goes_on_after_descriptors_ran_out)
{
	on_each(accepting_goes_on_after_descriptors_ran_out);
}

static void connections_are_opened(struct stage *stage)
{
	struct wsip_addr addr = { .family = WSIP_IPV4, .ip = { 127, 0, 0, 1 } };
	int listener = peer_open(SOCK_STREAM, &addr);
	struct end *stream = connect_to(stage, &addr);
	char bytes[64];
	int peer;

	cr_expect(write_to(stream, 0, 10) == WSIP_OK, "before it is open");
	run_until(stage, CONNECTED, 1);
	cr_expect(!stream->endpoint.connecting);
	round_of(stage, 0);
	peer = accept(listener, NULL, NULL);
	cr_expect(recv(peer, bytes, sizeof(bytes), 0) == 10 && are_octets(bytes, 0, 10));
	cr_expect(send(peer, "hello", 5, 0) == 5);
	run_until_bytes(stage, 5);
	drop(stream);
	close(peer);
	close(listener);
}

Test(poller, connections_are_opened)
{
	on_each(connections_are_opened);
}

static void a_connection_that_is_refused_is_closed(struct stage *stage)
{
	struct wsip_addr gone = nobody(WSIP_TCP);
	struct end *stream = connect_to(stage, &gone);

	cr_expect(write_to(stream, 0, 10) == WSIP_OK);
	run_until(stage, CLOSED, 1);
	cr_expect(stage->error == ECONNREFUSED && stage->counts[CONNECTED] == 0);
	drop(stream);
}

Test(poller, a_connection_that_is_refused_is_closed)
{
	on_each(a_connection_that_is_refused_is_closed);
}

static void a_stream_that_is_reset_is_closed(struct stage *stage)
{
	struct linger at_once = { .l_onoff = 1 };
	struct end *stream;
	int peer;

	stage->removes[CLOSED] = true;
	stream = accept_one(stage, &peer);
	cr_expect(write_to(stream, 0, 10) == WSIP_OK);
	setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(peer);
	run_until(stage, CLOSED, 1);
	cr_expect(stage->error == ECONNRESET || stage->error == EPIPE, "%d", stage->error);
	settle(stage);
	cr_expect(stage->counts[CLOSED] == 1, "told once");
}

Test(poller, a_stream_that_is_reset_is_closed)
{
	on_each(a_stream_that_is_reset_is_closed);
}
