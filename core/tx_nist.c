/* SPDX-License-Identifier: MIT
 * Non-INVITE server transaction: RFC 3261 17.2.2.
 */
#include "core/tx.h"

enum { TRYING, PROCEEDING, COMPLETED, STATES };

static const char *const state_names[STATES] = { "Trying", "Proceeding", "Completed" };

static void start(struct wsip_tx *tx)
{
	wsip_tx_enter(tx, TRYING);
}

/* RFC 3261 17.2.2: in Trying a repeated request is discarded, later the last response goes out. */
static void request_again(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	wsip_tx_retransmit(tx);
}

/* RFC 3261 17.2.2. */
static void send_provisional(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	tx->state = PROCEEDING;
	wsip_tx_send_new(tx, input->out);
}

/* RFC 3261 17.2.2: Timer J absorbs repetitions. */
static void send_final(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	wsip_tx_enter(tx, COMPLETED);
	wsip_tx_start_linger(tx, 64 * tx->layer->timing.t1_ms);
	wsip_tx_send_new(tx, input->out);
}

/* Timer J (RFC 3261 17.2.2); in Trying and Proceeding the end of wsip_tx_leave_unanswered. */
static void timer_j(struct wsip_tx *tx, const struct wsip_tx_input *input)
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
	[TRYING] = {
		[WSIP_TX_TIMEOUT] = timer_j,
		[WSIP_TX_SEND_1XX] = send_provisional,
		[WSIP_TX_SEND_2XX] = send_final,
		[WSIP_TX_SEND_3XX_6XX] = send_final,
	},
	[PROCEEDING] = {
		[WSIP_TX_REQUEST] = request_again,
		[WSIP_TX_SEND_1XX] = send_provisional,
		[WSIP_TX_SEND_2XX] = send_final,
		[WSIP_TX_SEND_3XX_6XX] = send_final,
		[WSIP_TX_TIMEOUT] = timer_j,
		[WSIP_TX_TRANSPORT_ERROR] = transport_error,
	},
	[COMPLETED] = {
		[WSIP_TX_REQUEST] = request_again,
		[WSIP_TX_TIMEOUT] = timer_j,
		[WSIP_TX_TRANSPORT_ERROR] = transport_error,
	},
};

const struct wsip_tx_machine wsip_tx_nist = { WSIP_TX_NIST, "non-INVITE server", state_names, table,
	start };
