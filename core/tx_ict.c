/* SPDX-License-Identifier: MIT
 * INVITE client transaction: RFC 3261 17.1.1, with the Accepted state of RFC 6026 7.2.
 */
#include "core/ack.h"
#include "core/tx.h"

enum { CALLING, PROCEEDING, COMPLETED, ACCEPTED, STATES };

static const char *const state_names[STATES] = { "Calling", "Proceeding", "Completed", "Accepted" };

/* RFC 3261 17.1.1.2: the request goes out; Timer A (UDP only) and Timer B start. */
static void start(struct wsip_tx *tx)
{
	wsip_tx_enter(tx, CALLING);
	wsip_tx_start_retransmit(tx, tx->layer->timing.t1_ms);
	wsip_tx_start_timeout(tx, 64 * tx->layer->timing.t1_ms);
	wsip_tx_send(tx);
}

/* RFC 3261 17.1.1.2: Timer A doubles, without the limit of T2. */
static void timer_a(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	wsip_tx_start_retransmit(tx, 2 * tx->retransmit_ms);
	wsip_tx_retransmit(tx);
}

/* RFC 3261 17.1.1.2: Timer B. No ACK is sent. */
static void timer_b(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	wsip_tx_tell_failure(tx, WSIP_TX_TIMED_OUT);
	wsip_tx_terminate(tx);
}

/* RFC 3261 17.1.4. */
static void transport_error(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	wsip_tx_tell_failure(tx, WSIP_TX_UNREACHABLE);
	wsip_tx_terminate(tx);
}

/* RFC 3261 17.1.1.2: a provisional response stops the retransmissions. */
static void provisional(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	if (tx->state == CALLING)
		wsip_tx_enter(tx, PROCEEDING);
	wsip_tx_pass_response(tx, input->msg);
}

/* RFC 6026 7.2: Accepted, for as long as the 2xx may be repeated (Timer M). */
static void accepted(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	wsip_tx_enter(tx, ACCEPTED);
	wsip_tx_forget_out(tx);
	wsip_tx_start_timeout(tx, 64 * tx->layer->timing.t1_ms);
	wsip_tx_pass_response(tx, input->msg);
}

/* RFC 6026 7.2: every 2xx goes up, the repeated ones and those of other branches. */
static void accepted_again(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	wsip_tx_pass_response(tx, input->msg);
}

/* RFC 3261 17.1.1.3. Without memory the peer repeats its response, and there is another try. */
static void acknowledge(struct wsip_tx *tx, const struct wsip_msg *response)
{
	struct wsip_buf *ack = wsip_ack_build(tx->out, response, tx->layer->bufs);

	if (!ack)
		return;
	tx->acked = true;
	wsip_tx_send_new(tx, ack);
}

/* RFC 3261 17.1.1.2 and 17.1.1.3: the ACK is made and sent here; Timer D absorbs repetitions. */
static void rejected(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	wsip_tx_enter(tx, COMPLETED);
	wsip_tx_start_linger(tx, tx->layer->timing.timer_d_ms);
	acknowledge(tx, input->msg);
	wsip_tx_pass_response(tx, input->msg);
}

/* RFC 3261 17.1.1.2: the final response again: the ACK again, nothing to the user. */
static void rejected_again(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	if (tx->acked)
		wsip_tx_retransmit(tx);
	else
		acknowledge(tx, input->msg);
}

/* RFC 3261 16.7 step 5: a proxy beyond us that has rejected the call passes on a 2xx that crossed
 * its rejection, in the same transaction: somebody has picked up. */
static void accepted_late(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	wsip_tx_pass_response(tx, input->msg);
}

/* Timer D (RFC 3261 17.1.1.2), Timer M (RFC 6026 7.2). */
static void linger_over(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	wsip_tx_terminate(tx);
}

static wsip_tx_fn *const table[STATES][WSIP_TX_EVENTS] = {
	[CALLING] = {
		[WSIP_TX_1XX] = provisional,
		[WSIP_TX_2XX] = accepted,
		[WSIP_TX_3XX_6XX] = rejected,
		[WSIP_TX_RETRANSMIT] = timer_a,
		[WSIP_TX_TIMEOUT] = timer_b,
		[WSIP_TX_TRANSPORT_ERROR] = transport_error,
	},
	[PROCEEDING] = {
		[WSIP_TX_1XX] = provisional,
		[WSIP_TX_2XX] = accepted,
		[WSIP_TX_3XX_6XX] = rejected,
	},
	[COMPLETED] = {
		[WSIP_TX_2XX] = accepted_late,
		[WSIP_TX_3XX_6XX] = rejected_again,
		[WSIP_TX_TIMEOUT] = linger_over,
		[WSIP_TX_TRANSPORT_ERROR] = transport_error,
	},
	[ACCEPTED] = {
		[WSIP_TX_2XX] = accepted_again,
		[WSIP_TX_TIMEOUT] = linger_over,
	},
};

const struct wsip_tx_machine wsip_tx_ict = { WSIP_TX_ICT, "INVITE client", state_names, table,
	start };
