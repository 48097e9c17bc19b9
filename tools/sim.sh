#!/bin/sh
# SPDX-License-Identifier: MIT
# sim.sh PROGRAM FIRST COUNT JOBS: runs the mixes of so many seeds, a part on each core, and says which
# failed.
set -u
program=$1 first=$2 count=$3 jobs=$4
[ "$count" -ge "$jobs" ] || jobs=1
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

share=$((count / jobs)) job=0
while [ $job -lt "$jobs" ]; do
	mine=$share
	[ $job -lt $((jobs - 1)) ] || mine=$((count - share * job))
	"$program" $((first + share * job)) $mine >"$logs/$job" 2>&1 &
	job=$((job + 1))
done
wait

ends=$(cat "$logs"/* | grep -cE '^(not )?ok - ')
[ "$ends" -eq "$jobs" ] && ! grep -q '^not ok' "$logs"/* && {
	echo "$count seeds from $first on, 0 failed"
	exit 0
}
cat "$logs"/*
echo "again: make sim SEEDS=1 FIRST=N"
exit 1
