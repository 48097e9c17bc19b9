/* SPDX-License-Identifier: MIT */
#include "transport/poller_choice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The order of WSIP_IO_AUTO: the first one that the system allows. */
static const struct wsip_poller_ops *const preferred[] = { &wsip_poller_uring, &wsip_poller_epoll };

/* 0, or the errno of trying: a sandbox may forbid what the kernel knows. */
static int try(const struct wsip_poller_ops *ops)
{
	struct wsip_buf_pool bufs;
	struct wsip_poller *poller;
	int error;

	wsip_buf_pool_init(&bufs);
	poller = ops->create(&bufs);
	error = poller ? 0 : errno;
	if (poller)
		ops->destroy(poller);
	wsip_buf_pool_finish(&bufs);
	return error;
}

static const struct wsip_poller_ops *complain(struct wsip_proxy_error *error, const char *name,
	int cause)
{
	error->err = WSIP_ERR_SYSTEM;
	snprintf(error->text, sizeof(error->text),
		"io '%s': %s; io_uring needs Linux 6.1 and a system that allows it, expected epoll "
		"or auto here",
		name, strerror(cause));
	return NULL;
}

const struct wsip_poller_ops *wsip_poller_choose(enum wsip_io io, struct wsip_proxy_error *error)
{
	int cause;

	if (io == WSIP_IO_EPOLL)
		return &wsip_poller_epoll;
	if (io == WSIP_IO_URING) {
		cause = try(&wsip_poller_uring);
		return cause ? complain(error, "uring", cause) : &wsip_poller_uring;
	}
	for (size_t i = 0; i < sizeof(preferred) / sizeof(preferred[0]); i++) {
		if (try(preferred[i]) == 0)
			return preferred[i];
	}
	return &wsip_poller_epoll;
}
