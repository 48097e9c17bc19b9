#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/CONFORMANCE.md: up to date, and every clause has its code and its tests.
cd "$(dirname "$0")/../.." || exit 1

check() { # DESCRIPTION COMMAND...
	description=$1
	shift
	if output=$("$@" 2>&1); then
		echo "ok - $description"
	else
		echo "not ok - $description"
		echo "$output" | sed 's/^/# /'
	fi
}

# The numbers of tests change with every new one; the rest of the page has to be right.
without_counts() {
	sed 's/` ([0-9]*)/`/g'
}

is_up_to_date() {
	tools/conformance.sh | without_counts >"$page" && without_counts <docs/CONFORMANCE.md |
		diff "$page" - || { echo "run: make conformance"; return 1; }
}

page=$(mktemp)
trap 'rm -f "$page"' EXIT
check "every clause has code and a test" tools/conformance.sh check
check "docs/CONFORMANCE.md is what make conformance writes" is_up_to_date
