#!/bin/sh
# SPDX-License-Identifier: MIT
# A peer for the tests of the sweep: it listens, and that is all that is asked of it.
set -eu
case $1 in
version) echo "Other 1" ;;
run) exec "$WIRESIP" run --listen "$3:127.0.0.1:$4" --log-level error ;;
esac
