/* SPDX-License-Identifier: MIT
 * wiresip-bench: the load generator.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>

#include "bench/load/run.h"

static int stay_on_core(int cpu)
{
	cpu_set_t cores;

	if (cpu < 0)
		return EXIT_CLEAN;
	CPU_ZERO(&cores);
	CPU_SET((size_t)cpu, &cores);
	if (sched_setaffinity(0, sizeof(cores), &cores) == 0)
		return EXIT_CLEAN;
	return wsip_load_fail("--cpu %d: %s", cpu, strerror(errno));
}

/* Sockets are descriptors; and a sleep shall end when it was to end, not 50 us later. */
static void prepare_process(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	prctl(PR_SET_TIMERSLACK, 1);
}

static int open_wire(struct wsip_load *load)
{
	const struct wsip_load_options *options = load->options;
	struct wsip_wire_options wire = {
		.route = options->route, .proxy = options->proxy, .pairs = options->sockets
	};
	char problem[256];

	if (wsip_peer_local(&options->proxy, &wire.local) != WSIP_OK)
		return wsip_load_fail("proxy '%s' cannot be reached from here: %s",
			options->proxy_text, strerror(errno));
	wire.callee = options->has_uas ? options->uas : wire.local;
	load->wire = options->transport == WSIP_TCP ? wsip_tcp_open(&wire, problem)
						    : wsip_udp_open(&wire, problem);
	return load->wire ? EXIT_CLEAN : wsip_load_fail("%s", problem);
}

static int open_idle(struct wsip_load *load)
{
	uint32_t count = load->options->idle;

	if (count == 0 || wsip_idle_open(&load->idle, &load->options->proxy, count) == WSIP_OK)
		return EXIT_CLEAN;
	return wsip_load_fail("--idle %u: only %u connections to '%s' could be opened: %s", count,
		load->idle.count, load->options->proxy_text, strerror(errno));
}

static int prepare(struct wsip_load *load)
{
	int status = open_wire(load);

	if (!status)
		status = open_idle(load);
	if (status)
		return status;
	if (getrandom(&load->run, sizeof(load->run), 0) != sizeof(load->run) ||
		getrandom(&load->secret, sizeof(load->secret), 0) != sizeof(load->secret))
		return wsip_load_fail("no random numbers: %s", strerror(errno));
	if (wsip_calls_init(&load->calls) != WSIP_OK ||
		wsip_registrations_init(&load->registrations, load->options) != WSIP_OK ||
		wsip_messages_init(&load->messages, load->options, load->wire) != WSIP_OK)
		return wsip_load_fail("out of memory");
	return EXIT_CLEAN;
}

static void clean_up(struct wsip_load *load)
{
	wsip_idle_close(&load->idle);
	wsip_registrations_finish(&load->registrations);
	wsip_messages_finish(&load->messages);
	wsip_calls_finish(&load->calls);
	if (load->wire)
		load->wire->ops->close(load->wire);
	free(load);
}

static int run(struct wsip_load *load)
{
	struct wsip_result result;
	int status = prepare(load);

	if (!status)
		status = wsip_run(load, &result);
	if (status == EXIT_USAGE)
		return status;
	wsip_result_print(&result);
	if (load->options->json && wsip_result_write_json(&result) != EXIT_CLEAN)
		return EXIT_USAGE;
	return status;
}

int main(int argc, char **argv)
{
	struct wsip_load_options options;
	struct wsip_load *load;
	int status;

	if (!wsip_load_read_options(argc, argv, &options, &status))
		return status;
	status = stay_on_core(options.cpu);
	if (status)
		return status;
	load = calloc(1, sizeof(*load));
	if (!load)
		return wsip_load_fail("out of memory");
	prepare_process();
	load->options = &options;
	status = run(load);
	clean_up(load);
	return status;
}
