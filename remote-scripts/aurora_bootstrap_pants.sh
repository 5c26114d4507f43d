#!/usr/bin/env bash
# Gives pants the pure eggs of Mesos and lets it set itself up, by a goal that does nothing.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$(dirname "${BASH_SOURCE[0]}")/lib_pants.sh"

eggs="$ROOT${EGGS:?folder of the staged eggs}"
marker='build-support/pants.venv/BOOTSTRAPPED'

main() {
  local egg before
  # pants reads eggs from third_party/ only; what is installed into its own environment never reaches a pex.
  for egg in "$eggs"/mesos-*.egg "$eggs"/mesos.interface-*.egg "$eggs"/protobuf-*.egg; do
    [[ ! -e "$egg" ]] || put_egg "$egg"
  done
  before="$(sha256_if_any "$marker")"
  ./pants goals
  grep -qxF "$(<.pantsversion)" "$marker" || fail "pants did not set itself up: $AURORA_HOME/$marker does not say $(<.pantsversion)."
  [[ "$(sha256 "$marker")" == "$before" ]] || changed "pants $(<.pantsversion) set up"
  report_changes
}

main
