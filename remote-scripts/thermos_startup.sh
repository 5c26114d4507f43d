#!/usr/bin/env bash
# Starts the observer of the current release under its loop, as root, unless it runs already; waits until it is healthy.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$(dirname "${BASH_SOURCE[0]}")/lib_service.sh"
source "$(dirname "${BASH_SOURCE[0]}")/lib_startup.sh"

executors="$ROOT${EXECUTORS:?folder of the releases}"
: "${PORT:?}" "${RESTART_PAUSE:?seconds}" "${START_TIMEOUT:?seconds}"

main() {
  local configuration offset conf="$services/observer.conf"
  own_folders "$run_folder" "$log_folder"
  one_at_a_time observer
  install_service thermos_observer_startup.sh
  configuration="$(print_configuration)"
  offset="$(log_size observer)"
  if ! service_runs observer || [[ "$(cat "$conf" 2>/dev/null)" != "$configuration" ]]; then
    stop_service observer as_root
    install_content "$conf" 0644 < <(printf '%s\n' "$configuration")
    start_service observer as_root bash "$services/thermos_observer_startup.sh"
  fi
  wait_until_healthy observer "$START_TIMEOUT" "$offset" "$PORT"
  report_changes
}

# The release is named by its digest, so that an observer of an older one is restarted, and never loses its file by a switch.
print_configuration() {
  printf '# Written by thermos_startup.sh. Scripts %s\n' \
    "$(cat "$services"/{lib,lib_service,thermos_observer_startup}.sh | sha256)"
  printf 'ROOT=%q\nRESTART_PAUSE=%q\nPORT=%q\nCHECKPOINTS=%q\nOBSERVER=%q\n' "$ROOT" "$RESTART_PAUSE" "$PORT" \
    "$ROOT/var/run/thermos" "$executors/$(readlink "$executors/current")/thermos_observer.pex"
}

main
