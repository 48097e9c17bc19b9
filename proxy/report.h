/* SPDX-License-Identifier: MIT
 * Says in the log what a worker has counted and what it holds.
 */
#ifndef WSIP_PROXY_REPORT_H
#define WSIP_PROXY_REPORT_H

struct wsip_worker;

/* On the worker's own thread, or when it does not run. */
void wsip_report_worker(struct wsip_worker *worker);

#endif
