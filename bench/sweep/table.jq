# SPDX-License-Identifier: MIT
# The tables of a sweep in Markdown, from what report.sh put together.
include "points";

def is_ours: .proxy | startswith("wiresip");

# How much more the best peer at the same rate needs; none when all peers are past their knees.
def cpu_ratio($points): . as $point |
	[$points[] | select(.transport == $point.transport and .rate == $point.rate and (is_ours | not)
		and (.is_knee | not)) | .cpu_us] | min |
	if . == null or ($point | is_ours | not) then "" else . / $point.cpu_us | fixed(1) end;

def remark:
	if .is_generator_short then "the generator's limit"
	elif .is_knee then "past its knee"
	else "" end;

def row($points): [
	.rate, .proxy, (.done_per_s | fixed(0)), (.cpu_us | fixed(1)), cpu_ratio($points), (.p50_ms | fixed(2)),
	(.p99_ms | fixed(2)), (.retransmitted | fixed(0)), (.failed | fixed(0)), (.rss_mb | fixed(1)), remark
	] | "| \(map(tostring) | join(" | ")) |";

def rows($points):
	"| calls/s offered | proxy | done/s | CPU us/call | best peer / it | p50 ms | p99 ms | retransmitted | failed | RSS MB | |",
	"|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---|",
	($points[] | row($points));

# The last rate that a proxy carried, and what it cost there.
def capacity: map(select(.is_knee | not)) | max_by(.rate);

def best_peer($capacities): [$capacities[] | select(is_ours | not) | .rate] | max;

def capacity_row($capacities): . as $one | best_peer($capacities) as $peer |
	"| \(.proxy) | \(.rate) | \(.cpu_us | fixed(1)) | \(.p99_ms | fixed(2)) | \(
		if $peer == null or ($one | is_ours | not) then "" else .rate / $peer | fixed(1) end) |";

def capacities($points):
	[$points | distinct(.proxy)[] as $proxy | map(select(.proxy == $proxy)) | capacity | values] as $capacities |
	"| proxy | most calls/s without loss | CPU us/call there | p99 ms there | it / best peer |",
	"|---|---:|---:|---:|---:|",
	($capacities[] | capacity_row($capacities));

def section($transport): (.points | map(select(.transport == $transport))) as $points |
	"", "**\($transport | ascii_upcase)**", "", rows($points), "", capacities($points);

"Measured on \(.date) with \(.versions | to_entries | map("\(.value) (\(.key))") | join(", ")), on \(.machine), " +
	"\(.settings.duration_s) s a run, medians of \(.settings.repetitions):",
(. as $sweep | .points | distinct(.transport)[] as $transport | $sweep | section($transport))
