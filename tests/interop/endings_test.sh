#!/bin/sh
# SPDX-License-Identifier: MIT
# How calls end that do not go well, and how the proxy ends: what callers see of SIPp peers that are
# busy, out of order, silent or gone; and that nothing is left when the last timer has fired.
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"
begin

# A short T1, so that the last timer (64*T1) fires soon.
start_proxy --t1 20 --target sip:127.0.0.1:5071 --target sip:127.0.0.1:5070

start_uas 5071 u1 uas_rejects.xml:486
call 10 50 u1 uac_rejected.xml:486
check "486 of the first target reaches the caller" all_good 10
kill -KILL "$uas"; wait "$uas" 2>/dev/null

start_uas 5071 u1 uas_rings.xml
call 10 50 u1 uac_cancel.xml
check "CANCEL while ringing: 200, then 487" all_good 10
kill -KILL "$uas"; wait "$uas" 2>/dev/null

start_uas 5071 u1 uas_rejects.xml:503
first=$uas
start_uas 5070 u1 uas.xml
call 10 50 u1 uac.xml
check "503 of the first target: the second one answers" all_good 10
kill -KILL "$first"; wait "$first" 2>/dev/null

call 10 50 u1 uac.xml
check "the first target is gone: the second one answers" all_good 10
kill -KILL "$uas"; wait "$uas" 2>/dev/null

call 10 50 u1 uac_rejected.xml:500
check "no target is there: the caller hears 500" all_good 10
call 10 50 t1 uac_rejected.xml:500
check "the same for a caller on TCP" all_good 10

check "nothing is left after the last timer" until_true nothing_left
check "stops with status 0" stop_proxy

start_uas 5070 u1 uas.xml
start_proxy --t1 20
call 1 10 u1 uac_rejected.xml:404
check "nobody is registered: 404" all_good 1
call 1 10 u1 register.xml
check "bob registers" all_good 1
call 10 50 u1 uac.xml
check "calls go to where bob registered" all_good 10
check "nothing is left after the last timer" until_true nothing_left
check "stops with status 0" stop_proxy
done_testing
