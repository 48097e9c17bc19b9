/* SPDX-License-Identifier: MIT
 * The registrar (RFC 3261 10.3) and the location service behind it (16.5).
 */
#ifndef WSIP_REGISTRAR_REGISTRAR_H
#define WSIP_REGISTRAR_REGISTRAR_H

#include <wiresip/request.h>

#include "core/route.h"
#include "registrar/bindings.h"

/* Answers a REGISTER. */
void wsip_registrar_answer(struct wsip_bindings *bindings, struct wsip_request *request);

/* The bindings as a route source: a registered user is found where he registered. */
struct wsip_route_source wsip_registrar_source(struct wsip_bindings *bindings);

#endif
