/* SPDX-License-Identifier: MIT
 * Two workers on pollers that the test holds: what one of them receives for the other one crosses
 * the ring sliced, what finds no room in it is refused, and the other one is woken once a round.
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/limits.h"
#include "proxy/worker.h"

#define ROUNDS_MAX WSIP_RING_SLOTS

struct sent {
	unsigned int count;
	unsigned int refused; /* with 503 and Retry-After */
	char last[2048];
};

/* One worker's poller. In each round `script` is called as dispatch, until it says that was all. */
struct puppet {
	struct wsip_poller poller;
	struct wsip_endpoint *socket;
	struct wsip_buf_pool *bufs;
	struct wsip_worker *worker;
	bool (*script)(struct puppet *puppet, unsigned int round);
	unsigned int round;
	int timeouts_ms[ROUNDS_MAX];
	struct sent sent;
};

struct stage {
	struct wsip_crew crew;
	struct wsip_listener listener;
	struct puppet puppets[2];
	unsigned int handled;
};

static struct puppet *created[2];
static unsigned int created_count;

static struct puppet *puppet_of(struct wsip_poller *poller)
{
	return wsip_container_of(poller, struct puppet, poller);
}

static struct wsip_poller *poller_create(struct wsip_buf_pool *bufs)
{
	struct puppet *puppet = created[created_count++];

	puppet->bufs = bufs;
	return &puppet->poller;
}

static void poller_destroy(struct wsip_poller *poller)
{
	(void)poller;
}

static enum wsip_err poller_add(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	if (endpoint->kind == WSIP_ENDPOINT_DATAGRAM)
		puppet_of(poller)->socket = endpoint;
	return WSIP_OK;
}

static void poller_remove(struct wsip_poller *poller, struct wsip_endpoint *endpoint)
{
	(void)poller;
	(void)endpoint;
}

static void poller_close(struct wsip_poller *poller, int fd)
{
	(void)poller;
	close(fd);
}

static enum wsip_err poller_send_datagram(struct wsip_poller *poller,
	struct wsip_endpoint *endpoint, struct wsip_buf *buf, const struct wsip_addr *to)
{
	struct sent *sent = &puppet_of(poller)->sent;

	(void)endpoint;
	(void)to;
	snprintf(sent->last, sizeof(sent->last), "%.*s", (int)buf->used, buf->data);
	sent->count++;
	if (strncmp(sent->last, "SIP/2.0 503 ", 12) == 0 && strstr(sent->last, "\r\nRetry-After: "))
		sent->refused++;
	return WSIP_OK;
}

static void poller_leave(struct wsip_poller *poller)
{
	(void)poller;
}

static void poller_wait(struct wsip_poller *poller, int timeout_ms)
{
	struct puppet *puppet = puppet_of(poller);

	cr_assert(puppet->round < ROUNDS_MAX);
	puppet->timeouts_ms[puppet->round] = timeout_ms;
}

static void poller_dispatch(struct wsip_poller *poller)
{
	struct puppet *puppet = puppet_of(poller);

	if (!puppet->script(puppet, puppet->round++))
		atomic_store(&puppet->worker->stop, 2);
}

static const struct wsip_poller_ops poller_ops = {
	.name = "puppet",
	.create = poller_create,
	.destroy = poller_destroy,
	.add = poller_add,
	.remove = poller_remove,
	.close = poller_close,
	.send_datagram = poller_send_datagram,
	.wait = poller_wait,
	.dispatch = poller_dispatch,
	.leave = poller_leave,
};

/* Answers itself, so that what goes out is plain. */
static void answer(struct wsip_request *request, void *user)
{
	struct stage *stage = user;

	stage->handled++;
	if (wsip_msg_method(wsip_request_msg(request)) != WSIP_ACK)
		(void)!wsip_request_answer(request, 200, NULL);
}

static void start_worker(struct stage *stage, uint16_t index)
{
	struct wsip_worker *worker = &stage->crew.workers[index];
	int fd = eventfd(0, EFD_CLOEXEC);
	struct wsip_core_options core = {
		.timing = { .t1_ms = 500, .t2_ms = 4000, .t4_ms = 5000, .timer_d_ms = 32000 },
		.timer_c_ms = 181000,
		.listeners = &stage->listener,
		.listener_count = 1,
		.on_request = answer,
		.user = stage,
	};

	stage->puppets[index].poller.ops = &poller_ops;
	stage->puppets[index].worker = worker;
	created[index] = &stage->puppets[index];
	worker->crew = &stage->crew;
	worker->index = index;
	cr_assert(wsip_worker_init(worker, &(struct wsip_worker_options){ .core = &core,
						   .poller = &poller_ops,
						   .worker_count = 2,
						   .fds = &fd,
						   .log_level = WSIP_LOG_ERROR }) == WSIP_OK);
}

static struct stage *open_stage(void)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	size_t bytes = 2 * sizeof(*stage->crew.workers);

	created_count = 0;
	stage->listener.transport = WSIP_UDP;
	cr_assert(wsip_addr_parse_ip(wsip_span_of("10.0.0.1"), &stage->listener.addr) == WSIP_OK);
	stage->listener.addr.port = 5060;
	stage->listener.text_bytes = wsip_addr_text(&stage->listener.addr, stage->listener.text);
	stage->crew.workers = aligned_alloc(64, bytes);
	memset(stage->crew.workers, 0, bytes);
	stage->crew.count = 2;
	start_worker(stage, 0);
	start_worker(stage, 1);
	return stage;
}

static void close_stage(struct stage *stage)
{
	for (int i = 0; i < 2; i++) {
		cr_expect(stage->crew.workers[i].core.msgs.in_use ==
				  stage->crew.workers[i].core.requests.in_use,
			"a message was left");
		wsip_worker_finish(&stage->crew.workers[i]);
	}
	free(stage->crew.workers);
	free(stage);
}

static bool belongs_to(struct stage *stage, const char *call_id, uint16_t index)
{
	struct wsip_siphash hash;

	wsip_siphash_init(&hash, &stage->crew.call_secret);
	wsip_siphash_add(&hash, wsip_span_of(call_id));
	return wsip_siphash_end(&hash).low % 2 == index;
}

static void deliver(struct puppet *puppet, const char *text)
{
	struct wsip_buf *buf = wsip_buf_get(puppet->bufs, strlen(text));
	struct wsip_addr from;

	cr_assert(wsip_addr_parse_ip(wsip_span_of("10.0.0.2"), &from) == WSIP_OK);
	from.port = 5060;
	memcpy(buf->data, text, strlen(text));
	buf->used = (uint32_t)strlen(text);
	puppet->socket->ops->datagram(puppet->socket, buf, &from);
}

/* A request of a call that belongs to the second worker; number tells them apart. */
static void deliver_request(struct puppet *puppet, const char *method, const char *to_tag,
	unsigned int number)
{
	struct stage *stage = wsip_container_of(puppet, struct stage, puppets[0]);
	char call_id[32], text[1024];
	unsigned int suffix = 0;

	do {
		snprintf(call_id, sizeof(call_id), "%u-%u", number, suffix++);
	} while (!belongs_to(stage, call_id, 1));
	snprintf(text, sizeof(text),
		"%s sip:bob@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-%u\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:bob@b>%s\r\nCall-ID: %s\r\nCSeq: 1 %s\r\n"
		"Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
		method, number, to_tag, call_id, method);
	deliver(puppet, text);
}

static void deliver_response(struct puppet *puppet, unsigned int number)
{
	struct stage *stage = wsip_container_of(puppet, struct stage, puppets[0]);
	char call_id[32], text[1024];

	do {
		snprintf(call_id, sizeof(call_id), "r-%u", number++);
	} while (!belongs_to(stage, call_id, 1));
	snprintf(text, sizeof(text),
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:bob@b>;tag=2\r\nCall-ID: %s\r\nCSeq: 1 "
		"BYE\r\n\r\n",
		call_id);
	deliver(puppet, text);
}

static uint64_t writes(struct wsip_worker *worker)
{
	uint64_t count;

	return read(worker->bell.fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

static bool end_at_once(struct puppet *puppet, unsigned int round)
{
	(void)puppet;
	(void)round;
	return false;
}

static bool receive_three(struct puppet *puppet, unsigned int round)
{
	for (unsigned int i = 0; i < 3; i++)
		deliver_request(puppet, "OPTIONS", "", round * 3 + i);
	return round < 1;
}

static void run(struct stage *stage, uint16_t index, bool (*script)(struct puppet *, unsigned int))
{
	stage->puppets[index].script = script;
	stage->puppets[index].round = 0;
	atomic_store(&stage->crew.workers[index].stop, 0);
	wsip_worker_run(&stage->crew.workers[index]);
}

Test(worker, what_belongs_to_another_one_is_sliced_here_and_handled_there)
{
	struct stage *stage = open_stage();

	run(stage, 0, receive_three);
	cr_expect(stage->handled == 0);
	cr_expect(stage->crew.workers[0].core.msgs.in_use == 0, "it keeps nothing");
	run(stage, 1, end_at_once);
	cr_expect(stage->handled == 6, "%u", stage->handled);
	cr_expect(stage->puppets[0].sent.count == 0);
	cr_expect(strncmp(stage->puppets[1].sent.last, "SIP/2.0 200 OK\r\n", 16) == 0);
	close_stage(stage);
}

static bool receive_three_and_look(struct puppet *puppet, unsigned int round)
{
	struct wsip_worker *other = &puppet->worker->crew->workers[1];

	if (round == 1) {
		cr_expect(writes(other) == 1, "once a round, for three messages");
		return false;
	}
	receive_three(puppet, round);
	cr_expect(writes(other) == 0, "not before the round ends");
	return true;
}

Test(worker, a_sleeping_one_is_woken_once_a_round)
{
	struct stage *stage = open_stage();

	cr_assert(wsip_bell_fall_asleep(&stage->crew.workers[1].bell));
	run(stage, 0, receive_three_and_look);
	close_stage(stage);
}

Test(worker, one_that_is_awake_costs_no_write)
{
	struct stage *stage = open_stage();

	run(stage, 0, receive_three);
	cr_expect(writes(&stage->crew.workers[1]) == 0);
	run(stage, 1, end_at_once);
	cr_expect(stage->puppets[1].timeouts_ms[0] == 0, "but it does not sleep then");
	close_stage(stage);
}

/* What was asked of the first worker, in the order in which it finds less and less room. */
static bool overrun(struct puppet *puppet, unsigned int round)
{
	struct wsip_worker *worker = puppet->worker;
	const struct sent *sent = &puppet->sent;
	unsigned int number = 0;

	(void)round;
	while (worker->ring_full == 0)
		deliver_request(puppet, "INVITE", "", number++);
	cr_expect(number - 1 == WSIP_RING_SLOTS - WSIP_RING_RESERVED, "%u found room", number - 1);
	cr_expect(sent->count == 1 && sent->refused == 1, "%s", sent->last);
	deliver_request(puppet, "BYE", ";tag=2", number++);
	deliver_request(puppet, "ACK", ";tag=2", number++);
	deliver_response(puppet, number++);
	cr_expect(sent->count == 1 && worker->ring_dropped == 0, "these go first");
	for (unsigned int i = 3; i < WSIP_RING_RESERVED; i++)
		deliver_request(puppet, "BYE", ";tag=2", number++);
	cr_expect(sent->count == 1);
	deliver_request(puppet, "BYE", ";tag=2", number++);
	cr_expect(sent->count == 2 && sent->refused == 2 && worker->ring_full == 2);
	deliver_request(puppet, "ACK", ";tag=2", number++);
	deliver_response(puppet, number++);
	cr_expect(sent->count == 2 && worker->ring_dropped == 2, "there is no answer to these");
	return false;
}

static unsigned int taken(const struct stage *stage)
{
	const struct wsip_counters *counters = &stage->crew.workers[1].core.counters;

	return (unsigned int)(counters->requests + counters->shed_overload +
			      counters->stray_responses + counters->bad_messages);
}

static bool until_ring_is_empty(struct puppet *puppet, unsigned int round)
{
	struct wsip_ring *ring = &puppet->worker->ring;

	(void)round;
	return ring->tail != atomic_load(&ring->head);
}

Test(worker, a_full_ring_refuses_new_requests_before_the_others_and_loses_none)
{
	struct stage *stage = open_stage();

	run(stage, 0, overrun);
	cr_expect(stage->crew.workers[0].core.msgs.in_use == 0);
	run(stage, 1, until_ring_is_empty);
	cr_expect(taken(stage) == WSIP_RING_SLOTS - 1, "all but the ACK, which makes nothing: %u",
		taken(stage));
	close_stage(stage);
}
