/* SPDX-License-Identifier: MIT
 * A command of the wiresip program.
 */
#ifndef WSIP_CLI_COMMAND_H
#define WSIP_CLI_COMMAND_H

enum {
	EXIT_GOOD = 0,
	EXIT_BAD = 1,   /* it was done, and the result is bad */
	EXIT_USAGE = 2, /* it could not be done as it was asked for */
};

/* argv[0] is the name of the command; returns the exit status. */
int wsip_command_run(int argc, char **argv);
int wsip_command_parse(int argc, char **argv);
int wsip_command_version(int argc, char **argv);

/* One line on standard error: "wiresip COMMAND: ...; see 'wiresip COMMAND --help'". Returns
 * EXIT_USAGE. */
int wsip_command_complain(const char *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What getopt_long found wrong (it returned '?' or ':'). */
int wsip_command_bad_option(const char *command, int found, char **argv);

#endif
