/* SPDX-License-Identifier: MIT
 * A proxy whose handler costs as much as it is told to, so that a load generator on one core can
 *ask for ten times what it can do.
 *
 *	slow_proxy --cost-us 200 --listen udp:127.0.0.1:5060 --target sip:127.0.0.1:5070
 */
#include <wiresip/wiresip.h>

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct wsip_proxy *proxy;
static uint64_t cost_us;

static uint64_t cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void on_request(struct wsip_request *request, void *user)
{
	uint64_t until_us = cpu_us() + cost_us;

	(void)user;
	while (cpu_us() < until_us)
		continue;
	wsip_relay(request, NULL);
}

static void on_signal(int signal_number)
{
	if (signal_number == SIGUSR1)
		wsip_proxy_report(proxy);
	else
		wsip_proxy_stop(proxy);
}

static const struct option long_options[] = {
	{ "cost-us", required_argument, NULL, 'c' },
	{ "listen", required_argument, NULL, 'l' },
	{ "target", required_argument, NULL, 't' },
	{ "t1", required_argument, NULL, '1' },
	{ "workers", required_argument, NULL, 'w' },
	{ NULL, 0, NULL, 0 },
};

static int read_options(int argc, char **argv, struct wsip_proxy_options *options)
{
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 'c')
			cost_us = strtoull(optarg, NULL, 10);
		else if (option == 'l')
			options->listen[0] = optarg;
		else if (option == 't')
			options->targets[0] = optarg;
		else if (option == '1')
			options->t1_ms = (uint32_t)strtoul(optarg, NULL, 10);
		else if (option == 'w')
			options->workers = (unsigned int)strtoul(optarg, NULL, 10);
		else
			return -1;
	}
	return optind == argc && options->listen[0] ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct wsip_proxy_options options = { .on_request = on_request };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct wsip_proxy_error error;

	if (read_options(argc, argv, &options) != 0) {
		fprintf(stderr, "usage: slow_proxy --cost-us N --listen udp:HOST:PORT "
				"[--target URI] [--workers N] [--t1 MS]\n");
		return 2;
	}
	proxy = wsip_proxy_create(&options, &error);
	if (!proxy) {
		fprintf(stderr, "slow_proxy: %s\n", error.text);
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	printf("slow_proxy listens on %s\n", wsip_proxy_listener(proxy, 0));
	fflush(stdout);
	wsip_proxy_run(proxy);
	wsip_proxy_destroy(proxy);
	return 0;
}
