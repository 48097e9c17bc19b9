#!/bin/sh
# SPDX-License-Identifier: MIT
# The program as a person meets it: wrong calls, addresses in use, stopping, wiresip parse.
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"
begin

# refuses PATTERN ARGUMENT...: exit status 2, and one line on standard error that matches.
refuses() {
	pattern=$1
	shift
	"$wiresip" "$@" >out.log 2>error.log </dev/null
	[ $? -eq 2 ] && [ "$(wc -l <error.log)" -eq 1 ] && grep -qE "$pattern" error.log
}

prints() { # PATTERN STATUS ARGUMENT...
	pattern=$1 status=$2
	shift 2
	"$wiresip" "$@" >out.log 2>error.log </dev/null
	[ $? -eq "$status" ] && grep -qE "$pattern" out.log
}

check "an unknown command is named" refuses "unknown command 'fly'" fly
check "an unknown option is named" refuses "unknown option '--fly'" run --fly
check "a missing value is named" refuses "'--target' needs a value" run --target
check "a wrong listen address is named" refuses "'udp:nowhere:5060'.*not an IP address" \
	run --listen udp:nowhere:5060
check "a wrong transport is named" refuses "'sctp:1.2.3.4:5'.*udp or tcp" run --listen sctp:1.2.3.4:5
check "a wrong port is named" refuses "'udp:127.0.0.1:65536'.*port" run --listen udp:127.0.0.1:65536
check "a wrong alias is named" refuses "alias 'a b'" run --listen udp:127.0.0.1:0 --alias "a b"
check "a wrong target is named" refuses "target 'bob'" run --listen udp:127.0.0.1:0 --target bob
check "no address at all" refuses "no --listen" run
check "a wrong number is named" refuses "workers '0'" run --listen udp:127.0.0.1:0 --workers 0
check "a wrong poller is named" refuses "io 'poll' is not epoll, uring or auto" run --listen udp:127.0.0.1:0 --io poll
check "a wrong time to gather is named" refuses "coalesce '10001' is not 0 to 10000" \
	run --listen udp:127.0.0.1:0 --coalesce 10001
check "a missing file is named" refuses "cannot open 'nofile'" parse nofile
for command in "" run parse version; do
	# shellcheck disable=SC2086
	check "--help: wiresip $command" prints Usage 0 $command --help
done
check "version" prints '^wiresip [0-9]' 0 version

start_proxy --io epoll
check "the banner names the poller" contains proxy.log 'waits with +epoll$'
check "SIGTERM stops it" stop_proxy

start_proxy
check "an address in use is named" refuses "'udp:127.0.0.1:5060'.*in use" \
	run --listen udp:127.0.0.1:5060
check "SIGTERM stops it with status 0" stop_proxy

killed_and_started_again() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		start_proxy
		kill -KILL "$proxy"
		wait "$proxy" 2>/dev/null
		! contains proxy.log 'in use' || return 1
	done
}
check "killed, it can be started again at once" killed_and_started_again

start_uas 5070 u1 uas_rings.xml
start_proxy --target sip:127.0.0.1:5070
call 3 10 u1 uac_cancel.xml
check "SIGINT with nothing to finish stops it at once" sh -c "kill -INT $proxy"
check "...with status 0" wait "$proxy"

printf 'OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bKd\r\nFrom: <sip:e@f>;tag=g\r\nTo: <sip:a@b>\r\nCall-ID: h\r\nCSeq: 1 OPTIONS\r\n\r\n' >good.sip
sed 's/CSeq: 1/CSeq: x/' good.sip >bad.sip
sed 's/SIP.2.0\r$/SIP\/3.0\r/' good.sip >new.sip
check "parse accepts" prints "^good.sip	accept	-	-$" 0 parse good.sip
check "parse rejects with the answer" prints "^bad.sip	reject	400	Bad CSeq$" 1 parse good.sip bad.sip
check "parse tells the version" prints "^new.sip	reject	505	" 1 parse new.sip
check "parse reads standard input" sh -c "'$wiresip' parse - <good.sip | grep -q '^-	accept'"
check "parse --json shows the message" prints '"method":"OPTIONS".*"known_as":"CSeq"' 0 parse --json good.sip
done_testing
