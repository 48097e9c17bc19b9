/* SPDX-License-Identifier: MIT
 * Parsers side by side on the same messages in one process: nanoseconds and allocations a message.
 *
 *   parser_bench MESSAGE...                           the comparison, alternating
 *   parser_bench --once NAME MODE MESSAGE COUNT       one of them alone, for counting instructions
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/parser/contestant.h"

#define ROUNDS       15
#define ROUND_NS     10000000
#define WARM_UP_NS   500000000
#define MESSAGE_ROOM 65536

static const struct contestant *const contestants[] = { &wiresip, &sofia, &re, &osip };
#define CONTESTANTS (sizeof(contestants) / sizeof(contestants[0]))

struct message {
	const char *name;
	size_t size;
	char bytes[MESSAGE_ROOM];
};

typedef size_t parse_fn(const char *bytes, size_t size);

/* ---- Allocations: the C library's functions, counted ---- */

static uint64_t allocations;

/* The libraries are to find these instead of the C library's. */
#pragma GCC visibility push(default)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	allocations++;
	return __libc_realloc(old, size);
}

#pragma GCC visibility pop

/* ---- Measuring ---- */

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void refused(const struct contestant *contestant, const char *mode, const char *message)
{
	fprintf(stderr, "parser_bench: %s refuses %s in mode %s\n", contestant->name, message,
		mode);
	exit(1);
}

static void receive(const struct contestant *contestant, const struct message *message)
{
	if (contestant->receive)
		contestant->receive(message->bytes, message->size);
}

static void run(parse_fn *parse, const struct message *message, long count)
{
	for (long i = 0; i < count; i++) {
		if (parse(message->bytes, message->size) == 0)
			abort();
	}
}

/* How many messages fill a round. */
static long calibrate(parse_fn *parse, const struct message *message)
{
	long count = 100;
	uint64_t start;

	run(parse, message, count);
	start = now_ns();
	run(parse, message, count);
	return count * ROUND_NS / (long)(now_ns() - start + 1) + 1;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct result {
	double ns;
	double allocations;
};

static void measure(parse_fn *const parse[], const struct message *message, struct result result[])
{
	double ns[CONTESTANTS][ROUNDS];
	long count[CONTESTANTS];

	for (size_t i = 0; i < CONTESTANTS; i++)
		count[i] = calibrate(parse[i], message);
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < CONTESTANTS; i++) {
			uint64_t before = allocations, start = now_ns();

			run(parse[i], message, count[i]);
			ns[i][round] = (double)(now_ns() - start) / (double)count[i];
			result[i].allocations = (double)(allocations - before) / (double)count[i];
		}
	}
	for (size_t i = 0; i < CONTESTANTS; i++) {
		qsort(ns[i], ROUNDS, sizeof(ns[i][0]), by_size);
		result[i].ns = ns[i][ROUNDS / 2];
	}
}

static void compare(const struct message *message, const char *mode)
{
	parse_fn *parse[CONTESTANTS];
	struct result result[CONTESTANTS];
	double best = 0;

	for (size_t i = 0; i < CONTESTANTS; i++) {
		parse[i] = strcmp(mode, "full") == 0 ? contestants[i]->full : contestants[i]->relay;
		receive(contestants[i], message);
		if (parse[i](message->bytes, message->size) == 0)
			refused(contestants[i], mode, message->name);
	}
	measure(parse, message, result);
	printf("| %s | %s |", message->name, mode);
	for (size_t i = 0; i < CONTESTANTS; i++) {
		printf(" %.0f (%.0f) |", result[i].ns, result[i].allocations);
		if (i > 0 && (best == 0 || result[i].ns < best))
			best = result[i].ns;
	}
	printf(" %.1f |\n", best / result[0].ns);
	fflush(stdout);
}

static struct message *load(const char *path)
{
	struct message *message = malloc(sizeof(*message));
	const char *slash = strrchr(path, '/');
	FILE *file = fopen(path, "rb");

	if (!file || !message) {
		fprintf(stderr, "parser_bench: %s cannot be read\n", path);
		exit(1);
	}
	message->name = slash ? slash + 1 : path;
	message->size = fread(message->bytes, 1, sizeof(message->bytes), file);
	fclose(file);
	return message;
}

static int once(char *argv[])
{
	struct message *message = load(argv[2]);

	for (size_t i = 0; i < CONTESTANTS; i++) {
		bool full = strcmp(argv[1], "full") == 0;

		if (strcmp(contestants[i]->name, argv[0]) != 0)
			continue;
		receive(contestants[i], message);
		run(full ? contestants[i]->full : contestants[i]->relay, message, atol(argv[3]));
		return 0;
	}
	fprintf(stderr, "parser_bench: nobody is called %s\n", argv[0]);
	return 1;
}

/* A core that was idle takes its time to come to speed. */
static void warm_up(const struct message *message)
{
	uint64_t start = now_ns();

	receive(contestants[0], message);
	while (now_ns() - start < WARM_UP_NS)
		run(contestants[0]->relay, message, 1000);
}

static int compare_all(int count, char *paths[])
{
	printf("| message | mode |");
	for (size_t i = 0; i < CONTESTANTS; i++)
		printf(" %s |", contestants[i]->name);
	printf(" best peer / %s |\n|---|---|---|---|---|---|---|\n", contestants[0]->name);
	for (int i = 0; i < count; i++) {
		struct message *message = load(paths[i]);

		if (i == 0)
			warm_up(message);
		compare(message, "relay");
		compare(message, "full");
		free(message);
	}
	return 0;
}

int main(int argc, char *argv[])
{
	int status = 2;

	for (size_t i = 0; i < CONTESTANTS; i++) {
		if (contestants[i]->start)
			contestants[i]->start();
	}
	if (argc == 6 && strcmp(argv[1], "--once") == 0)
		status = once(argv + 2);
	else if (argc > 1)
		status = compare_all(argc - 1, argv + 1);
	else
		fprintf(stderr,
			"usage: parser_bench MESSAGE... | --once NAME MODE MESSAGE COUNT\n");
	for (size_t i = 0; i < CONTESTANTS; i++) {
		if (contestants[i]->stop)
			contestants[i]->stop();
	}
	return status;
}
