/* SPDX-License-Identifier: MIT */
#include "bench/load/outbox.h"

#include <errno.h>
#include <netinet/udp.h>
#include <string.h>

/* A datagram's worth: the kernel builds a train as one. */
#define TRAIN_BYTES_MAX 65000

void wsip_outbox_add(struct wsip_outbox *outbox, const union wsip_peer *peer,
	struct wsip_span message)
{
	outbox->peers[outbox->count] = *peer;
	outbox->spans[outbox->count] = (struct iovec){ (void *)(uintptr_t)message.data,
		message.size };
	outbox->count++;
}

static void set_segment_size(struct msghdr *header, char *control, uint16_t size)
{
	struct cmsghdr *segment;

	header->msg_control = control;
	header->msg_controllen = CMSG_SPACE(sizeof(size));
	segment = CMSG_FIRSTHDR(header);
	segment->cmsg_level = SOL_UDP;
	segment->cmsg_type = UDP_SEGMENT;
	segment->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(segment), &size, sizeof(size));
}

/* The train of the message at `first`: with all behind it that may ride along, which are marked as
 * `taken`. Returns how many they are. */
static uint32_t gather(const struct wsip_outbox *outbox, uint32_t first, uint64_t *taken,
	struct iovec *spans)
{
	size_t size = outbox->spans[first].iov_len;
	uint32_t count = 0;

	for (uint32_t i = first; i < outbox->count && (count + 1) * size <= TRAIN_BYTES_MAX; i++) {
		if (*taken >> i & 1 || outbox->spans[i].iov_len != size ||
			!wsip_peer_equal(&outbox->peers[i], &outbox->peers[first]))
			continue;
		*taken |= UINT64_C(1) << i;
		spans[count++] = outbox->spans[i];
	}
	return count;
}

static void couple(struct wsip_outbox *outbox, struct wsip_trains *trains)
{
	uint64_t taken = 0;
	uint32_t used = 0;

	trains->count = 0;
	for (uint32_t i = 0; i < outbox->count; i++) {
		struct msghdr *train = &trains->trains[trains->count].msg_hdr;
		struct iovec *spans = &trains->spans[used];
		uint32_t count;

		if (taken >> i & 1)
			continue;
		count = gather(outbox, i, &taken, spans);
		*train = (struct msghdr){ .msg_name = &outbox->peers[i],
			.msg_namelen = wsip_peer_size(&outbox->peers[i]),
			.msg_iov = spans,
			.msg_iovlen = count };
		if (count > 1)
			set_segment_size(train, trains->control[trains->count],
				(uint16_t)spans->iov_len);
		trains->count++;
		used += count;
	}
}

static uint32_t send_apart(int fd, const struct msghdr *train)
{
	struct msghdr one = {
		.msg_name = train->msg_name, .msg_namelen = train->msg_namelen, .msg_iovlen = 1
	};
	uint32_t lost = 0;

	for (size_t i = 0; i < train->msg_iovlen; i++) {
		one.msg_iov = &train->msg_iov[i];
		if (sendmsg(fd, &one, MSG_DONTWAIT) < 0)
			lost++;
	}
	return lost;
}

/* The first train was not sent. */
static uint32_t make_up_for(int fd, const struct msghdr *train, struct wsip_trains *trains)
{
	bool is_full = errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM;

	if (train->msg_iovlen == 1 || is_full)
		return (uint32_t)train->msg_iovlen;
	trains->are_refused = true;
	return send_apart(fd, train);
}

static uint32_t send_trains(int fd, struct wsip_trains *trains)
{
	uint32_t done = 0, lost = 0;

	while (done < trains->count) {
		int sent = sendmmsg(fd, trains->trains + done, trains->count - done, MSG_DONTWAIT);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			lost += make_up_for(fd, &trains->trains[done].msg_hdr, trains);
		done += sent > 0 ? (uint32_t)sent : 1;
	}
	return lost;
}

static uint32_t send_all_apart(int fd, const struct wsip_trains *trains)
{
	uint32_t lost = 0;

	for (uint32_t i = 0; i < trains->count; i++)
		lost += send_apart(fd, &trains->trains[i].msg_hdr);
	return lost;
}

uint32_t wsip_outbox_flush(struct wsip_outbox *outbox, struct wsip_trains *trains)
{
	couple(outbox, trains);
	outbox->count = 0;
	return trains->are_refused ? send_all_apart(outbox->fd, trains)
				   : send_trains(outbox->fd, trains);
}
