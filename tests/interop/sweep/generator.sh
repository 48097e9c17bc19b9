#!/bin/sh
# SPDX-License-Identifier: MIT
# In the place of wiresip-bench: figures that follow from the label, the rate and how often it was asked for both, so
# that what the sweep makes of them is known. "other" loses calls from 2,000 a second on; "wiresip" at 2,000 once, and
# from 3,000 on; "late" completes all 2,000, but after their time. What it was called with goes to $CALLED.
set -eu
label=none rate=0 duration=1 json="" calls=""
echo "$*" >>"$CALLED"
while [ $# -gt 1 ]; do
	case $1 in
	--label) label=$2 ;;
	--rate) rate=$2 ;;
	--duration) duration=$2 ;;
	--calls) calls=$2 ;;
	--transport) transport=$2 ;;
	--json) json=$2 ;;
	--quiet) set -- "" "$@" ;;
	esac
	shift 2
done
calls=${calls:-$((rate * duration))}
time=$(grep -c -e "--transport $transport --rate $rate .*--label $label " "$CALLED") || true
lost=0 slow=0
case $label:$rate:$time in
other:[2-9]000:* | wiresip:[3-9]000:*) lost=$((calls / 10)) ;;
wiresip:2000:1) lost=1 ;;
late:2000:*) slow=10 ;;
esac
case $label:$time in
other:*) cpu=88.8 ;;
*:2) cpu=99 ;;
*) cpu=2$time ;;
esac
cat >"$json" <<END
{"label": "$label", "proxy": "127.0.0.1", "transport": "$transport", "mode": "call", "rate_offered": $rate,
"duration_s": $duration, "calls": {"started": $calls, "answered": $calls, "completed": $((calls - lost)),
"rejected": 0, "failed": $lost, "timed_out": 0}, "retransmissions": {"caller": 0, "callee": 0},
"calls_per_s": $(((calls - lost) / duration * (100 - slow) / 100)), "latency_us": {"invite_200": {"p50": 100, "p99": ${rate}, "max": 9000}},
"proxy_cpu_us_per_call": $cpu, "proxy_cpu_share": 0.5, "proxy_rss_kb": 2048, "generator_cpu_share": 1.0}
END
[ $lost -eq 0 ]
