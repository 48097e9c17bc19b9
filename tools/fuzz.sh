#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.sh SECONDS JOBS TARGET...: runs each fuzz target for that long, JOBS at a time, with the
# dictionary and its seeds of tests/fuzz, and adds up the executions. What a target finds lies
# beside it as TARGET.crash-...; its corpus is TARGET.corpus, its words TARGET.log.
set -eu
seconds=$1 jobs=$2
shift 2
top=$(cd "$(dirname "$0")/.." && pwd)

# The longest input that is worth its time.
max_bytes() {
	case $1 in
	value_fuzz | parts_fuzz) echo 300 ;;
	message_fuzz) echo 4096 ;;
	*) echo 1024 ;;
	esac
}

run() {
	name=$(basename "$1")
	seeds=$top/tests/fuzz/seeds/$name
	mkdir -p "$1.corpus"
	[ -d "$seeds" ] || seeds=
	# shellcheck disable=SC2086 # no seeds, no argument
	ASAN_OPTIONS=malloc_context_size=4:quarantine_size_mb=16 \
		"$1" -max_total_time="$seconds" -max_len="$(max_bytes "$name")" -artifact_prefix="$1." \
		-dict="$top/tests/fuzz/sip.dict" -print_final_stats=1 -entropic=0 -reduce_inputs=0 \
		"$1.corpus" $seeds >"$1.log" 2>&1 || touch "$1.failed"
}

running=0
for target; do
	rm -f "$target.failed"
	run "$target" &
	running=$((running + 1))
	if [ "$running" -ge "$jobs" ]; then
		wait
		running=0
	fi
done
wait

total=0 failed=0
for target; do
	count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$target.log")
	speed=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$target.log")
	printf '%-14s %12d executions, %8d a second\n' "$(basename "$target")" "${count:-0}" "${speed:-0}"
	total=$((total + ${count:-0}))
	[ -e "$target.failed" ] || continue
	failed=$((failed + 1))
	tail -n 40 "$target.log" | sed 's/^/    /'
done
printf '%-14s %12d executions, %d targets failed\n' total "$total" "$failed"
[ "$failed" -eq 0 ]
