/* SPDX-License-Identifier: MIT
 * Which poller is chosen, where io_uring is allowed and where it is forbidden, as containers often
 * do.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "transport/poller_choice.h"

/* For this process, from now on: each test is one of its own. */
static void forbid_io_uring(void)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(rules) / sizeof(rules[0]), rules };

	cr_assert(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	cr_assert(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0, "%s", strerror(errno));
}

Test(poller_choice, epoll_is_there_when_asked_for)
{
	struct wsip_proxy_error error = { 0 };

	cr_expect(wsip_poller_choose(WSIP_IO_EPOLL, &error) == &wsip_poller_epoll);
}

Test(poller_choice, auto_takes_epoll_where_io_uring_is_forbidden)
{
	struct wsip_proxy_error error = { 0 };

	forbid_io_uring();
	cr_expect(wsip_poller_choose(WSIP_IO_AUTO, &error) == &wsip_poller_epoll);
	cr_expect(error.err == WSIP_OK);
}

Test(poller_choice, asking_for_io_uring_where_it_is_forbidden_is_an_error)
{
	struct wsip_proxy_error error = { 0 };

	forbid_io_uring();
	cr_expect(wsip_poller_choose(WSIP_IO_URING, &error) == NULL);
	cr_expect(error.err == WSIP_ERR_SYSTEM);
	cr_expect(strstr(error.text, "io 'uring': Operation not permitted") != NULL, "%s",
		error.text);
	cr_expect(strchr(error.text, '\n') == NULL, "one line");
}

/* What was asked for is what one gets, never another one in silence. */
Test(poller_choice, io_uring_is_io_uring_or_an_error)
{
	struct wsip_proxy_error error = { 0 };
	const struct wsip_poller_ops *ops = wsip_poller_choose(WSIP_IO_URING, &error);

	cr_expect(ops == &wsip_poller_uring || (!ops && error.text[0] != '\0'));
}
