#!/usr/bin/env bash
# Proves that Mesos' eggs work on this platform, by importing them. Arguments: Debian packages that slaves have.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
source "$here/lib.sh"

eggs="$ROOT${EGGS:?folder of the eggs}"

main() {
  (($# == 0)) || "$here/aurora_install_packages.sh" "$@"
  PYTHON_EGG_CACHE="$(mktemp -d "$TMPDIR/eggs.XXXXXX")"
  export PYTHON_EGG_CACHE
  PYTHONPATH="$(printf '%s:' "$eggs"/*.egg)" python2.7 -c 'import mesos.interface, mesos.native'
  rm -rf "$PYTHON_EGG_CACHE"
  printf 'mesos.interface and mesos.native can be imported\n'
  report_changes
}

main "$@"
