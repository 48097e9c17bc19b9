/* SPDX-License-Identifier: MIT
 * wiresip run: the proxy, from options.
 */
#include <wiresip/wiresip.h>

#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "cli/command.h"

static const char usage[] =
	"Usage: wiresip run --listen udp:HOST:PORT [--listen tcp:HOST:PORT] [--target URI] ...\n"
	"\n"
	"Runs a stateful SIP proxy. Phones register with it; a call goes to the phone that is\n"
	"registered under the number it asks for, else to the targets.\n"
	"\n"
	"  --listen udp:HOST:PORT   receive here; HOST is an IP address, 0.0.0.0 or [::] for all.\n"
	"  --listen tcp:HOST:PORT   May be given up to 16 times. Port 0 takes a free port\n"
	"  --target sip:HOST:PORT   where requests go that are for no registered phone; several "
	"are\n"
	"                           tried in order, the next one after 408, 503 or silence. Add\n"
	"                           ';transport=tcp' (in quotes) for TCP\n"
	"  --alias HOST[:PORT]      a name this proxy is known by beside its addresses; several "
	"times\n"
	"  --no-registrar           do not take registrations: REGISTER goes to the targets too\n"
	"  --workers N              threads, 1 to 64 (default 1)\n"
	"  --io epoll|uring|auto    how to wait for the network (default auto: the faster one "
	"that\n"
	"                           the system allows)\n"
	"  --coalesce US            let arrivals gather for up to so many microseconds, so that\n"
	"                           one wake-up serves several (default 0)\n"
	"  --log-level LEVEL        error, warn, info (default) or debug, on standard error\n"
	"  --t1 MS                  RFC 3261 timer T1 in milliseconds (default 500)\n"
	"  --help                   this text\n"
	"\n"
	"SIGINT and SIGTERM stop it: no new calls, running transactions finish, 5 s at most; a\n"
	"second one stops it at once. SIGUSR1 writes counters to the log.\n"
	"Exit status: 0 after a stop, 2 when it could not start.\n";

enum {
	OPT_LISTEN = 256,
	OPT_TARGET,
	OPT_ALIAS,
	OPT_NO_REGISTRAR,
	OPT_WORKERS,
	OPT_IO,
	OPT_COALESCE,
	OPT_LOG_LEVEL,
	OPT_T1,
	OPT_HELP
};

static const struct option long_options[] = {
	{ "listen", required_argument, NULL, OPT_LISTEN },
	{ "target", required_argument, NULL, OPT_TARGET },
	{ "alias", required_argument, NULL, OPT_ALIAS },
	{ "no-registrar", no_argument, NULL, OPT_NO_REGISTRAR },
	{ "workers", required_argument, NULL, OPT_WORKERS },
	{ "io", required_argument, NULL, OPT_IO },
	{ "coalesce", required_argument, NULL, OPT_COALESCE },
	{ "log-level", required_argument, NULL, OPT_LOG_LEVEL },
	{ "t1", required_argument, NULL, OPT_T1 },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static bool add_text(const char **list, size_t room, const char *text)
{
	size_t count = 0;

	while (count < room && list[count])
		count++;
	if (count < room)
		list[count] = text;
	return count < room;
}

static bool read_number(const char *text, uint64_t least, uint64_t most, unsigned int *number)
{
	uint64_t value;

	if (wsip_span_number(wsip_span_of(text), most, &value) != WSIP_OK || value < least)
		return false;
	*number = (unsigned int)value;
	return true;
}

static bool read_io(const char *text, enum wsip_io *io)
{
	static const char *const names[] = {
		[WSIP_IO_AUTO] = "auto", [WSIP_IO_EPOLL] = "epoll", [WSIP_IO_URING] = "uring"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			*io = (enum wsip_io)i;
			return true;
		}
	}
	return false;
}

/* Returns EXIT_GOOD, or the exit status of a wrong option. */
static int take_option(struct wsip_proxy_options *options, int option)
{
	switch (option) {
	case OPT_LISTEN:
		if (!add_text(options->listen, WSIP_LISTEN_MAX, optarg))
			return wsip_command_complain("run", "more than %d times --listen",
				WSIP_LISTEN_MAX);
		return EXIT_GOOD;
	case OPT_TARGET:
		if (!add_text(options->targets, WSIP_TARGETS_MAX, optarg))
			return wsip_command_complain("run", "more than %d times --target",
				WSIP_TARGETS_MAX);
		return EXIT_GOOD;
	case OPT_ALIAS:
		if (!add_text(options->aliases, WSIP_ALIASES_MAX, optarg))
			return wsip_command_complain("run", "more than %d times --alias",
				WSIP_ALIASES_MAX);
		return EXIT_GOOD;
	case OPT_NO_REGISTRAR:
		options->registrar = WSIP_REGISTRAR_OFF;
		return EXIT_GOOD;
	case OPT_WORKERS:
		if (!read_number(optarg, 1, WSIP_WORKERS_MAX, &options->workers))
			return wsip_command_complain("run", "--workers '%s' is not 1 to %d", optarg,
				WSIP_WORKERS_MAX);
		return EXIT_GOOD;
	case OPT_IO:
		if (!read_io(optarg, &options->io))
			return wsip_command_complain("run", "--io '%s' is not epoll, uring or auto",
				optarg);
		return EXIT_GOOD;
	case OPT_COALESCE:
		if (!read_number(optarg, 0, WSIP_COALESCE_MAX_US, &options->coalesce_us))
			return wsip_command_complain("run", "--coalesce '%s' is not 0 to %d",
				optarg, WSIP_COALESCE_MAX_US);
		return EXIT_GOOD;
	case OPT_LOG_LEVEL:
		if (wsip_log_level_parse(wsip_span_of(optarg), &options->log_level) != WSIP_OK)
			return wsip_command_complain("run",
				"--log-level '%s' is not error, warn, info or debug", optarg);
		return EXIT_GOOD;
	default:
		if (!read_number(optarg, 1, 60000, &options->t1_ms))
			return wsip_command_complain("run", "--t1 '%s' is not 1 to 60000", optarg);
		return EXIT_GOOD;
	}
}

/* Returns true when the proxy shall run; else `status` is the exit status. */
static bool read_options(int argc, char **argv, struct wsip_proxy_options *options, int *status)
{
	int option;

	opterr = 0;
	optind = 1;
	*status = EXIT_GOOD;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		if (option == OPT_HELP || option == 'h') {
			fputs(usage, stdout);
			return false;
		}
		if (option == '?' || option == ':')
			*status = wsip_command_bad_option("run", option, argv);
		else
			*status = take_option(options, option);
		if (*status)
			return false;
	}
	if (optind < argc)
		*status = wsip_command_complain("run", "unexpected argument '%s'", argv[optind]);
	else if (!options->listen[0])
		*status = wsip_command_complain("run", "no --listen");
	return *status == EXIT_GOOD;
}

static void print_banner(const struct wsip_proxy *proxy, const struct wsip_proxy_options *options)
{
	const char *name;

	printf("wiresip %s\n", wsip_version());
	for (size_t i = 0; (name = wsip_proxy_listener(proxy, i)) != NULL; i++)
		printf("  listens on  %s\n", name);
	if (options->registrar != WSIP_REGISTRAR_OFF)
		printf("  a REGISTER  is kept in memory\n"
		       "  a call      goes to the phone registered under the name it asks for;\n");
	else
		printf("  a call      ");
	if (options->targets[0])
		printf("%sgoes to %s", options->registrar ? "              else " : "",
			options->targets[0]);
	else
		printf("%sis answered with 404", options->registrar ? "              else " : "");
	for (size_t i = 1; options->targets[0] && options->targets[i]; i++)
		printf(", then %s", options->targets[i]);
	printf("\n  waits with  %s", wsip_proxy_io(proxy));
	printf("\n  Ctrl-C      finishes what is running, in 5 s at most\n");
	fflush(stdout);
}

/* Signals come to a thread of their own, so there is no code in signal handlers. */
static void *wait_for_signals(void *user)
{
	struct wsip_proxy *proxy = user;
	sigset_t signals;
	int signal_number;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGUSR1);
	while (sigwait(&signals, &signal_number) == 0) {
		if (signal_number == SIGUSR1)
			wsip_proxy_report(proxy);
		else
			wsip_proxy_stop(proxy);
	}
	return NULL;
}

static int run(struct wsip_proxy *proxy)
{
	enum wsip_err err = WSIP_ERR_SYSTEM;
	pthread_t signal_thread;

	if (pthread_create(&signal_thread, NULL, wait_for_signals, proxy) == 0) {
		err = wsip_proxy_run(proxy);
		pthread_cancel(signal_thread);
		pthread_join(signal_thread, NULL);
	}
	if (err)
		fprintf(stderr, "wiresip run: cannot start threads: %s\n", wsip_err_text(err));
	else
		printf("wiresip stopped\n");
	return err ? EXIT_USAGE : EXIT_GOOD;
}

/* Each connection takes a descriptor; the system's soft limit is made for other programs. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int wsip_command_run(int argc, char **argv)
{
	struct wsip_proxy_options options = { .registrar = WSIP_REGISTRAR_MEMORY,
		.log_level = WSIP_LOG_INFO };
	struct wsip_proxy_error error;
	struct wsip_proxy *proxy;
	sigset_t signals;
	int status;

	if (!read_options(argc, argv, &options, &status))
		return status;
	/* A shell starts what runs in the background with SIGINT ignored. */
	signal(SIGINT, SIG_DFL);
	sigfillset(&signals);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	raise_descriptor_limit();
	proxy = wsip_proxy_create(&options, &error);
	if (!proxy) {
		fprintf(stderr, "wiresip run: %s\n", error.text);
		return EXIT_USAGE;
	}
	print_banner(proxy, &options);
	status = run(proxy);
	wsip_proxy_destroy(proxy);
	return status;
}
