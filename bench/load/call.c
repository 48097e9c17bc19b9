/* SPDX-License-Identifier: MIT */
#include "bench/load/call.h"

#include <sys/mman.h>

static void *reserve(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

enum wsip_err wsip_calls_init(struct wsip_calls *calls)
{
	calls->calls = reserve(WSIP_CALLS_MAX * sizeof(*calls->calls));
	calls->dialogs = reserve(WSIP_CALLS_MAX * sizeof(*calls->dialogs));
	calls->answers = reserve(WSIP_CALLS_MAX * sizeof(*calls->answers));
	calls->fresh = calls->in_use = 0;
	calls->free = WSIP_CALLS_MAX;
	return calls->calls && calls->dialogs && calls->answers ? WSIP_OK : WSIP_ERR_MEMORY;
}

static void give_back(void *memory, size_t bytes)
{
	if (memory)
		munmap(memory, bytes);
}

void wsip_calls_finish(struct wsip_calls *calls)
{
	give_back(calls->calls, WSIP_CALLS_MAX * sizeof(*calls->calls));
	give_back(calls->dialogs, WSIP_CALLS_MAX * sizeof(*calls->dialogs));
	give_back(calls->answers, WSIP_CALLS_MAX * sizeof(*calls->answers));
}

struct wsip_call *wsip_calls_take(struct wsip_calls *calls)
{
	struct wsip_call *call;

	if (calls->free < WSIP_CALLS_MAX) {
		call = &calls->calls[calls->free];
		calls->free = call->next_free;
	} else if (calls->fresh < WSIP_CALLS_MAX) {
		call = &calls->calls[calls->fresh++];
	} else {
		return NULL;
	}
	calls->in_use++;
	call->generation++;
	return call;
}

void wsip_calls_free(struct wsip_calls *calls, struct wsip_call *call)
{
	call->state = WSIP_CALLER_FREE;
	call->next_free = calls->free;
	calls->free = wsip_calls_slot(calls, call);
	calls->in_use--;
}

struct wsip_call *wsip_calls_find(struct wsip_calls *calls, struct wsip_mark mark)
{
	struct wsip_call *call;

	if (mark.slot >= calls->fresh)
		return NULL;
	call = &calls->calls[mark.slot];
	if (call->state == WSIP_CALLER_FREE || call->generation != mark.generation)
		return NULL;
	return call;
}

uint32_t wsip_calls_slot(const struct wsip_calls *calls, const struct wsip_call *call)
{
	return (uint32_t)(call - calls->calls);
}
