/* SPDX-License-Identifier: MIT */
#include "proxy/worker.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "parser/pack.h"
#include "proxy/report.h"

#define DRAIN_MS 5000
/* How long, in one round, the ring is worked off, and new requests are started: then the sockets
 * are looked at again. The clock is read once in so many items of the ring. */
#define RING_FOR_US        5000
#define RING_BATCH         16
#define START_FOR_US       1000
#define START_FOR_LEAST_US 250

/* From one worker, or from any thread, to another. */
struct handover {
	enum { SLICED, RECEIVED, SEND, SEND_FAILED, RESUME } kind;
	struct wsip_buf *buf; /* of SLICED (parser/pack.h), RECEIVED and SEND */
	struct wsip_flow flow;
	struct wsip_problem problem;
	uint64_t ticket;
	struct wsip_resumption resumption;
};

/* A ticket is a pool's handle, whose index leaves these bits free (WSIP_TRANSACTIONS_MAX): they say
 * whose ticket it is while another worker has it. */
#define TICKET_OWNER_SHIFT 25
#define TICKET_OWNER_MASK  (UINT64_C(0x7f) << TICKET_OWNER_SHIFT)

static uint64_t lend_ticket(uint64_t ticket, uint16_t owner)
{
	return ticket ? ticket | (uint64_t)(owner + 1) << TICKET_OWNER_SHIFT : 0;
}

static uint64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t clock_ms(void)
{
	return clock_us() / 1000;
}

void wsip_worker_wake(struct wsip_worker *worker)
{
	wsip_bell_ring(&worker->bell);
}

/* ---- Handing over ---- */

/* Takes over the buffer, which nobody else holds, unless the ring is full: WSIP_ERR_LIMIT. */
static enum wsip_err hand_over(struct wsip_worker *from, struct wsip_worker *to,
	const struct handover *handover, size_t reserved)
{
	if (handover->buf)
		wsip_buf_leave(handover->buf);
	if (wsip_ring_push_within(&to->ring, handover, reserved)) {
		from->given_to |= UINT64_C(1) << to->index;
		return WSIP_OK;
	}
	if (handover->buf)
		wsip_buf_adopt(handover->buf, &from->core.bufs);
	return WSIP_ERR_LIMIT;
}

/* Once a round for what they got in it, however much, and before we start what takes time. */
static void wake_others(struct wsip_worker *worker)
{
	while (worker->given_to) {
		wsip_worker_wake(&worker->crew->workers[__builtin_ctzll(worker->given_to)]);
		worker->given_to &= worker->given_to - 1;
	}
}

static struct wsip_worker *owner_of(struct wsip_worker *worker, const struct wsip_msg *msg)
{
	struct wsip_crew *crew = worker->crew;
	struct wsip_siphash hash;

	if (crew->count == 1)
		return worker;
	wsip_siphash_init(&hash, &crew->call_secret);
	wsip_siphash_add(&hash, wsip_msg_call_id(msg));
	return &crew->workers[wsip_siphash_end(&hash).low % crew->count];
}

/* Requests that start something new leave some of the ring to the others. Takes over `msg`. */
static void pass_on(struct wsip_worker *worker, struct wsip_worker *owner, struct wsip_msg *msg,
	const struct wsip_flow *flow, const struct wsip_problem *problem)
{
	size_t reserved = wsip_core_starts_something(msg) ? WSIP_RING_RESERVED : 0;
	struct handover handover = { .kind = wsip_msg_pack(msg) ? SLICED : RECEIVED,
		.flow = *flow };

	handover.buf = msg->buf; /* which packing may have changed */
	if (problem)
		handover.problem = *problem;
	if (hand_over(worker, owner, &handover, reserved) == WSIP_OK)
		msg->buf = NULL;
	else if (wsip_core_refuse_for(&worker->core, &owner->core, msg, flow))
		worker->ring_full++;
	else
		worker->ring_dropped++;
	wsip_core_drop(&worker->core, msg);
}

static void received(void *user, struct wsip_buf *buf, const struct wsip_flow *flow,
	const struct wsip_problem *problem)
{
	struct wsip_worker *worker = user;
	struct wsip_msg *msg = wsip_core_slice(&worker->core, buf, flow);
	struct wsip_worker *owner;

	if (!msg)
		return;
	owner = owner_of(worker, msg);
	if (owner == worker)
		wsip_core_receive_msg(&worker->core, msg, flow, problem);
	else
		pass_on(worker, owner, msg, flow, problem);
}

static void send_failed(void *user, uint64_t ticket)
{
	struct wsip_worker *worker = user;
	uint64_t owner = (ticket & TICKET_OWNER_MASK) >> TICKET_OWNER_SHIFT;

	ticket &= ~TICKET_OWNER_MASK;
	if (owner == 0)
		wsip_core_send_failed(&worker->core, ticket);
	else if (hand_over(worker, &worker->crew->workers[owner - 1],
			 &(struct handover){ .kind = SEND_FAILED, .ticket = ticket }, 0) != WSIP_OK)
		worker->ring_dropped++; /* its timer will tell */
}

static void refused(void *user, struct wsip_buf *buf)
{
	struct wsip_worker *worker = user;

	wsip_core_refused(&worker->core, buf);
}

static const struct wsip_network_ops network_ops = {
	.received = received,
	.send_failed = send_failed,
	.refused = refused,
};

/* The sender of this worker's core: a connection of another worker is written to by that one. */
static enum wsip_err send_bytes(void *self, const struct wsip_flow *flow, struct wsip_buf *bytes,
	uint64_t ticket)
{
	struct wsip_worker *worker = self;
	struct wsip_buf *copy;
	enum wsip_err err;

	if (!flow->connection || flow->worker == worker->index)
		return wsip_network_send(&worker->network, flow, bytes, ticket);
	copy = wsip_buf_get(&worker->core.bufs, bytes->used);
	if (!copy)
		return WSIP_ERR_MEMORY;
	memcpy(copy->data, bytes->data, bytes->used);
	copy->used = bytes->used;
	err = hand_over(worker, &worker->crew->workers[flow->worker],
		&(struct handover){ .kind = SEND,
			.buf = copy,
			.flow = *flow,
			.ticket = lend_ticket(ticket, worker->index) },
		0);
	if (err) {
		worker->ring_dropped++;
		wsip_buf_unref(copy);
	}
	return err;
}

static const struct wsip_sender_ops sender_ops = { .send = send_bytes };

/* Called on any thread. */
static enum wsip_err post(void *self, const struct wsip_resumption *resumption)
{
	struct wsip_worker *worker = self;
	struct handover handover = { .kind = RESUME, .resumption = *resumption };

	if (!wsip_ring_push(&worker->ring, &handover))
		return WSIP_ERR_LIMIT;
	wsip_worker_wake(worker);
	return WSIP_OK;
}

static const struct wsip_post_ops post_ops = { .post = post };

static void receive_sliced(struct wsip_worker *worker, const struct handover *handover)
{
	struct wsip_msg *msg = wsip_core_unpack(&worker->core, handover->buf);

	if (msg)
		wsip_core_receive_msg(&worker->core, msg, &handover->flow, &handover->problem);
}

static void take(struct wsip_worker *worker, const struct handover *handover)
{
	if (handover->buf)
		wsip_buf_adopt(handover->buf, &worker->core.bufs);
	switch (handover->kind) {
	case SLICED:
		receive_sliced(worker, handover);
		break;
	case RECEIVED:
		wsip_core_receive(&worker->core, handover->buf, &handover->flow,
			&handover->problem);
		break;
	case SEND:
		if (wsip_network_send(&worker->network, &handover->flow, handover->buf,
			    handover->ticket) != WSIP_OK &&
			handover->ticket)
			send_failed(worker, handover->ticket);
		wsip_buf_unref(handover->buf);
		break;
	case SEND_FAILED:
		wsip_core_send_failed(&worker->core, handover->ticket);
		break;
	case RESUME:
		wsip_core_resume(&worker->core, &handover->resumption);
		break;
	}
}

static bool take_batch(struct wsip_worker *worker)
{
	struct handover handover;

	for (int i = 0; i < RING_BATCH; i++) {
		if (!wsip_ring_pop(&worker->ring, &handover))
			return false;
		take(worker, &handover);
	}
	return true;
}

static void work_off_ring(struct wsip_worker *worker)
{
	uint64_t until_us = 0;

	while (take_batch(worker)) {
		uint64_t now_us = clock_us();

		if (until_us == 0)
			until_us = now_us + RING_FOR_US;
		if (now_us < until_us)
			continue;
		wsip_worker_wake(worker); /* there may be more: no time to wait */
		return;
	}
}

/* The ring is looked at in every round. */
static void woken(struct wsip_endpoint *endpoint)
{
	(void)endpoint;
}

static const struct wsip_endpoint_ops wake_ops = { .woken = woken };

/* ---- The loop ---- */

static int earliest_wait_ms(struct wsip_worker *worker, uint64_t now_ms)
{
	uint64_t next_ms = wsip_core_next_ms(&worker->core);
	uint64_t network_ms = wsip_timers_next(&worker->network.timers);

	if (network_ms < next_ms)
		next_ms = network_ms;
	if (worker->stop_at_ms && worker->stop_at_ms < next_ms)
		next_ms = worker->stop_at_ms;
	if (next_ms == WSIP_TIMER_NEVER)
		return -1;
	return next_ms <= now_ms ? 0 : next_ms - now_ms > 60000 ? 60000 : (int)(next_ms - now_ms);
}

static void note_drained(struct wsip_worker *worker)
{
	struct wsip_crew *crew = worker->crew;
	bool drained = worker->core.unanswered == 0 && worker->core.overload.count == 0;

	if (drained == worker->drained)
		return;
	worker->drained = drained;
	if (!drained) {
		atomic_fetch_sub(&crew->drained, 1);
		return;
	}
	if (atomic_fetch_add(&crew->drained, 1) + 1 < crew->count)
		return;
	for (unsigned int i = 0; i < crew->count; i++)
		wsip_worker_wake(&crew->workers[i]);
}

/* Has it come to an end? All workers stop together: one may still receive for another. */
static bool is_over(struct wsip_worker *worker, uint64_t now_ms)
{
	unsigned int stop = atomic_load(&worker->stop);

	if (stop == 0)
		return false;
	if (!worker->stop_at_ms) {
		wsip_core_drain(&worker->core);
		worker->stop_at_ms = now_ms + DRAIN_MS;
	}
	note_drained(worker);
	return stop > 1 || atomic_load(&worker->crew->drained) == worker->crew->count ||
	       now_ms >= worker->stop_at_ms;
}

/* Nothing is asked of the system while we keep up. A socket that fills gets more of the time. */
static uint64_t time_to_start_us(const struct wsip_worker *worker)
{
	if (!wsip_core_is_behind(&worker->core))
		return START_FOR_US;
	return wsip_network_backlog(&worker->network) < WSIP_BACKLOG_HURRY_PERMILLE
		       ? START_FOR_US
		       : START_FOR_LEAST_US;
}

/* New requests, for as long as there is time. */
static void start_waiting(struct wsip_worker *worker)
{
	uint64_t until_us;

	if (worker->core.overload.count == 0)
		return;
	until_us = clock_us() + time_to_start_us(worker);
	while (wsip_core_start_next(&worker->core) && clock_us() < until_us)
		continue;
}

static void wait(struct wsip_worker *worker, uint64_t now_ms)
{
	int timeout_ms = earliest_wait_ms(worker, now_ms);

	if (!wsip_bell_fall_asleep(&worker->bell))
		timeout_ms = 0;
	worker->poller->ops->wait(worker->poller, timeout_ms);
	wsip_bell_wake_up(&worker->bell);
}

void wsip_worker_run(struct wsip_worker *worker)
{
	uint64_t now_ms = clock_ms();

	/* The system rounds short sleeps up to 50 us longer unless it is told not to. */
	if (worker->poller->coalesce_us)
		prctl(PR_SET_TIMERSLACK, 1UL);
	while (!is_over(worker, now_ms)) {
		wake_others(worker);
		wait(worker, now_ms);
		now_ms = clock_ms();
		wsip_core_set_now(&worker->core, now_ms);
		wsip_timers_set_now(&worker->network.timers, now_ms);
		worker->poller->ops->dispatch(worker->poller);
		work_off_ring(worker);
		wake_others(worker);
		start_waiting(worker);
		wsip_core_advance(&worker->core, now_ms);
		wsip_network_advance(&worker->network, now_ms);
		if (atomic_exchange(&worker->report, false))
			wsip_report_worker(worker);
	}
	/* Nobody is left ringing, or waiting for an answer. */
	wsip_core_abort(&worker->core);
	wake_others(worker);
	worker->poller->ops->leave(worker->poller);
}

/* ---- Start and end ---- */

static enum wsip_err random_secret(struct wsip_secret *secret)
{
	return getrandom(secret, sizeof(*secret), 0) == sizeof(*secret) ? WSIP_OK : WSIP_ERR_SYSTEM;
}

static enum wsip_err init_core(struct wsip_worker *worker, const struct wsip_core_options *model)
{
	struct wsip_core_options options = *model;
	enum wsip_err err = random_secret(&options.secret);

	if (err)
		return err;
	options.sender = &sender_ops;
	options.sender_self = worker;
	options.post = &post_ops;
	options.post_self = worker;
	options.turn = WSIP_IN_TURN;
	options.log = &worker->log;
	options.now_ms = clock_ms();
	return wsip_core_init(&worker->core, &options);
}

static enum wsip_err init_wake(struct wsip_worker *worker)
{
	enum wsip_err err = wsip_bell_init(&worker->bell);

	if (err)
		return err;
	worker->wake.fd = worker->bell.fd;
	worker->wake.kind = WSIP_ENDPOINT_WAKE;
	worker->wake.ops = &wake_ops;
	return worker->poller->ops->add(worker->poller, &worker->wake);
}

static enum wsip_err init_network(struct wsip_worker *worker,
	const struct wsip_worker_options *options)
{
	struct wsip_network model = { .ops = &network_ops,
		.user = worker,
		.worker = worker->index,
		.worker_count = options->worker_count,
		.poller = worker->poller,
		.bufs = &worker->core.bufs,
		.log = &worker->log,
		.listeners = options->core->listeners,
		.socket_count = options->core->listener_count };
	enum wsip_err err = random_secret(&model.secret);

	return err ? err : wsip_network_init(&worker->network, &model, options->fds, clock_ms());
}

enum wsip_err wsip_worker_init(struct wsip_worker *worker,
	const struct wsip_worker_options *options)
{
	enum wsip_err err;

	worker->wake.fd = worker->bell.fd = -1;
	wsip_log_init(&worker->log, options->log_level, STDERR_FILENO);
	err = init_core(worker, options->core);
	if (!err)
		err = wsip_ring_init(&worker->ring, WSIP_RING_SLOTS, sizeof(struct handover));
	if (!err) {
		worker->poller = options->poller->create(&worker->core.bufs);
		err = worker->poller ? init_wake(worker) : WSIP_ERR_SYSTEM;
	}
	if (!err)
		worker->poller->coalesce_us = options->coalesce_us;
	return err ? err : init_network(worker, options);
}

static void drop_ring(struct wsip_worker *worker)
{
	struct handover handover;

	while (worker->ring.cells && wsip_ring_pop(&worker->ring, &handover)) {
		if (!handover.buf)
			continue;
		wsip_buf_adopt(handover.buf, &worker->core.bufs);
		wsip_buf_unref(handover.buf);
	}
	wsip_ring_finish(&worker->ring);
}

void wsip_worker_finish(struct wsip_worker *worker)
{
	drop_ring(worker);
	if (worker->network.sockets)
		wsip_network_finish(&worker->network);
	if (worker->wake.fd >= 0)
		worker->poller->ops->remove(worker->poller, &worker->wake);
	wsip_bell_finish(&worker->bell);
	if (worker->poller)
		worker->poller->ops->destroy(worker->poller);
	if (worker->core.tx.clients.buckets)
		wsip_core_finish(&worker->core);
}
