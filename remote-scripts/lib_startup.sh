# shellcheck shell=bash
# Sourced after lib_service.sh by what starts a service and waits until it is healthy.
# shellcheck disable=SC2154 # services, run_folder and log_folder are set by lib_service.sh

# one_at_a_time NAME: waits for another that starts or stops the same service.
one_at_a_time() {
  local lock="$run_folder/$1.lock"
  command -v flock >/dev/null || return 0
  as_root mkdir -p "$run_folder"
  as_root touch "$lock"
  # Only to be read: it may be another user's.
  exec 9<"$lock"
  flock 9
}

# install_service FILE...: puts the scripts of a service, which must outlive the folder that they came in, in their place.
install_service() {
  local here file
  here="$(dirname "${BASH_SOURCE[0]}")"
  for file in lib.sh lib_process.sh lib_boot.sh lib_service.sh lib_supervise.sh lib_http.sh aurora_service.sh \
    aurora_health.sh "$@"; do
    install_content "$services/$file" 0755 <"$here/$file"
  done
}

# print_service USER LOOP: the part of a configuration that says how the loop runs, what it is made of included.
print_service() {
  printf '# Loop %s\n' "$(cat "$services"/{lib,lib_process,lib_service,lib_supervise}.sh "$services/$2" | sha256)"
  printf 'ROOT=%q\nSERVICE_USER=%q\nLOOP=%q\nRESTART_PAUSE=%q\n' "$ROOT" "$1" "$2" "${RESTART_PAUSE:?seconds}"
}

# runs_with NAME CONFIGURATION: whether a service runs, and with that configuration. RESTART says that this does not count.
runs_with() {
  [[ -z "${RESTART:-}" ]] && service_runs "$1" && [[ "$(cat "$services/$1.conf" 2>/dev/null)" == "$2" ]]
}

configure_service() {
  install_content "$services/$1.conf" 0644 < <(printf '%s\n' "$2")
}

# wait_until_healthy NAME STEADY PORT [VARIABLE...]: until it has been healthy for STEADY seconds without an end; or fails
# with the last lines of its log.
wait_until_healthy() {
  local name="$1" steady="$2" problem ends before since=''
  local deadline=$((SECONDS + ${START_TIMEOUT:?seconds}))
  shift 2
  before="$(ends_of "$name")"
  while :; do
    ends=$(($(ends_of "$name") - before))
    if problem="$("$services/aurora_health.sh" "$@")"; then
      [[ "$since" == *" $ends" ]] || since="$SECONDS $ends"
      ((SECONDS - ${since% *} < steady)) || return 0
      problem="it does not stay so for $steady s"
    else
      since=''
    fi
    ((ends < 3 && SECONDS < deadline + steady)) || give_up "$name" "$problem" "$ends"
    sleep 0.3
  done
}

give_up() {
  printf 'The last lines of %s:\n' "${log_folder#"$ROOT"}/$1.log"
  tail -n 30 "$log_folder/$1.log" || true
  fail "The $1 is not healthy: $2. It ended $3 times while it was waited for."
}
