/* SPDX-License-Identifier: MIT
 * Puts the parts together: listeners, workers, registrar, targets, handler.
 */
#include <wiresip/proxy.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "core/request_state.h"
#include "proxy/report.h"
#include "proxy/worker.h"
#include "registrar/registrar.h"
#include "router/targets.h"
#include "transport/listen.h"

#define T1_MS      500
#define T2_MS      4000
#define T4_MS      5000
#define TIMER_D_MS 32000
#define TIMER_C_MS 181000

#define SOURCES_MAX 2

struct wsip_proxy {
	struct wsip_proxy_options options;
	struct wsip_listeners listeners;
	struct wsip_targets targets;
	struct wsip_bindings *bindings;
	struct wsip_route_source sources[SOURCES_MAX];
	size_t source_count;
	struct wsip_crew crew;
};

/* ---- The order of processing ---- */

/* RFC 3261 10.3 step 1: a REGISTER for another registrar is relayed. The names of our own domains
 * are not configured here, so every name is taken for one, and every address but ours is not. */
static bool is_our_domain(const struct wsip_request *request, const struct wsip_msg *msg)
{
	struct wsip_span route;
	struct wsip_addr addr;
	struct wsip_uri uri;

	if (wsip_msg_header(msg, WSIP_ROUTE, &route) ||
		wsip_uri_parse(wsip_msg_request_uri(msg), &uri) != WSIP_OK)
		return false;
	return wsip_core_is_own_uri(request->core, &uri) ||
	       wsip_addr_parse_ip(uri.host, &addr) != WSIP_OK;
}

static bool take_register(struct wsip_proxy *proxy, struct wsip_request *request)
{
	const struct wsip_msg *msg = wsip_request_msg(request);

	if (!proxy->bindings || wsip_msg_method(msg) != WSIP_REGISTER ||
		!is_our_domain(request, msg))
		return false;
	wsip_registrar_answer(proxy->bindings, request);
	return true;
}

static bool call_handler(struct wsip_proxy *proxy, struct wsip_request *request)
{
	if (proxy->options.on_request)
		proxy->options.on_request(request, proxy->options.user);
	else
		wsip_relay(request, NULL);
	return true;
}

/* Each request goes to the first step that takes it. The relay then asks the route sources in the
 * order in which add_sources lists them. */
static bool (*const steps[])(struct wsip_proxy *proxy, struct wsip_request *request) = {
	take_register,
	call_handler,
};

static void on_request(struct wsip_request *request, void *user)
{
	struct wsip_proxy *proxy = user;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i](proxy, request))
			return;
	}
}

static void add_sources(struct wsip_proxy *proxy)
{
	if (proxy->bindings)
		proxy->sources[proxy->source_count++] = wsip_registrar_source(proxy->bindings);
	proxy->sources[proxy->source_count++] = wsip_targets_source(&proxy->targets);
}

/* ---- Start ---- */

static enum wsip_err complain(struct wsip_proxy_error *error, enum wsip_err err, const char *what)
{
	error->err = err;
	snprintf(error->text, sizeof(error->text), "%s: %s", what, wsip_err_text(err));
	return err;
}

static enum wsip_err start_registrar(struct wsip_proxy *proxy, struct wsip_proxy_error *error)
{
	if (proxy->options.registrar == WSIP_REGISTRAR_OFF)
		return WSIP_OK;
	proxy->bindings = wsip_bindings_create();
	return proxy->bindings ? WSIP_OK : complain(error, WSIP_ERR_MEMORY, "registrar");
}

static uint32_t or_default(uint32_t value, uint32_t fallback)
{
	return value ? value : fallback;
}

static struct wsip_core_options core_options(struct wsip_proxy *proxy)
{
	const struct wsip_proxy_options *options = &proxy->options;
	uint32_t t1_ms = or_default(options->t1_ms, T1_MS);

	return (struct wsip_core_options){
		.timing = {
			.t1_ms = t1_ms,
			.t2_ms = or_default(options->t2_ms, T2_MS),
			.t4_ms = or_default(options->t4_ms, T4_MS),
			/* RFC 3261 17.1.1.2: as long as the server's Timer H. */
			.timer_d_ms = t1_ms == T1_MS ? TIMER_D_MS : 64 * t1_ms,
		},
		.timer_c_ms = or_default(options->timer_c_ms, TIMER_C_MS),
		.listeners = proxy->listeners.items,
		.listener_count = proxy->listeners.count,
		.sources = proxy->sources,
		.source_count = proxy->source_count,
		.on_request = on_request,
		.user = proxy,
	};
}

static enum wsip_err start_worker(struct wsip_proxy *proxy, unsigned int index,
	struct wsip_proxy_error *error)
{
	struct wsip_worker *worker = &proxy->crew.workers[index];
	struct wsip_core_options core = core_options(proxy);
	enum wsip_err err;

	worker->crew = &proxy->crew;
	worker->index = (uint16_t)index;
	err = wsip_worker_init(worker, &(struct wsip_worker_options){ .core = &core,
					       .poller = &wsip_poller_epoll,
					       .fds = proxy->listeners.fds[index],
					       .worker_count = proxy->listeners.workers,
					       .log_level = proxy->options.log_level });
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

static enum wsip_err start(struct wsip_proxy *proxy, struct wsip_proxy_error *error)
{
	unsigned int workers = proxy->options.workers ? proxy->options.workers : 1;
	enum wsip_err err;

	if (workers > WSIP_WORKERS_MAX) {
		snprintf(error->text, sizeof(error->text), "workers: %u is over the limit of %d",
			workers, WSIP_WORKERS_MAX);
		return error->err = WSIP_ERR_LIMIT;
	}
	err = wsip_targets_init(&proxy->targets, proxy->options.targets, error);
	if (!err)
		err = wsip_listeners_open(&proxy->listeners, proxy->options.listen, workers, error);
	if (!err)
		err = start_registrar(proxy, error);
	if (err)
		return err;
	add_sources(proxy);
	return start_crew(proxy, error);
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
	proxy->options = *options;
	if (start(proxy, error) == WSIP_OK)
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
	wsip_targets_finish(&proxy->targets);
	wsip_bindings_destroy(proxy->bindings);
	free(proxy);
}

const char *wsip_proxy_listener(const struct wsip_proxy *proxy, size_t index)
{
	return index < proxy->listeners.count ? proxy->listeners.names[index] : NULL;
}
