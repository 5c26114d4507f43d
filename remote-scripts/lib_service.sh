# shellcheck shell=bash
# Sourced after lib.sh by what keeps a service running: a loop in a session of its own, with a pid file.

# shellcheck disable=SC2034 # for those who source this
services="$ROOT/var/lib/aurora-mesosphere/services"
run_folder="$ROOT/var/run/aurora"
log_folder="$ROOT/var/log/aurora"

# process_mark PID: when a living process started, which tells it from another that got its number later.
process_mark() {
  local state started
  if [[ -d /proc/self ]]; then
    [[ -r "/proc/$1/stat" ]] || return 0
    # After the command's name, which may hold spaces: state is field 3, the start time field 22.
    read -r state _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ started _ < <(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
    [[ "$state" == Z ]] || printf '%s\n' "$started"
  else
    ps -o lstart= -p "$1" | sed 's/ *$//' || true
  fi
}

# service_runs NAME: whether its loop lives.
service_runs() {
  local pid mark
  [[ -f "$run_folder/$1.pid" ]] && read -r pid mark <"$run_folder/$1.pid" && [[ "$(process_mark "$pid")" == "$mark" ]]
}

# supervise NAME PAUSE COMMAND...: is the loop. Starts the command again whatever its exit status, after a pause.
supervise() {
  local name="$1" pause="$2" status
  shift 2
  ! service_runs "$name" || fail "$name is kept running already."
  printf '%s %s\n' "$$" "$(process_mark "$$")" >"$run_folder/$name.pid"
  while :; do
    status=0
    "$@" || status=$?
    printf '%s %s ended with status %s; it starts again in %s s\n' "$(date '+%Y-%m-%dT%H:%M:%S')" "$name" "$status" "$pause"
    sleep "$pause"
  done
}

# start_service NAME RUNNER COMMAND...: starts a loop that outlives us and holds none of our descriptors.
# RUNNER is `as_root`, or `env` for the login user.
start_service() {
  local name="$1" runner="$2"
  shift 2
  # shellcheck disable=SC2016 # for the inner shell; perl where there is no setsid (macOS)
  "$runner" bash -c '
    log="$1"; shift
    { if command -v setsid >/dev/null; then exec setsid "$@"
      else exec perl -MPOSIX -e "POSIX::setsid(); exec @ARGV" "$@"; fi; } </dev/null >>"$log" 2>&1 9>&- &
  ' "start-$name" "$log_folder/$name.log" "$@"
  changed "$name started"
}

# stop_service NAME RUNNER: ends the loop and all that it started: what a killed loop left behind, too.
stop_service() {
  local name="$1" runner="$2" pid mark now
  [[ -f "$run_folder/$name.pid" ]] && read -r pid mark <"$run_folder/$name.pid" || return 0
  # The number may be another process's by now.
  now="$(process_mark "$pid")"
  [[ -z "$now" || "$now" == "$mark" ]] && group_lives "$pid" || return 0
  signal_group "$runner" TERM "$pid"
  for _ in {1..100}; do
    group_lives "$pid" || break
    sleep 0.1
  done
  ! group_lives "$pid" || signal_group "$runner" KILL "$pid"
  changed "$name stopped"
}

# group_lives PID: whether a process of the group is left that is more than a zombie.
group_lives() {
  if [[ -d /proc/self ]]; then
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | sed 's/.*) //'
  else
    ps -A -o state= -o ppid= -o pgid=
  fi | awk -v group="$1" '$3 == group && $1 !~ /^Z/ { found = 1 } END { exit !found }'
}

# signal_group RUNNER SIGNAL PID: a group that is gone by now is no error.
signal_group() {
  # shellcheck disable=SC2016 # for the inner shell
  "$1" bash -c 'kill -s "$1" -- "-$2"' signal "$2" "$3" 2>/dev/null || true
}
