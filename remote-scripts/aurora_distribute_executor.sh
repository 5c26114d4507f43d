#!/usr/bin/env bash
# Installs the executor's archive on a slave as a release, and switches to it by renaming a link.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

package="$ROOT${PACKAGE:?path of the archive}"
executors="$ROOT${EXECUTORS:?folder of the releases}"
digest="$(sha256 "$package")"
release="$executors/releases/$digest"
unpacked="$executors/releases/.unpacking"

main() {
  need_python
  as_root mkdir -p "$executors/releases"
  unpack
  install_release
  switch_to_release
  remember_release
  remove_old_releases
  report_changes
}

need_python() {
  command -v python2.7 >/dev/null || fail 'Executors and the observer run on Python 2.7, and this slave has no python2.7.'
}

unpack() {
  as_root rm -rf "$unpacked"
  as_root mkdir "$unpacked"
  as_root tar -xzf "$package" -p -C "$unpacked" --no-same-owner
  verify "$unpacked"
}

verify() {
  local expected name
  while read -r expected name; do
    [[ "$(sha256 "$1/$name")" == "$expected" ]] || fail "$name is not what the archive's SHA256SUMS says: the archive is damaged."
  done <"$1/SHA256SUMS"
}

# A release that is there but damaged is put right file by file: it may be in use.
install_release() {
  local file
  if [[ ! -d "$release" ]]; then
    as_root mv "$unpacked" "$release"
    changed "release $digest installed"
    return
  fi
  for file in "$unpacked"/*; do
    same_file "$file" "$release/${file##*/}" && continue
    as_root mv -f "$file" "$release/${file##*/}"
    changed "release $digest: ${file##*/} put right"
  done
  as_root rm -rf "$unpacked"
}

same_file() {
  cmp -s "$1" "$2" && { [[ ! -x "$1" ]] || [[ -x "$2" ]]; }
}

switch_to_release() {
  local current="$executors/current"
  [[ "$(readlink "$current" || true)" == "releases/$digest" ]] && return
  as_root ln -sfn "releases/$digest" "$current.new"
  as_root mv "$(replacing_a_link)" "$current.new" "$current"
  changed "current release is $digest"
}

# The option of mv by which a link to a folder is replaced, not followed: GNU's or BSD's.
replacing_a_link() {
  if mv --version >/dev/null 2>&1; then printf -- '-fT\n'; else printf -- '-fh\n'; fi
}

# The releases that were switched to, newest last. Three stay; those that never came so far do not push them out.
remember_release() {
  local history="$executors/history"
  { grep -vxF "$digest" "$history" 2>/dev/null || true; printf '%s\n' "$digest"; } | tail -n 3 |
    as_root tee "$history.new" >/dev/null
  as_root mv -f "$history.new" "$history"
}

remove_old_releases() {
  local old
  for old in "$executors/releases"/*; do
    grep -qxF "${old##*/}" "$executors/history" && continue
    as_root rm -rf "$old"
    changed "release ${old##*/} removed"
  done
}

main
