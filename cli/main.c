/* SPDX-License-Identifier: MIT
 * The wiresip program: a table of commands.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{ "run", wsip_command_run, "Runs the proxy" },
	{ "parse", wsip_command_parse, "Says what the proxy thinks of SIP messages in files" },
	{ "version", wsip_command_version, "Prints the version" },
};

static void print_usage(FILE *out)
{
	fprintf(out, "Usage: wiresip COMMAND [OPTION...]\n\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fprintf(out, "\n'wiresip COMMAND --help' shows the options of a command.\n");
}

int wsip_command_complain(const char *command, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "wiresip %s: ", command);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "; see 'wiresip %s --help'\n", command);
	return EXIT_USAGE;
}

int wsip_command_bad_option(const char *command, int found, char **argv)
{
	const char *text = argv[optind - 1];

	if (found == ':')
		return wsip_command_complain(command, "option '%s' needs a value", text);
	return wsip_command_complain(command, "unknown option '%s'", text);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		strcmp(argv[1], "help") == 0) {
		print_usage(stdout);
		return EXIT_GOOD;
	}
	if (strcmp(argv[1], "--version") == 0)
		argv[1] = "version";
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, "wiresip: unknown command '%s'; see 'wiresip --help'\n", argv[1]);
	return EXIT_USAGE;
}
