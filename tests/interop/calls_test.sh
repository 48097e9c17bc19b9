#!/bin/sh
# SPDX-License-Identifier: MIT
# Calls made by SIPp go through 'wiresip run'. RATE and CALLS may be raised for a soak.
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"
begin
CALLS=${CALLS:-2000} RATE=${RATE:-200}

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

place_calls "UDP" u1 u1 sip:127.0.0.1:5070
check "UDP: nothing is left after the last timer" until_true nothing_left
hang_up
place_calls "TCP" t1 t1 'sip:127.0.0.1:5070;transport=tcp'
hang_up
place_calls "UDP in, TCP out" u1 t1 'sip:127.0.0.1:5070;transport=tcp'
hang_up
place_calls "UDP, two workers" u1 u1 sip:127.0.0.1:5070 --workers 2
hang_up
place_calls "TCP, two workers" t1 t1 'sip:127.0.0.1:5070;transport=tcp' --workers 2
hang_up
done_testing
