/* SPDX-License-Identifier: MIT */
#include <wiresip/version.h>

#include <stdio.h>
#include <string.h>

#include "cli/command.h"

int wsip_command_version(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		printf("Usage: wiresip version\n\nPrints the version of wiresip.\n");
		return EXIT_GOOD;
	}
	if (argc > 1)
		return wsip_command_complain("version", "unexpected argument '%s'", argv[1]);
	printf("wiresip %s\n", wsip_version());
	return EXIT_GOOD;
}
