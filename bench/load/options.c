/* SPDX-License-Identifier: MIT */
#include "bench/load/options.h"

#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <wiresip/version.h>

#define SOCKETS_MAX  1024
#define USERS_MAX    1000000
#define USERNAME_MAX 100

static const char usage[] =
	"Usage: wiresip-bench [OPTION...] HOST:PORT\n"
	"       wiresip-bench [OPTION...] --direct\n"
	"\n"
	"Offers calls to the SIP proxy at HOST:PORT, as many a second as it is told to,\n"
	"whether or not the proxy keeps up; calls and answers them itself, and says what\n"
	"became of them. A call is INVITE 100 180 200 ACK, hold, BYE 200. The Request-URI\n"
	"is sip:bench@HOST:PORT of the answering side: a proxy needs to know nothing else.\n"
	"\n"
	"  --rate N             calls a second (default 1000)\n"
	"  --duration S         offer for so many seconds (default 10), or\n"
	"  --calls N            so many calls; then wait for the rest, 64*T1 at most\n"
	"  --hold MS            between ACK and BYE (default 0)\n"
	"  --transport udp|tcp  (default udp)\n"
	"  --uas HOST:PORT      where the answering side listens, as the proxy reaches it\n"
	"                       (default: this machine's address towards the proxy, free\n"
	"                       ports); the UDP sockets are at this port and the next ones\n"
	"  --sockets N          UDP sockets of each side, or TCP connections to the proxy\n"
	"                       (default 16): calls take turns, workers share them out\n"
	"  --idle N             open N more TCP connections and leave them alone\n"
	"\n"
	"  --options            OPTIONS requests in place of calls\n"
	"  --register           REGISTER requests in place of calls, of\n"
	"    --users N          so many users in turn (default 1000), who are called\n"
	"    --username TEXT    TEXT with their number for %d (default bench%d), and have\n"
	"    --password TEXT    this password (MD5 or SHA-256 digest; default: none)\n"
	"  --direct             no proxy: what the generator itself can do\n"
	"\n"
	"  --pid PID            measure CPU and memory of this process and those below it,\n"
	"                       of its whole process group when it leads one\n"
	"  --cpu N              stay on this core; give the proxy another one\n"
	"  --wait spin|sleep    look for messages all the time (default on two cores and\n"
	"                       more: the proxy then spends no time on waking us), or\n"
	"                       sleep until one comes\n"
	"  --t1 MS              RFC 3261 timer T1 (default 500)\n"
	"  --json FILE          the result for programs too; '-' for standard output\n"
	"  --label TEXT         goes into the result\n"
	"  --quiet              no progress line (there is one on a terminal only)\n"
	"  --version\n"
	"  --help\n"
	"\n"
	"Exit status: 0 when every call was completed, or rejected with 503 and\n"
	"Retry-After; 1 when some failed; 2 when it could not do what it was asked for.\n";

enum {
	OPT_RATE = 256,
	OPT_DURATION,
	OPT_CALLS,
	OPT_HOLD,
	OPT_TRANSPORT,
	OPT_UAS,
	OPT_SOCKETS,
	OPT_IDLE,
	OPT_OPTIONS,
	OPT_REGISTER,
	OPT_USERS,
	OPT_USERNAME,
	OPT_PASSWORD,
	OPT_DIRECT,
	OPT_PID,
	OPT_CPU,
	OPT_WAIT,
	OPT_T1,
	OPT_JSON,
	OPT_LABEL,
	OPT_QUIET,
	OPT_VERSION,
	OPT_HELP,
};

static const struct option long_options[] = {
	{ "rate", required_argument, NULL, OPT_RATE },
	{ "duration", required_argument, NULL, OPT_DURATION },
	{ "calls", required_argument, NULL, OPT_CALLS },
	{ "hold", required_argument, NULL, OPT_HOLD },
	{ "transport", required_argument, NULL, OPT_TRANSPORT },
	{ "uas", required_argument, NULL, OPT_UAS },
	{ "sockets", required_argument, NULL, OPT_SOCKETS },
	{ "idle", required_argument, NULL, OPT_IDLE },
	{ "register", no_argument, NULL, OPT_REGISTER },
	{ "users", required_argument, NULL, OPT_USERS },
	{ "username", required_argument, NULL, OPT_USERNAME },
	{ "password", required_argument, NULL, OPT_PASSWORD },
	{ "options", no_argument, NULL, OPT_OPTIONS },
	{ "direct", no_argument, NULL, OPT_DIRECT },
	{ "pid", required_argument, NULL, OPT_PID },
	{ "cpu", required_argument, NULL, OPT_CPU },
	{ "wait", required_argument, NULL, OPT_WAIT },
	{ "t1", required_argument, NULL, OPT_T1 },
	{ "json", required_argument, NULL, OPT_JSON },
	{ "label", required_argument, NULL, OPT_LABEL },
	{ "quiet", no_argument, NULL, OPT_QUIET },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

int wsip_load_complain(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "wiresip-bench: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "; see 'wiresip-bench --help'\n");
	return EXIT_USAGE;
}

int wsip_load_fail(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "wiresip-bench: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	return EXIT_USAGE;
}

/* Options that are a number, and what they may be. */
struct number_option {
	int option;
	uint64_t least, most;
	uint64_t *place;
};

struct numbers {
	uint64_t rate, duration_s, calls, hold_ms, sockets, idle, pid, cpu, t1_ms, users;
};

static const char *name_of(int option)
{
	for (const struct option *known = long_options; known->name; known++) {
		if (known->val == option)
			return known->name;
	}
	return "";
}

static int take_number(struct numbers *numbers, int option)
{
	const struct number_option table[] = {
		{ OPT_RATE, 1, 1000000, &numbers->rate },
		{ OPT_DURATION, 1, 86400, &numbers->duration_s },
		{ OPT_CALLS, 1, UINT32_MAX, &numbers->calls },
		{ OPT_HOLD, 0, 3600000, &numbers->hold_ms },
		{ OPT_SOCKETS, 1, SOCKETS_MAX, &numbers->sockets },
		{ OPT_IDLE, 0, 60000, &numbers->idle },
		{ OPT_PID, 1, INT32_MAX, &numbers->pid },
		{ OPT_CPU, 0, CPU_SETSIZE - 1, &numbers->cpu },
		{ OPT_T1, 1, 60000, &numbers->t1_ms },
		{ OPT_USERS, 1, USERS_MAX, &numbers->users },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].option != option)
			continue;
		if (wsip_span_number(wsip_span_of(optarg), table[i].most, table[i].place) ==
				WSIP_OK &&
			*table[i].place >= table[i].least)
			return EXIT_CLEAN;
		return wsip_load_complain("--%s '%s' is not %lu to %lu", name_of(option), optarg,
			(unsigned long)table[i].least, (unsigned long)table[i].most);
	}
	return wsip_load_complain("--%s is not a number", name_of(option));
}

static int take_address(const char *what, const char *text, union wsip_peer *peer)
{
	enum wsip_err err = wsip_peer_parse(text, peer);

	if (err == WSIP_ERR_NOT_FOUND)
		return wsip_load_complain("%s '%s': nobody knows this host", what, text);
	if (err)
		return wsip_load_complain("%s '%s' is not HOST:PORT", what, text);
	return EXIT_CLEAN;
}

/* It goes into messages as it is. */
static int take_username(struct wsip_load_options *options)
{
	options->username = optarg;
	if (!optarg[0] || strlen(optarg) > USERNAME_MAX || strpbrk(optarg, "\r\n\t\"\\<>@:; "))
		return wsip_load_complain("--username '%s' is not a user of a URI", optarg);
	return EXIT_CLEAN;
}

static int take_wait(struct wsip_load_options *options)
{
	if (strcmp(optarg, "spin") == 0)
		options->wait = WSIP_LOAD_SPIN;
	else if (strcmp(optarg, "sleep") == 0)
		options->wait = WSIP_LOAD_SLEEP;
	else
		return wsip_load_complain("--wait '%s' is not spin or sleep", optarg);
	return EXIT_CLEAN;
}

static int take_transport(struct wsip_load_options *options)
{
	if (wsip_transport_parse(wsip_span_of(optarg), &options->transport) != WSIP_OK)
		return wsip_load_complain("--transport '%s' is not udp or tcp", optarg);
	return EXIT_CLEAN;
}

static int take_option(struct wsip_load_options *options, struct numbers *numbers, int option)
{
	switch (option) {
	case OPT_TRANSPORT:
		return take_transport(options);
	case OPT_UAS:
		options->has_uas = true;
		return take_address("--uas", optarg, &options->uas);
	case OPT_OPTIONS:
		options->mode = WSIP_LOAD_OPTIONS_PINGS;
		return EXIT_CLEAN;
	case OPT_REGISTER:
		options->mode = WSIP_LOAD_REGISTERS;
		return EXIT_CLEAN;
	case OPT_USERNAME:
		return take_username(options);
	case OPT_PASSWORD:
		options->password = optarg;
		return EXIT_CLEAN;
	case OPT_DIRECT:
		options->route = WSIP_WIRE_DIRECT;
		return EXIT_CLEAN;
	case OPT_WAIT:
		return take_wait(options);
	case OPT_JSON:
		options->json = optarg;
		return EXIT_CLEAN;
	case OPT_LABEL:
		options->label = optarg;
		return EXIT_CLEAN;
	case OPT_QUIET:
		options->progress = WSIP_LOAD_QUIET;
		return EXIT_CLEAN;
	case '?':
		return wsip_load_complain("unknown option '%s'", options->proxy_text);
	case ':':
		return wsip_load_complain("option '%s' needs a value", options->proxy_text);
	default:
		return take_number(numbers, option);
	}
}

static void take_numbers(struct wsip_load_options *options, const struct numbers *numbers)
{
	options->rate = (uint32_t)numbers->rate;
	options->duration_ms = (uint32_t)(numbers->duration_s * 1000);
	options->calls = numbers->calls;
	options->hold_ms = (uint32_t)numbers->hold_ms;
	options->sockets = (uint32_t)numbers->sockets;
	options->idle = (uint32_t)numbers->idle;
	options->pid = (pid_t)numbers->pid;
	options->cpu = numbers->cpu == UINT64_MAX ? -1 : (int)numbers->cpu;
	options->t1_ms = (uint32_t)numbers->t1_ms;
	options->users = (uint32_t)numbers->users;
}

/* Without a core of its own a process that never sleeps takes the proxy's. */
static enum wsip_load_wait default_wait(void)
{
	cpu_set_t cores;

	if (sched_getaffinity(0, sizeof(cores), &cores) != 0 || CPU_COUNT(&cores) < 2)
		return WSIP_LOAD_SLEEP;
	return WSIP_LOAD_SPIN;
}

static int take_proxy(struct wsip_load_options *options, int argc, char **argv)
{
	bool direct = options->route == WSIP_WIRE_DIRECT;

	if (optind + !direct < argc)
		return wsip_load_complain("unexpected argument '%s'", argv[argc - 1]);
	if (direct && options->mode == WSIP_LOAD_REGISTERS)
		return wsip_load_complain("--direct: there is nobody to --register with");
	options->proxy_text = direct ? "direct" : argv[optind];
	if (!options->proxy_text)
		return wsip_load_complain("which proxy? HOST:PORT is missing");
	return take_address("proxy", direct ? "127.0.0.1:5060" : options->proxy_text,
		&options->proxy);
}

bool wsip_load_read_options(int argc, char **argv, struct wsip_load_options *options, int *status)
{
	struct numbers numbers = { .rate = 1000,
		.duration_s = 10,
		.sockets = 16,
		.t1_ms = 500,
		.users = 1000,
		.cpu = UINT64_MAX };
	int option;

	*options = (struct wsip_load_options){
		.label = "", .username = "bench%d", .wait = default_wait()
	};
	*status = EXIT_CLEAN;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		if (option == OPT_HELP || option == 'h') {
			fputs(usage, stdout);
			return false;
		}
		if (option == OPT_VERSION) {
			puts("wiresip-bench " WSIP_VERSION);
			return false;
		}
		options->proxy_text = argv[optind - 1]; /* what a complaint would be about */
		*status = take_option(options, &numbers, option);
		if (*status)
			return false;
	}
	take_numbers(options, &numbers);
	*status = take_proxy(options, argc, argv);
	return *status == EXIT_CLEAN;
}
