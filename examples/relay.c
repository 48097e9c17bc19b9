/* SPDX-License-Identifier: MIT
 * The smallest proxy: everything that comes in is relayed to the SIP URI on the command line.
 *
 *	cc relay.c $(pkg-config --cflags --libs wiresip-core) -o relay
 *	./relay udp:127.0.0.1:5060 sip:127.0.0.1:5070
 */
#include <stdio.h>

#include <wiresip/wiresip.h>

static void on_request(struct wsip_request *request, void *user)
{
	wsip_relay(request, &(struct wsip_relay_options){ .destination = user });
}

int main(int argc, char **argv)
{
	struct wsip_proxy_error error;
	struct wsip_proxy *proxy;

	if (argc != 3) {
		fprintf(stderr, "usage: relay LISTEN TARGET\n");
		return 2;
	}
	proxy = wsip_proxy_create(
		&(struct wsip_proxy_options){
			.listen = { argv[1] },
			.on_request = on_request,
			.user = argv[2],
		},
		&error);
	if (!proxy) {
		fprintf(stderr, "relay: %s\n", error.text);
		return 2;
	}
	printf("relay listens on %s\n", wsip_proxy_listener(proxy, 0));
	fflush(stdout);
	wsip_proxy_run(proxy);
	wsip_proxy_destroy(proxy);
	return 0;
}
