/* SPDX-License-Identifier: MIT
 * One worker: a thread with its own poller, sockets, core and tables. All messages with one Call-ID
 * belong to one worker; another one that receives such a message hands it over through a ring.
 */
#ifndef WSIP_PROXY_WORKER_H
#define WSIP_PROXY_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include <wiresip/proxy.h>

#include "base/bell.h"
#include "base/ring.h"
#include "core/core.h"
#include "transport/network.h"

struct wsip_worker;

/* What the workers of a proxy share. */
struct wsip_crew {
	struct wsip_worker *workers;
	unsigned int count;
	struct wsip_secret call_secret; /* Call-ID to worker */
	atomic_uint drained;            /* workers that have nothing left to finish */
};

struct wsip_worker {
	struct wsip_crew *crew;
	uint16_t index;
	pthread_t thread;
	struct wsip_log log;
	struct wsip_poller *poller;
	struct wsip_core core;
	struct wsip_network network;
	struct wsip_ring ring;
	struct wsip_bell bell;
	struct wsip_endpoint wake; /* waits for the bell */
	uint64_t given_to;         /* a bit for each worker that got something in this round */
	atomic_uint stop;          /* how often wsip_proxy_stop was called */
	atomic_bool report;
	uint64_t stop_at_ms; /* 0: not stopping */
	bool drained;
	uint64_t ring_full;    /* requests answered 503 because the owner's ring was full */
	uint64_t ring_dropped; /* other messages that found no room in it */
};
_Static_assert(WSIP_WORKERS_MAX <= 64, "wsip_worker.given_to has a bit for each worker");

struct wsip_worker_options {
	const struct wsip_core_options *core;
	const struct wsip_poller_ops *poller;
	uint32_t coalesce_us;
	unsigned int worker_count;
	int *fds; /* one for each listener; -1 for those that the worker took over */
	enum wsip_log_level log_level;
};

/* `worker->crew` and `worker->index` are set. To be finished also when it fails. */
WSIP_MUST_CHECK enum wsip_err wsip_worker_init(struct wsip_worker *worker,
	const struct wsip_worker_options *options);
void wsip_worker_finish(struct wsip_worker *worker);

/* Works until it was told to stop, and has drained. */
void wsip_worker_run(struct wsip_worker *worker);

/* Makes the worker look at its flags and its ring. Signal-safe. */
void wsip_worker_wake(struct wsip_worker *worker);

#endif
