# SPDX-License-Identifier: MIT
# The same calls a second in a proxy that has just started, in one whose transactions live for a second (T1 is 16 ms),
# and in one whose transactions have lived for 32 s, of which there are millions. The second one tells apart what
# ending transactions costs from what their number costs: in the first one none has ended yet.

alive() {
	kill -s USR1 "$proxy"
	until_true grep -q event=pools "$work/proxy.log"
	sed -n 's/.*event=pools .* transactions=\([0-9]*\).*/\1/p' "$work/proxy.log" | awk '{ sum += $1 } END { print sum }'
}

cost_row() { # WHAT SECONDS-BEFORE OPTIONS
	WIRESIP_OPTIONS="--log-level info $3"
	export WIRESIP_OPTIONS
	start_proxy "$PROXY" udp
	warm_up udp
	[ "$2" -eq 0 ] || run_generator --rate "$RATE" --duration "$2" --json "$work/before.json"
	offer --rate "$RATE" --duration 3
	echo "| $1 | $(alive) | $(figure '.proxy_cpu_us_per_call | fixed(1)') | $(figure 'retransmitted') | $(figure '.calls.failed') |"
	stop_proxy
}

measure_transactions() {
	peer_version "$PROXY" >/dev/null || fail "$(peer_version "$PROXY")"
	echo
	echo "**Transactions alive**, $RATE calls/s"
	echo
	echo "| proxy | transactions alive at the end | CPU us/call | retransmitted | failed |"
	echo "|---|---:|---:|---:|---:|"
	cost_row "just started" 0 ""
	cost_row "7 s old, T1 16 ms" 7 "--t1 16"
	cost_row "35 s old" 35 ""
}
