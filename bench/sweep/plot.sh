#!/bin/sh
# SPDX-License-Identifier: MIT
# plot.sh FOLDER: FOLDER/sweep-udp.svg and sweep-tcp.svg from FOLDER/sweep.json.
set -eu
sweep=$(cd "$(dirname "$0")" && pwd)
data=$(mktemp)
trap 'rm -f "$data"' EXIT

for transport in $(jq -r '[.points[].transport] | unique[]' "$1/sweep.json"); do
	jq -r -L "$sweep" --arg transport "$transport" 'include "points";
		.points | map(select(.transport == $transport)) | distinct(.proxy)[] as $proxy |
		"\"\($proxy)\"", (.[] | select(.proxy == $proxy) | "\(.rate) \(.p99_ms) \(.cpu_us)"), "", ""' \
		"$1/sweep.json" >"$data"
	picture=$1/sweep-$transport.svg
	gnuplot -e "data='$data'; picture='$picture'; proxies=$(grep -c '^"' "$data")" \
		-e "title='$(echo "$transport" | tr '[:lower:]' '[:upper:]'), one core'" "$sweep/plot.gp"
	echo "bench: wrote $picture" >&2
done
