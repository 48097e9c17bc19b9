/* SPDX-License-Identifier: MIT */
#include <wiresip/version.h>

const char *wsip_version(void)
{
	return WSIP_VERSION;
}
