/* SPDX-License-Identifier: MIT */
#include "transport/uring_buffers.h"

#include <errno.h>
#include <sys/mman.h>

#define PAGE_BYTES 4096u

/* Large buffers at a power of two from each other would all want the same lines of the cache. */
#define OFFSET_BYTES (17u * 64u)

static size_t pages(size_t bytes)
{
	return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

static uint16_t id_of(const struct io_uring_cqe *event)
{
	return (uint16_t)(event->flags >> IORING_CQE_BUFFER_SHIFT);
}

static char *buffer_at(const struct wsip_uring_buffers *buffers, uint16_t id)
{
	return buffers->memory + pages(buffers->count * sizeof(struct io_uring_buf)) +
	       id * buffers->stride_bytes;
}

static void lend(struct wsip_uring_buffers *buffers, uint16_t id, int offset)
{
	io_uring_buf_ring_add(buffers->ring, buffer_at(buffers, id), buffers->bytes, id,
		io_uring_buf_ring_mask(buffers->count), offset);
}

static int register_ring(struct wsip_uring_buffers *buffers, struct wsip_uring_ring *ring)
{
	struct io_uring_buf_reg reg = { .ring_addr = (uintptr_t)buffers->ring,
		.ring_entries = buffers->count,
		.bgid = buffers->group };

	return -io_uring_register_buf_ring(&ring->io, &reg, 0);
}

int wsip_uring_buffers_init(struct wsip_uring_buffers *buffers, struct wsip_uring_ring *ring,
	uint16_t group, uint16_t count, uint32_t bytes)
{
	size_t stride = pages(bytes) + OFFSET_BYTES;
	size_t all = pages(count * sizeof(struct io_uring_buf)) + count * stride;
	void *memory = mmap(NULL, all, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int error;

	if (memory == MAP_FAILED)
		return errno;
	/* Only pages that were written to are there; huge ones would bring all of it at once. */
	madvise(memory, all, MADV_NOHUGEPAGE);
	*buffers = (struct wsip_uring_buffers){ .ring = memory,
		.memory = memory,
		.memory_bytes = all,
		.stride_bytes = stride,
		.bytes = bytes,
		.count = count,
		.group = group };
	error = register_ring(buffers, ring);
	if (error) {
		wsip_uring_buffers_finish(buffers);
		return error;
	}
	io_uring_buf_ring_init(buffers->ring);
	for (uint16_t i = 0; i < count; i++)
		lend(buffers, i, i);
	io_uring_buf_ring_advance(buffers->ring, count);
	return 0;
}

void wsip_uring_buffers_finish(struct wsip_uring_buffers *buffers)
{
	if (buffers->memory)
		munmap(buffers->memory, buffers->memory_bytes);
	buffers->memory = NULL;
}

char *wsip_uring_buffers_of(const struct wsip_uring_buffers *buffers,
	const struct io_uring_cqe *event)
{
	return buffer_at(buffers, id_of(event));
}

void wsip_uring_buffers_return(struct wsip_uring_buffers *buffers, const struct io_uring_cqe *event)
{
	lend(buffers, id_of(event), 0);
	io_uring_buf_ring_advance(buffers->ring, 1);
}
