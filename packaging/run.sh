#!/usr/bin/env bash
# Sets Annotator up where that has not been done yet, and starts it. What follows goes to Annotator:
#
#   bash packaging/run.sh                    the window, on the last project or the sample articles
#   bash packaging/run.sh --help             the command line
set -euo pipefail
# shellcheck source=packaging/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up
exec "$BIN/annotator" "$@"
