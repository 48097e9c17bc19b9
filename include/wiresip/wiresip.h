/* SPDX-License-Identifier: MIT
 * All of Wiresip's public headers.
 */
#ifndef WIRESIP_WIRESIP_H
#define WIRESIP_WIRESIP_H

#include <wiresip/addr.h>
#include <wiresip/err.h>
#include <wiresip/log.h>
#include <wiresip/msg.h>
#include <wiresip/name_addr.h>
#include <wiresip/proxy.h>
#include <wiresip/request.h>
#include <wiresip/span.h>
#include <wiresip/uri.h>
#include <wiresip/version.h>
#include <wiresip/via.h>

#endif
