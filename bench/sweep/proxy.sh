# SPDX-License-Identifier: MIT
# For the scripts that measure: a proxy that is started, awaited and stopped, and the generator that calls through
# it. A proxy is named after its script in bench/peers, with a variant: wiresip-uring, kamailio-2.

proxy="" proxy_transport=""
# So many looks at a condition, then it counts as failed; one takes about a millisecond.
LOOKS=20000

peer_script() { # PROXY
	echo "${PEERS:-$bench/peers}/${1%%-*}.sh"
}

peer_variant() { # PROXY
	case $1 in
	*-*) echo "${1#*-}" ;;
	esac
}

peer_version() { # PROXY: or why it cannot be measured, and failure
	[ -x "$(peer_script "$1")" ] || { echo "there is no $(peer_script "$1")"; return 1; }
	"$(peer_script "$1")" version "$(peer_variant "$1")" 2>&1
}

# In /proc/net a port is in hexadecimal; a TCP socket that does not listen (0A) does not count.
port_is_open() { # TRANSPORT PORT
	awk -v port=":$(printf '%04X' "$2")" -v transport="$1" '
		substr($2, length($2) - 4) == port && (transport == "udp" || $4 == "0A") { found = 1 }
		END { exit !found }' "/proc/net/$1"
}

port_is_free() { # TRANSPORT PORT
	! port_is_open "$@"
}

until_true() { # COMMAND...
	look=0
	while ! "$@"; do
		look=$((look + 1))
		[ $look -lt $LOOKS ] || return 1
	done
}

is_ready() {
	port_is_open "$proxy_transport" "$PORT" || ! kill -0 "$proxy" 2>/dev/null
}

# In a process group of its own, so that the generator can add up the CPU of all its processes.
start_proxy() { # PROXY TRANSPORT [CORES]
	port_is_free "$2" "$PORT" || fail "port $PORT is taken, PORT= chooses another one"
	rm -rf "$work/proxy"
	mkdir "$work/proxy"
	setsid taskset -c "${3:-$PROXY_CORE}" "$(peer_script "$1")" run "$(peer_variant "$1")" "$2" "$PORT" \
		"127.0.0.1:$CALLEE_PORT" "$work/proxy" >"$work/proxy.log" 2>&1 </dev/null &
	proxy=$! proxy_transport=$2
	if ! until_true is_ready || ! port_is_open "$2" "$PORT"; then
		tail -n 5 "$work/proxy.log" >&2
		fail "$1 did not start"
	fi
}

# At once: transactions that only wait for their timers are of no interest any more.
stop_proxy() {
	kill -s KILL -- "-$proxy" 2>/dev/null || true
	wait "$proxy" 2>/dev/null || true
	proxy=
	until_true port_is_free "$proxy_transport" "$PORT" || fail "port $PORT stays taken"
}

stop_all() {
	[ -z "$proxy" ] || stop_proxy
}

# In the place of this process, so that its id is the generator's.
become_generator() { # OPTION...
	exec "$generator" --quiet --cpu "$GENERATOR_CORE" --uas "127.0.0.1:$CALLEE_PORT" "$@" "127.0.0.1:$PORT"
}

generate() { # OPTION...
	(become_generator "$@")
}
