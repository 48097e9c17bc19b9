/* SPDX-License-Identifier: MIT
 * sofia-sip. msg_extract takes every header that the message class knows apart, so both modes do
 * nearly the same. It parses in the buffer of the message, writing into it, so the bytes are copied
 * there first, as its transport would receive them there.
 */
#include <string.h>

#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su.h>
#include <sofia-sip/msg_addr.h>

#include "bench/parser/contestant.h"

static void start(void)
{
	su_init();
}

static void stop(void)
{
	su_deinit();
}

static size_t length(const char *text)
{
	return text ? strlen(text) : 0;
}

static size_t read_head(sip_t *sip)
{
	size_t sum = 1;

	if (!sip || !sip->sip_via || !sip->sip_from || !sip->sip_to || !sip->sip_cseq ||
		!sip->sip_call_id)
		return 0;
	if (sip->sip_request)
		sum += length(sip->sip_request->rq_url->url_host) +
		       length(sip->sip_request->rq_url->url_user);
	if (sip->sip_route)
		sum += length(sip->sip_route->r_url->url_host);
	if (sip->sip_max_forwards)
		sum += sip->sip_max_forwards->mf_count;
	return sum + length(sip->sip_via->v_branch) + length(sip->sip_via->v_host) +
	       length(sip->sip_from->a_tag) + length(sip->sip_to->a_tag) +
	       length(sip->sip_call_id->i_id) + sip->sip_cseq->cs_seq +
	       length(sip->sip_cseq->cs_method_name);
}

static size_t parse(const char *bytes, size_t size, size_t (*read)(sip_t *sip))
{
	msg_t *msg = msg_make(sip_default_mclass(), 0, bytes, (ssize_t)size);
	size_t sum = 0;

	if (!msg)
		return 0;
	if (!(msg_object(msg)->msg_flags & MSG_FLG_ERROR))
		sum = read(sip_object(msg));
	msg_destroy(msg);
	return sum;
}

static size_t relay(const char *bytes, size_t size)
{
	return parse(bytes, size, read_head);
}

static size_t read_all(sip_t *sip)
{
	size_t sum = read_head(sip);

	if (sum && sip->sip_contact)
		sum += length(sip->sip_contact->m_url->url_host);
	if (sum && sip->sip_content_type)
		sum += length(sip->sip_content_type->c_type);
	if (sum && sip->sip_session_expires)
		sum += sip->sip_session_expires->x_delta;
	if (sum && sip->sip_date)
		sum += sip->sip_date->d_time;
	return sum;
}

static size_t full(const char *bytes, size_t size)
{
	return parse(bytes, size, read_all);
}

const struct contestant sofia = {
	.name = "sofia-sip",
	.start = start,
	.stop = stop,
	.relay = relay,
	.full = full,
};
