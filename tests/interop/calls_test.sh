#!/bin/sh
# SPDX-License-Identifier: MIT
# Calls made by SIPp go through 'wiresip run', on each poller and with several workers. RATE and CALLS
# may be raised for a soak.
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"
begin
CALLS=${CALLS:-1000} RATE=${RATE:-500}

place_calls() { # TITLE CALLER CALLEE TARGET [OPTION...]
	title=$1 caller=$2 callee=$3 target=$4
	shift 4
	start_uas 5070 "$callee" uas.xml
	start_proxy --target "$target" "$@"
	call "$CALLS" "$RATE" "$caller" uac.xml
	check "$title: $CALLS calls at $RATE calls/s, none failed" all_good "$CALLS"
	check "$title: SIPp repeated nothing" no_retransmissions
	report
	check "$title: the proxy repeated nothing" test "$(proxy_statistic counters retransmissions)" = 0
}

hang_up() {
	check "$title: stops with status 0" stop_proxy
	check "$title: no sanitizer report" sh -c '! grep -qE "ERROR|WARNING: Thread|runtime error" proxy.log'
	kill -KILL "$uas"
	wait "$uas" 2>/dev/null
}

# Every way through a proxy on this poller.
all_ways() { # POLLER
	place_calls "$1, UDP" u1 u1 sip:127.0.0.1:5070 --io "$1" --t1 200
	check "$title: nothing is left after the last timer" until_true nothing_left
	hang_up
	place_calls "$1, TCP" t1 t1 'sip:127.0.0.1:5070;transport=tcp' --io "$1"
	hang_up
	place_calls "$1, UDP in, TCP out, gathering" u1 t1 'sip:127.0.0.1:5070;transport=tcp' --io "$1" --coalesce 100
	hang_up
	for workers in 2 4; do
		place_calls "$1, UDP, $workers workers" u1 u1 sip:127.0.0.1:5070 --io "$1" --workers $workers
		hang_up
		place_calls "$1, TCP, $workers workers" t1 t1 'sip:127.0.0.1:5070;transport=tcp' --io "$1" --workers $workers
		hang_up
	done
}

# A proxy that cannot have its poller says so before it looks at anything else.
uring_is_allowed() {
	! "$wiresip" run --listen nowhere --io uring 2>&1 | grep -q "io 'uring'"
}

all_ways epoll
if uring_is_allowed; then
	all_ways uring
else
	echo "ok $((tests + 1)) - uring # SKIP io_uring is not allowed here"
	tests=$((tests + 1))
fi
done_testing
