/* SPDX-License-Identifier: MIT */
#include "proxy/report.h"

#include "proxy/worker.h"

static void report_counters(struct wsip_worker *worker)
{
	const struct wsip_network_counters *network = &worker->network.counters;
	struct wsip_log_line line;

	wsip_log_begin(&line, &worker->log, WSIP_LOG_INFO, "counters");
	wsip_log_number(&line, "worker", worker->index);
	for (size_t i = 0; i < wsip_counter_name_count; i++) {
		const char *counter = (const char *)&worker->core.counters +
				      wsip_counter_names[i].offset;

		wsip_log_number(&line, wsip_counter_names[i].name,
			(int64_t) * (const uint64_t *)(const void *)counter);
	}
	wsip_log_number(&line, "retransmissions", (int64_t)worker->core.tx.retransmissions);
	wsip_log_end(&line);

	wsip_log_begin(&line, &worker->log, WSIP_LOG_INFO, "network");
	wsip_log_number(&line, "worker", worker->index);
	wsip_log_text(&line, "poller", worker->poller->ops->name);
	wsip_log_number(&line, "datagrams", (int64_t)network->datagrams);
	wsip_log_number(&line, "datagrams_lost",
		(int64_t)worker->poller->ops->datagrams_lost(worker->poller));
	wsip_log_number(&line, "keep_alives", (int64_t)network->keep_alives);
	wsip_log_number(&line, "accepted", (int64_t)network->connections_accepted);
	wsip_log_number(&line, "opened", (int64_t)network->connections_opened);
	wsip_log_number(&line, "refused", (int64_t)network->connections_refused);
	wsip_log_number(&line, "failed", (int64_t)network->connections_failed);
	wsip_log_number(&line, "overrun", (int64_t)network->connections_overrun);
	wsip_log_number(&line, "broken", (int64_t)network->streams_broken);
	wsip_log_number(&line, "ring_full", (int64_t)worker->ring_full);
	wsip_log_number(&line, "ring_dropped", (int64_t)worker->ring_dropped);
	wsip_log_end(&line);
}

static void report_pools(struct wsip_worker *worker)
{
	const struct wsip_core *core = &worker->core;
	struct wsip_log_line line;

	wsip_log_begin(&line, &worker->log, WSIP_LOG_INFO, "pools");
	wsip_log_number(&line, "worker", worker->index);
	wsip_log_number(&line, "transactions", core->tx.pool.in_use);
	wsip_log_number(&line, "requests", core->requests.in_use);
	wsip_log_number(&line, "branches", core->branches.in_use);
	wsip_log_number(&line, "messages", core->msgs.in_use);
	wsip_log_number(&line, "timers", core->timers.running);
	wsip_log_number(&line, "unanswered", core->unanswered);
	wsip_log_number(&line, "buffers", core->bufs.in_use);
	wsip_log_number(&line, "connections", worker->network.connections.in_use);
	wsip_log_end(&line);
}

void wsip_report_worker(struct wsip_worker *worker)
{
	report_counters(worker);
	report_pools(worker);
}
