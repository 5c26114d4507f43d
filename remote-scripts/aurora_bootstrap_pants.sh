#!/usr/bin/env bash
# Gives pants the pure eggs of Mesos and what else was brought for it, and lets it set itself up by a goal that does nothing.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_thrift.sh"
source "$here/lib_pants.sh"

eggs="$ROOT${EGGS:?folder of the staged eggs}"
sources="$ROOT${SOURCES:?folder of the staged archives}"
packages="$sources/python"
marker='build-support/pants.venv/BOOTSTRAPPED'

main() {
  local egg before
  # pants reads eggs from third_party/ only; what is installed into its own environment never reaches a pex.
  for egg in "$eggs"/mesos-*.egg "$eggs"/mesos.interface-*.egg "$eggs"/protobuf-*.egg; do
    [[ ! -e "$egg" ]] || put_egg "$egg"
  done
  unpack_virtualenv
  [[ ! -d "$packages" ]] || stay_offline
  before="$(sha256_if_any "$marker")"
  ./pants goals
  grep -qxF "$(<.pantsversion)" "$marker" || fail "pants did not set itself up: $AURORA_HOME/$marker does not say $(<.pantsversion)."
  [[ "$(sha256 "$marker")" == "$before" ]] || changed "pants $(<.pantsversion) set up"
  report_changes
}

# Where the source tree would download it to; the file in it says that it need not.
unpack_virtualenv() {
  local source folder
  for source in "$sources"/virtualenv-*.tar.gz; do
    folder="build-support/$(basename "$source" .tar.gz)"
    [[ -f "$source" && ! -f "$folder/BOOTSTRAPPED" ]] || continue
    mkdir -p "$folder"
    tar -xzf "$source" -C "$folder" --strip-components=1
    touch "$folder/BOOTSTRAPPED"
    changed "$folder unpacked"
  done
}

# Python packages that were brought are all that pip and pants take: no index is asked.
stay_offline() {
  local package
  grep -qsxF "$(<.pantsversion)" "$marker" || require_packages build-support/pants_requirements.txt
  export PIP_NO_INDEX=1 PIP_FIND_LINKS="file://$packages"
  mkdir -p third_party
  for package in "$packages"/*; do
    cmp -s "$package" "third_party/${package##*/}" || cp "$package" third_party/
  done
  awk '/^(indices|indexes):/ { sub(/:.*/, ": []"); print; skipping = 1; next }
    skipping && /^[ \t]/ { next } { skipping = 0; print }' pants.ini >pants.ini.new
  if cmp -s pants.ini pants.ini.new; then rm pants.ini.new; else
    mv pants.ini.new pants.ini
    changed 'pants.ini names no index'
  fi
}

# require_packages FILE: names at once all that the source tree wants and that was not brought; pip would name the first.
require_packages() {
  local brought wanted missing=()
  brought="$(printf '%s\n' "$packages"/* | sed 's|.*/||' | plain_names)"
  while IFS= read -r wanted; do
    # These two belong to Python 2.7 itself.
    [[ "$wanted" != argparse-* && "$wanted" != wsgiref-* ]] || continue
    grep -q "^$(plain_names <<<"$wanted")-" <<<"$brought" || missing+=("$wanted")
  done < <(sed -n 's/^\([A-Za-z0-9._-]*\)==\([^ ;#]*\).*/\1-\2/p' "$1")
  ((${#missing[@]} == 0)) || fail "AURORA_HOME's $1 wants packages that were not brought: ${missing[*]}." \
    'Pin them, with what is pinned already, in a requirements file, and give that as downloads.pythonPackages.pants.'
}

# plain_names: as the Python index compares names, and versions alike.
plain_names() {
  tr '[:upper:]' '[:lower:]' | sed 's/[-_.][-_.]*/-/g'
}

main
