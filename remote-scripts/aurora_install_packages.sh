#!/usr/bin/env bash
# Installs the Debian packages named as arguments: those that are not there yet.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

main() {
  local package missing=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
  report_changes
}

is_installed() {
  [[ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" == 'install ok installed' ]]
}

install_packages() {
  as_root apt-get update || printf 'The package lists could not be renewed; trying with those that are here.\n' >&2
  # Debian installs its own upgrades when it likes, and nobody else meanwhile.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -o DPkg::Lock::Timeout=600 -y --no-install-recommends "$@"
  changed "packages installed: $*"
}

main "$@"
