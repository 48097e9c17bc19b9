#!/bin/sh
# SPDX-License-Identifier: MIT
# wiresip.sh version VARIANT | run VARIANT udp|tcp PORT CALLEE FOLDER: Wiresip on 127.0.0.1, in the foreground.
# A VARIANT is empty (the program's own choice), epoll or uring, and may go on with the microseconds that it waits
# for company: epoll-100us. WIRESIP is the program, WIRESIP_OPTIONS go to it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
wiresip=${WIRESIP:-$here/../../build/release/bin/wiresip}

fail() {
	echo "$1" >&2
	exit 1
}

options() { # VARIANT
	case $1 in
	"") ;;
	epoll | uring) echo "--io $1" ;;
	epoll-*us | uring-*us)
		coalesce=${1#*-}
		echo "--io ${1%%-*} --coalesce ${coalesce%us}"
		;;
	*) fail "wiresip has no variant '$1'" ;;
	esac
}

version() { # VARIANT
	chosen=$(options "$1")
	[ -x "$wiresip" ] || fail "$wiresip is not built"
	for option in $chosen; do
		case $option in
		--*) "$wiresip" run --help | grep -q -e "$option" || fail "this build of wiresip has no $option" ;;
		esac
	done
	"$wiresip" version | awk 'NR == 1 { print "Wiresip " $2 }'
}

# Wiresip is no open relay: it has to be told that calls go to the callee.
run() { # VARIANT TRANSPORT PORT CALLEE FOLDER
	chosen=$(options "$1")
	# shellcheck disable=SC2086
	exec "$wiresip" run --listen "$2:127.0.0.1:$3" --target "sip:$4;transport=$2" --no-registrar \
		--log-level warn $chosen ${WIRESIP_OPTIONS:-}
}

command=$1
shift
"$command" "$@"
