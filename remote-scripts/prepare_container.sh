#!/usr/bin/env bash
# Makes a container of a platform's image ready for its work. Arguments: the Debian packages that this needs.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
source "$here/lib.sh"

main() {
  [[ ! -f "$here/sources.list" ]] || use_sources "$here/sources.list"
  "$here/aurora_install_packages.sh" "$@"
  # What was installed is kept as an image: no need to keep it packed, too.
  rm -f "$ROOT"/var/cache/apt/archives/*.deb
}

# use_sources FILE: apt takes packages from there only. Archived mirrors are of a day long past.
use_sources() {
  rm -f "$ROOT"/etc/apt/sources.list.d/*
  cp "$1" "$ROOT/etc/apt/sources.list"
  printf 'Acquire::Check-Valid-Until "false";\n' >"$ROOT/etc/apt/apt.conf.d/90aurora-mesosphere"
}

main "$@"
