/* SPDX-License-Identifier: MIT
 * The registrar (RFC 3261 10.3) through the core, and calls to who has registered (16.5, 16.6).
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "registrar/registrar.h"
#include "tests/scenario/wire.h"

static void on_request(struct wsip_request *request, void *user)
{
	struct wire *wire = user;

	if (wsip_msg_method(wsip_request_msg(request)) == WSIP_REGISTER)
		wsip_registrar_answer(wire->source.self, request);
	else
		wsip_relay(request, &wire->relay);
}

static struct wire *start(void)
{
	struct wire *wire = wire_open();
	struct wsip_bindings *bindings = wsip_bindings_create();

	cr_assert_not_null(bindings);
	wire->source = wsip_registrar_source(bindings);
	wire->on_request = on_request;
	return wire;
}

static void stop(struct wire *wire)
{
	wsip_bindings_destroy(wire->source.self);
	wire_close(wire);
}

/* Members that are NULL or 0 have the default. */
struct registering {
	const char *headers; /* Contact and Expires: whole lines with their CR LF */
	const char *to;      /* <sip:bob@10.0.0.1> */
	const char *call_id; /* phone */
	unsigned int cseq;   /* one more each time */
	const char *via;     /* SIP/2.0/UDP 10.0.0.3:5060 */
	const char *source;  /* WIRE_CALLEE */
	enum wsip_transport transport;
};

/* Sends it; returns the response. */
static const struct wire_sent *enrol(struct wire *wire, const struct registering *what)
{
	unsigned int number = ++wire->seen;
	size_t before = wire->sent_count;

	wire_receive(wire, what->transport, what->source ? what->source : WIRE_CALLEE,
		wire_print(wire,
			"REGISTER sip:10.0.0.1 SIP/2.0\r\nVia: %s;branch=z9hG4bK-%u\r\n"
			"From: <sip:bob@10.0.0.1>;tag=1\r\nTo: %s\r\nCall-ID: %s\r\n"
			"CSeq: %u REGISTER\r\nMax-Forwards: 70\r\n%sContent-Length: 0\r\n\r\n",
			what->via ? what->via : "SIP/2.0/UDP 10.0.0.3:5060", number,
			what->to ? what->to : "<sip:bob@10.0.0.1>",
			what->call_id ? what->call_id : "phone", what->cseq ? what->cseq : number,
			what->headers ? what->headers : ""));
	cr_assert_eq(wire->sent_count, before + 1, "one response");
	return &wire->sent[before];
}

static void expect_status(struct wire *wire, const struct registering *what, int status)
{
	const struct wire_sent *response = enrol(wire, what);

	cr_expect_eq(atoi(response->text + 8), status, "%s", response->text);
}

/* Until Timer J has run out the same CSeq would be a merged request (RFC 3261 8.2.2.2). */
static void forget_transactions(struct wire *wire)
{
	wire_advance_to(wire, wire_now(wire) + 32000);
}

static void expect_headers(struct wire *wire, const char *headers, int status)
{
	expect_status(wire, &(struct registering){ .headers = headers }, status);
}

/* All Contacts of a response, one a line. */
static const char *contacts(struct wire *wire, const struct wire_sent *response)
{
	const char *lines = "", *value;

	for (size_t i = 0; (value = wire_header(wire, response, "Contact", i)); i++)
		lines = wire_print(wire, "%s%s\n", lines, value);
	return lines;
}

/* What a REGISTER without Contact lists. */
static const char *listed(struct wire *wire)
{
	return contacts(wire, enrol(wire, &(struct registering){ .call_id = "reader" }));
}

#define A "<sip:bob@10.0.0.3:5060>"
#define B "<sip:bob@10.0.0.4:5060>"
#define C "<sip:bob@10.0.0.5:5060>"

/* ---- The list, and times ---- */

Test(rfc3261_10_3_8, the_200_lists_all_contacts_with_what_is_left_of_their_time)
{
	struct wire *wire = start();
	const struct wire_sent *response;

	expect_headers(wire, "Contact: " A ";expires=100\r\n", 200);
	wire_advance_to(wire, 40000);
	response = enrol(wire,
		&(struct registering){ .headers = "Contact: " B ";q=0.5;expires=300\r\n" });
	cr_expect_str_eq(contacts(wire, response),
		A ";expires=60;q=1.000\n" B ";expires=300;q=0.500\n");
	wire_advance_to(wire, 40001);
	cr_expect_str_eq(listed(wire), A ";expires=60;q=1.000\n" B ";expires=300;q=0.500\n");
	wire_advance_to(wire, 99999);
	cr_expect_str_eq(listed(wire), A ";expires=1;q=1.000\n" B ";expires=241;q=0.500\n");
	wire_advance_to(wire, 100000);
	cr_expect_str_eq(listed(wire), B ";expires=240;q=0.500\n");
	stop(wire);
}

static const struct {
	const char *headers;
	const char *listed;
} times[] = {
	{ "Contact: " A "\r\n", A ";expires=3600;q=1.000\n" },
	{ "Contact: " A "\r\nExpires: 120\r\n", A ";expires=120;q=1.000\n" },
	{ "Contact: " A ";expires=200\r\nExpires: 120\r\n", A ";expires=200;q=1.000\n" },
	{ "Contact: " A ";EXPIRES=200\r\n", A ";expires=200;q=1.000\n" },
	{ "Contact: " A ";q=1, " B ";q=0.1;expires=90\r\nExpires: 120\r\n",
		A ";expires=120;q=1.000\n" B ";expires=90;q=0.100\n" },
	{ "m: " A ";expires=60\r\n", A ";expires=60;q=1.000\n" },
	{ "Contact: " A ";expires=x\r\n", A ";expires=3600;q=1.000\n" },
	{ "Contact: " A ";expires=-1\r\n", A ";expires=3600;q=1.000\n" },
	{ "Contact: " A ";expires\r\nExpires: 120\r\n", A ";expires=3600;q=1.000\n" },
	{ "Contact: " A ";expires=4294967296\r\n", A ";expires=3600;q=1.000\n" },
	{ "Contact: " A "\r\nExpires: Thu, 01 Dec 1994 16:00:00 GMT\r\n",
		A ";expires=3600;q=1.000\n" },
	{ "Contact: " A ";expires=4294967295\r\n", A ";expires=86400;q=1.000\n" },
	{ "Contact: sip:bob@10.0.0.3:5060;expires=70\r\n", A ";expires=70;q=1.000\n" },
};

/* 10.2.1.1, and 20.10 and 20.19 for what cannot be read. */
Test(rfc3261_10_3_7, the_time_is_the_contacts_own_or_the_requests_or_an_hour)
{
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct wire *wire = start();

		expect_headers(wire, times[i].headers, 200);
		cr_expect_str_eq(listed(wire), times[i].listed, "%s", times[i].headers);
		stop(wire);
	}
}

Test(rfc3261_10_3_7, a_time_of_less_than_a_minute_is_too_brief)
{
	static const char *const brief[] = { "Contact: " A ";expires=59\r\n",
		"Contact: " A "\r\nExpires: 1\r\n",
		"Contact: " B ";expires=60, " A ";expires=59\r\n" };
	struct wire *wire = start();

	for (size_t i = 0; i < sizeof(brief) / sizeof(brief[0]); i++) {
		const struct wire_sent *response = enrol(wire,
			&(struct registering){ .headers = brief[i] });

		cr_expect_eq(atoi(response->text + 8), 423);
		cr_expect_str_eq(wire_header(wire, response, "Min-Expires", 0), "60");
		cr_expect_str_empty(listed(wire));
	}
	stop(wire);
}

/* ---- Leaving ---- */

Test(rfc3261_10_2_2, expires_0_removes_that_contact)
{
	struct wire *wire = start();

	expect_headers(wire, "Contact: " A ", " B ";q=0.5\r\n", 200);
	expect_headers(wire, "Contact: " A ";expires=0\r\n", 200);
	cr_expect_str_eq(listed(wire), B ";expires=3600;q=0.500\n");
	expect_headers(wire, "Contact: " B "\r\nExpires: 0\r\n", 200);
	cr_expect_str_empty(listed(wire));
	expect_headers(wire, "Contact: " C ";expires=0\r\n", 200);
	stop(wire);
}

Test(rfc3261_10_3_6, a_star_removes_all)
{
	struct wire *wire = start();

	expect_headers(wire, "Contact: " A ", " B "\r\n", 200);
	expect_headers(wire, "Contact: *\r\nExpires: 0\r\n", 200);
	cr_expect_str_empty(listed(wire));
	stop(wire);
}

Test(rfc3261_10_3_6, a_star_stands_alone_with_expires_0)
{
	static const char *const wrong[] = { "Contact: *\r\n", "Contact: *\r\nExpires: 60\r\n",
		"Contact: *\r\nExpires: x\r\n", "Contact: *, " B "\r\nExpires: 0\r\n",
		"Contact: " B "\r\nContact: *\r\nExpires: 0\r\n",
		"Contact: *\r\nContact: *\r\nExpires: 0\r\n", "Contact: *;expires=0\r\n" };
	struct wire *wire = start();

	expect_headers(wire, "Contact: " A "\r\n", 200);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		expect_headers(wire, wrong[i], 400);
		cr_expect_str_eq(listed(wire), A ";expires=3600;q=1.000\n", "%s", wrong[i]);
	}
	stop(wire);
}

Test(rfc3261_10_3_6, a_star_that_is_older_removes_nothing)
{
	struct wire *wire = start();
	struct registering star = { .headers = "Contact: *\r\nExpires: 0\r\n", .cseq = 5 };

	expect_status(wire, &(struct registering){ .headers = "Contact: " A "\r\n", .cseq = 5 },
		200);
	forget_transactions(wire);
	expect_status(wire, &star, 500);
	cr_expect_str_eq(listed(wire), A ";expires=3568;q=1.000\n");
	star.call_id = "another";
	star.cseq = 1;
	expect_status(wire, &star, 200);
	cr_expect_str_empty(listed(wire));
	stop(wire);
}

/* ---- Order ---- */

Test(rfc3261_10_3_7, an_older_cseq_of_the_same_call_id_changes_nothing)
{
	static const char both[] = "Contact: " B ", " A ";expires=90\r\n";
	struct wire *wire = start();

	expect_status(wire, &(struct registering){ .headers = "Contact: " A "\r\n", .cseq = 9 },
		200);
	expect_status(wire, &(struct registering){ .headers = both, .cseq = 8 }, 500);
	forget_transactions(wire);
	expect_status(wire, &(struct registering){ .headers = both, .cseq = 9 }, 500);
	forget_transactions(wire);
	expect_status(wire,
		&(struct registering){ .headers = "Contact: " A ";expires=0\r\n", .cseq = 9 }, 500);
	cr_expect_str_eq(listed(wire), A ";expires=3536;q=1.000\n");
	expect_status(wire,
		&(struct registering){ .headers = "Contact: " A ";expires=90\r\n", .cseq = 10 },
		200);
	cr_expect_str_eq(listed(wire), A ";expires=90;q=1.000\n");
	expect_status(wire,
		&(struct registering){ .headers = "Contact: " A ";expires=80\r\n",
			.cseq = 1,
			.call_id = "another" },
		200);
	cr_expect_str_eq(listed(wire), A ";expires=80;q=1.000\n");
	stop(wire);
}

/* RFC 3261 19.1.4: the host and the scheme have no case. */
Test(rfc3261_10_3_7, contacts_are_compared_as_uris)
{
	struct wire *wire = start();

	expect_headers(wire, "Contact: <sip:bob@Phone.example.org>\r\n", 200);
	expect_headers(wire, "Contact: <sip:bob@phone.example.org>;expires=90\r\n", 200);
	cr_expect_eq(wire_header_count(wire, wire_last(wire, "200", NULL), "Contact"), 1);
	stop(wire);
}

/* ---- Who, and how many ---- */

Test(rfc3261_10_3_5, a_to_without_a_user_is_nobody)
{
	static const char *const nobody[] = { "<sip:10.0.0.1>", "<tel:+123>",
		"<sips:bob@10.0.0.1>" };
	struct wire *wire = start();

	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
		expect_status(wire,
			&(struct registering){ .to = nobody[i], .headers = "Contact: " A "\r\n" },
			404);
	stop(wire);
}

Test(rfc3261_10_3_5, parameters_of_to_and_which_of_our_addresses_make_no_difference)
{
	struct wire *wire = start();

	expect_status(wire,
		&(struct registering){ .to = "\"Bob\" <sip:bob@127.0.0.1;user=phone>;x=1",
			.headers = "Contact: " A "\r\n" },
		200);
	cr_expect_str_eq(listed(wire), A ";expires=3600;q=1.000\n");
	stop(wire);
}

/* 10.3 step 5: any escaped characters MUST be converted to their unescaped form. */
Test(rfc3261_10_3_5, an_escaped_user_is_the_same_user)
{
	struct wire *wire = start();

	expect_status(wire,
		&(struct registering){
			.to = "<sip:b%6Fb@10.0.0.1>", .headers = "Contact: " A "\r\n" },
		200);
	cr_expect_str_eq(listed(wire), A ";expires=3600;q=1.000\n");
	stop(wire);
}

/* `count` contacts from `first` on, in one line each. */
static const char *many(struct wire *wire, unsigned int first, unsigned int count)
{
	const char *lines = "";

	for (unsigned int i = first; i < first + count; i++)
		lines = wire_print(wire, "%sContact: <sip:bob@10.0.1.%u>\r\n", lines, i);
	return lines;
}

Test(registrar, more_contacts_than_the_cap_are_refused_and_change_nothing)
{
	struct wire *wire = start();
	const char *before;

	expect_headers(wire, many(wire, 0, WSIP_BINDINGS_PER_AOR_MAX + 1), 403);
	cr_expect_str_empty(listed(wire));
	expect_headers(wire, many(wire, 0, WSIP_BINDINGS_PER_AOR_MAX - 1), 200);
	before = listed(wire);
	expect_headers(wire, many(wire, 20, 2), 403);
	cr_expect_str_eq(listed(wire), before);
	expect_headers(wire, many(wire, 20, 1), 200);
	expect_headers(wire, many(wire, 21, 1), 403);
	expect_headers(wire, many(wire, 20, 1), 200);
	cr_expect_eq(wire_header_count(wire, wire_last(wire, "200", NULL), "Contact"),
		WSIP_BINDINGS_PER_AOR_MAX);
	stop(wire);
}

Test(rfc3261_20_10, what_is_no_contact_is_refused)
{
	static const char *const wrong[] = { "Contact: " A ";q=1.001\r\n", "Contact: " A ";q=2\r\n",
		"Contact: " A ";q=0.1234\r\n", "Contact: " A ";q=x\r\n", "Contact: " A ";q\r\n",
		"Contact: <tel:+123>\r\n", "Contact: <sip:>\r\n",
		"Contact: " B ", <sip:bob@10.0.0.3\r\n" };
	struct wire *wire = start();

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		expect_headers(wire, wrong[i], 400);
		cr_expect_str_empty(listed(wire), "%s", wrong[i]);
	}
	stop(wire);
}

/* ---- Calls ---- */

Test(rfc3261_16_6, a_call_goes_to_the_best_and_then_to_the_next)
{
	struct wire *wire = start();

	expect_headers(wire, "Contact: " B ";q=0.5, " C ";q=0.1, " A ";q=0.9\r\n", 200);
	wire_reply(wire, wire_invite(wire), 503);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_CALLEE), 1);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_SECOND), 1);
	cr_expect_eq(wire_count(wire, "INVITE", WIRE_THIRD), 0);
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_SECOND, 0), 408);
	cr_expect_str_eq(wire_start_line(wire, wire_last(wire, "INVITE", NULL)),
		"INVITE sip:bob@10.0.0.5:5060 SIP/2.0");
	wire_reply(wire, wire_find(wire, "INVITE", WIRE_THIRD, 0), 486);
	cr_expect_not_null(wire_find(wire, "486", WIRE_CALLER, 0));
	stop(wire);
}

Test(rfc3261_16_5, who_is_not_there_or_no_longer_is_not_found)
{
	struct wire *wire = start();

	wire_request(wire, &(struct wire_request){ .method = "OPTIONS" });
	cr_expect_eq(wire_count(wire, "404", WIRE_CALLER), 1);
	expect_headers(wire, "Contact: " A ";expires=60\r\n", 200);
	wire_advance_to(wire, 60000);
	wire_invite(wire);
	cr_expect_eq(wire_count(wire, "404", WIRE_CALLER), 2);
	cr_expect_eq(wire_count(wire, "INVITE", NULL), 0);
	stop(wire);
}

Test(rfc3261_19_1_1, headers_and_method_of_a_contact_never_reach_the_request_uri)
{
	struct wire *wire = start();

	expect_headers(wire, "Contact: <sip:bob@10.0.0.3:5060;method=BYE;ob?Subject=a&Route=b>\r\n",
		200);
	wire_invite(wire);
	cr_expect_str_eq(wire_start_line(wire, wire_find(wire, "INVITE", WIRE_CALLEE, 0)),
		"INVITE sip:bob@10.0.0.3:5060;ob SIP/2.0");
	cr_expect_null(wire_header(wire, wire_last(wire, "INVITE", NULL), "Subject", 0));
	cr_expect_null(wire_header(wire, wire_last(wire, "INVITE", NULL), "Route", 0));
	stop(wire);
}

/* ---- Streams ---- */

static const struct {
	const char *headers;
	uint64_t connection; /* that the call goes along */
} streams[] = {
	{ "Contact: <sip:bob@10.0.0.3:5060;transport=tcp>\r\n", 1000 + 40000 },
	{ "Contact: <sip:bob@10.0.0.4:5060;transport=tcp>\r\n", 0 },
	{ "Contact: <sip:bob@10.0.0.3:5070;transport=tcp>\r\n", 0 },
	{ "Via: SIP/2.0/TCP 10.0.0.9;branch=z9hG4bK-9\r\n"
	  "Contact: <sip:bob@10.0.0.3:5060;transport=tcp>\r\n",
		0 },
};

/* Somebody else's address must not be called along the stream of who has registered it. */
Test(registrar, a_call_goes_along_the_stream_only_to_who_is_at_its_end)
{
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		struct wire *wire = start();
		const struct wire_sent *invite;

		expect_status(wire,
			&(struct registering){ .headers = streams[i].headers,
				.via = "SIP/2.0/TCP 10.0.0.3:5060",
				.source = "10.0.0.3:40000",
				.transport = WSIP_TCP },
			200);
		invite = wire_invite(wire);
		cr_assert_not_null(invite);
		cr_expect_eq(invite->flow.transport, WSIP_TCP);
		cr_expect_eq(invite->flow.connection, streams[i].connection, "%s",
			streams[i].headers);
		stop(wire);
	}
}

/* ---- Full ---- */

static bool fill(struct wsip_binding_list *list, void *user)
{
	(void)user;
	list->items[0] = (struct wsip_binding){ .expires_at_ms = UINT64_MAX };
	list->count = 1;
	return true;
}

/* The shard of bob has no room left. */
Test(registrar, without_room_the_answer_is_503)
{
	struct wire *wire = start();
	struct wsip_bindings *bindings = wire->source.self;
	struct wsip_key key = wsip_bindings_key(bindings, wsip_span_of("bob"), wsip_span_of(""));
	enum wsip_err err = WSIP_OK;

	for (uint64_t i = 0; i <= WSIP_AORS_MAX && !err; i++) {
		key.low++;
		err = wsip_bindings_change(bindings, key, 0, fill, NULL);
	}
	cr_assert_eq(err, WSIP_ERR_LIMIT);
	expect_headers(wire, "Contact: " A "\r\n", 503);
	cr_expect_str_empty(listed(wire));
	stop(wire);
}
