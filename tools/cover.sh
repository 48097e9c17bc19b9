#!/bin/sh
# SPDX-License-Identifier: MIT
# cover.sh BUILD: line coverage of each folder of the library after the tests ran, by gcov.
set -eu
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
find "$build" -name '*.gcda' ! -path '*/tests/*' | while read -r data; do
	gcov -r -s "$top" -o "$(dirname "$data")" "$data" 2>/dev/null
done >"$work/all"
rm -f ./*.gcov
awk -F"'" '
	/^File/ { file = $2 }
	/^Lines executed/ {
		split($0, part, /[:% ]+/)
		if (file !~ /^[a-z]+\/[a-z_0-9]+\.(c|rl|rl\.c|h)$/) next
		split(file, path, "/")
		total[path[1]] += part[5]; hit[path[1]] += part[5] * part[3] / 100
	}
	END { for (folder in total) printf "%-12s %5.1f%% of %d lines\n", folder, 100 * hit[folder] / total[folder], total[folder] }
' "$work/all" | sort
