/* SPDX-License-Identifier: MIT
 * REGISTER requests: of one user after the other, with credentials once they were asked for.
 */
#ifndef WSIP_BENCH_REGISTRATION_H
#define WSIP_BENCH_REGISTRATION_H

#include "bench/load/call.h"
#include "bench/load/digest.h"
#include "bench/load/options.h"

struct wsip_load;

struct wsip_registrations {
	struct wsip_digests digests;
	struct wsip_credentials *users; /* of each user, by number */
	char uri[300];                  /* "sip:" and the proxy */
};

WSIP_MUST_CHECK enum wsip_err wsip_registrations_init(struct wsip_registrations *registrations,
	const struct wsip_load_options *options);
void wsip_registrations_finish(struct wsip_registrations *registrations);

/* Writes the request for a new transaction of the call; it is kept, to be sent again as it is. */
void wsip_registration_write(struct wsip_load *load, struct wsip_call *call);

/* The request that was kept. */
struct wsip_span wsip_registration_text(const struct wsip_load *load, const struct wsip_call *call);

/* RFC 3261 22.2: a 401 or 407 was received. WSIP_OK: wsip_registration_write has an answer to it.
 */
WSIP_MUST_CHECK enum wsip_err wsip_registration_challenged(struct wsip_load *load,
	struct wsip_call *call, const struct wsip_scanned *response);

#endif
