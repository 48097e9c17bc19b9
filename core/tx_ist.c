/* SPDX-License-Identifier: MIT
 * INVITE server transaction: RFC 3261 17.2.1, with the Accepted state of RFC 6026 7.1.
 */
#include "core/tx.h"

enum { PROCEEDING, COMPLETED, CONFIRMED, ACCEPTED, STATES };

static const char *const state_names[STATES] = { "Proceeding", "Completed", "Confirmed",
	"Accepted" };

static void start(struct wsip_tx *tx)
{
	wsip_tx_enter(tx, PROCEEDING);
}

/* RFC 3261 17.2.1: the request again: the last response again. */
static void request_again(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	if (tx->out)
		wsip_tx_retransmit(tx);
}

/* RFC 3261 17.2.1. */
static void send_provisional(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	wsip_tx_send_new(tx, input->out);
}

/* RFC 6026 7.1: the 2xx is repeated by its sender, not by us. Over a stream it is kept for the case
 * that the connection loses it (RFC 3261 18.2.2). */
static void send_2xx(struct wsip_tx *tx, struct wsip_buf *response)
{
	wsip_tx_send_new(tx, response);
	if (!wsip_tx_is_reliable(tx))
		wsip_tx_forget_out(tx);
}

/* RFC 6026 7.1: Accepted until Timer L. */
static void send_accepted(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	wsip_tx_enter(tx, ACCEPTED);
	wsip_tx_start_timeout(tx, 64 * tx->layer->timing.t1_ms);
	send_2xx(tx, input->out);
}

/* RFC 6026 7.1: any further 2xx goes out. */
static void send_accepted_again(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	send_2xx(tx, input->out);
}

/* RFC 3261 17.2.1: Timer G (UDP only) repeats it, Timer H gives up. */
static void send_rejection(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	wsip_tx_enter(tx, COMPLETED);
	wsip_tx_start_retransmit(tx, tx->layer->timing.t1_ms);
	wsip_tx_start_timeout(tx, 64 * tx->layer->timing.t1_ms);
	wsip_tx_send_new(tx, input->out);
}

/* RFC 3261 17.2.1: Timer G doubles up to T2. */
static void timer_g(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	uint32_t t2_ms = tx->layer->timing.t2_ms;
	uint32_t doubled_ms = 2 * tx->retransmit_ms;

	(void)input;
	wsip_tx_start_retransmit(tx, doubled_ms < t2_ms ? doubled_ms : t2_ms);
	wsip_tx_retransmit(tx);
}

/* RFC 3261 17.2.1: Timer H: the ACK never came. */
static void timer_h(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	wsip_tx_tell_failure(tx, WSIP_TX_TIMED_OUT);
	wsip_tx_terminate(tx);
}

/* RFC 3261 17.2.1: Timer I absorbs further ACKs. */
static void ack(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	wsip_tx_enter(tx, CONFIRMED);
	wsip_tx_forget_out(tx);
	wsip_tx_start_linger(tx, tx->layer->timing.t4_ms);
}

/* RFC 3261 17.2.1: an ACK that has nothing to confirm, or nothing any more. In Accepted it is not
 * absorbed: it is on its way to whoever picked up (RFC 6026 7.1). */
static void absorb(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)tx;
	(void)input;
}

/* Timer I (RFC 3261 17.2.1), Timer L (RFC 6026 7.1), wsip_tx_leave_unanswered. */
static void linger_over(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	wsip_tx_terminate(tx);
}

/* RFC 3261 18.2.2, then 17.2.4 as RFC 6026 8.8 has it: the user is told, the state stays. */
static void transport_error(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	if (!wsip_tx_send_elsewhere(tx))
		wsip_tx_tell_failure(tx, WSIP_TX_UNREACHABLE);
}

static wsip_tx_fn *const table[STATES][WSIP_TX_EVENTS] = {
	[PROCEEDING] = {
		[WSIP_TX_REQUEST] = request_again,
		[WSIP_TX_ACK] = absorb,
		[WSIP_TX_SEND_1XX] = send_provisional,
		[WSIP_TX_SEND_2XX] = send_accepted,
		[WSIP_TX_SEND_3XX_6XX] = send_rejection,
		[WSIP_TX_TIMEOUT] = linger_over,
		[WSIP_TX_TRANSPORT_ERROR] = transport_error,
	},
	[COMPLETED] = {
		[WSIP_TX_REQUEST] = request_again,
		[WSIP_TX_ACK] = ack,
		[WSIP_TX_RETRANSMIT] = timer_g,
		[WSIP_TX_TIMEOUT] = timer_h,
		[WSIP_TX_TRANSPORT_ERROR] = transport_error,
	},
	[CONFIRMED] = {
		[WSIP_TX_ACK] = absorb,
		[WSIP_TX_TIMEOUT] = linger_over,
	},
	[ACCEPTED] = {
		[WSIP_TX_SEND_2XX] = send_accepted_again,
		[WSIP_TX_TIMEOUT] = linger_over,
		[WSIP_TX_TRANSPORT_ERROR] = transport_error,
	},
};

const struct wsip_tx_machine wsip_tx_ist = { WSIP_TX_IST, "INVITE server", state_names, table,
	start };
