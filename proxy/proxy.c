/* SPDX-License-Identifier: MIT
 * Listeners and worker threads around what proxy/assembly.h puts together.
 */
#include <wiresip/proxy.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "proxy/assembly.h"
#include "proxy/report.h"
#include "proxy/worker.h"
#include "transport/listen.h"
#include "transport/poller_choice.h"

struct wsip_proxy {
	struct wsip_assembly assembly;
	struct wsip_listeners listeners;
	const struct wsip_poller_ops *poller;
	struct wsip_crew crew;
};

/* ---- Start ---- */

static enum wsip_err complain(struct wsip_proxy_error *error, enum wsip_err err, const char *what)
{
	error->err = err;
	snprintf(error->text, sizeof(error->text), "%s: %s", what, wsip_err_text(err));
	return err;
}

static enum wsip_err start_worker(struct wsip_proxy *proxy, unsigned int index,
	struct wsip_proxy_error *error)
{
	struct wsip_worker *worker = &proxy->crew.workers[index];
	struct wsip_core_options core = wsip_assembly_core_options(&proxy->assembly);
	enum wsip_err err;

	core.listeners = proxy->listeners.items;
	core.listener_count = proxy->listeners.count;

	worker->crew = &proxy->crew;
	worker->index = (uint16_t)index;
	err = wsip_worker_init(worker, &(struct wsip_worker_options){ .core = &core,
					       .poller = proxy->poller,
					       .coalesce_us = proxy->assembly.options.coalesce_us,
					       .fds = proxy->listeners.fds[index],
					       .worker_count = proxy->listeners.workers,
					       .log_level = proxy->assembly.options.log_level });
	return err ? complain(error, err, "worker") : WSIP_OK;
}

static enum wsip_err start_crew(struct wsip_proxy *proxy, struct wsip_proxy_error *error)
{
	struct wsip_crew *crew = &proxy->crew;
	unsigned int count = proxy->listeners.workers;
	enum wsip_err err = WSIP_OK;

	if (getrandom(&crew->call_secret, sizeof(crew->call_secret), 0) !=
		sizeof(crew->call_secret))
		return complain(error, WSIP_ERR_SYSTEM, "random numbers");
	crew->workers = aligned_alloc(64, count * sizeof(*crew->workers));
	if (!crew->workers)
		return complain(error, WSIP_ERR_MEMORY, "workers");
	memset(crew->workers, 0, count * sizeof(*crew->workers));
	while (crew->count < count && !err)
		err = start_worker(proxy, crew->count++, error);
	return err;
}

static enum wsip_err start(struct wsip_proxy *proxy, const struct wsip_proxy_options *options,
	struct wsip_proxy_error *error)
{
	unsigned int workers = options->workers ? options->workers : 1;
	enum wsip_err err;

	if (workers > WSIP_WORKERS_MAX) {
		snprintf(error->text, sizeof(error->text), "workers: %u is over the limit of %d",
			workers, WSIP_WORKERS_MAX);
		return error->err = WSIP_ERR_LIMIT;
	}
	if (options->coalesce_us > WSIP_COALESCE_MAX_US) {
		snprintf(error->text, sizeof(error->text),
			"coalesce: %u us is over the limit of %d", options->coalesce_us,
			WSIP_COALESCE_MAX_US);
		return error->err = WSIP_ERR_LIMIT;
	}
	proxy->poller = wsip_poller_choose(options->io, error);
	if (!proxy->poller)
		return error->err;
	err = wsip_assembly_init(&proxy->assembly, options, error);
	if (!err)
		err = wsip_listeners_open(&proxy->listeners, options->listen, workers, error);
	return err ? err : start_crew(proxy, error);
}

struct wsip_proxy *wsip_proxy_create(const struct wsip_proxy_options *options,
	struct wsip_proxy_error *error)
{
	struct wsip_proxy *proxy = calloc(1, sizeof(*proxy));
	struct wsip_proxy_error ignored;

	if (!error)
		error = &ignored;
	*error = (struct wsip_proxy_error){ 0 };
	if (!proxy) {
		complain(error, WSIP_ERR_MEMORY, "proxy");
		return NULL;
	}
	if (start(proxy, options, error) == WSIP_OK)
		return proxy;
	wsip_proxy_destroy(proxy);
	return NULL;
}

/* ---- Work ---- */

static void *run_worker(void *worker)
{
	wsip_worker_run(worker);
	return NULL;
}

/* Signals are for the thread that called wsip_proxy_run. */
static int start_thread(struct wsip_worker *worker)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&worker->thread, NULL, run_worker, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

enum wsip_err wsip_proxy_run(struct wsip_proxy *proxy)
{
	struct wsip_crew *crew = &proxy->crew;
	unsigned int started = 1;

	while (started < crew->count && start_thread(&crew->workers[started]) == 0)
		started++;
	if (started < crew->count) {
		wsip_proxy_stop(proxy);
		wsip_proxy_stop(proxy);
	}
	wsip_worker_run(&crew->workers[0]);
	for (unsigned int i = 1; i < started; i++)
		pthread_join(crew->workers[i].thread, NULL);
	return started == crew->count ? WSIP_OK : WSIP_ERR_SYSTEM;
}

void wsip_proxy_stop(struct wsip_proxy *proxy)
{
	for (unsigned int i = 0; i < proxy->crew.count; i++) {
		atomic_fetch_add(&proxy->crew.workers[i].stop, 1);
		wsip_worker_wake(&proxy->crew.workers[i]);
	}
}

void wsip_proxy_report(struct wsip_proxy *proxy)
{
	for (unsigned int i = 0; i < proxy->crew.count; i++) {
		atomic_store(&proxy->crew.workers[i].report, true);
		wsip_worker_wake(&proxy->crew.workers[i]);
	}
}

void wsip_proxy_destroy(struct wsip_proxy *proxy)
{
	if (!proxy)
		return;
	for (unsigned int i = 0; i < proxy->crew.count; i++)
		wsip_worker_finish(&proxy->crew.workers[i]);
	free(proxy->crew.workers);
	wsip_listeners_finish(&proxy->listeners);
	wsip_assembly_finish(&proxy->assembly);
	free(proxy);
}

const char *wsip_proxy_listener(const struct wsip_proxy *proxy, size_t index)
{
	return index < proxy->listeners.count ? proxy->listeners.names[index] : NULL;
}

const char *wsip_proxy_io(const struct wsip_proxy *proxy)
{
	return proxy->poller->name;
}
