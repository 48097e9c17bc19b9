/* SPDX-License-Identifier: MIT
 * The version of the library, as compiled against and as linked.
 */
#ifndef WIRESIP_VERSION_H
#define WIRESIP_VERSION_H

#pragma GCC visibility push(default)

#define WSIP_VERSION "0.1.0"

/* The version of the library that is running. */
const char *wsip_version(void);

#pragma GCC visibility pop
#endif
