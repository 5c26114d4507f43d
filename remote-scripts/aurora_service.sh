#!/usr/bin/env bash
# ACTION NAME...: starts, stops or restarts services; called by the system when it boots and goes down, too.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_process.sh"
source "$here/lib_boot.sh"
source "$here/lib_service.sh"

main() {
  local action="${1:?start, stop, restart, status or prepare}" name
  shift
  for name in "$@"; do
    if [[ -f "$services/$name.conf" ]]; then act "$action" "$name"; else printf 'There is no %s on this host.\n' "$name"; fi
  done
  report_changes
}

act() {
  case "$1" in
    start) start_service "$2" ;;
    stop) stop_service "$2" ;;
    restart | force-reload)
      stop_service "$2"
      start_service "$2"
      ;;
    status) service_runs "$2" || fail "$2 does not run." ;;
    prepare) prepare_service "$2" ;;
    *) fail "$1 is none of start, stop, restart, status and prepare." ;;
  esac
}

main "$@"
