# SPDX-License-Identifier: MIT
# One point of the sweep: one proxy at one rate, started afresh, its figures a line of JSON in $runs. And what makes
# a point bad: the definitions of points.jq.

# What the generator says of itself is in the JSON; that some calls failed (status 1) is a result like another.
run_generator() { # OPTION...
	status=0
	generate "$@" >"$work/generator.log" 2>&1 || status=$?
	[ $status -le 1 ] || { tail -n 5 "$work/generator.log" >&2; fail "the generator stopped with status $status"; }
}

# A few calls first: the proxy's workers are up when it listens, or soon after, and code is not in the cache yet.
warm_up() { # TRANSPORT
	run_generator --transport "$1" --rate 500 --calls 200 --json "$work/warm.json"
	jq -e '.calls.completed > 0' "$work/warm.json" >/dev/null ||
		{ tail -n 5 "$work/proxy.log" >&2; fail "no call got through"; }
}

measure() { # PROXY TRANSPORT RATE REPETITION
	start_proxy "$1" "$2"
	warm_up "$2"
	run_generator --transport "$2" --rate "$3" --duration "$DURATION" --pid "$proxy" --label "$1" --json "$work/run.json"
	stop_proxy
	jq -c --arg repetition "$4" '. + {repetition: ($repetition | tonumber)}' "$work/run.json" >>"$runs" ||
		fail "the generator wrote no JSON"
	tail -n 1 "$runs" | jq -r -L "$sweep" 'include "points";
		"\(.transport) \(.rate_offered)/s \(.label) #\(.repetition): \(.proxy_cpu_us_per_call | fixed(1)) us a call, " +
		"p99 \(.latency_us.invite_200.p99 / 1000 | fixed(2)) ms\(if is_bad then ", bad" else "" end)"' >&2
}

# What the runs so far say of a proxy at a rate: "carries", "doubtful" or "knee".
verdict() { # PROXY TRANSPORT RATE
	jq -s -r -L "$sweep" --arg proxy "$1" --arg transport "$2" --argjson rate "$3" 'include "points";
		map(select(.label == $proxy and .transport == $transport and .rate_offered == $rate)) | verdict' "$runs"
}
