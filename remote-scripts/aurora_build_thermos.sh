#!/usr/bin/env bash
# Builds what slaves run (the pants targets named as arguments) and puts the runner inside the executor.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_thrift.sh"
source "$here/lib_pants.sh"

eggs="$ROOT${EGGS:?folder of the staged eggs}"
executor="$home/dist/thermos_executor.pex"
runner="$home/dist/thermos_runner.pex"
resources='apache/aurora/executor/resources'

main() {
  local egg target before=()
  # The executors are built with the native egg; without it and its like pants would ask the network.
  for egg in "$eggs"/*.egg; do
    put_egg "$egg"
  done
  for target in "$@"; do
    before+=("$(sha256_if_any "dist/${target##*:}.pex")")
  done
  for target in "$@"; do
    build_pex "$target"
  done
  embed_runner
  check_executor
  for target in "$@"; do
    changed_since "${before[0]}" "dist/${target##*:}.pex"
    before=("${before[@]:1}" '')
  done
  report_changes
}

# The executor imports its resources when it starts, and dies without them. zip replaces an entry of the same name,
# so that it is there once however often this runs; fixed times make the same content the same bytes.
embed_runner() {
  local tree
  tree="$(mktemp -d "$TMPDIR/runner.XXXXXX")"
  mkdir -p "$tree/$resources"
  : >"$tree/$resources/__init__.py"
  cp "$runner" "$tree/$resources/thermos_runner.pex"
  find "$tree" -type f -exec chmod 0644 {} + -exec touch -t 198001010000 {} +
  (cd "$tree" && zip -q -X "$executor" "$resources/__init__.py" "$resources/thermos_runner.pex")
  rm -rf "$tree"
  chmod 0755 "$executor"
}

check_executor() {
  local entry
  for entry in "$resources/__init__.py" "$resources/thermos_runner.pex"; do
    [[ "$(unzip -Z1 "$executor" | grep -cxF "$entry")" == 1 ]] || fail "thermos_executor.pex does not hold $entry exactly once."
  done
  unzip -p "$executor" "$resources/thermos_runner.pex" | cmp -s - "$runner" ||
    fail 'The runner inside thermos_executor.pex is not dist/thermos_runner.pex.'
  head -n 1 "$executor" | grep -a '^#!.*python' >/dev/null || fail 'thermos_executor.pex has lost its first line, which names Python.'
}

main "$@"
