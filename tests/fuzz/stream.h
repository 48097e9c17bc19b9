/* SPDX-License-Identifier: MIT
 * A stream of bytes that arrives in pieces, and the frames that are found in it.
 */
#ifndef WSIP_TESTS_STREAM_H
#define WSIP_TESTS_STREAM_H

#include "parser/frame.h"
#include "tests/fuzz/fuzz.h"

#define FRAMES_MAX      64
#define PIECE_MAX_BYTES 32

struct frames {
	size_t count;
	enum wsip_frame_result results[FRAMES_MAX];
	uint32_t bytes[FRAMES_MAX];
	unsigned int status[FRAMES_MAX];
};

/* Each octet of `pieces` says how many bytes arrive next, in turn; without pieces all arrive. */
static inline void read_frames(struct wsip_span stream, struct wsip_span pieces,
	struct frames *frames)
{
	size_t start = 0, arrived = 0, turn = 0;
	struct wsip_frame frame;

	frames->count = 0;
	wsip_frame_init(&frame);
	while (frames->count < FRAMES_MAX) {
		enum wsip_frame_result result = wsip_frame_next(&frame, stream.data + start,
			arrived - start);

		if (result == WSIP_FRAME_MORE) {
			size_t step = stream.size;

			if (arrived == stream.size)
				return;
			if (pieces.size > 0)
				step = 1 + (unsigned char)pieces.data[turn++ % pieces.size] %
						   PIECE_MAX_BYTES;
			arrived = step < stream.size - arrived ? arrived + step : stream.size;
			continue;
		}
		frames->results[frames->count] = result;
		frames->status[frames->count] = frame.problem.status;
		frames->bytes[frames->count++] = frame.bytes;
		if (result == WSIP_FRAME_BROKEN)
			return;
		must(frame.bytes > 0 && frame.bytes <= arrived - start);
		start += frame.bytes;
		wsip_frame_restart(&frame);
	}
}

static inline void must_be_the_same_frames(const struct frames *a, const struct frames *b)
{
	must(a->count == b->count);
	for (size_t i = 0; i < a->count; i++)
		must(a->results[i] == b->results[i] && a->bytes[i] == b->bytes[i] &&
			a->status[i] == b->status[i]);
}

#endif
