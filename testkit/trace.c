/* SPDX-License-Identifier: MIT */
#include "testkit/trace.h"

#include <stdlib.h>
#include <string.h>

#include "testkit/sim.h"

#define COLUMN      24
#define COLUMNS_MAX 16
#define CALLS_MAX   100

void wsip_trace_init(struct wsip_trace *trace)
{
	*trace = (struct wsip_trace){ 0 };
}

void wsip_trace_finish(struct wsip_trace *trace)
{
	free(trace->lines);
}

/* ---- Writing ---- */

/* "INVITE", "180 INVITE", or how much there is of other bytes. */
static void describe(char text[WSIP_TRACE_TEXT_BYTES], const char *message, size_t size)
{
	const char *cseq = strstr(message, "\nCSeq: ");
	const char *method = cseq ? strchr(cseq + 7, ' ') : NULL;

	if (strncmp(message, "SIP/2.0 ", 8) == 0 && method)
		snprintf(text, WSIP_TRACE_TEXT_BYTES, "%.3s %.*s", message + 8,
			(int)strcspn(method + 1, "\r\n"), method + 1);
	else if (message[0] >= 'A' && message[0] <= 'Z' && method)
		snprintf(text, WSIP_TRACE_TEXT_BYTES, "%.*s", (int)strcspn(message, " "), message);
	else
		snprintf(text, WSIP_TRACE_TEXT_BYTES, "(%zu bytes)", size);
}

static uint32_t call_of(const char *message)
{
	const char *call_id = strstr(message, "\nCall-ID: ");
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (const char *c = call_id ? call_id + 10 : "\r"; *c && *c != '\r'; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	return hash;
}

void wsip_trace_add(struct wsip_trace *trace, const struct wsip_trace_line *line, const char *bytes,
	size_t size)
{
	char copy[4096];
	size_t copied = size < sizeof(copy) - 1 ? size : sizeof(copy) - 1;

	if (trace->count == WSIP_TRACE_MAX) {
		trace->left_out++;
		return;
	}
	if (trace->count == trace->room) {
		trace->room = 2 * trace->room + 64;
		trace->lines = realloc(trace->lines, trace->room * sizeof(*trace->lines));
		if (!trace->lines)
			wsip_sim_misuse("out of memory");
	}
	memcpy(copy, bytes, copied);
	copy[copied] = '\0';
	trace->lines[trace->count] = *line;
	trace->lines[trace->count].call = call_of(copy);
	describe(trace->lines[trace->count].text, copy, size);
	trace->count++;
}

/* ---- Printing ---- */

struct columns {
	const struct wsip_sim_node *nodes[COLUMNS_MAX];
	size_t count;
};

static struct columns columns_of(struct wsip_sim *sim)
{
	struct columns columns = { .count = 0 };

	for (struct wsip_list *link = sim->nodes.next;
		link != &sim->nodes && columns.count < COLUMNS_MAX; link = link->next)
		columns.nodes[columns.count++] = wsip_container_of(link, struct wsip_sim_node,
			link);
	return columns;
}

/* One beyond the last for an address that is nobody's. */
static size_t column_at(const struct columns *columns, struct wsip_sim *sim,
	const struct wsip_addr *addr)
{
	const struct wsip_sim_node *node = wsip_net_owner(&sim->net, addr);
	size_t column = 0;

	while (column < columns->count && columns->nodes[column] != node)
		column++;
	return column;
}

static void put(char *row, size_t at, const char *text)
{
	memcpy(row + at, text, strlen(text));
}

static void draw_arrow(char *row, size_t from, size_t to, const struct wsip_trace_line *line)
{
	size_t left = (from < to ? from : to) * COLUMN + 1,
	       right = (from < to ? to : from) * COLUMN;
	size_t size = strlen(line->text), middle;

	if (left > right) { /* to itself */
		put(row, left + 1, line->text);
		return;
	}
	memset(row + left, '-', right - left);
	row[from < to ? right - 1 : left] = line->note[0] ? 'x' : from < to ? '>' : '<';
	if (size > right - left - 4)
		size = right - left - 4;
	middle = left + (right - left - size) / 2;
	row[middle - 1] = ' ';
	memcpy(row + middle, line->text, size);
	row[middle + size] = ' ';
}

/* Calls have the numbers of their order; a single one needs none. */
static void number_calls(const struct wsip_trace *trace)
{
	uint32_t calls[CALLS_MAX];
	size_t count = 0, index;

	for (size_t i = 0; i < trace->count; i++) {
		struct wsip_trace_line *line = &trace->lines[i];
		size_t used = strcspn(line->text, "#");

		for (index = 0; index < count && calls[index] != line->call; index++)
			;
		if (index == count && count < CALLS_MAX)
			calls[count++] = line->call;
		if (count > 1)
			snprintf(line->text + used, sizeof(line->text) - used, "#%zu", index + 1);
	}
}

static void print_line(const struct columns *columns, struct wsip_sim *sim,
	const struct wsip_trace_line *line, FILE *out)
{
	char row[(COLUMNS_MAX + 3) * COLUMN];
	size_t end = columns->count * COLUMN + 1;

	memset(row, ' ', sizeof(row));
	for (size_t i = 0; i < columns->count; i++)
		row[i * COLUMN] = '|';
	draw_arrow(row, column_at(columns, sim, &line->from), column_at(columns, sim, &line->to),
		line);
	fprintf(out, "%9llu  %.*s%s", (unsigned long long)(line->at_ms - WSIP_SIM_START_MS),
		(int)end, row, line->note);
	if (!line->note[0])
		fprintf(out, "+%u", line->after_ms);
	fprintf(out, "\n");
}

void wsip_trace_print(const struct wsip_trace *trace, struct wsip_sim *sim, FILE *out)
{
	struct columns columns = columns_of(sim);

	number_calls(trace);
	fprintf(out, "%9s  ", "ms");
	for (size_t i = 0; i < columns.count; i++)
		fprintf(out, "%-*.*s", COLUMN, COLUMN - 1, columns.nodes[i]->name);
	fprintf(out, "\n");
	for (size_t i = 0; i < trace->count; i++)
		print_line(&columns, sim, &trace->lines[i], out);
	if (trace->left_out > 0)
		fprintf(out, "%zu more were left out\n", trace->left_out);
}
