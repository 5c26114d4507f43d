#!/usr/bin/env bash
# Builds Mesos from its source release and collects its eggs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

source_archive="$ROOT${MESOS_SOURCE:?path of the source release}"
eggs="$ROOT${EGGS:?folder for the eggs}"
build="$ROOT${BUILD:?folder to build in}"

main() {
  refuse_libunwind
  use_compiler_cache
  rm -rf "$build" "$eggs"
  mkdir -p "$build" "$eggs"
  tar -xzf "$source_archive" -C "$build" --strip-components=1
  build_mesos
  collect_eggs
  report_changes
}

# Mesos links it where it finds it, and its eggs then need it on every slave.
refuse_libunwind() {
  local header
  for header in "$ROOT"/usr/include/libunwind.h "$ROOT"/usr/include/*/libunwind.h; do
    [[ ! -e "$header" ]] || fail "Here are the headers of libunwind (${header#"$ROOT"}): the eggs would need libunwind on every slave." \
      'Build in an image without the package libunwind-dev.'
  done
}

# What was compiled before from the same content, by the same compiler, is not compiled again.
use_compiler_cache() {
  [[ -n "${CCACHE_DIR:-}" && -d "$ROOT/usr/lib/ccache" ]] || return 0
  export CCACHE_COMPILERCHECK=content PATH="$ROOT/usr/lib/ccache:$PATH"
  ccache --zero-stats
  trap 'ccache --show-stats' EXIT
}

# Without Java: the eggs need none. Flags come from the environment (CXXFLAGS, CFLAGS): newer compilers need some.
# Never --disable-perftools: whichever way that option is given, it switches perftools on.
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

main
