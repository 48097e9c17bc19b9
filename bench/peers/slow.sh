#!/bin/sh
# SPDX-License-Identifier: MIT
# slow.sh version VARIANT | run VARIANT udp|tcp PORT CALLEE FOLDER: Wiresip with a handler that burns CPU, so that few
# calls are many. A VARIANT is the cost of a request and the number of workers: 200us-2. SLOW_PROXY is the program.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
slow_proxy=${SLOW_PROXY:-$here/../../build/release/bench/slow_proxy}

version() { # VARIANT
	[ -x "$slow_proxy" ] || { echo "$slow_proxy is not built" >&2; exit 1; }
	echo "Wiresip with a handler of ${1%%us*} us"
}

run() { # VARIANT TRANSPORT PORT CALLEE FOLDER
	workers=1
	case $1 in
	*us-*) workers=${1#*us-} ;;
	esac
	exec "$slow_proxy" --cost-us "${1%%us*}" --workers "$workers" --listen "$2:127.0.0.1:$3" \
		--target "sip:$4;transport=$2"
}

command=$1
shift
"$command" "$@"
