/* SPDX-License-Identifier: MIT
 * Which poller a proxy runs on.
 */
#ifndef WSIP_TRANSPORT_POLLER_CHOICE_H
#define WSIP_TRANSPORT_POLLER_CHOICE_H

#include <wiresip/proxy.h>

#include "transport/poller.h"

/* NULL with `error` filled in when the system does not allow it. */
const struct wsip_poller_ops *wsip_poller_choose(enum wsip_io io, struct wsip_proxy_error *error);

#endif
