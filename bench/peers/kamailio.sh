#!/bin/sh
# SPDX-License-Identifier: MIT
# kamailio.sh version VARIANT | run VARIANT udp|tcp PORT CALLEE FOLDER: Kamailio on 127.0.0.1, in the foreground, with
# everything that it writes in FOLDER. A VARIANT is the number of its workers, 1 unless said, and its
# memory manager, tlsf unless said: 2-fm.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# Debian keeps it where only root's PATH goes.
PATH=$PATH:/usr/sbin

version() { # VARIANT
	command -v kamailio >/dev/null || { echo "kamailio is not installed" >&2; exit 1; }
	kamailio -v | awk 'NR == 1 { print "Kamailio " $3 }'
}

# As much shared memory as the transactions of a run can need; it is touched when used. A receive buffer as large as
# Wiresip's.
run() { # VARIANT TRANSPORT PORT CALLEE FOLDER
	workers=${1%%-*}
	: "${workers:=1}"
	memory=tlsf
	case $1 in
	*-*) memory=${1#*-} ;;
	esac
	case $2 in
	udp) tcp="-T" ;;
	tcp) tcp="-N $workers" ;;
	esac
	# shellcheck disable=SC2086
	exec kamailio -f "$here/kamailio.cfg" -l "$2:127.0.0.1:$3" -n "$workers" $tcp -x "$memory" -X "$memory" \
		-m 4096 -M 32 -b 4194304 -DD -E -w "$5" -Y "$5" -P "$5/kamailio.pid"
}

command=$1
shift
"$command" "$@"
