#!/usr/bin/env bash
# Puts files of AURORA_HOME/dist (the names given) into the store that Mesos' fetcher takes them from, and fetches them back.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

dist="$ROOT${AURORA_HOME:?folder of the source tree}/dist"
store="${STORE:?URI below which the files lie}"
list="$ROOT${PUBLISHED:?path of the list of URIs to write}"

main() {
  local name
  mkdir -p "$(dirname "$list")"
  for name in "$@"; do
    publish "$name"
  done >"$list.new"
  mv -f "$list.new" "$list"
  report_changes
}

# publish NAME: prints its URI. That names the content, so that what slaves were told of never becomes something else.
publish() {
  local digest
  digest="$(sha256 "$dist/$1")"
  export FILE="$dist/$1" URI="$store/$digest/$1"
  if [[ "$(digest_in_store 2>/dev/null)" != "$digest" ]]; then
    put "$digest/$1" >&2 || fail "$1 could not be put at $URI."
    [[ "$(digest_in_store)" == "$digest" ]] ||
      fail "What the master is given at $URI is not the $1 that was put there." "$(what_to_do)"
    changed "$URI"
  fi
  printf '%s\n' "$URI"
}

put() {
  local file
  if [[ -n "${FOLDER:-}" ]]; then
    file="$ROOT$FOLDER/$1"
    as_root mkdir -p "$(dirname "$file")"
    as_root cp "$FILE" "$file.new"
    as_root chmod 0644 "$file.new"
    as_root mv -f "$file.new" "$file"
  elif [[ -n "${PUT:-}" ]]; then
    bash -euc "$PUT"
  else
    curl --silent --show-error --fail --noproxy '*' --upload-file "$FILE" "$URI"
  fi
}

# Of nothing, where there is nothing.
digest_in_store() {
  if [[ -n "${GET:-}" ]]; then bash -euc "$GET" || true
  else curl --silent --show-error --fail --noproxy '*' "$URI" || true
  fi | sha256
}

what_to_do() {
  if [[ -n "${FOLDER:-}" ]]; then
    printf '%s\n' "Let a web server give out $FOLDER, of the master, at $store; or correct executor.folder or executor.store."
  else
    printf '%s\n' 'See whether executor.store, executor.put and executor.get in the cluster file are about the same place.'
  fi
}

main "$@"
