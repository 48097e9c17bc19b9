# SPDX-License-Identifier: MIT
# A worker with a slow handler, offered 2, 5 and 10 times what it can do: calls completed as a share of the peak. Then
# half of the peak again, a second at a time, until a second passes in which all calls are completed.

# The most calls a second that were completed, at tenths of what the handler allows.
find_peak() { # PROXY
	peak=0
	for tenth in 4 5 6 7 8 9 10; do
		start_proxy "$1" udp
		warm_up udp
		offer --rate $(($(handler_limit) * tenth / 10)) --duration 3
		stop_proxy
		completed=$(figure '.calls_per_s | round')
		[ "$completed" -le "$peak" ] || peak=$completed
	done
}

# Seconds until all calls of a second were completed; the generator waits for the end of each call itself.
recovery_s() {
	started=$(date +%s)
	while :; do
		offer --rate $((peak / 2)) --duration 1
		[ "$(figure is_bad)" = true ] || break
	done
	echo $(($(date +%s) - started - 1))
}

overload_row() { # PROXY FACTOR
	start_proxy "$1" udp
	warm_up udp
	offer --rate $((peak * $2)) --duration 5
	echo "| $2 | $((peak * $2)) | $(figure '.calls_per_s | fixed(0)') | $(
		figure ".calls_per_s / $peak * 100 | fixed(0)") % | $(figure .calls.rejected) | $(
		figure .calls.failed) | $(recovery_s) |"
	stop_proxy
}

measure_overload() {
	slow=slow-${COST_US}us
	if ! version=$(peer_version "$slow"); then
		say "without overload: $version"
		return 0
	fi
	find_peak "$slow"
	echo
	echo "**Overload**, $COST_US us a request in the handler, $peak calls/s at its peak"
	echo
	echo "| times the peak | calls/s offered | calls/s completed | of the peak | rejected | failed | s to recover |"
	echo "|---:|---:|---:|---:|---:|---:|---:|"
	for factor in 2 5 10; do
		overload_row "$slow" $factor
	done
}
