#!/bin/sh
# SPDX-License-Identifier: MIT
# sweep.sh BUILD: calls through each proxy at rising rates until it loses some, the proxies taking turns; prints the
# table and leaves it with its figures and pictures in bench/results. 'make help' and bench/README.md name the
# variables.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
sweep=$bench/sweep
build=$(cd "$1" && pwd)
. "$sweep/settings.sh"
. "$sweep/proxy.sh"
. "$sweep/point.sh"

: "${TRANSPORTS:=udp}" "${DURATION:=5}" "${REPEAT:=3}" "${RESULTS:=$bench/results}"
: "${RATES:=1000 2000 5000 10000 15000 20000 25000 30000 35000 40000 50000}"
: "${PROXIES:=wiresip-epoll wiresip-uring kamailio opensips}"

check_settings() {
	whole_number DURATION
	whole_number REPEAT
	rising_numbers RATES
	for transport in $TRANSPORTS; do
		case $transport in
		udp | tcp) ;;
		*) fail "TRANSPORTS='$TRANSPORTS': '$transport' is neither udp nor tcp" ;;
		esac
	done
}

# Those that are here, with their versions; the others are named.
find_proxies() {
	present="" VERSIONS="{}"
	for proxy_name in $PROXIES; do
		if version=$(peer_version "$proxy_name"); then
			present="$present $proxy_name"
			VERSIONS=$(echo "$VERSIONS" | jq -c --arg name "$proxy_name" --arg version "$version" '.[$name] = $version')
		else
			say "without $proxy_name: $version"
		fi
	done
	[ -n "$present" ] || fail "PROXIES='$PROXIES': none of them is here"
	export VERSIONS DURATION REPEAT
}

without() { # NAME NAME...: the others but the first
	for other in $2; do
		[ "$other" = "$1" ] || printf '%s ' "$other"
	done
}

# The last repetition goes on where the ones so far prove nothing: a third run then decides.
measure_in_turn() { # TRANSPORT RATE REPETITION
	for name in $running; do
		measure "$name" "$1" "$2" "$3"
		while [ "$3" -eq "$REPEAT" ] && [ "$(verdict "$name" "$1" "$2")" = doubtful ]; do
			measure "$name" "$1" "$2" "$3"
		done
		[ "$(verdict "$name" "$1" "$2")" != knee ] || running=$(without "$name" "$running")
	done
}

# All repetitions at one rate, the proxies in turn. Who is past its knee leaves $running.
measure_rate() { # TRANSPORT RATE
	repetition=1
	while [ "$repetition" -le "$REPEAT" ]; do
		measure_in_turn "$1" "$2" "$repetition"
		repetition=$((repetition + 1))
	done
}

check_settings
enter_namespace "$@"
find_proxies
make_work
runs=$work/runs
for transport in $TRANSPORTS; do
	running=$present
	for rate in $RATES; do
		[ -z "${running% }" ] || measure_rate "$transport" "$rate"
	done
done
"$sweep/report.sh" "$runs" "$RESULTS"
if command -v gnuplot >/dev/null; then
	"$sweep/plot.sh" "$RESULTS"
else
	say "no pictures: gnuplot is missing (Debian package gnuplot-nox)"
fi
