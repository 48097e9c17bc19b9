/* SPDX-License-Identifier: MIT
 * All of Wiresip's public headers.
 */
#ifndef WIRESIP_WIRESIP_H
#define WIRESIP_WIRESIP_H

#include <wiresip/addr.h>
#include <wiresip/auth.h>
#include <wiresip/contact.h>
#include <wiresip/cseq.h>
#include <wiresip/date.h>
#include <wiresip/delta.h>
#include <wiresip/diversion.h>
#include <wiresip/err.h>
#include <wiresip/event.h>
#include <wiresip/history_info.h>
#include <wiresip/identity.h>
#include <wiresip/log.h>
#include <wiresip/media_type.h>
#include <wiresip/msg.h>
#include <wiresip/name_addr.h>
#include <wiresip/param.h>
#include <wiresip/proxy.h>
#include <wiresip/rack.h>
#include <wiresip/reason.h>
#include <wiresip/replaces.h>
#include <wiresip/request.h>
#include <wiresip/span.h>
#include <wiresip/uri.h>
#include <wiresip/version.h>
#include <wiresip/via.h>
#include <wiresip/warning.h>

#endif
