/* SPDX-License-Identifier: MIT
 * Non-INVITE client transaction: RFC 3261 17.1.2.
 */
#include "core/tx.h"

enum { TRYING, PROCEEDING, COMPLETED, STATES };

static const char *const state_names[STATES] = { "Trying", "Proceeding", "Completed" };

/* RFC 3261 17.1.2.2: Timer F always, Timer E on UDP. */
static void start(struct wsip_tx *tx)
{
	wsip_tx_enter(tx, TRYING);
	wsip_tx_start_retransmit(tx, tx->layer->timing.t1_ms);
	wsip_tx_start_timeout(tx, 64 * tx->layer->timing.t1_ms);
	wsip_tx_send(tx);
}

/* RFC 3261 17.1.2.2: Timer E doubles up to T2 in Trying, and is T2 in Proceeding. */
static void timer_e(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	uint32_t t2_ms = tx->layer->timing.t2_ms;
	uint32_t doubled_ms = 2 * tx->retransmit_ms;

	(void)input;
	wsip_tx_start_retransmit(tx,
		tx->state == PROCEEDING || doubled_ms > t2_ms ? t2_ms : doubled_ms);
	wsip_tx_retransmit(tx);
}

/* RFC 3261 17.1.2.2: Timer F. */
static void timer_f(struct wsip_tx *tx, const struct wsip_tx_input *input)
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

/* RFC 3261 17.1.2.2: Timers E and F go on. */
static void provisional(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	tx->state = PROCEEDING;
	wsip_tx_pass_response(tx, input->msg);
}

/* RFC 3261 17.1.2.2: Timer K absorbs repetitions. */
static void final(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	wsip_tx_enter(tx, COMPLETED);
	wsip_tx_forget_out(tx);
	wsip_tx_start_linger(tx, tx->layer->timing.t4_ms);
	wsip_tx_pass_response(tx, input->msg);
}

static void timer_k(struct wsip_tx *tx, const struct wsip_tx_input *input)
{
	(void)input;
	wsip_tx_terminate(tx);
}

static wsip_tx_fn *const table[STATES][WSIP_TX_EVENTS] = {
	[TRYING] = {
		[WSIP_TX_1XX] = provisional,
		[WSIP_TX_2XX] = final,
		[WSIP_TX_3XX_6XX] = final,
		[WSIP_TX_RETRANSMIT] = timer_e,
		[WSIP_TX_TIMEOUT] = timer_f,
		[WSIP_TX_TRANSPORT_ERROR] = transport_error,
	},
	[PROCEEDING] = {
		[WSIP_TX_1XX] = provisional,
		[WSIP_TX_2XX] = final,
		[WSIP_TX_3XX_6XX] = final,
		[WSIP_TX_RETRANSMIT] = timer_e,
		[WSIP_TX_TIMEOUT] = timer_f,
		[WSIP_TX_TRANSPORT_ERROR] = transport_error,
	},
	[COMPLETED] = {
		[WSIP_TX_TIMEOUT] = timer_k,
	},
};

const struct wsip_tx_machine wsip_tx_nict = { WSIP_TX_NICT, "non-INVITE client", state_names, table,
	start };
