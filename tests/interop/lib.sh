# SPDX-License-Identifier: MIT
# For the scripts beside it: TAP, a network namespace, the proxy and SIPp in it. Nothing here waits for
# a time to pass: it waits for a condition, and gives up after LIMIT looks at it.

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(cd "${WIRESIP_BUILD:-$top/build/release}" && pwd)
wiresip=$build/bin/wiresip
tests=0 failures=0
LIMIT=30000

# The script runs itself again in a namespace of its own, where all ports are free.
enter_namespace() {
	[ -z "${IN_NAMESPACE:-}" ] || return 0
	IN_NAMESPACE=1 "$build/tests/interop/netns" "$0" "$@"
	status=$?
	[ $status -ne 77 ] || echo "ok 1 - $(basename "$0") # SKIP network namespaces are not allowed here"
	[ $status -ne 77 ] || status=0
	exit $status
}

begin() {
	work=$(mktemp -d)
	trap finish EXIT
	processes=
	cd "$work" || exit 1
}

finish() {
	for process in $processes; do
		kill -KILL "$process" 2>/dev/null
	done
	rm -rf "$work"
}

# check NAME COMMAND...: a test that passes when the command succeeds.
check() {
	name=$1
	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		failures=$((failures + 1))
		for file in "$work"/*.log; do
			[ -s "$file" ] || continue
			echo "# $(basename "$file"):"
			tail -n 20 "$file" | sed 's/^/#   /'
		done
	fi
}

done_testing() {
	echo "1..$tests"
	[ "$failures" -eq 0 ]
}

# until_true COMMAND...: looks again until it is true. What it waits for runs beside it and needs no time
# but its own.
until_true() {
	look=0
	while ! "$@" 2>/dev/null; do
		look=$((look + 1))
		[ $look -lt $LIMIT ] || return 1
	done
}

port_is_open() { # udp|tcp PORT
	grep -qi ":$(printf '%04X' "$2") " "/proc/net/$1"
}

contains() { # FILE PATTERN
	grep -qE "$2" "$1"
}

# start NAME COMMAND...: in the background, output to NAME.log, its process in $started.
start() {
	log=$1.log
	shift
	"$@" >"$log" 2>&1 </dev/null &
	started=$!
	processes="$processes $started"
}

start_proxy() { # OPTION...
	start proxy "$wiresip" run --listen udp:127.0.0.1:5060 --listen tcp:127.0.0.1:5060 "$@"
	proxy=$started
	until_true contains proxy.log 'Ctrl-C'
}

stop_proxy() {
	kill -TERM "$proxy"
	wait "$proxy"
}

# FILE of tests/interop/sipp; FILE:STATUS has @STATUS@ in it replaced.
scenario() {
	case $1 in
	*:*)
		sed "s/@STATUS@/${1#*:}/g" "$here/sipp/${1%:*}" >"$work/${1#*:}-${1%:*}"
		echo "$work/${1#*:}-${1%:*}"
		;;
	*) echo "$here/sipp/$1" ;;
	esac
}

start_uas() { # PORT TRANSPORT SCENARIO
	start "uas$1" sipp -sf "$(scenario "$3")" -i 127.0.0.1 -p "$1" -t "$2" -nostdin
	case $2 in
	u*) until_true port_is_open udp "$1" ;;
	t*) until_true port_is_open tcp "$1" ;;
	esac
	uas=$started
}

# Calls the proxy; statistics go to uac.csv, so that what happened can be read from it.
call() { # CALLS RATE TRANSPORT SCENARIO
	rm -f uac.csv
	sipp -sf "$(scenario "$4")" 127.0.0.1:5060 -i 127.0.0.1 -p 5080 -t "$3" -m "$1" -r "$2" -l 4000 \
		-nostdin -trace_err -error_file uac-errors.log -trace_stat -stf uac.csv -fd 1 >uac.log 2>&1
}

statistic() { # COLUMN
	awk -F';' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i }
		END { print $column }' uac.csv
}

all_good() { # CALLS
	[ "$(statistic 'SuccessfulCall(C)')" = "$1" ] && [ "$(statistic 'FailedCall(C)')" = 0 ]
}

no_retransmissions() {
	[ "$(statistic 'Retransmissions(C)')" = 0 ]
}

# proxy_statistic EVENT KEY: of the last report in the proxy's log.
proxy_statistic() {
	sed -n "s/.*event=$1 .* $2=\([0-9]*\).*/\1/p" proxy.log | tail -n 1
}

report() {
	before=$(grep -c 'event=pools' proxy.log)
	kill -USR1 "$proxy"
	until_true sh -c "[ \$(grep -c event=pools proxy.log) -gt $before ]"
}

# Every pool of a proxy with one worker counts zero in use.
nothing_left() {
	report || return 1
	for pool in transactions requests branches messages timers unanswered buffers; do
		[ "$(proxy_statistic pools $pool)" = 0 ] || return 1
	done
}
