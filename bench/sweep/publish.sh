#!/bin/sh
# SPDX-License-Identifier: MIT
# publish.sh: puts the last sweep into bench/README.md, between its two marks, and the pictures beside it.
set -eu
bench=$(cd "$(dirname "$0")/.." && pwd)
results=${RESULTS:-$bench/results}
readme=${README:-$bench/README.md}
[ -f "$results/sweep.md" ] || { echo "bench: no $results/sweep.md: run make bench first" >&2; exit 2; }

pictures() {
	for transport in udp tcp; do
		[ -f "$results/sweep-$transport.svg" ] || continue
		cp "$results/sweep-$transport.svg" "$(dirname "$readme")/"
		printf '\n![%s: latency and CPU against rate](sweep-%s.svg)\n' "$transport" "$transport"
	done
}

block=$(mktemp)
trap 'rm -f "$block"' EXIT
{ cat "$results/sweep.md" && pictures; } >"$block"
awk -v block="$block" '
	/^<!-- sweep: end -->/ { inside = 0; ends++ }
	!inside { print }
	/^<!-- sweep: begin/ { inside = 1; while ((getline line < block) > 0) print line }
	END { exit ends != 1 }' "$readme" >"$block.readme" ||
	{ rm -f "$block.readme"; echo "bench: $readme has lost its marks" >&2; exit 2; }
cat "$block.readme" >"$readme"
rm -f "$block.readme"
