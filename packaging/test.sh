#!/usr/bin/env bash
# Sets up what the tests need and runs everything that CI runs. With arguments, only pytest with these:
#
#   bash packaging/test.sh                   formatting, lints, types, layers, all tests
#   bash packaging/test.sh -x tests/store    some tests
set -euo pipefail
# shellcheck source=packaging/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

step() {
    say "$*"
    "$BIN/$1" "${@:2}"
}

set_up test
cd "$ROOT"
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
if [ $# -eq 0 ]; then
    step ruff check .
    step ruff format --check .
    step mypy
    step lint-imports
    step pytest -n 2 --dist worksteal
else
    step pytest "$@"
fi
