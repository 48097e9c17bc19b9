# SPDX-License-Identifier: MIT
# For the scripts that measure: what may be set from outside, checked before anything starts; the cores, the port,
# the folder for what is written meanwhile. $build is where the programs are.

fail() {
	echo "bench: $*" >&2
	exit 2
}

say() {
	echo "bench: $*" >&2
}

is_whole_number() {
	case $1 in
	"" | 0* | *[!0-9]*) return 1 ;;
	esac
}

whole_number() { # NAME: of a variable
	eval "value=\$$1"
	is_whole_number "$value" || fail "$1='$value': expected a whole number, 1 or more"
}

rising_numbers() { # NAME: of a variable
	eval "list=\$$1"
	last=0
	for item in $list; do
		is_whole_number "$item" || fail "$1='$list': '$item' is not a whole number"
		[ "$item" -gt "$last" ] || fail "$1='$list': has to rise, $item does not"
		last=$item
	done
	[ "$last" -gt 0 ] || fail "$1 is empty: expected whole numbers that rise"
}

needs() { # PROGRAM PACKAGE
	command -v "$1" >/dev/null || fail "$1 is missing (Debian package $2)"
}

# The cores this process may use, one a line.
own_cores() {
	awk '/^Cpus_allowed_list:/ {
		parts = split($2, part, ",")
		for (i = 1; i <= parts; i++) {
			ends = split(part[i], end, "-")
			for (core = end[1]; core <= end[ends]; core++)
				print core
		}
	}' /proc/self/status
}

choose_cores() {
	: "${PROXY_CORE:=$(own_cores | sed -n 1p)}"
	: "${GENERATOR_CORE:=$(own_cores | sed -n 2p)}"
	[ -n "$GENERATOR_CORE" ] || fail "this needs two cores, one for the proxy and one for the generator"
	for core in "$PROXY_CORE" "$GENERATOR_CORE"; do
		taskset -c "$core" true 2>/dev/null || fail "core '$core' cannot be used"
	done
}

# In a network namespace of its own every port is free and nothing else is on the loopback. Where the system does
# not allow that, the host's loopback has to do.
enter_namespace() { # ARGUMENT...
	[ -z "${BENCH_NAMESPACE:-}" ] || return 0
	status=77
	if [ -x "$build/tests/interop/netns" ]; then
		BENCH_NAMESPACE=own "$build/tests/interop/netns" "$0" "$@" && exit 0
		status=$?
	fi
	[ $status -eq 77 ] || exit $status
	say "no network namespace here: on the host's loopback, ports $PORT and $CALLEE_PORT"
	BENCH_NAMESPACE=none
}

make_work() {
	work=$(mktemp -d)
	trap 'stop_all; rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM
}

: "${PORT:=25060}" "${CALLEE_PORT:=25070}"
whole_number PORT
whole_number CALLEE_PORT
needs jq jq
needs taskset util-linux
needs setsid util-linux
choose_cores
generator=${WIRESIP_BENCH:-$build/bin/wiresip-bench}
[ -x "$generator" ] || fail "$generator is missing: run make"
