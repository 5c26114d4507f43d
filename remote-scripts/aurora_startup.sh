#!/usr/bin/env bash
# Starts the scheduler with the flags given, under its loop, unless it runs with them already; waits until it is registered.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$(dirname "${BASH_SOURCE[0]}")/lib_service.sh"
source "$(dirname "${BASH_SOURCE[0]}")/lib_startup.sh"

scheduler="$ROOT${AURORA_HOME:?folder of the source tree}/dist/install/aurora-scheduler"
mesos="$ROOT${MESOS_PREFIX:?where Mesos is installed}"
state="$ROOT${AURORA_STATE:?folder of the replicated log and the backups}"
: "${LIBPROCESS_IP:?address by which Mesos reaches the scheduler}" "${LIBPROCESS_PORT:?}" "${HTTP_PORT:?}"
: "${RESTART_PAUSE:?seconds}" "${START_TIMEOUT:?seconds}"

main() {
  local java configuration offset conf="$services/scheduler.conf"
  own_folders "$run_folder" "$log_folder" "$state"
  one_at_a_time scheduler
  install_service aurora_scheduler_startup.sh
  java="$(find_java_home)"
  configuration="$(print_configuration "$@")"
  offset="$(log_size scheduler)"
  if ! service_runs scheduler || [[ "$(cat "$conf" 2>/dev/null)" != "$configuration" ]]; then
    stop_service scheduler env
    install_content "$conf" 0644 < <(printf '%s\n' "$configuration")
    initialize_log
    start_service scheduler env bash "$services/aurora_scheduler_startup.sh"
  fi
  wait_until_healthy scheduler "$START_TIMEOUT" "$offset" "$HTTP_PORT" framework_registered scheduler_lifecycle_ACTIVE
  report_changes
}

# All that decides how the scheduler runs, what it is made of included: it is restarted when this changes.
print_configuration() {
  printf '# Written by aurora_startup.sh. Scheduler %s, scripts %s\n' "$(tree_sha256 "$scheduler")" \
    "$(cat "$services"/{lib,lib_service,aurora_scheduler_startup}.sh | sha256)"
  printf 'ROOT=%q\nSCHEDULER=%q\nRESTART_PAUSE=%q\n' "$ROOT" "$scheduler/bin/aurora-scheduler" "$RESTART_PAUSE"
  printf 'export %s=%q\n' JAVA_HOME "$java" JAVA_OPTS "${JAVA_OPTIONS:-} -Djava.library.path=$mesos/lib" \
    MESOS_NATIVE_JAVA_LIBRARY "$mesos/lib/libmesos.so" GLOG_v "${GLOG_v:-0}" \
    LIBPROCESS_IP "$LIBPROCESS_IP" LIBPROCESS_PORT "$LIBPROCESS_PORT"
  printf 'FLAGS=('
  printf ' %q' "-http_port=$HTTP_PORT" "-native_log_file_path=$state/db" "-backup_dir=$state/backups" "$@"
  printf ' )\n'
}

# Once per replica, while no scheduler runs. A log that holds something already is left as it is.
initialize_log() {
  local output status=0
  output="$("$mesos/bin/mesos-log" initialize --path="$state/db" 2>&1)" || status=$?
  if ((status == 0)); then
    changed 'replicated log initialised'
  elif ((status != 1)) || [[ "$output" != *'The log is not empty'* ]]; then
    fail "$output" "mesos-log could not initialise the replicated log in ${state#"$ROOT"}/db (exit status $status)."
  fi
}

main "$@"
