#!/bin/sh
# SPDX-License-Identifier: MIT
# wiresip-bench as a person meets it: calls with and without a proxy, over UDP and TCP; targets that
# refuse or say nothing; wrong options. It sleeps while it waits, so as to leave the cores to others.
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"
begin

bench() { # ARGUMENT...: status in $status
	timeout 60 "$build/bin/wiresip-bench" --wait sleep --json result.json "$@" >bench.log 2>error.log </dev/null
	status=$?
}

# says KEY NUMBER: of the result.
says() {
	grep -qE "\"$1\": $2,?\$" result.json
}

counts() { # COMPLETED REJECTED FAILED TIMED_OUT
	says completed "$1" && says rejected "$2" && says failed "$3" && says timed_out "$4" &&
		says unexpected 0 && says acks_lost 0
}

clean() { # CALLS ARGUMENT...
	calls=$1
	shift
	bench --calls "$calls" "$@"
	[ $status -eq 0 ] && counts "$calls" 0 0 0
}

refuses() { # PATTERN ARGUMENT...
	pattern=$1
	shift
	"$build/bin/wiresip-bench" "$@" >out.log 2>error.log </dev/null
	[ $? -eq 2 ] && [ "$(wc -l <error.log)" -eq 1 ] && grep -qE -e "$pattern" error.log
}

# Whatever --help lists is an option, and nothing else is.
help_is_true() {
	"$build/bin/wiresip-bench" --help >help.log || return 1
	for option in $(grep -oE '^ +--[a-z0-9]+' help.log); do
		case $option in
		--help | --version) continue ;;
		esac
		"$build/bin/wiresip-bench" "$option" --fly 2>&1 </dev/null |
			grep -qE -e "unknown option '$option'" && return 1
	done
	return 0
}

check "an unknown option is named" refuses "unknown option '--fly'" --fly
check "a missing value is named" refuses "'--rate' needs a value" --rate
check "a wrong number is named" refuses "--rate '0' is not 1 to" --rate 0 127.0.0.1:5060
check "a wrong transport is named" refuses "'sctp' is not udp or tcp" --transport sctp 127.0.0.1:5060
check "a wrong proxy is named" refuses "'127.0.0.1' is not HOST:PORT" 127.0.0.1
check "a missing proxy is named" refuses "HOST:PORT is missing"
check "a second proxy is named" refuses "unexpected argument 'b:2'" 127.0.0.1:1 b:2
check "a process that is not there is named" refuses "no such process" --pid 4194304 127.0.0.1:5060
check "a proxy that does not listen is named" refuses "cannot connect to 127.0.0.1:5060: .*refused" --transport tcp \
	127.0.0.1:5060
check "--help lists what there is" help_is_true

check "calls without a proxy, UDP" clean 200 --direct
check "calls without a proxy, TCP" clean 200 --direct --transport tcp
check "calls that are held" clean 20 --direct --hold 30 --rate 2000
check "OPTIONS" clean 100 --direct --options

start_proxy --t1 20 --no-registrar --target sip:127.0.0.1:5070
check "calls through the proxy, UDP" clean 500 --uas 127.0.0.1:5070 --pid "$proxy" 127.0.0.1:5060
check "...none was sent again" says caller 0
check "...the proxy was measured" grep -qE '"proxy_cpu_us_per_call": [0-9]+\.' result.json
check "stops with status 0" stop_proxy

start_proxy --t1 20 --no-registrar --target 'sip:127.0.0.1:5070;transport=tcp'
check "calls through the proxy, TCP" clean 500 --uas 127.0.0.1:5070 --transport tcp --idle 50 \
	127.0.0.1:5060
check "stops with status 0" stop_proxy

# 503 of a SIPp peer, which gives no Retry-After: failed; with one: rejected.
start_uas 5071 u1 uas_rejects.xml:503
bench --calls 20 --sockets 2 127.0.0.1:5071
check "503 is a failure" counts 0 0 20 0
check "...with its status" says 503 20
check "...and exit status 1" [ $status -eq 1 ]
kill -KILL "$uas"; wait "$uas" 2>/dev/null
sed 's/Content-Length: 0/Retry-After: 5\n      &/' "$(scenario uas_rejects.xml:503)" >uas_busy.xml
start busy sipp -sf uas_busy.xml -i 127.0.0.1 -p 5071 -t u1 -nostdin
until_true port_is_open udp 5071
bench --calls 20 --sockets 2 127.0.0.1:5071
check "503 with Retry-After is a rejection" counts 0 20 0 0
check "...and exit status 0" [ $status -eq 0 ]
kill -KILL "$started"; wait "$started" 2>/dev/null

# RFC 3261 22.2, 22.4: SIPp checks the digest by itself.
start_uas 5072 u1 uas_registrar.xml
check "REGISTER with a password" clean 5 --register --username bench3 --password secret --users 5 \
	127.0.0.1:5072
bench --calls 5 --register --username bench3 --password wrong 127.0.0.1:5072
check "...with a wrong one" says 403 5
bench --calls 5 --register --username bench3 127.0.0.1:5072
check "...with none" says 401 5
kill -KILL "$uas"; wait "$uas" 2>/dev/null
start_proxy --t1 20
check "REGISTER over UDP" clean 200 --register --users 50 127.0.0.1:5060
check "REGISTER over TCP" clean 200 --register --users 50 --transport tcp 127.0.0.1:5060
check "...its latency has its name" grep -q '"register_200"' result.json
check "stops with status 0" stop_proxy

# RFC 3261 17.1.1.2: 6 times again within 64*T1, then it is given up.
bench --calls 5 --t1 10 127.0.0.1:5099
check "silence is a timeout" counts 0 0 5 5
check "...after six retransmissions each" says caller 30
check "...and exit status 1" [ $status -eq 1 ]
check "...and said so" contains bench.log "Nothing at all came back"
done_testing
