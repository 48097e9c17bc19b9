#!/bin/sh
# SPDX-License-Identifier: MIT
# bench/sweep.sh: with a generator of known figures it finds the knees and the medians; what is wrong is named; with
# the real one it gets a call through.
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"
begin
export BENCH_NAMESPACE=own WIRESIP="$wiresip" RESULTS="$work/results" CALLED="$work/called"
known=$here/sweep/generator.sh
unset MAKEFLAGS RATES TRANSPORTS PROXIES DURATION REPEAT

if [ "$(nproc)" -lt 2 ]; then
	echo "ok 1 - sweep_test.sh # SKIP this needs two cores"
	exit 0
fi

sweep() { # VARIABLE=VALUE...
	env WIRESIP_BENCH="$known" PEERS="$here/sweep/peers" DURATION=1 "$@" "$top/bench/sweep.sh" "$build" \
		>table.log 2>progress.log </dev/null
}

refuses() { # PATTERN VARIABLE=VALUE...
	pattern=$1
	shift
	sweep "$@"
	[ $? -eq 2 ] && [ "$(tail -n 1 progress.log | grep -cE "$pattern")" -eq 1 ] && [ ! -s table.log ]
}

has_row() { # TEXT: the beginning of a row
	grep -qF "| $1 |" table.log
}

has_no_row() {
	! has_row "$1"
}

check "a rate that is no number is named" refuses "RATES='5 x': 'x' is not a whole number" RATES='5 x'
check "rates that fall are named" refuses "RATES='9 5'.*5 does not" RATES='9 5'
check "no rate at all" refuses "RATES is empty" RATES=' '
check "a wrong duration is named" refuses "DURATION='0'" DURATION=0
check "a wrong number of repetitions is named" refuses "REPEAT='many'" REPEAT=many
check "a wrong transport is named" refuses "TRANSPORTS='udp sctp': 'sctp'" TRANSPORTS='udp sctp'
check "a core that is not there is named" refuses "core '4095' cannot be used" PROXY_CORE=4095
check "proxies of which none is here" refuses "PROXIES='nobody': none" PROXIES=nobody
check "a generator that is not there" refuses "no_bench is missing: run make" WIRESIP_BENCH=no_bench

: >"$CALLED"
check "a sweep" sweep RATES='1000 2000 3000 4000' REPEAT=3 PROXIES='wiresip nobody other'
check "...names the proxy that is missing" contains progress.log 'without nobody: there is no .*nobody.sh'
check "...the median counts: 21, 99, 23" has_row '1000 | wiresip | 1000 | 23.0 | 3.9'
check "...one bad run of three is no knee" has_row '2000 | wiresip | 2000 | 23.0'
check "...the second bad run is the knee" contains table.log '^. 2000 . other .* past its knee'
check "...which ends the sweep for that proxy" has_no_row '3000 | other'
check "...but not for the others" contains table.log '^. 3000 . wiresip .* past its knee'
check "...until all are past theirs" has_no_row '4000 | wiresip'
check "...two runs at a knee are enough" test "$(grep -c -e '--rate 2000 .*--label other ' "$CALLED")" = 2
check "...what they carry, and the ratio" has_row 'wiresip | 2000 | 23.0 | 2.00 | 2.0'
check "...what the peer carries" has_row 'other | 1000 | 88.8 | 1.00 | '
check "...leaves medians and runs" test "$(jq '[(.points | length), (.runs | length)] | join(" ")' results/sweep.json)" = '"5 13"'

: >"$CALLED"
check "one repetition" sweep RATES='1000 2000' REPEAT=1 PROXIES='wiresip other' TRANSPORTS=udp
check "...a bad run gets a second one" contains table.log '^. 2000 . other .* past its knee'
check "...and a third one where they differ" has_row 'wiresip | 2000 | 23.0 | 2.00 | 2.0'

: >"$CALLED"
check "a proxy that completes all calls, but too slowly" sweep RATES='1000 2000' REPEAT=1 PROXIES=late
check "...is past its knee" contains table.log '^. 2000 . late . 1800 .* past its knee'

printf 'before\n<!-- sweep: begin -->\nold\n<!-- sweep: end -->\nafter\n' >README.md
check "the table goes between the marks" env README="$work/README.md" "$top/bench/sweep/publish.sh"
check "...in place of the old one" test "$(grep -cxE 'before|old|after|\*\*UDP\*\*' README.md)" = 3
printf 'no marks\n' >README.md
check "a page without marks is left alone" sh -c \
	"! README='$work/README.md' '$top/bench/sweep/publish.sh' 2>error.log && grep -qx 'no marks' README.md"

if [ -x "$build/bin/wiresip-bench" ]; then
	known=$build/bin/wiresip-bench
	check "the real generator" sweep RATES=200 REPEAT=1 PROXIES=wiresip TRANSPORTS='udp tcp'
	check "...calls by UDP" test "$(jq '.runs[0] | .transport == "udp" and .calls.completed > 0' results/sweep.json)" = true
	check "...and by TCP" test "$(jq 'any(.runs[]; .transport == "tcp" and .calls.completed > 0)' results/sweep.json)" = true
else
	tests=$((tests + 1))
	echo "ok $tests - the real generator # SKIP wiresip-bench is not built"
fi
done_testing
