#!/usr/bin/env bash
# Builds Mesos from its source release and collects its eggs. Arguments: Debian packages that the build needs.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
source "$here/lib.sh"

source_archive="$ROOT${MESOS_SOURCE:?path of the source release}"
eggs="$ROOT${EGGS:?folder for the eggs}"
build="$ROOT${BUILD:?folder to build in}"

main() {
  (($# == 0)) || "$here/aurora_install_packages.sh" "$@"
  rm -rf "$build" "$eggs"
  mkdir -p "$build" "$eggs"
  tar -xzf "$source_archive" -C "$build" --strip-components=1
  build_mesos
  collect_eggs
  report_changes
}

# Without Java: the eggs need none. Flags come from the environment (CXXFLAGS, CFLAGS): newer compilers need some.
build_mesos() {
  cd "$build"
  PYTHON=python2.7 ./configure --disable-java
  make -j "$(getconf _NPROCESSORS_ONLN)"
}

collect_eggs() {
  local egg
  while IFS= read -r egg; do
    cp "$egg" "$eggs/"
    changed "$(basename "$egg") built"
  done < <(find "$build" -path '*/dist/*' -type f \( -name 'mesos*.egg' -o -name 'protobuf-*.egg' \) | sort)
  ((${#changes[@]} > 0)) || fail 'The build ended well but made no eggs.'
}

main "$@"
