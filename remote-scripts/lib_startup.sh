# shellcheck shell=bash
# Sourced after lib_service.sh by what starts a service and waits until it is healthy.
# shellcheck disable=SC2154 # services, run_folder and log_folder are set by lib_service.sh

# own_folders FOLDER...: makes folders in which the login user may write.
own_folders() {
  local folder
  for folder in "$@"; do
    [[ ! -w "$folder" ]] || continue
    as_root mkdir -p "$folder"
    as_root chown "$(id -un)" "$folder"
  done
}

# one_at_a_time NAME: waits for another that starts or stops the same service.
one_at_a_time() {
  ! command -v flock >/dev/null || { exec 9>"$run_folder/$1.lock"; flock 9; }
}

# install_service FILE...: puts the scripts of a service, which must outlive the folder that they came in, in their place.
install_service() {
  local here file
  here="$(dirname "${BASH_SOURCE[0]}")"
  for file in lib.sh lib_service.sh lib_http.sh aurora_health.sh "$@"; do
    install_content "$services/$file" 0755 <"$here/$file"
  done
}

# log_size NAME: what is in the log before a service is started.
log_size() {
  if [[ -f "$log_folder/$1.log" ]]; then wc -c <"$log_folder/$1.log"; else printf '0\n'; fi
}

# wait_until_healthy NAME TIMEOUT OFFSET PORT [VARIABLE...]: or fails with the last lines of the log, whose part
# before OFFSET is of earlier times.
wait_until_healthy() {
  local name="$1" problem ends deadline=$((SECONDS + $2)) offset="$3"
  shift 3
  until problem="$("$services/aurora_health.sh" "$@")"; do
    ends="$(tail -c "+$((offset + 1))" "$log_folder/$name.log" | grep -c "$name ended with status" || true)"
    if ((SECONDS >= deadline || ends >= 3)); then
      printf 'The last lines of %s:\n' "${log_folder#"$ROOT"}/$name.log"
      tail -n 30 "$log_folder/$name.log"
      fail "The $name is not healthy: $problem. It ended $ends times since it was started."
    fi
    sleep 0.3
  done
}
