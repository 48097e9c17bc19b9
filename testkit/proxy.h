/* SPDX-License-Identifier: MIT
 * A proxy of the simulation: what a worker is to a real one.
 */
#ifndef WSIP_TESTKIT_PROXY_H
#define WSIP_TESTKIT_PROXY_H

#include "proxy/assembly.h"
#include "testkit/sim.h"
#include "transport/listen.h"
#include "transport/network.h"

/* For tests of the stack itself. */
struct wsip_core *wsip_sim_proxy_core(struct wsip_sim_proxy *proxy);

#endif
