#!/bin/sh
# SPDX-License-Identifier: MIT
# Ten times what a slow proxy can do is asked of it: every caller has an answer, every call that was taken
# comes to its end, and afterwards it is as if nothing had been. SIPp gives up a call in which something is
# repeated at the wrong moment, so nobody repeats anything before 4 s.
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"
begin

start_slow_proxy() { # OPTION...
	start proxy "$build/bench/slow_proxy" --cost-us 2000 --listen udp:127.0.0.1:5060 \
		--target sip:127.0.0.1:5070 --t1 4000 "$@"
	proxy=$started
	until_true contains proxy.log 'listens on'
}

refused() {
	statistic 'GenericCounter1(C)'
}

some_of_each() { # CALLS
	[ "$(refused)" -gt 0 ] && [ "$(refused)" -lt "$1" ]
}

overrun() { # TITLE [OPTION...]
	title=$1
	shift
	sed 's/retrans="500"/retrans="4000"/' "$here/sipp/uas.xml" >"$work/uas_patient.xml"
	start uas sipp -sf uas_patient.xml -i 127.0.0.1 -p 5070 -t u1 -nostdin
	uas=$started
	until_true port_is_open udp 5070
	start_slow_proxy "$@"
	call 4000 1500 u1 uac_overload.xml
	check "$title: each of 4000 callers is served or refused, and no call breaks" all_good 4000
	check "$title: some are served, some are refused with Retry-After" some_of_each 4000
	check "$title: the log says when it begins" contains proxy.log 'event="overload begins"'
	check "$title: and when it ends" until_true contains proxy.log 'event="overload ends"'
	call 20 10 u1 uac_overload.xml
	check "$title: then everybody is served" test "$(refused)" = 0
	check "$title: and no call breaks" all_good 20
	check "$title: stops" stop_proxy
	check "$title: no sanitizer report" sh -c '! grep -qE "ERROR|WARNING: Thread|runtime error" proxy.log'
	kill -KILL "$uas"
	wait "$uas" 2>/dev/null
}

overrun "one worker"
overrun "four workers" --workers 4
done_testing
