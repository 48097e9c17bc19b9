/* SPDX-License-Identifier: MIT
 * Errors: what a function says when it did not do what its name promises.
 * Nothing here comes from a peer; what a peer sends is answered with a SIP status instead.
 */
#ifndef WIRESIP_ERR_H
#define WIRESIP_ERR_H

#pragma GCC visibility push(default)

#define WSIP_MUST_CHECK __attribute__((warn_unused_result))

enum wsip_err {
	WSIP_OK = 0,
	WSIP_ERR_MEMORY,      /* out of memory, or a pool is at its limit */
	WSIP_ERR_SYNTAX,      /* the bytes do not follow the grammar */
	WSIP_ERR_LIMIT,       /* longer, deeper or more than base/limits.h allows */
	WSIP_ERR_NOT_FOUND,   /* there is no such thing */
	WSIP_ERR_STATE,       /* not now: the request was answered, the relay ended */
	WSIP_ERR_ADDRESS,     /* not an address, or one that cannot be used here */
	WSIP_ERR_IN_USE,      /* another socket has this address */
	WSIP_ERR_UNREACHABLE, /* no way to send there */
	WSIP_ERR_ARGUMENT,    /* the caller passed something this function does not take */
	WSIP_ERR_SYSTEM,      /* the operating system refused; errno says why */
};

/* A short English text, never NULL, without a final full stop. */
const char *wsip_err_text(enum wsip_err err);

#pragma GCC visibility pop
#endif
