/* SPDX-License-Identifier: MIT
 * Two carriers: when the first one answers 503, or does not answer, the call goes to the second
 *one. The caller hears of the second one only.
 *
 *	cc failover.c $(pkg-config --cflags --libs wiresip-core) -o failover
 *	./failover udp:127.0.0.1:5060 sip:127.0.0.1:5071 sip:127.0.0.1:5072
 */
#include <stdio.h>

#include <wiresip/wiresip.h>

struct carriers {
	const char *first;
	const char *second;
};

static enum wsip_verdict on_response(struct wsip_relay *relay, struct wsip_msg *response,
	void *user)
{
	const struct carriers *carriers = user;

	switch (wsip_msg_status(response)) {
	case 408: /* no answer */
	case 503: /* the carrier is out of order, or cannot be reached */
		if (wsip_relay_attempts(relay) == 1)
			return wsip_relay_retry(relay, carriers->second);
		return WSIP_FORWARD;
	default:
		return WSIP_FORWARD;
	}
}

static void on_request(struct wsip_request *request, void *user)
{
	const struct carriers *carriers = user;
	struct wsip_name_addr to;

	/* What belongs to a call that is up follows its route; a new call goes to the first. */
	if (wsip_msg_to(wsip_request_msg(request), &to) == WSIP_OK && to.tag.size > 0)
		wsip_relay(request, NULL);
	else
		wsip_relay(request, &(struct wsip_relay_options){
					    .destination = carriers->first,
					    .on_response = on_response,
					    .user = user,
				    });
}

int main(int argc, char **argv)
{
	struct wsip_proxy_error error;
	struct wsip_proxy *proxy;

	if (argc != 4) {
		fprintf(stderr, "usage: failover LISTEN FIRST SECOND\n");
		return 2;
	}
	proxy = wsip_proxy_create(
		&(struct wsip_proxy_options){
			.listen = { argv[1] },
			.on_request = on_request,
			.user = &(struct carriers){ argv[2], argv[3] },
		},
		&error);
	if (!proxy) {
		fprintf(stderr, "failover: %s\n", error.text);
		return 2;
	}
	printf("failover listens on %s\n", wsip_proxy_listener(proxy, 0));
	fflush(stdout);
	wsip_proxy_run(proxy);
	wsip_proxy_destroy(proxy);
	return 0;
}
