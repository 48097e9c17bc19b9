/* SPDX-License-Identifier: MIT */
#include "bench/load/registration.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/load/load.h"

/* A password that is not accepted once more is not tried for ever: the first request may have had
 * a stale nonce, the second answers the challenge. */
#define ATTEMPTS_MAX 3

enum wsip_err wsip_registrations_init(struct wsip_registrations *registrations,
	const struct wsip_load_options *options)
{
	if (options->mode != WSIP_LOAD_REGISTERS)
		return WSIP_OK;
	snprintf(registrations->uri, sizeof(registrations->uri), "sip:%s", options->proxy_text);
	registrations->users = calloc(options->users, sizeof(*registrations->users));
	return registrations->users ? wsip_digests_init(&registrations->digests) : WSIP_ERR_MEMORY;
}

void wsip_registrations_finish(struct wsip_registrations *registrations)
{
	free(registrations->users);
	wsip_digests_finish(&registrations->digests);
}

/* --username with the number in place of its %d. */
static struct wsip_span name_user(const struct wsip_load_options *options, uint32_t number,
	char text[256])
{
	const char *place = strstr(options->username, "%d");
	int size;

	if (place)
		size = snprintf(text, 256, "%.*s%u%s", (int)(place - options->username),
			options->username, number, place + 2);
	else
		size = snprintf(text, 256, "%s", options->username);
	return (struct wsip_span){ text, size < 256 ? (size_t)size : 255 };
}

static void write_authorization(struct wsip_load *load, const struct wsip_call *call,
	struct wsip_writer *writer, struct wsip_span user)
{
	struct wsip_credentials *credentials = &load->registrations.users[call->user];

	if (!credentials->nonce[0])
		return;
	wsip_write_text(writer,
		credentials->is_for_proxy ? "Proxy-Authorization: " : "Authorization: ");
	wsip_digest_write(&load->registrations.digests, credentials, writer, user, "REGISTER",
		load->registrations.uri);
	wsip_write_literal(writer, "\r\n");
}

static void write_address(struct wsip_writer *writer, const struct wsip_load *load,
	struct wsip_span user)
{
	wsip_write_literal(writer, "<sip:");
	wsip_write(writer, user);
	wsip_write_literal(writer, "@");
	wsip_write_text(writer, load->registrations.uri + 4);
	wsip_write_literal(writer, ">");
}

void wsip_registration_write(struct wsip_load *load, struct wsip_call *call)
{
	const struct wsip_pair_texts *texts = &load->messages.pairs[call->pair];
	struct wsip_answer *kept = &load->calls.answers[wsip_calls_slot(&load->calls, call)];
	struct wsip_writer writer = wsip_writer_of(kept->text, sizeof(kept->text));
	char name[256], mark[WSIP_MARK_BYTES], number[16];
	struct wsip_span user = name_user(load->options, call->user, name);

	wsip_load_mark(load, call, mark);
	snprintf(number, sizeof(number), "%u", call->cseq);
	wsip_write_literal(&writer, "REGISTER ");
	wsip_write_text(&writer, load->registrations.uri);
	wsip_template_write(&texts->register_via, &writer, mark);
	wsip_write_text(&writer, number);
	wsip_write_literal(&writer, "\r\nMax-Forwards: 70\r\nFrom: ");
	write_address(&writer, load, user);
	wsip_template_write(&texts->register_call, &writer, mark);
	wsip_write_text(&writer, number);
	wsip_write_literal(&writer, " REGISTER\r\nTo: ");
	write_address(&writer, load, user);
	wsip_write_literal(&writer, "\r\nContact: <sip:");
	wsip_write(&writer, user);
	wsip_template_write(&texts->register_contact, &writer, NULL);
	write_authorization(load, call, &writer, user);
	wsip_write_literal(&writer, WSIP_EMPTY_END);
	kept->bytes = writer.full ? 0 : (uint16_t)wsip_writer_size(&writer);
}

struct wsip_span wsip_registration_text(const struct wsip_load *load, const struct wsip_call *call)
{
	const struct wsip_answer *kept = &load->calls.answers[wsip_calls_slot(&load->calls, call)];

	return (struct wsip_span){ kept->text, kept->bytes };
}

/* RFC 8760 2.4: the first that is understood. */
enum wsip_err wsip_registration_challenged(struct wsip_load *load, struct wsip_call *call,
	const struct wsip_scanned *response)
{
	char name[256];
	struct wsip_digest_user user = { .name = name_user(load->options, call->user, name),
		.password = load->options->password };
	struct wsip_credentials *credentials = &load->registrations.users[call->user];

	if (!user.password || call->cseq >= ATTEMPTS_MAX)
		return WSIP_ERR_STATE;
	credentials->is_for_proxy = response->status == 407;
	for (uint32_t i = 0; i < response->challenge_count; i++) {
		if (wsip_digest_take(&load->registrations.digests, credentials,
			    response->challenge[i].value, &user) == WSIP_OK)
			return WSIP_OK;
	}
	return WSIP_ERR_NOT_FOUND;
}
