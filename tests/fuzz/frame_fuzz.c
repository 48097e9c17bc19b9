/* SPDX-License-Identifier: MIT
 * Any bytes as a stream: framing them in pieces gives what framing them whole gives. The first
 * byte says how large the pieces are.
 */
#include "tests/fuzz/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frames whole, split;
	struct wsip_span stream, piece;

	if (size < 1)
		return 0;
	piece = exact_span(data, 1);
	stream = exact_span(data + 1, size - 1);
	read_frames(stream, (struct wsip_span){ 0 }, &whole);
	read_frames(stream, piece, &split);
	must_be_the_same_frames(&whole, &split);
	free((char *)stream.data);
	free((char *)piece.data);
	return 0;
}
