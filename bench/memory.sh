#!/bin/sh
# SPDX-License-Identifier: MIT
# memory.sh BUILD: what Wiresip keeps resident at its start, for a call that rings, for one that was answered, for one
# that only its timers remember, and for an idle TCP connection. Each figure is the growth of VmRSS over so many of
# them, each in a proxy started afresh. CALLS, CONNECTIONS and PROXIES may be set.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
sweep=$bench/sweep
build=$(cd "$1" && pwd)
sipp=$bench/../tests/interop/sipp
. "$sweep/settings.sh"
. "$sweep/proxy.sh"
. "$sweep/point.sh"

: "${CALLS:=20000}" "${CONNECTIONS:=10000}" "${PROXIES:=wiresip-epoll wiresip-uring}"
whole_number CALLS
whole_number CONNECTIONS
needs sipp sip-tester
rate=2000
background=""
export WIRESIP_OPTIONS="${WIRESIP_OPTIONS:-} --log-level info"

resident_kb() {
	awk '/^VmRSS:/ { print $2 }' "/proc/$proxy/status"
}

# A number of the proxy's report, summed over its workers.
reported() { # KEY
	reports=$(grep -c event=pools "$work/proxy.log" || true)
	kill -s USR1 "$proxy"
	until_true has_more_reports
	awk -v key=" $1=" '/event=pools/ { split($0, part, key); split(part[2], value, " "); print value[1] }' \
		"$work/proxy.log" | tail -n 1
}

has_more_reports() {
	[ "$(grep -c event=pools "$work/proxy.log")" -gt "$reports" ]
}

in_background() { # COMMAND...
	"$@" >"$work/background.log" 2>&1 </dev/null &
	background="$background $!"
}

end_background() {
	for process in $background; do
		kill -s KILL "$process" 2>/dev/null || true
		wait "$process" 2>/dev/null || true
	done
	background=""
}

end() {
	end_background
	stop_all
}

row() { # WHAT COUNT KILOBYTES
	echo "$1|$2|$3" | awk -F'|' '{ printf "| %s | %d | %.0f |\n", $1, $2, $3 * 1024 / $2 }'
}

grown_kb() {
	echo $(($(resident_kb) - start_kb))
}

fresh_proxy() { # PROXY TRANSPORT
	start_proxy "$1" "$2"
	start_kb=$(resident_kb)
}

# SIPp lets it ring: wiresip-bench always answers.
ringing_calls() { # PROXY
	fresh_proxy "$1" udp
	sed 's|<recv response="180"/>|&<pause milliseconds="120000"/>|' "$sipp/uac_cancel.xml" >"$work/caller.xml"
	in_background sipp -sf "$sipp/uas_rings.xml" -i 127.0.0.1 -p "$CALLEE_PORT" -nostdin
	until_true port_is_open udp "$CALLEE_PORT"
	in_background sipp -sf "$work/caller.xml" "127.0.0.1:$PORT" -i 127.0.0.1 -p 25080 -m "$CALLS" -r "$rate" \
		-l "$CALLS" -nostdin
	until_true all_calls_ring || fail "only $(reported requests) of $CALLS calls ring"
	row "a call that rings" "$CALLS" "$(grown_kb)"
	end
}

all_calls_ring() {
	[ "$(reported requests)" -ge "$CALLS" ]
}

# All have been answered a second after the last one was placed; none is hung up yet.
answered_calls() { # PROXY
	fresh_proxy "$1" udp
	in_background become_generator --calls "$CALLS" --rate "$rate" --hold 60000
	sleep $((CALLS / rate + 1))
	row "a call that was answered, INVITE kept by its timers" "$CALLS" "$(grown_kb)"
	end
}

ended_calls() { # PROXY
	fresh_proxy "$1" udp
	run_generator --calls "$CALLS" --rate "$rate" --json "$work/run.json"
	row "a call that ended, INVITE and BYE kept by their timers" "$(jq .calls.completed "$work/run.json")" "$(grown_kb)"
	end
}

are_connected() {
	[ "$(awk -v port=":$(printf '%04X' "$PORT")" '
		substr($2, length($2) - 4) == port && $4 == "01" { count++ } END { print count + 0 }' /proc/net/tcp)" -ge "$CONNECTIONS" ]
}

idle_connections() { # PROXY
	fresh_proxy "$1" tcp
	in_background become_generator --transport tcp --idle "$CONNECTIONS" --rate 1 --duration 60
	until_true are_connected || { tail -n 5 "$work/background.log" >&2; fail "$CONNECTIONS connections do not open"; }
	row "an idle TCP connection" "$CONNECTIONS" "$(grown_kb)"
	end
}

# What calls cost beside idle connections, and without them.
calls_beside_idle_connections() { # PROXY
	for idle in 0 "$CONNECTIONS"; do
		start_proxy "$1" tcp
		run_generator --transport tcp --rate 5000 --duration 5 --idle "$idle" --pid "$proxy" --json "$work/run.json"
		stop_proxy
		echo "beside $idle idle connections: $(jq .proxy_cpu_us_per_call "$work/run.json") us a call, $(
			jq .calls.failed "$work/run.json") failed"
	done
}

measure_memory() { # PROXY
	start_proxy "$1" udp
	echo
	echo "**$1**, resident at its start: $(resident_kb) kB"
	echo
	echo "| what | so many | octets each |"
	echo "|---|---:|---:|"
	end
	ringing_calls "$1"
	answered_calls "$1"
	ended_calls "$1"
	idle_connections "$1"
	echo
	calls_beside_idle_connections "$1"
}

enter_namespace "$@"
# Both ends of each connection are here. POSIX has no ulimit -n, the shells of Linux have.
# shellcheck disable=SC3045
ulimit -n "$(ulimit -H -n)"
make_work
trap 'end; rm -rf "$work"' EXIT
for name in $PROXIES; do
	if version=$(peer_version "$name"); then
		measure_memory "$name"
	else
		say "without $name: $version"
	fi
done
