/* SPDX-License-Identifier: MIT
 * Requests that a handler has put aside, and how they come back (wsip_request_suspend).
 */
#ifndef WSIP_CORE_SUSPEND_H
#define WSIP_CORE_SUSPEND_H

#include <wiresip/request.h>

struct wsip_core;

/* What wsip_resume wants done, on the thread of the request's core. */
struct wsip_resumption {
	uint64_t request; /* handle in core->requests */
	wsip_resume_fn *resume;
	void *user;
};

/* Implemented by whoever runs the core. */
struct wsip_post_ops {
	/* Lets wsip_core_resume be called on the core's thread, soon. Called on any thread; never
	 * blocks. WSIP_ERR_LIMIT when too much is waiting already. Mandatory. */
	enum wsip_err (*post)(void *self, const struct wsip_resumption *resumption);
};

void wsip_core_resume(struct wsip_core *core, const struct wsip_resumption *resumption);

#endif
