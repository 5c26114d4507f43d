#!/usr/bin/env bash
# Starts the observer of the current release, unless it runs already; checks that the slave has the attributes given.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_process.sh"
source "$here/lib_boot.sh"
source "$here/lib_service.sh"
source "$here/lib_startup.sh"
source "$here/lib_http.sh"
source "$here/lib_mesos.sh"

executors="$ROOT${EXECUTORS:?folder of the releases}"
: "${PORT:?}" "${PLACES:?options that say where tasks are}" "${STEADY:?seconds that it must stay healthy}"

main() {
  local configuration options=() steady=0
  [[ -x "$executors/current/thermos_observer.pex" ]] ||
    fail "There is no observer in ${executors#"$ROOT"}/current." 'Run start: it brings that first.'
  one_at_a_time observer
  install_service thermos_observer_startup.sh
  find_places
  configuration="$(print_configuration)"
  if ! runs_with observer "$configuration"; then
    steady="$STEADY"
    stop_service observer
    configure_service observer "$configuration"
    start_at_boot observer root thermos_observer_startup.sh 'Observer of Apache Aurora, kept running by a loop'
    start_service observer
  fi
  wait_until_healthy observer "$steady" "$PORT"
  need_attributes "$@"
  report_changes
}

# The release is named by its digest, so that an observer of an older one is restarted, and never loses its file by a switch.
print_configuration() {
  printf '# Written by thermos_startup.sh\n'
  print_service root thermos_observer_startup.sh
  printf 'CHECKPOINTS=%q\nOBSERVER=%q\nexport PEX_ROOT=%q\n' "$ROOT/var/run/thermos" \
    "$executors/$(readlink "$executors/current")/thermos_observer.pex" "$ROOT/var/cache/aurora/pex"
  printf 'OPTIONS=('
  printf ' %q' "${options[@]}" "--port=$PORT" --log_to_disk=NONE --log_to_stderr=google:INFO
  printf ' )\n'
}

# Where this release of the observer looks for tasks: at their checkpoints, or in the sandboxes of the Mesos slave.
find_places() {
  local place state
  for place in $PLACES; do
    case "$place" in
      root) options+=("--root=$ROOT/var/run/thermos") ;;
      mesos-root)
        state="$(slave_state)" || no_slave
        options+=("--mesos-root=$ROOT$(work_dir_in "$state")")
        ;;
    esac
  done
}

main "$@"
