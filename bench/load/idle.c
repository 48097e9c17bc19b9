/* SPDX-License-Identifier: MIT */
#include "bench/load/idle.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int open_one(const union wsip_peer *proxy)
{
	int fd = socket(proxy->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int problem;

	if (fd < 0 || connect(fd, &proxy->any, wsip_peer_size(proxy)) == 0)
		return fd;
	problem = errno;
	close(fd);
	errno = problem;
	return -1;
}

enum wsip_err wsip_idle_open(struct wsip_idle *idle, const union wsip_peer *proxy, uint32_t count)
{
	idle->count = 0;
	idle->fds = calloc(count, sizeof(*idle->fds));
	if (!idle->fds)
		return WSIP_ERR_MEMORY;
	while (idle->count < count) {
		int fd = open_one(proxy);

		if (fd < 0)
			return WSIP_ERR_SYSTEM;
		idle->fds[idle->count++] = fd;
	}
	return WSIP_OK;
}

void wsip_idle_close(struct wsip_idle *idle)
{
	for (uint32_t i = 0; i < idle->count; i++)
		close(idle->fds[i]);
	free(idle->fds);
}
