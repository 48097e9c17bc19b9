#!/bin/sh
# SPDX-License-Identifier: MIT
# What a user of the library gets: make install, pkg-config, the examples built against it with only
# the public headers, the symbols of the shared object.
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"
begin

# The sanitizers' runtime has to be in the program that loads the library.
variant=$(basename "$build")
flags=$(make -s -C "$top" VARIANT="$variant" print-flags)

# build_example NAME [PACKAGE]
build_example() {
	PKG_CONFIG_PATH=$work/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work \
		pkg-config --cflags --libs "${2:-wiresip-core}" >flags.txt &&
		${CC:-cc} -Wall -Wextra -Werror $flags "$top/examples/$1.c" $(cat flags.txt) \
			-Wl,-rpath,"$work/usr/lib" -o "$1" 2>compiler.log
}

only_public_symbols() {
	nm -D --defined-only usr/lib/libwiresip-core.so | awk '{ print $NF }' |
		grep -vE '^(wsip_|_init$|_fini$|__asan|__odr_asan|__tsan)' >symbols.log
	[ ! -s symbols.log ]
}

headers_stand_alone() {
	for header in usr/include/wiresip/*.h; do
		echo "#include <wiresip/$(basename "$header")>" |
			${CC:-cc} -std=c17 -Wall -Wextra -Wpedantic -Werror -Iusr/include -fsyntax-only -x c - \
				2>compiler.log || return 1
	done
}

# example NAME ARGUMENT...
start_example() {
	start "$1" "./$1" udp:127.0.0.1:5060 "$2" ${3:+"$3"}
	proxy=$started
	until_true contains "$1.log" 'listens on'
}

check "make install" sh -c "make -s -C '$top' VARIANT=$variant PREFIX=/usr DESTDIR='$work' install >install.log 2>&1"
# gcov brings symbols of its own.
[ "$variant" = cover ] || check "the shared object exports wsip_ and nothing else" only_public_symbols
check "each public header compiles alone" headers_stand_alone
check "the installed program runs" sh -c "usr/bin/wiresip version | grep -q wiresip"
check "examples/relay.c builds" build_example relay
check "examples/failover.c builds" build_example failover
check "examples/lookup.c builds" build_example lookup
check "examples/failover_test.c builds" build_example failover_test wiresip-testkit
check "examples/failover_test.c passes" ./failover_test

start_uas 5072 u1 uas.xml
start_example relay sip:127.0.0.1:5072
call 10 50 u1 uac.xml
check "examples/relay.c relays calls" all_good 10
kill -KILL "$proxy"; wait "$proxy" 2>/dev/null

start_uas 5071 u1 uas_rejects.xml:503
start_example failover sip:127.0.0.1:5071 sip:127.0.0.1:5072
call 10 50 u1 uac.xml
check "examples/failover.c: 503, then the second carrier" all_good 10
kill -KILL "$proxy"; wait "$proxy" 2>/dev/null

start_example lookup sip:127.0.0.1:5072
call 50 50 u1 uac.xml
check "examples/lookup.c: calls go on from another thread" all_good 50
done_testing
