#!/usr/bin/env bash
# Packs what slaves need (the names given, of AURORA_HOME/dist) into one archive: same content, same bytes.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

dist="$ROOT${AURORA_HOME:?folder of the source tree}/dist"
package="$ROOT${PACKAGE:?path of the archive to make}"

main() {
  local tree before
  tree="$(mktemp -d "$TMPDIR/package.XXXXXX")"
  fill "$tree" "$@"
  before="$(sha256_if_any "$package")"
  mkdir -p "$(dirname "$package")"
  pack "$tree" "$package.new"
  mv -f "$package.new" "$package"
  rm -rf "$tree"
  [[ "$(sha256 "$package")" == "$before" ]] || changed "${package#"$ROOT"}"
  report_changes
}

fill() {
  local tree="$1" name
  shift
  for name in "$@"; do
    cp "$dist/$name" "$tree/$name"
    chmod 0755 "$tree/$name"
    printf '%s  %s\n' "$(sha256 "$tree/$name")" "$name"
  done >"$tree/SHA256SUMS"
  chmod 0644 "$tree/SHA256SUMS"
  (cd "$tree" && TZ=UTC touch -t 198001010000 ./*)
}

# Sorted names, fixed times, modes and owner. Old tar has no --sort, so the names are given in order.
pack() {
  local tree="$1" archive="$2" owner=(--owner=0 --group=0)
  tar --version | grep GNU >/dev/null || owner=(--uid 0 --gid 0)
  (cd "$tree" && printf '%s\n' * | sort >"$TMPDIR/names.$$" &&
    tar --format=ustar "${owner[@]}" --numeric-owner -cf - -T "$TMPDIR/names.$$") | gzip -n >"$archive"
  rm -f "$TMPDIR/names.$$"
}

main "$@"
