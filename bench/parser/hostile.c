/* SPDX-License-Identifier: MIT
 * Messages made to be slow: each shape at three sizes, nanoseconds an octet. Work that grows faster
 * than the bytes would show as a row that rises from left to right.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wiresip/wiresip.h>

#include "parser/msg.h"

#define ROUNDS 5

static const char head[] = "OPTIONS sip:a@b.example SIP/2.0\r\n"
			   "Via: SIP/2.0/UDP h.example;branch=z9hG4bKx\r\n"
			   "From: <sip:a@b.example>;tag=1\r\nTo: <sip:a@b.example>\r\n"
			   "Call-ID: x\r\nCSeq: 1 OPTIONS\r\n";

static const struct shape {
	const char *name;
	const char *start;
	const char *unit; /* again and again */
	const char *end;
} shapes[] = {
	{ "folds without anything", "Subject:", "\r\n ", "\r\n\r\n" },
	{ "folds behind something", "Subject: a", "\r\n ", "\r\n\r\n" },
	{ "values of Contact", "Contact: <sip:a@b>", ",<sip:a@b>", "\r\n\r\n" },
	{ "fields of Contact", "", "m: <sip:a>\r\n", "\r\n" },
	{ "fields of Via", "", "Via: SIP/2.0/UDP h\r\n", "\r\n" },
	{ "fields unheard of", "", "Q: r\r\n", "\r\n" },
	{ "lines without a colon", "", "a\r\n", "\r\n" },
	{ "a name", "", "x", ": y\r\n\r\n" },
	{ "blanks before a colon", "Subject", " ", ": y\r\n\r\n" },
	{ "parameters", "Contact: <sip:a@b>", ";a=b", "\r\n\r\n" },
	{ "escaped quotes", "Contact: \"", "\\\"", "\" <sip:a>\r\n\r\n" },
	{ "quotes left open", "Contact: ", "\",", "\r\n\r\n" },
	{ "brackets left open", "Contact: ", "<,", "\r\n\r\n" },
	{ "comments left open", "Retry-After: 1 ", "(", "\r\n\r\n" },
	{ "credentials", "Authorization: Digest a=b", ",a=b", "\r\n\r\n" },
	{ "blanks in credentials", "Authorization: Digest a=b", " ", "\r\n\r\n" },
	{ "blanks in a Via", "Via: SIP/2.0/UDP h", " ", ";a\r\n\r\n" },
	{ "at signs in a URI", "Contact: <sip:", "@", ">\r\n\r\n" },
	{ "bare CR", "X: ", "\r", "\r\n\r\n" },
};

static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Every value with every reader it could meet. */
static void read_values(const struct wsip_msg *msg, enum wsip_header_id id)
{
	struct wsip_values values = wsip_msg_values(msg, id);
	struct wsip_contact contact;
	struct wsip_delta delta;
	struct wsip_param param;
	struct wsip_auth auth;
	struct wsip_span value;
	struct wsip_uri uri;

	while (wsip_values_next(&values, &value) == WSIP_OK) {
		(void)!wsip_contact_parse(value, &contact);
		(void)!wsip_uri_parse(contact.address.uri, &uri);
		(void)!wsip_auth_parse(value, &auth);
		(void)!wsip_delta_parse(value, &delta);
		while (wsip_params_next(&contact.address.params, &param) == WSIP_OK)
			;
	}
}

static void read_message(struct wsip_buf *buf)
{
	struct wsip_msg msg;

	if (wsip_msg_parse(&msg, buf) == WSIP_OK) {
		(void)wsip_msg_check(&msg);
		for (int id = WSIP_HEADER_OTHER + 1; id < WSIP_HEADER_IDS; id++)
			read_values(&msg, (enum wsip_header_id)id);
	}
	wsip_msg_finish(&msg);
}

static void put(struct wsip_buf *buf, const char *text)
{
	size_t size = strlen(text);

	memcpy(buf->data + buf->used, text, size);
	buf->used += (uint32_t)size;
}

static double ns_per_octet(struct wsip_buf_pool *pool, const struct shape *shape, size_t size)
{
	struct wsip_buf *buf = wsip_buf_get(pool, size);
	uint64_t best = UINT64_MAX;

	if (!buf)
		abort();
	put(buf, head);
	put(buf, shape->start);
	while (buf->used + strlen(shape->unit) + strlen(shape->end) < size)
		put(buf, shape->unit);
	put(buf, shape->end);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t start = cpu_ns();

		read_message(buf);
		if (cpu_ns() - start < best)
			best = cpu_ns() - start;
	}
	wsip_buf_unref(buf);
	return (double)best / (double)size;
}

int main(void)
{
	struct wsip_buf_pool pool;

	wsip_buf_pool_init(&pool);
	printf("| many | 16 kB | 32 kB | 64 kB |\n|---|---|---|---|\n");
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		printf("| %s | %.1f | %.1f | %.1f |\n", shapes[i].name,
			ns_per_octet(&pool, &shapes[i], 16000),
			ns_per_octet(&pool, &shapes[i], 32000),
			ns_per_octet(&pool, &shapes[i], 64000));
	wsip_buf_pool_finish(&pool);
	return 0;
}
