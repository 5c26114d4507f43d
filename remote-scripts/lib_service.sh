# shellcheck shell=bash
# Sourced after lib_process.sh and lib_boot.sh by what starts, stops or keeps a service.
# A service is a loop with a pid file, and a configuration that says how it runs.

services="$ROOT/var/lib/aurora-mesosphere/services"
run_folder="$ROOT/var/run/aurora"
log_folder="$ROOT/var/log/aurora"

# setting_of NAME KEY: what the configuration of a service says.
setting_of() {
  # shellcheck source=/dev/null
  (source "$services/$1.conf" && printf '%s\n' "${!2}")
}

# service_runs NAME: whether its loop lives.
service_runs() {
  local pid mark
  [[ -f "$run_folder/$1.pid" ]] && read -r pid mark <"$run_folder/$1.pid" && [[ "$(process_mark "$pid")" == "$mark" ]]
}

# ends_of NAME: how often what the loop keeps has ended since the loop began.
ends_of() {
  cat "$run_folder/$1.ends" 2>/dev/null || printf '0\n'
}

start_service() {
  ! service_runs "$1" || return 0
  if boots_by_systemd; then
    as_root systemctl restart "$(unit_of "$1")"
  else
    prepare_service "$1"
    detach "$(setting_of "$1" SERVICE_USER)" bash "$services/$(setting_of "$1" LOOP)"
  fi
  changed "$1 started"
}

# prepare_service NAME: makes the folders that its loop writes to. /var/run is empty after a reboot.
prepare_service() {
  local folder user
  user="$(setting_of "$1" SERVICE_USER)"
  for folder in "$run_folder" "$log_folder"; do
    as_root mkdir -p "$folder"
    [[ "$user" == root ]] || as_root chown "$user" "$folder"
  done
  as_root rm -f "$run_folder/$1.ends"
}

# stop_service NAME: ends the loop and all that it started: what a killed loop left behind, too.
stop_service() {
  local group
  group="$(group_of "$1")"
  ! is_unit "$1" || as_root systemctl stop "$(unit_of "$1")"
  [[ -n "$group" ]] || return 0
  ! group_lives "$group" || end_group "$(setting_of "$1" SERVICE_USER)" "$group"
  changed "$1 stopped"
}

# group_of NAME: the process group of its loop, if anything of it lives.
group_of() {
  local pid mark now
  [[ -f "$run_folder/$1.pid" ]] && read -r pid mark <"$run_folder/$1.pid" || return 0
  # The number may be another process's by now.
  now="$(process_mark "$pid")"
  if [[ -z "$now" || "$now" == "$mark" ]] && group_lives "$pid"; then printf '%s\n' "$pid"; fi
}
