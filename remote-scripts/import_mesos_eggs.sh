#!/usr/bin/env bash
# Proves that Mesos' eggs work on this platform, by importing them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

eggs="$ROOT${EGGS:?folder of the eggs}"
modules="${MODULES:?what to import, by commas}"

main() {
  PYTHON_EGG_CACHE="$(mktemp -d "$TMPDIR/eggs.XXXXXX")"
  export PYTHON_EGG_CACHE
  PYTHONPATH="$(printf '%s:' "$eggs"/*.egg)" python2.7 -c "import $modules" ||
    fail "The eggs in $EGGS cannot be imported with what slaves have: see above what is missing."
  rm -rf "$PYTHON_EGG_CACHE"
  printf 'these can be imported: %s\n' "$modules"
  report_changes
}

main
