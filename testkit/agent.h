/* SPDX-License-Identifier: MIT
 * A user agent (RFC 3261 8, 12, 13) on the library's own transactions: agent.c is the node,
 * agent_client.c what it asks, agent_server.c what it is asked, agent_message.c how that is
 * written.
 */
#ifndef WSIP_TESTKIT_AGENT_H
#define WSIP_TESTKIT_AGENT_H

#include "core/tx.h"
#include "testkit/sim.h"
#include "transport/network.h"

#define WSIP_AGENT_LISTEN_MAX 3
#define WSIP_CALL_ROUTES_MAX  8
#define WSIP_CALL_FORKS_MAX   8
#define WSIP_AGENT_TEXT_BYTES 256

/* RFC 3261 table 4. */
#define WSIP_AGENT_T1_MS 500
#define WSIP_AGENT_T2_MS 4000

struct wsip_agent {
	struct wsip_sim_node node;
	struct wsip_agent_options options;
	struct wsip_listener listeners[WSIP_AGENT_LISTEN_MAX];
	size_t listener_count;
	struct wsip_timers timers;
	struct wsip_buf_pool bufs;
	struct wsip_pool msgs;
	struct wsip_tx_layer tx;
	struct wsip_network network;
	struct wsip_list calls;
	struct wsip_list exchanges;
	struct wsip_list received; /* struct wsip_agent_method */
	char violation[WSIP_AGENT_TEXT_BYTES];
};

/* How often a method was received. */
struct wsip_agent_method {
	struct wsip_list link;
	char name[32];
	unsigned int count;
};

/* One request of ours and what was said to it; kept to the end, to see what comes too late. */
struct wsip_exchange {
	struct wsip_list link;
	struct wsip_agent *agent;
	struct wsip_call *call;
	char method[32];
	char branch[32];
	uint32_t cseq;
	struct wsip_tx *tx; /* NULL when it has ended */
	unsigned int final; /* the first one heard; of an INVITE the first but 2xx */
};

/* A dialog that came of a call, as its other side has it. */
struct wsip_dialog {
	char remote_tag[WSIP_AGENT_TEXT_BYTES];
	char target[WSIP_AGENT_TEXT_BYTES]; /* remote target */
	char routes[WSIP_CALL_ROUTES_MAX][WSIP_AGENT_TEXT_BYTES];
	size_t route_count;
	struct wsip_buf *ack; /* of the last 2xx heard, to be repeated */
	struct wsip_flow ack_flow;
	uint32_t ack_cseq;
};

struct wsip_call {
	struct wsip_list link;
	struct wsip_agent *agent;
	bool incoming;
	char method[32];
	char call_id[64];
	char local_tag[32];
	char local_uri[WSIP_AGENT_TEXT_BYTES];
	char remote_uri[WSIP_AGENT_TEXT_BYTES];
	uint32_t cseq;
	enum wsip_call_state state;
	unsigned int status;
	bool was_up;
	unsigned int heard[700];
	struct wsip_buf *last; /* response heard, or request received */
	char value[WSIP_AGENT_TEXT_BYTES];

	struct wsip_dialog dialog;
	/* Of other callees that picked up as well (13.2.2.4): their 2xx was acknowledged and they
	 * were hung up on. */
	struct wsip_dialog forks[WSIP_CALL_FORKS_MAX];
	size_t fork_count;

	/* Of the caller. */
	struct wsip_exchange *invite; /* the last one sent */
	bool provisional;
	bool cancel_wanted;
	bool cancelled;
	bool cancel_answered; /* with 200 */

	/* Of the callee. */
	struct wsip_tx *server; /* of the INVITE last received, while it lives */
	struct wsip_msg *request;
	struct wsip_timer ring;
	struct wsip_timer answer;
	struct wsip_timer hang_up;
	/* RFC 3261 13.3.1.4: the 2xx until its ACK comes. */
	struct wsip_timer repeat;
	struct wsip_buf *accepted;
	struct wsip_flow accepted_flow;
	uint32_t repeat_ms;
	uint64_t repeat_until_ms;
	bool acked;
};

/* ---- agent.c ---- */

__attribute__((format(printf, 2, 3))) void wsip_agent_violated(struct wsip_agent *agent,
	const char *format, ...);
struct wsip_call *wsip_agent_add_call(struct wsip_agent *agent);
/* "a1b2..." of 16 digits, from the seed. */
void wsip_agent_token(struct wsip_agent *agent, char token[32]);
void wsip_agent_copy(char *out, struct wsip_span text);
enum wsip_err wsip_agent_transmit(struct wsip_agent *agent, const struct wsip_flow *flow,
	struct wsip_buf *bytes);
/* The flow to a SIP URI with a literal address. */
enum wsip_err wsip_agent_flow_to(const struct wsip_agent *agent, const char *uri,
	struct wsip_flow *flow);

/* ---- agent_message.c ---- */

struct wsip_agent_request {
	const char *method;
	const char *uri;
	const char *branch;
	uint32_t cseq;
	const struct wsip_dialog *dialog; /* NULL outside of one */
	const char *headers;              /* whole lines, or NULL */
	size_t body_bytes;
	bool by_tcp;
};

struct wsip_buf *wsip_agent_write_request(struct wsip_call *call,
	const struct wsip_agent_request *request);
/* Remote target and route set, from the Contact and Record-Route of a message (12.1). */
void wsip_agent_read_dialog(struct wsip_dialog *dialog, const struct wsip_msg *msg);
/* The 200 of a dialog needs Record-Route and Contact (12.1.1). */
struct wsip_buf *wsip_agent_write_response(struct wsip_agent *agent, const struct wsip_msg *request,
	unsigned int status);

/* ---- agent_client.c ---- */

void wsip_agent_take_response(struct wsip_agent *agent, struct wsip_msg *response);
/* Within the dialog: BYE, INVITE. */
void wsip_agent_request_within(struct wsip_call *call, const struct wsip_dialog *dialog,
	const char *method);

/* ---- agent_server.c ---- */

void wsip_agent_take_request(struct wsip_agent *agent, struct wsip_msg *request,
	const struct wsip_flow *flow);
void wsip_agent_init_server(struct wsip_call *call);
void wsip_agent_finish_server(struct wsip_call *call);

#endif
