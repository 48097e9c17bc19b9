/* SPDX-License-Identifier: MIT
 * What several proxies together may not be made to do.
 */
#include "tests/testkit/world.h"

static void register_at(struct wsip_raw *raw, const char *user, const char *proxy,
	const char *contacts)
{
	char text[1024], to[32];

	snprintf(to, sizeof(to), "%s:5060", proxy);
	snprintf(text, sizeof(text),
		"REGISTER sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK-%s-%s\r\n"
		"From: <sip:%s@%s>;tag=1\r\nTo: <sip:%s@%s>\r\nCall-ID: %s-%s\r\n"
		"CSeq: 1 REGISTER\r\nMax-Forwards: 70\r\nContact: %s\r\n"
		"Content-Length: 0\r\n\r\n",
		proxy, user, proxy, user, proxy, user, proxy, user, proxy, contacts);
	wsip_raw_send(raw, to, text, strlen(text));
}

static size_t messages(struct wsip_sim *sim)
{
	char *text = NULL;
	size_t size, lines = 0;
	FILE *out = open_memstream(&text, &size);

	wsip_sim_print_ladder(sim, out);
	fclose(out);
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	free(text);
	return lines - 1;
}

static void add_registrar(struct wsip_sim *sim, const char *name, const char *listen)
{
	wsip_sim_proxy(sim, name,
		&(struct wsip_proxy_options){
			.listen = { listen }, .registrar = WSIP_REGISTRAR_MEMORY });
}

/* RFC 5393 1: two users on two proxies, each registered to both users of the other one. Without
 * loop detection the call doubles with every hop, to 2^70 requests. */
Test(rfc5393_5_3, users_registered_to_each_other_end_soon)
{
	static const char to_first[] = "<sip:a@10.0.0.1>, <sip:b@10.0.0.1>";
	static const char to_second[] = "<sip:a@10.0.0.2>, <sip:b@10.0.0.2>";
	struct world *world = create_empty_world(1);
	struct wsip_raw *raw = wsip_raw_create(world->sim, "raw", "udp:10.0.0.9:5060");
	struct wsip_agent *alice = wsip_agent_create(world->sim,
		&(struct wsip_agent_options){ .name = "alice", .listen = { "udp:10.0.0.8:5060" } });
	struct wsip_call *call;
	size_t before;

	add_registrar(world->sim, "first", "udp:10.0.0.1:5060");
	add_registrar(world->sim, "second", "udp:10.0.0.2:5060");
	register_at(raw, "a", "10.0.0.1", to_second);
	register_at(raw, "b", "10.0.0.1", to_second);
	register_at(raw, "a", "10.0.0.2", to_first);
	register_at(raw, "b", "10.0.0.2", to_first);
	wsip_sim_run_ms(world->sim, 100);
	before = messages(world->sim);
	cr_assert_eq(before, 8);
	call = wsip_agent_call(alice, "sip:a@10.0.0.1");
	wsip_sim_run_until_idle(world->sim);
	cr_expect_eq(wsip_call_status(call), 482);
	cr_expect_lt(messages(world->sim) - before, 200, "%zu messages",
		messages(world->sim) - before);
	end_world(world, 0);
}
