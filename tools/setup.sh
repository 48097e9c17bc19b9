#!/bin/sh
# SPDX-License-Identifier: MIT
# setup.sh PURPOSE...: installs the Debian packages for these purposes (build, test) that are missing.
# Says nothing and needs no network when nothing is.
set -eu

here=$(dirname "$0")
missing=
for purpose; do
	for package in $(sed -n "s/^$purpose: *//p" "$here/packages.debian"); do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok' ||
			missing="$missing $package"
	done
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "setup: these Debian packages are missing:$missing" >&2
	echo "setup: there is no apt-get here; install what they hold by hand" >&2
	exit 1
fi
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
install() {
	# shellcheck disable=SC2086
	$as_root apt-get install -y -q --no-install-recommends $missing </dev/null
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! install >"$log" 2>&1; then
	# The lists may be missing or old.
	if ! { $as_root apt-get update -q && install; } >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		echo "setup: apt-get could not install$missing" >&2
		exit 1
	fi
fi
