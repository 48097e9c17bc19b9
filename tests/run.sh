#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh BUILD TEST...: runs tests that speak TAP and adds up what they say. A test that fails, or ends
# without a word, is shown in full. WIRESIP_BUILD tells the scripts where the build is.
set -u

WIRESIP_BUILD=$1
export WIRESIP_BUILD
shift
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

count() {
	grep -cE "$1" "$log" || true
}

for test; do
	case $test in
	*.sh) "$test" >"$log" 2>&1 ;;
	*) "$test" --tap -j1 >"$log" 2>&1 ;;
	esac
	status=$?
	bad=$(count '^not ok')
	skip=$(count '^ok.*# SKIP')
	good=$(($(count '^ok') - skip))
	[ $((good + bad + skip)) -gt 0 ] || { bad=1 && echo "# said nothing" >>"$log"; }
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || { bad=1 && echo "# exit $status" >>"$log"; }
	printf '%-45s %3d passed' "$(basename "$test")" "$good"
	[ "$bad" -eq 0 ] || printf ', %d failed' "$bad"
	[ "$skip" -eq 0 ] || printf ', %d skipped' "$skip"
	printf '\n'
	[ "$bad" -eq 0 ] || sed 's/^/    /' "$log"
	[ "$skip" -eq 0 ] || grep -E '^ok.*# SKIP' "$log" | sed 's/^/    /'
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
