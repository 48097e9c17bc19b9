#!/bin/sh
# SPDX-License-Identifier: MIT
# call.sh HOST:PORT: two phones made by SIPp, of which one registers and is called by the other.
set -eu
proxy=${1:?usage: call.sh HOST:PORT}
sipp=$(cd "$(dirname "$0")/../tests/interop/sipp" && pwd)
work=$(mktemp -d)
callee=
trap '[ -z "$callee" ] || kill "$callee" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "call: $1" >&2
	exit 1
}

command -v sipp >/dev/null || fail "SIPp is missing; 'make check' installs it"
sipp -sf "$sipp/uas.xml" -i 127.0.0.1 -p 5070 -nostdin >/dev/null 2>callee.log &
callee=$!
sipp -sf "$sipp/register.xml" "$proxy" -i 127.0.0.1 -p 5090 -m 1 -nostdin -timeout 5 -timeout_error \
	-trace_err -error_file register.log >/dev/null 2>&1 ||
	fail "no answer to REGISTER from $proxy; is 'make run' running?"
echo "bob registered at sip:bob@127.0.0.1:5070"
sipp -sf "$sipp/uac.xml" "$proxy" -i 127.0.0.1 -p 5091 -m 1 -nostdin -timeout 10 -timeout_error \
	-trace_err -error_file caller.log >/dev/null 2>&1 || { tail -n 20 caller.log >&2; fail "the call failed"; }
echo "alice called sip:bob@$proxy, bob picked up, alice hung up: the call went through"
