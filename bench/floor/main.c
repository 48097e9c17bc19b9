/* SPDX-License-Identifier: MIT
 * What the kernel alone takes: a forwarder without any SIP receives datagrams of 700 octets in
 * batches and sends them on, as fast as they come. Thirteen halves of that are the floor of a call,
 * of which a proxy receives 6 datagrams and sends 7. Run it with two cores: the forwarder stays on
 * the first, whoever keeps it busy on the second.
 */
#include <arpa/inet.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH       64
#define OCTETS      700
#define OUTSTANDING 512
#define DATAGRAMS   1000000

struct batch {
	struct mmsghdr messages[BATCH];
	struct iovec iovecs[BATCH];
	char octets[BATCH][2048];
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void stay_on(int core)
{
	cpu_set_t cores;

	CPU_ZERO(&cores);
	CPU_SET(core, &cores);
	if (sched_setaffinity(0, sizeof(cores), &cores) != 0)
		fail("floor_bench: two cores are needed");
}

static int open_socket(struct sockaddr_in *addr)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), bytes = 4 << 20;
	socklen_t size = sizeof(*addr);

	*addr = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)addr, size) != 0 ||
		getsockname(fd, (struct sockaddr *)addr, &size) != 0)
		fail("floor_bench: socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	return fd;
}

/* What is received into, and sent to `to`. */
static void prepare(struct batch *batch, struct sockaddr_in *to, size_t octets)
{
	for (int i = 0; i < BATCH; i++) {
		batch->iovecs[i] = (struct iovec){ batch->octets[i], octets };
		batch->messages[i].msg_hdr = (struct msghdr){ .msg_iov = &batch->iovecs[i],
			.msg_iovlen = 1,
			.msg_name = to,
			.msg_namelen = to ? sizeof(*to) : 0 };
	}
}

static void forward(int fd, struct sockaddr_in *to)
{
	static struct batch in, out;

	prepare(&in, NULL, sizeof(in.octets[0]));
	prepare(&out, to, OCTETS);
	for (;;) {
		int count = recvmmsg(fd, in.messages, BATCH, MSG_WAITFORONE, NULL);

		for (int sent = 0; sent < count;) {
			int some = sendmmsg(fd, out.messages + sent, (unsigned int)(count - sent),
				0);

			sent += some > 0 ? some : 0;
		}
	}
}

/* Never more under way than the forwarder's socket holds. */
static void keep_busy(int source, int sink, struct sockaddr_in *forwarder)
{
	static struct batch in, out;
	unsigned int sent = 0, came = 0;

	prepare(&out, forwarder, OCTETS);
	prepare(&in, NULL, sizeof(in.octets[0]));
	while (came < DATAGRAMS) {
		int count = 0;

		if (sent - came < OUTSTANDING && sent < DATAGRAMS)
			count = sendmmsg(source, out.messages, BATCH, 0);
		sent += count > 0 ? (unsigned int)count : 0;
		count = recvmmsg(sink, in.messages, BATCH, MSG_DONTWAIT, NULL);
		came += count > 0 ? (unsigned int)count : 0;
	}
}

int main(void)
{
	struct sockaddr_in forwarder_addr, source_addr, sink_addr;
	int forwarder = open_socket(&forwarder_addr);
	int source = open_socket(&source_addr), sink = open_socket(&sink_addr);
	struct rusage usage;
	pid_t child = fork();
	double us;

	if (child < 0)
		fail("floor_bench: fork");
	if (child == 0) {
		stay_on(0);
		forward(forwarder, &sink_addr);
	}
	stay_on(1);
	keep_busy(source, sink, &forwarder_addr);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	getrusage(RUSAGE_CHILDREN, &usage);
	us = ((double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
		     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)) /
	     DATAGRAMS;
	printf("a datagram received and sent: %.2f us; the floor of a call: %.1f us\n", us,
		us * 6.5);
	return 0;
}
