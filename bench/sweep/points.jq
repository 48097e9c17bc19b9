# SPDX-License-Identifier: MIT
# What the runs of wiresip-bench add up to: medians for each proxy at each rate, and where its knee is.

# A number with so many digits behind the point.
def fixed($digits):
	if . == null then "-"
	elif $digits == 0 then "\(round)"
	else pow(10; $digits) as $scale | (. * $scale | round) as $whole |
		"\($whole / $scale | floor).\("000\($whole % $scale)"[-$digits:])"
	end;

def offered: .rate_offered * .duration_s;

def retransmitted: .retransmissions.caller + .retransmissions.callee;

# The generator did not place the calls that it should have: what is measured is not the proxy.
def is_generator_short: .calls.started < 0.99 * offered;

def is_bad:
	.calls.failed + .calls.timed_out > 0
	or retransmitted > 0.001 * .calls.started
	or .calls.completed < 0.99 * offered
	# All are completed, but later and later: only the end of the run kept it from losing some.
	or .calls_per_s < 0.95 * .rate_offered;

# Of all runs of one proxy at one rate. The knee is where there are two bad runs, and more bad ones than good ones;
# one bad run alone proves nothing, nor do as many bad ones as good ones.
def verdict: (map(select(is_bad)) | length) as $bad |
	if $bad >= 2 and $bad * 2 > length then "knee"
	elif $bad > 0 and $bad * 2 >= length then "doubtful"
	else "carries"
	end;

def median:
	sort | length as $count |
	if $count == 0 then null
	elif $count % 2 == 1 then .[$count / 2 | floor]
	else (.[$count / 2] + .[$count / 2 - 1]) / 2
	end;

def median_of(figure): map(figure) | median;

def point: {
	transport: .[0].transport,
	rate: .[0].rate_offered,
	proxy: .[0].label,
	runs: length,
	done_per_s: median_of(.calls_per_s),
	cpu_us: median_of(.proxy_cpu_us_per_call),
	cpu_share: median_of(.proxy_cpu_share),
	p50_ms: median_of(.latency_us.invite_200.p50 / 1000),
	p99_ms: median_of(.latency_us.invite_200.p99 / 1000),
	retransmitted: median_of(retransmitted),
	failed: median_of(.calls.failed + .calls.rejected),
	rss_mb: median_of(.proxy_rss_kb / 1024),
	is_knee: (verdict == "knee"),
	is_generator_short: (median_of(if is_generator_short then 1 else 0 end) > 0)
};

# Keys in the order in which they come first.
def distinct(key): reduce (.[] | key) as $key ([]; if any(.[]; . == $key) then . else . + [$key] end);

def points:
	. as $runs | [distinct([.transport, .rate_offered, .label])[] as $key |
		$runs | map(select([.transport, .rate_offered, .label] == $key)) | point];
