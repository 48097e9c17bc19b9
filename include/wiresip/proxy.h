/* SPDX-License-Identifier: MIT
 * A whole proxy: listeners, workers, registrar, targets and a handler.
 */
#ifndef WIRESIP_PROXY_H
#define WIRESIP_PROXY_H

#include <wiresip/log.h>
#include <wiresip/request.h>

#pragma GCC visibility push(default)

struct wsip_proxy;

#define WSIP_LISTEN_MAX  16
#define WSIP_ALIASES_MAX 16
#define WSIP_TARGETS_MAX 16
#define WSIP_WORKERS_MAX 64

enum wsip_registrar_mode {
	WSIP_REGISTRAR_OFF,
	WSIP_REGISTRAR_MEMORY, /* REGISTER is answered here; bindings are lost with the program */
};

/* How the workers wait for the network. */
enum wsip_io {
	WSIP_IO_AUTO, /* the faster one that the system allows */
	WSIP_IO_EPOLL,
	WSIP_IO_URING, /* io_uring: Linux 6.1 or later, unless it is forbidden */
};

/* The most that coalesce_us may be. */
#define WSIP_COALESCE_MAX_US 10000

struct wsip_proxy_options {
	/* "udp:HOST:PORT" or "tcp:HOST:PORT", ended by NULL. HOST is an IP address, IPv6 in
	 * brackets; 0.0.0.0 and [::] stand for all addresses that the machine has at the start.
	 * Port 0 takes a free one. */
	const char *listen[WSIP_LISTEN_MAX + 1];
	/* "example.org" or "example.org:5060": names that the proxy is known by beside its
	 * addresses, in Request-URIs and Routes (RFC 3261 16.4, 16.5), ended by NULL. */
	const char *aliases[WSIP_ALIASES_MAX + 1];
	/* SIP URIs that requests go to when the registrar knows nobody, tried in this order, ended
	 * by NULL. A host name is looked up once, at the start. */
	const char *targets[WSIP_TARGETS_MAX + 1];
	unsigned int workers; /* threads; 0 is 1 */
	enum wsip_io io;
	/* Microseconds that a worker may let arrivals gather, so that waking up once serves
	 * several: less CPU below saturation, for at most so much more latency at each hop. 0 is
	 * off. */
	uint32_t coalesce_us;
	enum wsip_registrar_mode registrar;
	/* Runs on all worker threads; NULL relays everything. */
	wsip_request_fn *on_request;
	void *user;
	enum wsip_log_level log_level; /* written to standard error; 0 is info */
	/* RFC 3261 timers in milliseconds; 0 takes the RFC's value. Timer D and 64*T1 follow T1. */
	uint32_t t1_ms;
	uint32_t t2_ms;
	uint32_t t4_ms;
	uint32_t timer_c_ms;
};

struct wsip_proxy_error {
	enum wsip_err err;
	char text[256]; /* one line that names what was wrong and what was expected */
};

/* Opens all sockets; nothing is received yet. NULL with `error` filled in when that fails. */
struct wsip_proxy *wsip_proxy_create(const struct wsip_proxy_options *options,
	struct wsip_proxy_error *error);

/* Works until wsip_proxy_stop, on this thread and as many more as there are further workers. */
enum wsip_err wsip_proxy_run(struct wsip_proxy *proxy);

/* Drains: what starts something new is answered with 503, and wsip_proxy_run returns when every
 * request has its answer, after 5 s at the latest; called again, it returns at once. May be called
 * from a signal handler and from any thread. */
void wsip_proxy_stop(struct wsip_proxy *proxy);

/* Logs the counters and pools of each worker (level info). Signal handlers and threads as above. */
void wsip_proxy_report(struct wsip_proxy *proxy);

void wsip_proxy_destroy(struct wsip_proxy *proxy);

/* "udp:127.0.0.1:5060": the listener as it is, with its real port; NULL beyond the last. */
const char *wsip_proxy_listener(const struct wsip_proxy *proxy, size_t index);

/* "epoll" or "uring": what it runs on. */
const char *wsip_proxy_io(const struct wsip_proxy *proxy);

#pragma GCC visibility pop
#endif
