# SPDX-License-Identifier: MIT
# One worker and two, each request burning COST_US in the handler. On two cores the generator has to live beside the
# second worker, so what it used is taken out: it left 2 - g cores to the two workers, g being its share of one core.
# What two workers on two whole cores would do is what they did, times 2 / (2 - g). Neighbours on the machine take
# from that as well; the CPU that a call costs does not know them, and 2 workers carry 2 / cost: the second figure.

carry() { # PROXY CORES RATE
	start_proxy "$1" udp "$2"
	warm_up udp
	offer --rate "$3" --duration 5 --wait sleep
	stop_proxy
}

measure_workers() {
	if ! version=$(peer_version "slow-${COST_US}us"); then
		say "without workers: $version"
		return 0
	fi
	best=$(handler_limit)
	carry "slow-${COST_US}us-1" "$PROXY_CORE" "$best"
	one=$(figure .calls_per_s)
	one_cpu=$(figure .proxy_cpu_us_per_call)
	carry "slow-${COST_US}us-2" "$PROXY_CORE,$GENERATOR_CORE" $((2 * best))
	two=$(figure .calls_per_s)
	two_cpu=$(figure .proxy_cpu_us_per_call)
	share=$(figure .generator_cpu_share)
	echo
	echo "**Workers**, $COST_US us a request in the handler, offered what the handler alone would allow"
	echo
	echo "| workers | calls/s completed | CPU us/call | generator's share of a core |"
	echo "|---|---:|---:|---:|"
	echo "$one $one_cpu $two $two_cpu $share" | awk '{
		printf "| 1 | %.0f | %.1f | on its own core |\n| 2 | %.0f | %.1f | %.2f |\n\n", $1, $2, $3, $4, $5
		printf "Two workers complete %.2f times as much, on two whole cores it would be %.2f times; ", $3 / $1,
			$3 / $1 * 2 / (2 - $5)
		printf "by the CPU of a call alone %.2f times.\n", 2 * $2 / $4 }'
}
