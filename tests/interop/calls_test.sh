#!/bin/sh
# SPDX-License-Identifier: MIT
# Calls made by SIPp go through 'wiresip run'. RATE and CALLS may be raised for a soak.
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"
begin
CALLS=${CALLS:-2000} RATE=${RATE:-200}

through() { # NAME CALLER CALLEE TARGET [OPTION...]
	name=$1 caller=$2 callee=$3 target=$4
	shift 4
	start_uas 5070 "$callee" uas.xml
	start_proxy --target "$target" --t1 "${T1:-500}" "$@"
	call "$CALLS" "$RATE" "$caller" uac.xml
	check "$name: $CALLS calls at $RATE calls/s, none failed" all_good "$CALLS"
	check "$name: no retransmission" no_retransmissions
	check "$name: stops with status 0" stop_proxy
	kill -KILL "$uas"
	wait "$uas" 2>/dev/null
}

through "UDP" u1 u1 sip:127.0.0.1:5070
through "TCP" t1 t1 'sip:127.0.0.1:5070;transport=tcp'
through "UDP in, TCP out" u1 t1 'sip:127.0.0.1:5070;transport=tcp'
through "UDP, two workers" u1 u1 sip:127.0.0.1:5070 --workers 2
through "UDP in, TCP out, two workers" u1 t1 'sip:127.0.0.1:5070;transport=tcp' --workers 2
done_testing
