/* SPDX-License-Identifier: MIT
 * A parser that takes part in the comparison. What each mode asks for stands in bench/README.md.
 */
#ifndef WSIP_BENCH_PARSER_CONTESTANT_H
#define WSIP_BENCH_PARSER_CONTESTANT_H

#include <stddef.h>

struct contestant {
	const char *name;
	/* Once, before and after everything. May be NULL. */
	void (*start)(void);
	void (*stop)(void);
	/* For one that parses where the message was received into: it comes in. Not measured, since
	 * receiving is nobody's parsing. May be NULL. */
	void (*receive)(const char *bytes, size_t size);
	/* Each parses one message and gives back all that it took. The result depends on what was
	 * read, so that reading cannot be optimised away; 0 says that the message was refused. */
	size_t (*relay)(const char *bytes, size_t size);
	size_t (*full)(const char *bytes, size_t size);
};

extern const struct contestant wiresip;
extern const struct contestant sofia;
extern const struct contestant re;
extern const struct contestant osip;

#endif
