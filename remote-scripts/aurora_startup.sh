#!/usr/bin/env bash
# Starts the scheduler with the flags given, under its loop, unless it runs with them already; waits until it is registered.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
source "$here/lib.sh"
source "$here/lib_java.sh"
source "$here/lib_process.sh"
source "$here/lib_boot.sh"
source "$here/lib_service.sh"
source "$here/lib_startup.sh"

scheduler="$ROOT${AURORA_HOME:?folder of the source tree}/dist/install/aurora-scheduler"
mesos="$ROOT${MESOS_PREFIX:?where Mesos is installed}"
state="$ROOT${AURORA_STATE:?folder of the replicated log and the backups}"
: "${LIBPROCESS_IP:?address by which Mesos reaches the scheduler}" "${LIBPROCESS_PORT:?}" "${HTTP_PORT:?}"
: "${STEADY:?seconds that it must stay healthy}" "${JDK_RELEASE:?release of the JDK that this Aurora was built by}"

main() {
  local java user configuration steady=0
  [[ -x "$scheduler/bin/aurora-scheduler" ]] ||
    fail "There is no scheduler in ${scheduler#"$ROOT"}." 'Build it first: run install-aurora.'
  one_at_a_time scheduler
  install_service aurora_scheduler_startup.sh
  java="$(find_java_home "$JDK_RELEASE")"
  user="$(owner_of_state)"
  configuration="$(print_configuration "$@")"
  if ! runs_with scheduler "$configuration"; then
    steady="$STEADY"
    stop_service scheduler
    configure_service scheduler "$configuration"
    initialize_log
    start_at_boot scheduler "$user" aurora_scheduler_startup.sh 'Scheduler of Apache Aurora, kept running by a loop'
    start_service scheduler
  fi
  wait_until_healthy scheduler "$steady" "$HTTP_PORT" framework_registered scheduler_lifecycle_ACTIVE
  report_changes
}

# Whoever started the scheduler first owns its log, and it runs as that user whoever starts it again.
owner_of_state() {
  if [[ ! -d "$state" ]]; then
    as_root mkdir -p "$state"
    as_root chown "$(id -un)" "$state"
  fi
  # shellcheck disable=SC2012 # its name does not matter, and stat differs between systems
  ls -ld "$state" | awk '{ print $3 }'
}

# All that decides how the scheduler runs, what it is made of included: it is restarted when this changes.
print_configuration() {
  printf '# Written by aurora_startup.sh. Scheduler %s\n' "$(tree_sha256 "$scheduler")"
  print_service "$user" aurora_scheduler_startup.sh
  printf 'SCHEDULER=%q\n' "$scheduler/bin/aurora-scheduler"
  printf 'export %s=%q\n' JAVA_HOME "$java" JAVA_OPTS "${JAVA_OPTIONS:-} -Djava.library.path=$mesos/lib" \
    MESOS_NATIVE_JAVA_LIBRARY "$mesos/lib/libmesos.so" GLOG_v "${GLOG_v:-0}" \
    LIBPROCESS_IP "$LIBPROCESS_IP" LIBPROCESS_PORT "$LIBPROCESS_PORT"
  printf 'FLAGS=('
  printf ' %q' "-http_port=$HTTP_PORT" "-native_log_file_path=$state/db" "-backup_dir=$state/backups" "$@"
  printf ' )\n'
}

# Once per replica, while no scheduler runs: mesos-log is aborted by another's lock. A log that holds something is left alone.
initialize_log() {
  local output status=0
  output="$(as_user "$user" "$mesos/bin/mesos-log" initialize --path="$state/db" 2>&1)" || status=$?
  if ((status == 0)); then
    changed 'replicated log initialised'
  elif ((status == 134)); then
    fail "$output" "Another process holds the replicated log in ${state#"$ROOT"}/db: a scheduler that was started by other means?" \
      'End it, and see that nothing starts it again; its log and its jobs stay. Then run start.'
  elif ((status != 1)) || [[ "$output" != *'The log is not empty'* ]]; then
    fail "$output" "mesos-log could not initialise the replicated log in ${state#"$ROOT"}/db (exit status $status)."
  fi
}

main "$@"
