#!/bin/sh
# SPDX-License-Identifier: MIT
# opensips.sh version VARIANT | run VARIANT udp|tcp PORT CALLEE FOLDER: OpenSIPS on 127.0.0.1, in the foreground, with
# everything that it writes in FOLDER. A VARIANT is the number of its workers, 1 unless said.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin

version() { # VARIANT
	command -v opensips >/dev/null || { echo "opensips is not installed (Debian 12 does not have it)" >&2; exit 1; }
	opensips -V | awk 'NR == 1 { print "OpenSIPS " $3 }'
}

# F_MALLOC for all memory: its fastest allocator.
run() { # VARIANT TRANSPORT PORT CALLEE FOLDER
	sed -e "s/@LISTEN@/$2:127.0.0.1:$3/" -e "s/@TRANSPORT@/$2/" -e "s/@WORKERS@/${1:-1}/" "$here/opensips.cfg" \
		>"$5/opensips.cfg"
	exec opensips -f "$5/opensips.cfg" -F -E -a F_MALLOC -m 4096 -M 32 -b 4194304 -w "$5" -P "$5/opensips.pid"
}

command=$1
shift
"$command" "$@"
