#!/usr/bin/env bash
# Asks whether the service at PORT is healthy and each VARIABLE that it exports is 1; prints what is wrong. Changes nothing.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$(dirname "${BASH_SOURCE[0]}")/lib_http.sh"

main() {
  local port="${1:?port}" name variables
  shift
  [[ "$(http_get "$port" /health)" == OK* ]] || unhealthy "http://127.0.0.1:$port/health does not answer OK"
  (($# > 0)) || return 0
  variables="$(http_get "$port" /vars)" || unhealthy "http://127.0.0.1:$port/vars does not answer"
  for name in "$@"; do
    printf '%s\n' "$variables" | grep -x "$name 1" >/dev/null || unhealthy "$name is not 1 at http://127.0.0.1:$port/vars"
  done
}

unhealthy() {
  printf '%s\n' "$1"
  exit 1
}

main "$@"
