#!/usr/bin/env bash
# Exports every format and has each read by the programs that people read it with, in environments of their own, which
# are made on the first run (some minutes, 2.5 GB in $ANNOTATOR_ACCEPTANCE, else in the user's cache folder):
#
#   bash packaging/acceptance.sh                 all formats; exit code 1 where one is not accepted
#   bash packaging/acceptance.sh conll brat      some
set -euo pipefail
# shellcheck source=packaging/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up test
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
exec "$BIN/python" "$ROOT/tests/acceptance/run.py" "$@"
