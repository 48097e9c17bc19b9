#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh FOLDER: the tables of bench/README.md about the parser, with the programs that are in FOLDER.
set -eu
bench=$1/parser_bench
hostile=$1/parser_hostile
messages=$(dirname "$0")/messages
core=$(($(nproc) - 1))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "Nanoseconds a message, and allocations in brackets; medians of 15 alternating rounds:"
echo
taskset -c "$core" "$bench" "$messages"/*.sip

# Valgrind counts a whole run, so the cost of starting is taken off by a second, shorter one.
count() {
	valgrind --tool=callgrind --callgrind-out-file="$work/out" "$bench" --once "$1" "$2" "$3" "$4" 2>"$work/err" ||
		{ cat "$work/err" >&2; exit 1; }
	awk '/^summary:/ { print $2 }' "$work/out"
}

instructions() {
	long=$(count "$1" "$2" "$3" 600)
	short=$(count "$1" "$2" "$3" 100)
	echo $(((long - short) / 500))
}

echo
echo "Instructions a message:"
echo
echo "| message | mode | Wiresip | sofia-sip | libre | libosip2 | best peer / Wiresip |"
echo "|---|---|---|---|---|---|---|"
for message in "$messages"/*.sip; do
	for mode in relay full; do
		ours=$(instructions Wiresip $mode "$message")
		row="| $(basename "$message") | $mode | $ours |"
		best=
		for peer in sofia-sip libre libosip2; do
			theirs=$(instructions $peer $mode "$message")
			row="$row $theirs |"
			[ -n "$best" ] && [ "$best" -le "$theirs" ] || best=$theirs
		done
		echo "$row $(awk "BEGIN { printf \"%.1f\", $best / $ours }") |"
	done
done

echo
echo "Messages made to be slow, nanoseconds an octet:"
echo
taskset -c "$core" "$hostile"
