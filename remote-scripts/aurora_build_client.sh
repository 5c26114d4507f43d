#!/usr/bin/env bash
# Builds the client and the admin client: the pants targets named as arguments.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_thrift.sh"
source "$here/lib_pants.sh"

main() {
  local target pex before
  for target in "$@"; do
    pex="dist/${target##*:}.pex"
    before="$(sha256_if_any "$pex")"
    build_pex "$target"
    changed_since "$before" "$pex"
  done
  report_changes
}

main "$@"
