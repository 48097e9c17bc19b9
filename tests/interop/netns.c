/* SPDX-License-Identifier: MIT
 * netns COMMAND...: runs a command in a network namespace of its own, with nothing but loopback in
 * it. Exits with 77 when the system does not allow that.
 */
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SKIP 77

static int bring_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int result = fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &request);

	if (fd >= 0)
		close(fd);
	return result;
}

/* In a user namespace we are nobody until we say who we are, and setuid fails even to our own id:
 * some programs (gnuplot) do not run then. */
static void stay_who_we_are(unsigned int uid)
{
	FILE *map = fopen("/proc/self/uid_map", "w");

	if (!map)
		return;
	fprintf(map, "%u %u 1\n", uid, uid);
	fclose(map);
}

static int enter_network(void)
{
	unsigned int uid = geteuid();

	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return -1;
	stay_who_we_are(uid);
	return 0;
}

int main(int argc, char **argv)
{
	(void)argc;
	if (enter_network() != 0)
		return SKIP;
	if (bring_loopback_up() != 0)
		return SKIP;
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
