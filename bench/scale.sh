#!/bin/sh
# SPDX-License-Identifier: MIT
# scale.sh BUILD: does a call cost the same among millions of transactions; what does a second worker bring; what is
# left of the peak under overload, and how soon does it come back. RATE, PROXY, COST_US and PARTS may be set.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
sweep=$bench/sweep
build=$(cd "$1" && pwd)
. "$sweep/settings.sh"
. "$sweep/proxy.sh"
. "$sweep/point.sh"
. "$bench/scale/transactions.sh"
. "$bench/scale/workers.sh"
. "$bench/scale/overload.sh"

: "${RATE:=30000}" "${PROXY:=wiresip}" "${COST_US:=100}" "${PARTS:=transactions workers overload}"
whole_number RATE
whole_number COST_US
for part in $PARTS; do
	case $part in
	transactions | workers | overload) ;;
	*) fail "PARTS='$PARTS': '$part' is none of transactions, workers, overload" ;;
	esac
done
: "${SLOW_PROXY:=$build/bench/slow_proxy}"
export SLOW_PROXY

# What the generator says of a run, in $work/run.json.
offer() { # OPTION...
	run_generator "$@" --pid "$proxy" --json "$work/run.json"
}

figure() { # JQ-EXPRESSION
	jq -r -L "$sweep" "include \"points\"; $1" "$work/run.json"
}

# Calls a second that a worker could carry if nothing but the handler cost anything: it sees INVITE, ACK and BYE.
handler_limit() {
	echo $((1000000 / (3 * COST_US)))
}

enter_namespace "$@"
make_work
for part in $PARTS; do
	"measure_$part"
done
