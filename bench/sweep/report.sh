#!/bin/sh
# SPDX-License-Identifier: MIT
# report.sh RUNS FOLDER: from the runs (JSON, one a line) to FOLDER/sweep.json and FOLDER/sweep.md, which it prints.
# VERSIONS is a JSON object from proxies to versions.
set -eu
sweep=$(cd "$(dirname "$0")" && pwd)

machine() {
	printf '%s, Linux %s\n' "$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | sort | uniq -c | head -n 1 |
		awk '{ count = $1; $1 = ""; printf "%d cores of%s", count, $0 }')" "$(uname -r | sed 's/-.*//')"
}

mkdir -p "$2"
# Pictures of an older sweep would pass for this one's.
rm -f "$2"/sweep-*.svg
jq -s -L "$sweep" --arg machine "$(machine)" --arg date "$(date -u +%Y-%m-%d)" --argjson versions "$VERSIONS" \
	--argjson duration "$DURATION" --argjson repetitions "$REPEAT" 'include "points"; {
		date: $date, machine: $machine, versions: $versions,
		settings: {duration_s: $duration, repetitions: $repetitions},
		points: points, runs: .
	}' "$1" >"$2/sweep.json"
jq -r -L "$sweep" -f "$sweep/table.jq" "$2/sweep.json" >"$2/sweep.md"
cat "$2/sweep.md"
