/* SPDX-License-Identifier: MIT
 * Any bytes as a stream: framing them split anywhere gives what framing them whole gives.
 */
#include <stdlib.h>
#include <string.h>

#include "parser/frame.h"

#define RESULTS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct frames {
	size_t count;
	enum wsip_frame_result results[RESULTS];
	uint32_t bytes[RESULTS];
};

/* Lets `step` more bytes arrive each time. */
static void read_frames(const char *data, size_t size, size_t step, struct frames *frames)
{
	size_t start = 0, arrived = 0;
	struct wsip_frame frame;

	frames->count = 0;
	wsip_frame_init(&frame);
	while (frames->count < RESULTS) {
		enum wsip_frame_result result = wsip_frame_next(&frame, data + start,
			arrived - start);

		if (result == WSIP_FRAME_MORE) {
			if (arrived == size)
				return;
			arrived = arrived + step < size ? arrived + step : size;
			continue;
		}
		frames->results[frames->count] = result;
		frames->bytes[frames->count++] = frame.bytes;
		if (result == WSIP_FRAME_BROKEN)
			return;
		start += frame.bytes;
		wsip_frame_restart(&frame);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frames whole = { 0 }, split = { 0 };
	char *copy;
	size_t step;

	if (size < 1)
		return 0;
	step = 1 + data[0] % 16;
	copy = malloc(size); /* of the exact size, so that an overrun is seen */
	memcpy(copy, data + 1, size - 1);
	read_frames(copy, size - 1, size, &whole);
	read_frames(copy, size - 1, step, &split);
	free(copy);
	if (whole.count != split.count)
		abort();
	for (size_t i = 0; i < whole.count; i++) {
		if (whole.results[i] != split.results[i] || whole.bytes[i] != split.bytes[i])
			abort();
	}
	return 0;
}
