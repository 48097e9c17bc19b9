/* SPDX-License-Identifier: MIT */
#include "bench/load/messages.h"

#include <stdio.h>
#include <stdlib.h>

#include <wiresip/version.h>

#define MARK  WSIP_TEMPLATE_MARK
#define AGENT "wiresip-bench/" WSIP_VERSION

/* What all texts of a pair are made from. */
struct names {
	const char *method;
	const char *via;   /* "UDP" */
	const char *param; /* of URIs: ";transport=tcp" */
	char caller[WSIP_ADDR_TEXT_BYTES];
	char callee[WSIP_ADDR_TEXT_BYTES];
	char caller_ip[WSIP_ADDR_TEXT_BYTES];
	char sdp[512];
};

/* As a phone with three codecs writes it. */
static void write_sdp(char sdp[512], const char *user, const union wsip_peer *peer)
{
	struct wsip_addr addr = wsip_peer_addr(peer);
	const char *kind = addr.family == WSIP_IPV6 ? "IP6" : "IP4";
	char ip[WSIP_ADDR_TEXT_BYTES];

	wsip_addr_ip_text(&addr, ip);
	if (ip[0] == '[') { /* not in SDP (RFC 4566 9) */
		memmove(ip, ip + 1, strlen(ip));
		ip[strlen(ip) - 1] = '\0';
	}
	snprintf(sdp, 512,
		"v=0\r\n"
		"o=%s 2890844526 2890844526 IN %s %s\r\n"
		"s=call\r\n"
		"c=IN %s %s\r\n"
		"t=0 0\r\n"
		"m=audio 49170 RTP/AVP 8 0 9 101\r\n"
		"a=rtpmap:8 PCMA/8000\r\n"
		"a=rtpmap:0 PCMU/8000\r\n"
		"a=rtpmap:9 G722/8000\r\n"
		"a=rtpmap:101 telephone-event/8000\r\n"
		"a=fmtp:101 0-16\r\n"
		"a=ptime:20\r\n"
		"a=sendrecv\r\n",
		user, kind, ip, kind, ip);
}

/* RFC 3581: a caller behind a NAT asks for the answer to come back the way it went. */
#define VIA    "Via: SIP/2.0/%s %s;rport;branch=z9hG4bK-" MARK
#define TO_URI "<sip:bench@%s>"
#define FROM   "From: \"Bench\" <sip:caller@%s>;tag=" WSIP_CALLER_TAG MARK "\r\n"
#define CALL   "Call-ID: " MARK "@%s\r\n"

static enum wsip_err make_invite(struct wsip_template *template, struct names *names)
{
	return wsip_template_init(template,
		"INVITE sip:bench@%s%s SIP/2.0\r\n" VIA "-1\r\n"
		"Max-Forwards: 70\r\n" FROM "To: " TO_URI "\r\n" CALL "CSeq: 1 INVITE\r\n"
		"Contact: <sip:caller@%s%s>\r\n"
		"Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n"
		"User-Agent: " AGENT "\r\n"
		"Content-Type: application/sdp\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		names->callee, names->param, names->via, names->caller, names->caller,
		names->callee, names->caller_ip, names->caller, names->param, strlen(names->sdp),
		names->sdp);
}

static enum wsip_err make_options(struct wsip_template *template, struct names *names)
{
	return wsip_template_init(template,
		"OPTIONS sip:bench@%s%s SIP/2.0\r\n" VIA "-1\r\n"
		"Max-Forwards: 70\r\n" FROM "To: " TO_URI "\r\n" CALL "CSeq: 1 OPTIONS\r\n"
		"Contact: <sip:caller@%s%s>\r\n"
		"Accept: application/sdp\r\n"
		"User-Agent: " AGENT "\r\n" WSIP_EMPTY_END,
		names->callee, names->param, names->via, names->caller, names->caller,
		names->callee, names->caller_ip, names->caller, names->param);
}

/* RFC 3261 17.1.1.3: branch, Request-URI, From, Call-ID and number of the INVITE. */
static enum wsip_err make_reject_ack(struct wsip_template *template, struct names *names)
{
	return wsip_template_init(template,
		"ACK sip:bench@%s%s SIP/2.0\r\n" VIA "-1\r\n"
		"Max-Forwards: 70\r\n" FROM CALL "CSeq: 1 ACK\r\nTo: ",
		names->callee, names->param, names->via, names->caller, names->caller,
		names->caller_ip);
}

/* A request within the dialog (RFC 3261 12.2.1.1), in two pieces. */
static enum wsip_err make_inside(struct wsip_template *via, struct wsip_template *rest,
	struct names *names, const char *number)
{
	enum wsip_err err = wsip_template_init(via, " SIP/2.0\r\n" VIA "-%.1s\r\n", names->via,
		names->caller, number);

	if (err)
		return err;
	return wsip_template_init(rest,
		"Max-Forwards: 70\r\n" FROM CALL "CSeq: %s\r\n"
		"User-Agent: " AGENT "\r\n" WSIP_EMPTY_END,
		names->caller, names->caller_ip, number);
}

static enum wsip_err make_register(struct wsip_pair_texts *texts, struct names *names)
{
	enum wsip_err err = wsip_template_init(&texts->register_via, " SIP/2.0\r\n" VIA "-",
		names->via, names->caller);

	if (!err)
		err = wsip_template_init(&texts->register_call,
			";tag=" WSIP_CALLER_TAG MARK "\r\n" CALL "CSeq: ", names->caller_ip);
	if (!err)
		err = wsip_template_init(&texts->register_contact,
			"@%s%s>\r\nExpires: 3600\r\nUser-Agent: " AGENT "\r\n", names->caller,
			names->param);
	return err;
}

static enum wsip_err make_responses(struct wsip_pair_texts *texts, struct names *names)
{
	enum wsip_err err = wsip_template_init(&texts->ringing_rest,
		"Contact: <sip:bench@%s%s>\r\n"
		"Server: " AGENT "\r\n" WSIP_EMPTY_END,
		names->callee, names->param);

	if (err)
		return err;
	return wsip_template_init(&texts->answer_rest,
		"Contact: <sip:bench@%s%s>\r\n"
		"Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n"
		"Server: " AGENT "\r\n"
		"Content-Type: application/sdp\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		names->callee, names->param, strlen(names->sdp), names->sdp);
}

static enum wsip_err make_pair(struct wsip_pair_texts *texts,
	const struct wsip_load_options *options, const struct wsip_wire *wire, uint32_t pair)
{
	struct names names = { .via = wire->via, .param = wire->uri_param };
	struct wsip_addr caller = wsip_peer_addr(&wire->callers[pair]);
	struct wsip_addr callee = wsip_peer_addr(&wire->callees[pair]);
	enum wsip_err err;

	wsip_addr_text(&caller, names.caller);
	wsip_addr_ip_text(&caller, names.caller_ip);
	wsip_addr_text(&callee, names.callee);
	write_sdp(names.sdp, "caller", &wire->callers[pair]);
	err = options->mode == WSIP_LOAD_CALLS ? make_invite(&texts->first, &names)
					       : make_options(&texts->first, &names);
	if (!err)
		err = make_reject_ack(&texts->reject_ack, &names);
	/* The ACK of a 2xx is a transaction of its own (RFC 3261 13.2.2.4). */
	if (!err)
		err = make_inside(&texts->ack_via, &texts->ack_rest, &names, "1 ACK");
	if (!err)
		err = make_inside(&texts->bye_via, &texts->bye_rest, &names, "2 BYE");
	if (!err)
		err = make_register(texts, &names);
	write_sdp(names.sdp, "bench", &wire->callees[pair]);
	return err ? err : make_responses(texts, &names);
}

enum wsip_err wsip_messages_init(struct wsip_messages *messages,
	const struct wsip_load_options *options, const struct wsip_wire *wire)
{
	enum wsip_err err = WSIP_OK;

	messages->pairs = calloc(options->sockets, sizeof(*messages->pairs));
	if (!messages->pairs)
		return WSIP_ERR_MEMORY;
	for (uint32_t i = 0; i < options->sockets && !err; i++)
		err = make_pair(&messages->pairs[i], options, wire, i);
	return err;
}

void wsip_messages_finish(struct wsip_messages *messages)
{
	free(messages->pairs);
}
