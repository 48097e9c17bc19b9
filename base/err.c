/* SPDX-License-Identifier: MIT */
#include <wiresip/err.h>

const char *wsip_err_text(enum wsip_err err)
{
	switch (err) {
	case WSIP_OK:
		return "no error";
	case WSIP_ERR_MEMORY:
		return "out of memory";
	case WSIP_ERR_SYNTAX:
		return "syntax error";
	case WSIP_ERR_LIMIT:
		return "over a limit";
	case WSIP_ERR_NOT_FOUND:
		return "not found";
	case WSIP_ERR_STATE:
		return "not possible in this state";
	case WSIP_ERR_ADDRESS:
		return "not a usable address";
	case WSIP_ERR_IN_USE:
		return "address already in use";
	case WSIP_ERR_UNREACHABLE:
		return "unreachable";
	case WSIP_ERR_ARGUMENT:
		return "wrong argument";
	case WSIP_ERR_SYSTEM:
		return "refused by the system";
	}
	return "unknown error";
}
