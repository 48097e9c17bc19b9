/* SPDX-License-Identifier: MIT
 * What the generator was asked to do.
 */
#ifndef WSIP_BENCH_OPTIONS_H
#define WSIP_BENCH_OPTIONS_H

#include <sys/types.h>

#include "bench/load/wire.h"

enum {
	EXIT_CLEAN = 0,
	EXIT_FAILED = 1, /* some calls failed */
	EXIT_USAGE = 2,  /* it could not be done as it was asked for */
};

enum wsip_load_mode {
	WSIP_LOAD_CALLS,
	WSIP_LOAD_REGISTERS,
	WSIP_LOAD_OPTIONS_PINGS,
};

enum wsip_load_wait {
	WSIP_LOAD_SPIN,
	WSIP_LOAD_SLEEP,
};

enum wsip_load_progress {
	WSIP_LOAD_PROGRESS,
	WSIP_LOAD_QUIET,
};

struct wsip_load_options {
	const char *proxy_text; /* "direct" where there is none */
	union wsip_peer proxy;
	union wsip_peer uas;
	bool has_uas;
	enum wsip_load_mode mode;
	enum wsip_wire_route route;
	enum wsip_load_wait wait;
	enum wsip_load_progress progress;
	enum wsip_transport transport;
	uint32_t rate;
	uint64_t calls;       /* 0: as many as are due in the duration */
	uint32_t duration_ms; /* of --duration; does not count when there is a number of calls */
	uint32_t hold_ms;
	uint32_t sockets;
	uint32_t idle;
	uint32_t t1_ms;
	uint32_t users;
	const char *username; /* with one %d in it or none */
	const char *password; /* or NULL */
	pid_t pid;            /* 0: the proxy is not watched */
	int cpu;              /* -1: wherever the system likes */
	const char *json;     /* a file, "-", or NULL */
	const char *label;
};

/* Returns true when there is something to run; else `status` is the exit status. */
bool wsip_load_read_options(int argc, char **argv, struct wsip_load_options *options, int *status);

/* One line on standard error, which points to --help, or not. Both return EXIT_USAGE. */
int wsip_load_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
int wsip_load_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
