/* SPDX-License-Identifier: MIT
 * A malloc for the program that includes this, which fails when `allocation_fails` says so.
 */
#ifndef WSIP_TESTS_FAILING_MALLOC_H
#define WSIP_TESTS_FAILING_MALLOC_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>

/* The program's own. */
static bool allocation_fails(void);

void *malloc(size_t size)
{
	static void *(*real)(size_t size);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "malloc");
	return allocation_fails() ? NULL : real(size);
}

void *calloc(size_t count, size_t size)
{
	static void *(*real)(size_t count, size_t size);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "calloc");
	return allocation_fails() ? NULL : real(count, size);
}

void *realloc(void *memory, size_t size)
{
	static void *(*real)(void *memory, size_t size);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "realloc");
	return allocation_fails() ? NULL : real(memory, size);
}

#endif
