/* SPDX-License-Identifier: MIT
 * Bytes in allocations of exactly their size, as a span or as the buffer of a message, so that a
 * sanitizer sees the first octet read beyond the end. Buffers of a pool have room behind them.
 */
#ifndef WSIP_TESTS_UNIT_EXACT_H
#define WSIP_TESTS_UNIT_EXACT_H

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include <wiresip/auth.h>
#include <wiresip/contact.h>
#include <wiresip/date.h>
#include <wiresip/delta.h>
#include <wiresip/diversion.h>
#include <wiresip/event.h>
#include <wiresip/history_info.h>
#include <wiresip/identity.h>
#include <wiresip/media_type.h>
#include <wiresip/rack.h>
#include <wiresip/reason.h>
#include <wiresip/replaces.h>
#include <wiresip/warning.h>

#include "parser/msg.h"

static inline struct wsip_span exact_span(const char *bytes, size_t size)
{
	char *copy = malloc(size + (size == 0));

	cr_assert(copy);
	if (size > 0)
		memcpy(copy, bytes, size);
	return (struct wsip_span){ copy, size };
}

static inline void exact_span_free(struct wsip_span span)
{
	free((void *)(uintptr_t)span.data);
}

/* Not of the pool, which it only names for buffers that grow out of it: one reference is never
 * given back, so that the pool does not take it in. */
static inline struct wsip_buf *exact_buf(struct wsip_buf_pool *pool, const char *bytes, size_t size)
{
	struct wsip_buf *buf = malloc(offsetof(struct wsip_buf, data) + size + (size == 0));

	cr_assert(buf);
	*buf = (struct wsip_buf){
		.pool = pool, .references = 1, .capacity = (uint32_t)size, .used = (uint32_t)size
	};
	if (size > 0)
		memcpy(buf->data, bytes, size);
	return buf;
}

static inline void exact_buf_free(struct wsip_buf *buf)
{
	cr_expect(buf->references == 1, "%u references", buf->references);
	free(buf);
}

/* A buffer of the pool, as the transports fill it. */
static inline struct wsip_buf *pooled_buf(struct wsip_buf_pool *pool, const char *bytes,
	size_t size)
{
	struct wsip_buf *buf = wsip_buf_get(pool, size);

	cr_assert(buf);
	memcpy(buf->data, bytes, size);
	buf->used = (uint32_t)size;
	return buf;
}

/* Reads a value as each type that there is: a peer may send any of them under any name. */
static inline void read_as_every_type(struct wsip_span value)
{
	struct wsip_subscription_state state;
	struct wsip_history_info entry;
	struct wsip_media_type media_type;
	struct wsip_diversion diversion;
	struct wsip_identity identity;
	struct wsip_replaces replaces;
	struct wsip_name_addr party;
	struct wsip_contact contact;
	struct wsip_warning warning;
	struct wsip_reason reason;
	struct wsip_delta delta;
	struct wsip_event event;
	struct wsip_auth auth;
	struct wsip_cseq cseq;
	struct wsip_date date;
	struct wsip_rack rack;
	struct wsip_uri uri;
	struct wsip_via via;
	uint64_t number;

	(void)!wsip_auth_parse(value, &auth);
	(void)!wsip_contact_parse(value, &contact);
	(void)!wsip_cseq_parse(value, &cseq);
	(void)!wsip_date_parse(value, &date);
	(void)!wsip_delta_parse(value, &delta);
	(void)!wsip_diversion_parse(value, &diversion);
	(void)!wsip_event_parse(value, &event);
	(void)!wsip_history_info_parse(value, &entry);
	(void)!wsip_identity_parse(value, &identity);
	(void)!wsip_media_type_parse(value, &media_type);
	if (wsip_name_addr_parse(value, &party) == WSIP_OK) {
		(void)!wsip_uri_parse(party.uri, &uri);
		(void)wsip_params_find(party.params, "nothing", NULL);
	}
	(void)!wsip_rack_parse(value, &rack);
	(void)!wsip_reason_parse(value, &reason);
	(void)!wsip_replaces_parse(value, &replaces);
	(void)!wsip_span_number(value, UINT32_MAX, &number);
	(void)!wsip_subscription_state_parse(value, &state);
	(void)!wsip_via_parse(value, &via);
	(void)!wsip_warning_parse(value, &warning);
}

/* Reads all that can be read of a message: nothing of it may reach beyond the buffer. */
static inline void read_everything(const struct wsip_msg *msg)
{
	struct wsip_name_addr party;
	struct wsip_cseq cseq;
	struct wsip_span value;
	struct wsip_uri uri;
	struct wsip_via via;
	uint32_t number;

	for (int id = WSIP_HEADER_OTHER; id < WSIP_HEADER_IDS; id++) {
		struct wsip_values values = wsip_msg_values(msg, (enum wsip_header_id)id);

		while (wsip_values_next(&values, &value) == WSIP_OK)
			read_as_every_type(value);
		(void)!wsip_msg_number(msg, (enum wsip_header_id)id, &number);
		(void)wsip_msg_has_token(msg, (enum wsip_header_id)id, "nothing");
	}
	(void)!wsip_uri_parse(wsip_msg_request_uri(msg), &uri);
	(void)!wsip_msg_top_via(msg, &via);
	(void)!wsip_msg_from(msg, &party);
	(void)!wsip_msg_to(msg, &party);
	(void)!wsip_msg_cseq(msg, &cseq);
	(void)!wsip_msg_max_forwards(msg, &number);
	(void)!wsip_msg_expires(msg, &number);
	(void)wsip_msg_header_named(msg, "X-Nothing", &value);
}

/* Parses, checks, reads and serialises every beginning of a message. */
static inline void cut_everywhere(struct wsip_buf_pool *pool, const char *bytes, size_t size)
{
	for (size_t cut = 0; cut <= size; cut++) {
		struct wsip_buf *buf = exact_buf(pool, bytes, cut);
		struct wsip_msg msg;

		if (wsip_msg_parse(&msg, buf) == WSIP_OK) {
			(void)wsip_msg_check(&msg);
			read_everything(&msg);
			wsip_buf_unref(wsip_msg_serialize(&msg, pool));
		}
		wsip_msg_finish(&msg);
		exact_buf_free(buf);
	}
}

#endif
