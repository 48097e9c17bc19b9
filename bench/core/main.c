/* SPDX-License-Identifier: MIT
 * What a call costs the core alone, without a socket: time and memory of a call (INVITE, 100, 180,
 * 200, ACK, BYE, 200), with few and with many transactions alive. Calls go in batches, as they
 * arrive from a busy socket; only wsip_core_receive and wsip_core_advance are timed.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "bench/core/call.h"
#include "core/core.h"
#include "router/targets.h"

#define BATCH 64

static const char usage[] =
	"Usage: core_bench [--calls N] [--rate N] [--ringing]\n"
	"\n"
	"  --calls N   calls to place (default 100000)\n"
	"  --rate N    calls a second of virtual time (default 30000): decides how many\n"
	"              transactions wait for their timers at once\n"
	"  --ringing   no call is answered; shows what a call in set-up holds\n";

struct bench {
	struct wsip_core core;
	struct wsip_listener listener;
	struct wsip_targets targets;
	struct wsip_route_source source;
	struct wsip_buf *sent[BATCH]; /* to the callee in this step */
	unsigned int sent_count;
	unsigned int answers; /* to the caller in this step */
	uint64_t spent_ns;
	struct wsip_flow caller, callee;
};

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static enum wsip_err send_bytes(void *self, const struct wsip_flow *flow, struct wsip_buf *bytes,
	uint64_t ticket)
{
	struct bench *bench = self;

	(void)ticket;
	if (wsip_addr_equal(&flow->remote, &bench->callee.remote) && bench->sent_count < BATCH)
		bench->sent[bench->sent_count++] = wsip_buf_ref(bytes);
	else
		bench->answers++;
	return WSIP_OK;
}

static void on_request(struct wsip_request *request, void *user)
{
	(void)user;
	wsip_relay(request, NULL);
}

static struct wsip_flow flow_of(const char *ip)
{
	struct wsip_flow flow = { .transport = WSIP_UDP };

	if (wsip_addr_parse_ip(wsip_span_of(ip), &flow.remote) != WSIP_OK)
		abort();
	flow.remote.port = 5060;
	return flow;
}

static void open_core(struct bench *bench)
{
	static const struct wsip_sender_ops sender = { .send = send_bytes };
	static const char *const targets[] = { "sip:" CALLEE, NULL };
	struct wsip_proxy_error error;

	bench->caller = flow_of("10.0.0.2");
	bench->callee = flow_of("10.0.0.3");
	bench->listener = (struct wsip_listener){ .transport = WSIP_UDP,
		.addr = flow_of("10.0.0.1").remote };
	bench->listener.text_bytes = wsip_addr_text(&bench->listener.addr, bench->listener.text);
	if (wsip_targets_init(&bench->targets, targets, &error) != WSIP_OK)
		abort();
	bench->source = wsip_targets_source(&bench->targets);
	if (wsip_core_init(&bench->core, &(struct wsip_core_options){
						 .timing = { 500, 4000, 5000, 32000 },
						 .timer_c_ms = 181000,
						 .secret = { 1, 2 },
						 .sender = &sender,
						 .sender_self = bench,
						 .listeners = &bench->listener,
						 .listener_count = 1,
						 .sources = &bench->source,
						 .source_count = 1,
						 .on_request = on_request,
					 }) != WSIP_OK)
		abort();
}

/* The step that is counted. */
static void receive(struct bench *bench, struct wsip_buf **bufs, unsigned int count,
	const struct wsip_flow *flow)
{
	uint64_t start_ns;

	bench->sent_count = 0;
	bench->answers = 0;
	start_ns = clock_ns();
	for (unsigned int i = 0; i < count; i++)
		wsip_core_receive(&bench->core, bufs[i], flow, NULL);
	bench->spent_ns += clock_ns() - start_ns;
}

static void expect(unsigned int found, unsigned int expected, const char *what)
{
	if (found == expected)
		return;
	fprintf(stderr, "core_bench: %u %s, expected %u\n", found, what, expected);
	exit(1);
}

static void forget_all(struct wsip_buf *const *bufs)
{
	for (unsigned int i = 0; i < BATCH; i++)
		wsip_buf_unref(bufs[i]);
}

typedef struct wsip_buf *write_fn(struct wsip_buf_pool *pool, unsigned int number);

/* `sent` gets the requests as they went on, with a reference each. */
static void request_all(struct bench *bench, write_fn *write, unsigned int first,
	struct wsip_buf **sent)
{
	struct wsip_buf *bufs[BATCH];

	for (unsigned int i = 0; i < BATCH; i++)
		bufs[i] = write(&bench->core.bufs, first + i);
	receive(bench, bufs, BATCH, &bench->caller);
	expect(bench->sent_count, BATCH, "requests went to the callee");
	memcpy(sent, bench->sent, sizeof(bench->sent));
}

static void answer_all(struct bench *bench, struct wsip_buf *const *requests,
	const char *status_line, unsigned int answers)
{
	struct wsip_buf *bufs[BATCH];

	for (unsigned int i = 0; i < BATCH; i++)
		bufs[i] = call_answer(&bench->core.bufs, requests[i], status_line);
	receive(bench, bufs, BATCH, &bench->callee);
	expect(bench->answers, answers, "answers went to the caller");
}

static void place_calls(struct bench *bench, unsigned int first, int ringing)
{
	struct wsip_buf *invites[BATCH], *others[BATCH];

	request_all(bench, call_invite, first, invites);
	if (!ringing) {
		answer_all(bench, invites, "SIP/2.0 180 Ringing\r\n", BATCH);
		answer_all(bench, invites, "SIP/2.0 200 OK\r\n", BATCH);
		request_all(bench, call_ack, first, others);
		forget_all(others);
		request_all(bench, call_bye, first, others);
		answer_all(bench, others, "SIP/2.0 200 OK\r\n", BATCH);
		forget_all(others);
	}
	forget_all(invites);
}

static void advance(struct bench *bench, uint64_t now_ms)
{
	uint64_t start_ns = clock_ns();

	wsip_core_advance(&bench->core, now_ms);
	bench->spent_ns += clock_ns() - start_ns;
}

static long peak_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void run(struct bench *bench, unsigned int calls, unsigned int rate, int ringing)
{
	long start_kb = peak_kb();
	uint64_t report_ns = 0;
	unsigned int reported = 0;

	for (unsigned int done = 0; done < calls; done += BATCH) {
		place_calls(bench, done, ringing);
		advance(bench, (uint64_t)done * 1000 / rate);
		if ((done + BATCH) * 10ull / calls == done * 10ull / calls)
			continue;
		printf("%10u calls  %8u transactions alive  %6.0f ns a call\n", done + BATCH,
			bench->core.tx.pool.in_use,
			(double)(bench->spent_ns - report_ns) / (done + BATCH - reported));
		report_ns = bench->spent_ns;
		reported = done + BATCH;
	}
	printf("%ld kB more at the peak, %ld octets a call\n", peak_kb() - start_kb,
		(peak_kb() - start_kb) * 1024 / (long)calls);
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "calls", required_argument, NULL, 'c' },
		{ "rate", required_argument, NULL, 'r' }, { "ringing", no_argument, NULL, 'i' },
		{ NULL, 0, NULL, 0 } };
	static struct bench bench;
	unsigned long calls = 100000, rate = 30000;
	int option, ringing = 0;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			calls = strtoul(optarg, NULL, 10);
			break;
		case 'r':
			rate = strtoul(optarg, NULL, 10);
			break;
		case 'i':
			ringing = 1;
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc || calls == 0 || rate == 0 || calls > 100000000) {
		fputs(usage, stderr);
		return 2;
	}
	open_core(&bench);
	run(&bench, (unsigned int)calls, (unsigned int)rate, ringing);
	wsip_core_finish(&bench.core);
	return 0;
}
